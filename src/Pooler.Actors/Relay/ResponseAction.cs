namespace Pooler.Actors.Relay;

/// <summary>What becomes of the answer to a request. The values are bits of a ledger's entry.</summary>
internal enum ResponseAction : byte
{
    /// <summary>It belongs to the client that holds the lease.</summary>
    Forward = 0,

    /// <summary>It answers a request of the pooler's own and is swallowed, whatever it is.</summary>
    Skip = 0x40,

    /// <summary>It answers a request put in for the client's sake: success is swallowed, anything else is the client's.</summary>
    Insert = 0x80,

    /// <summary>There is none: the server does not see the request, and the pooler answers when its turn comes.</summary>
    Fake = 0xC0,
}
