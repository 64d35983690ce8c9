namespace Pooler.Actors.Relay.Prepared;

/// <summary>
/// What a request changes in the lists of statements if the server carries it out; names of the client change at once, and back if it does not. Travels with its
/// entry in the <see cref="Ledger"/>.
/// </summary>
/// <param name="Kind">Which change.</param>
/// <param name="Statement">The statement.</param>
/// <param name="Client">Whose name it is; null: the request is the pooler's own.</param>
/// <param name="Name">The client's name for it.</param>
/// <param name="Known">The statement that the server knows it as; null: the same.</param>
internal readonly record struct StatementChange(
    StatementChangeKind Kind, PreparedStatement Statement, ClientStatements? Client = null, byte[]? Name = null, PreparedStatement? Known = null)
{
    private PreparedStatement OnServer => Known ?? Statement;

    /// <summary>The server says the types of the parameters.</summary>
    public void Describe(ServerStatements server, ReadOnlySpan<byte> types)
    {
        if (Kind == StatementChangeKind.Described && Client!.Fix(Name!, Statement, types) is { } typed)
        {
            server.MarkTyped(OnServer, typed);
        }
    }

    /// <summary>The server says the columns.</summary>
    public void Tell(ReadOnlySpan<byte> message)
    {
        if (Kind == StatementChangeKind.Described)
        {
            Client!.Find(Name!)?.Tell(ColumnPrint.Of(message));
        }
    }

    /// <summary>The request has come about.</summary>
    public void Keep(ServerStatements server)
    {
        switch (Kind)
        {
            case StatementChangeKind.Parsed:
            case StatementChangeKind.Closed:
                server.Settle(Statement, Kind == StatementChangeKind.Parsed, isDone: true);
                break;
            case StatementChangeKind.Unnamed:
                Statement.Release();
                break;
            case StatementChangeKind.Deallocated:
                // A Parse alone carries nothing out yet: the server may still have it.
                server.Settle(OnServer, isParse: true, isDone: true);
                server.MarkStale(OnServer);
                Statement.Release();
                break;
            default:
                break;
        }
    }

    /// <summary>The request has failed or was skipped.</summary>
    public void Undo(ServerStatements server)
    {
        switch (Kind)
        {
            case StatementChangeKind.Parsed:
                server.Settle(Statement, isParse: true, isDone: false);
                Client?.Remove(Name!, Statement);
                break;
            case StatementChangeKind.Closed:
                server.Settle(Statement, isParse: false, isDone: false);
                break;
            case StatementChangeKind.Named:
                Client!.Remove(Name!, Statement);
                break;
            case StatementChangeKind.Deallocated:
                server.Settle(OnServer, isParse: false, isDone: false);
                Client!.PutBack(Name!, Statement);
                break;
            case StatementChangeKind.Described:
                break;
            default:
                Client!.PutBack(Name!, Statement);
                break;
        }
    }
}
