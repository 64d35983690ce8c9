namespace Pooler.Actors.Relay;

/// <summary>How much of a message must be there before it is looked at.</summary>
internal interface IFramePolicy
{
    /// <summary>The most bytes that are collected for one message; where more are wanted it is <see cref="FrameStep.Bad"/>.</summary>
    public static abstract int CollectedAtMost { get; }

    /// <summary>
    /// How many bytes of a message are wanted. Asked again, while they are more than those that are there, each time more have come.
    /// </summary>
    /// <param name="available">What is there: at least the header.</param>
    /// <param name="total">The whole message, bytes.</param>
    public long Wanted(ReadOnlySpan<byte> available, long total);
}
