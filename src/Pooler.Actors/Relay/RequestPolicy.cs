namespace Pooler.Actors.Relay;

/// <summary>Requests of clients pass through by their header alone.</summary>
internal readonly struct RequestPolicy : IFramePolicy
{
    public static int CollectedAtMost => 65540;

    public static bool NeedsWhole(byte type) => false;
}
