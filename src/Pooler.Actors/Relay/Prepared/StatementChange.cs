namespace Pooler.Actors.Relay.Prepared;

/// <summary>
/// What a request changes in the lists of statements if the server carries it out; names of the client change at once, and back if it does not. Travels with its
/// entry in the <see cref="Ledger"/>.
/// </summary>
/// <param name="Kind">Which change.</param>
/// <param name="Statement">The statement.</param>
/// <param name="Client">Whose name it is; null: the request is the pooler's own.</param>
/// <param name="Named">The client's name for it.</param>
/// <param name="Known">The statement that the server knows it as; null: the same.</param>
internal readonly record struct StatementChange(
    StatementChangeKind Kind, PreparedStatement Statement, ClientStatements? Client = null, NamedStatement? Named = null, PreparedStatement? Known = null)
{
    /// <summary>A request of a client that is about one of its names.</summary>
    public StatementChange(StatementChangeKind kind, ClientStatements client, NamedStatement named, PreparedStatement? known = null)
        : this(kind, named.Statement, client, named, known)
    {
    }

    private PreparedStatement OnServer => Known ?? Statement;

    /// <summary>The name of the client is given by this request, or given up.</summary>
    public bool IsAboutName => Kind is not (StatementChangeKind.Described or StatementChangeKind.PortalDescribed or StatementChangeKind.Outdated);

    /// <summary>The server has described the statement's result.</summary>
    public RowShape Learn(ServerStatements server, ReadOnlySpan<byte> message)
    {
        var statement = Named?.Statement ?? Statement;
        var shape = RowShape.Read(message, statement.LatestShape);
        statement.LatestShape = shape;
        server.SetShape(OnServer, shape);
        Named?.Tell(shape, isPortal: Kind == StatementChangeKind.PortalDescribed);
        return shape;
    }

    /// <summary>The server says the types of the parameters.</summary>
    public void Describe(ServerStatements server, ReadOnlySpan<byte> types)
    {
        if (Kind == StatementChangeKind.Described && Named is not null && Client!.Find(Named.Name) == Named && Named.TryFix(types))
        {
            server.MarkTyped(OnServer, Named.Statement);
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
            case StatementChangeKind.Described:
            case StatementChangeKind.PortalDescribed:
                Named?.EndTell();
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
                if (Named is not null)
                {
                    Client!.Remove(Named);
                }

                break;
            case StatementChangeKind.Closed:
                server.Settle(Statement, isParse: false, isDone: false);
                break;
            case StatementChangeKind.Named:
                Client!.Remove(Named!);
                break;
            case StatementChangeKind.Deallocated:
                server.Settle(OnServer, isParse: false, isDone: false);
                Client!.PutBack(Named!);
                break;
            case StatementChangeKind.Unnamed:
                Client!.PutBack(Named!);
                break;
            case StatementChangeKind.Described:
                server.EndDescribe(OnServer);
                Named?.EndTell();
                break;
            case StatementChangeKind.PortalDescribed:
                Named?.EndTell();
                break;
            default:
                break;
        }
    }
}
