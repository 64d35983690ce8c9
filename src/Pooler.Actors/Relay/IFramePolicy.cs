namespace Pooler.Actors.Relay;

/// <summary>Which messages of a direction must be there whole before they are looked at.</summary>
internal interface IFramePolicy
{
    /// <summary>True when the message is collected first; false when it is enough to see its header.</summary>
    public static abstract bool NeedsWhole(byte type);

    /// <summary>The most bytes that are collected for one message; a longer one is <see cref="FrameStep.Bad"/>.</summary>
    public static abstract int CollectedAtMost { get; }
}
