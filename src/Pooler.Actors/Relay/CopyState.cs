namespace Pooler.Actors.Relay;

/// <summary>Whether a server is in a COPY, and in which direction its data goes.</summary>
internal enum CopyState : byte
{
    None,

    /// <summary>CopyInResponse: the client sends CopyData.</summary>
    In,

    /// <summary>CopyOutResponse: the server sends CopyData.</summary>
    Out,

    /// <summary>CopyBothResponse: both do (replication).</summary>
    Both,
}
