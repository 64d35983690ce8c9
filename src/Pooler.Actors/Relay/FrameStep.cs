namespace Pooler.Actors.Relay;

/// <summary>What <see cref="FrameStream{TPolicy}.Next"/> came upon.</summary>
internal enum FrameStep
{
    /// <summary>The input is used up.</summary>
    End,

    /// <summary>Part of the body of the current message.</summary>
    Body,

    /// <summary>The header of a message, with as much of the message as is there, or all of it where the policy wants that.</summary>
    Header,

    /// <summary>A header that cannot be: a length below the minimum or beyond what is allowed.</summary>
    Bad,
}
