namespace Pooler.Actors.Relay;

/// <summary>Of a server's messages only the short ones that change the pooler's own state are collected.</summary>
internal readonly struct ResponsePolicy : IFramePolicy
{
    // A ParameterStatus holds one setting of the server.
    public static int CollectedAtMost => 1 << 20;

    public static bool NeedsWhole(byte type) => type is (byte)'Z' or (byte)'S';
}
