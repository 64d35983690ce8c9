namespace Pooler.Actors.Relay;

/// <summary>What a request makes a server owe: the entry's kind in a <see cref="Ledger"/> (PostgreSQL's names of the requests).</summary>
internal enum ExpectedResponse : byte
{
    Query,
    FunctionCall,
    Sync,
    Parse,
    Bind,
    Close,
    Describe,
    Execute,
    CopyDone,
    CopyFail,
}
