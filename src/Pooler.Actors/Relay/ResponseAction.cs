namespace Pooler.Actors.Relay;

/// <summary>What becomes of the answer to a request.</summary>
internal enum ResponseAction : byte
{
    /// <summary>It belongs to the client that holds the lease.</summary>
    Forward,

    /// <summary>It answers a request of the pooler's own and is swallowed.</summary>
    Skip,
}
