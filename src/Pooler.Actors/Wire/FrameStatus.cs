namespace Pooler.Actors.Wire;

/// <summary>What the start of a buffer holds.</summary>
public enum FrameStatus
{
    /// <summary>Fewer bytes than a header: more have to come.</summary>
    Incomplete,

    /// <summary>A valid header was read.</summary>
    Ok,

    /// <summary>The header cannot be right; the connection is beyond repair.</summary>
    Bad,
}
