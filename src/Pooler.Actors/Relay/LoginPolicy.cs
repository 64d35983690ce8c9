namespace Pooler.Actors.Relay;

/// <summary>During a login, on either side, every message is read whole; none of them is long.</summary>
internal readonly struct LoginPolicy : IFramePolicy
{
    /// <summary>No message of a login is longer, bytes.</summary>
    public const uint LargestMessage = 1 << 17;

    public static int CollectedAtMost => (int)LargestMessage;

    public long Wanted(ReadOnlySpan<byte> available, long total) => total;
}
