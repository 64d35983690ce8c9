using System.Buffers.Binary;
using Pooler.Actors.Transport;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Relay.Prepared;

/// <summary>
/// Lets clients use named statements on whatever server they get: a client's name stands for a text, each server knows the text by the pooler's name,
/// and where it does not, the text is sent first. One per loop, used on its thread; a Bind allocates nothing.
/// Source: PostgreSQL protocol, section "Extended Query".
/// </summary>
internal sealed partial class StatementRewriter(PreparedStatementCache cache)
{
    private string? _complaint;

    /// <summary>What goes to the server in place of the requests that were taken. Emptied and sent by the relay.</summary>
    public MessageWriter Output { get; } = new();

    /// <summary>What the log says of the last request that was <see cref="StatementStep.Broken"/>, once; null: nothing.</summary>
    public string? TakeComplaint()
    {
        var complaint = _complaint;
        _complaint = null;
        return complaint;
    }

    /// <summary>True for the requests that may name a statement. Of simple queries only those that give one up.</summary>
    public static bool MayName(ReadOnlySpan<byte> message, bool isWhole) => message[0] == FrontendMessage.Query
        ? isWhole && message.Length <= Deallocation.LongestMessage && Deallocation.Begins(message[FrameHeader.Size..])
        : message[0] is FrontendMessage.Parse or FrontendMessage.Bind or FrontendMessage.Describe or FrontendMessage.Close;

    /// <summary>
    /// True if this request gives up a named statement, which needs no server. <paramref name="message"/> is whole.
    /// </summary>
    public static bool IsNamedClose(ReadOnlySpan<byte> message) =>
        message[0] == FrontendMessage.Close && TryReadTarget(message[FrameHeader.Size..], out var kind, out var name) && kind == 'S' && !name.IsEmpty;

    /// <summary>A client without a server gives up a statement; the answer goes to <paramref name="client"/> at once.</summary>
    public static void CloseLocally(ReadOnlySpan<byte> message, ClientStatements? statements, Connection client)
    {
        if (TryReadTarget(message[FrameHeader.Size..], out _, out var name))
        {
            statements?.Take(name, out _)?.Release();
        }

        client.Send(CloseComplete);
    }

    /// <summary>The messages that the pooler answers with itself.</summary>
    public static ReadOnlySpan<byte> AnswerTo(ExpectedResponse kind) => kind == ExpectedResponse.Parse ? ParseComplete : CloseComplete;

    /// <summary>
    /// Takes a request in: changes the lists, enters it in the ledger and writes what goes to the server.
    /// </summary>
    /// <param name="message">The request as far as <see cref="RequestPolicy"/> wants it.</param>
    /// <param name="isWhole">Nothing of it is missing.</param>
    /// <param name="link">The server that the client holds.</param>
    /// <param name="client">Gets an answer that need not wait for others.</param>
    /// <param name="statements">The client's statements, made when the first one comes.</param>
    /// <param name="limit">max_prepared_statements.</param>
    /// <param name="error">For <see cref="StatementStep.Broken"/>: what the client is told.</param>
    public StatementStep Take(
        ReadOnlySpan<byte> message, bool isWhole, ServerLink link, Connection client, ref ClientStatements? statements, int limit, out string? error)
    {
        error = null;
        _complaint = null;
        if (link.Ledger.IsSkipping)
        {
            // It comes to nothing, whatever it names.
            return StatementStep.Unnamed;
        }

        var body = message[FrameHeader.Size..];
        switch (message[0])
        {
            case FrontendMessage.Parse when body.IsEmpty || body[0] != 0:
                return TakeParse(body, isWhole, link, client, ref statements, limit, out error);
            case FrontendMessage.Parse when isWhole && message.Length <= Deallocation.LongestMessage && Deallocation.Begins(body[1..]):
                return TakeDeallocation(body[1..], isSimple: false, link, statements, limit);
            case FrontendMessage.Query:
                return TakeDeallocation(body, isSimple: true, link, statements, limit);
            case FrontendMessage.Bind:
                return TakeBind(message, body, link, statements, limit, out error);
            case FrontendMessage.Describe:
                if (!isWhole || !TryReadTarget(body, out var kind, out var name))
                {
                    return RefuseUnreadable(message[0], out error);
                }

                return kind == 'S' && !name.IsEmpty ? TakeDescribe(name, link, statements, limit, out error) : StatementStep.Unnamed;
            case FrontendMessage.Close:
                if (!isWhole || !TryReadTarget(body, out kind, out name))
                {
                    return RefuseUnreadable(message[0], out error);
                }

                if (kind != 'S' || name.IsEmpty)
                {
                    return StatementStep.Unnamed;
                }

                TakeClose(name, link, client, statements);
                return StatementStep.Taken;
            default:
                return StatementStep.Unnamed;
        }
    }

    private static ReadOnlySpan<byte> ParseComplete => [BackendMessage.ParseComplete, 0, 0, 0, 4];

    private static ReadOnlySpan<byte> CloseComplete => [BackendMessage.CloseComplete, 0, 0, 0, 4];

    // It does not even say which statement it is about.
    private StatementStep RefuseUnreadable(byte type, out string error)
    {
        error = PoolerErrors.UnreadableRequest;
        _complaint = $"failed to parse prepared statement packet type '{(char)type}'";
        return StatementStep.Broken;
    }

    private StatementStep TakeParse(
        ReadOnlySpan<byte> body, bool isWhole, ServerLink link, Connection client, ref ClientStatements? statements, int limit, out string? error)
    {
        if (!isWhole || body.IndexOf((byte)0) < 0)
        {
            return RefuseUnreadable(FrontendMessage.Parse, out error);
        }

        if (!TryReadParse(body, out var name, out var definition))
        {
            error = PoolerErrors.BrokenParse;
            return StatementStep.Broken;
        }

        error = null;
        if (statements?.Find(name) is not null)
        {
            if (link.Ledger.IsUndecided(statements, name))
            {
                return StatementStep.Waiting;
            }

            error = PoolerErrors.PreparedStatementInUse;
            _complaint = $"prepared statement '{WireText.Decode(name)}' was already prepared";
            return StatementStep.Broken;
        }

        link.Statistics.ClientParseCount++;
        statements ??= new ClientStatements();
        link.ClientStatements = statements;
        var statement = cache.GetOrAdd(definition);
        var key = name.ToArray();
        statements.Add(key, statement);
        var presence = ListOf(link).Use(statement);
        if (presence != StatementPresence.Ready)
        {
            var change = new StatementChange(StatementChangeKind.Parsed, statement, statements, key);
            Send(link, statement, presence, limit, ResponseAction.Forward, change);
        }
        else if (IsFirst(link))
        {
            client.Send(ParseComplete);
        }
        else
        {
            link.Ledger.Add(ExpectedResponse.Parse, ResponseAction.Fake, new StatementChange(StatementChangeKind.Named, statement, statements, key));
        }

        return StatementStep.Taken;
    }

    private StatementStep TakeBind(
        ReadOnlySpan<byte> message, ReadOnlySpan<byte> body, ServerLink link, ClientStatements? statements, int limit, out string? error)
    {
        var reader = new MessageReader(body);
        if (!reader.TryReadCString(out var portal) || !reader.TryReadCString(out var name))
        {
            return RefuseUnreadable(message[0], out error);
        }

        error = null;
        if (name.IsEmpty)
        {
            return StatementStep.Unnamed;
        }

        var step = Prepare(name, link, statements, limit, out var statement, out _, out error);
        if (step != StatementStep.Taken)
        {
            return step;
        }

        link.Statistics.BindCount++;
        var length = BinaryPrimitives.ReadInt32BigEndian(message[1..]) - name.Length + statement.ServerName.Length;
        Output.AppendByte(FrontendMessage.Bind);
        Output.AppendInt32(length);
        Output.AppendCString(portal);
        Output.AppendCString(statement.ServerName);
        Output.AppendBytes(reader.Remaining);
        link.Ledger.AddNamedBind();
        if (statement.MayReset)
        {
            ListOf(link).ExpectReset();
        }

        return StatementStep.Taken;
    }

    private StatementStep TakeDescribe(ReadOnlySpan<byte> name, ServerLink link, ClientStatements? statements, int limit, out string? error)
    {
        var step = Prepare(name, link, statements, limit, out var statement, out var meant, out error);
        if (step != StatementStep.Taken)
        {
            return step;
        }

        WriteTarget(Output, FrontendMessage.Describe, statement);
        statements!.Find(name, out var key);
        link.Ledger.Add(ExpectedResponse.Describe, ResponseAction.Forward, new StatementChange(StatementChangeKind.Described, meant, statements, key, statement));
        return StatementStep.Taken;
    }

    private static void TakeClose(ReadOnlySpan<byte> name, ServerLink link, Connection client, ClientStatements? statements)
    {
        // The server keeps its copy for others. To give up what is not there is no error.
        byte[]? key = null;
        var statement = statements?.Take(name, out key);
        if (IsFirst(link))
        {
            statement?.Release();
            client.Send(CloseComplete);
        }
        else if (statement is not null)
        {
            link.Ledger.Add(
                ExpectedResponse.Close, ResponseAction.Fake, new StatementChange(StatementChangeKind.Unnamed, statement, statements, key));
        }
        else
        {
            link.Ledger.Add(ExpectedResponse.Close, ResponseAction.Fake);
        }
    }

    /// <summary>Finds what the client means and sees to it that the server knows it as <paramref name="known"/>.</summary>
    private StatementStep Prepare(
        ReadOnlySpan<byte> name, ServerLink link, ClientStatements? statements, int limit, out PreparedStatement known, out PreparedStatement meant, out string? error)
    {
        if (statements?.Find(name) is not { } found)
        {
            known = meant = null!;
            error = null;
            if (statements is not null && link.Ledger.IsUndecided(statements, name))
            {
                return StatementStep.Waiting;
            }

            error = PoolerErrors.PreparedStatementDidNotExist;
            _complaint = $"prepared statement '{WireText.Decode(name)}' not found";
            return StatementStep.Broken;
        }

        meant = found;
        error = null;
        var list = ListOf(link);
        var presence = list.Use(found, out known);
        var begins = link.Retry.CanBegin(link);
        var entered = link.Ledger.Entered;
        if (presence != StatementPresence.Ready)
        {
            Send(link, found, presence, limit, ResponseAction.Insert, new StatementChange(StatementChangeKind.Parsed, found));
        }

        if (begins)
        {
            link.Retry.Begin(link, entered, Output.Length);
            link.Retry.Note(known, found);
        }
        else if (presence == StatementPresence.Ready && list.IsSettled(known))
        {
            // What this batch itself has parsed is parsed again with it.
            link.Retry.Note(known, found);
        }

        return StatementStep.Taken;
    }

    /// <summary>Has the server parse a statement, and close what is too many then.</summary>
    private void Send(
        ServerLink link, PreparedStatement statement, StatementPresence presence, int limit, ResponseAction action, in StatementChange change)
    {
        if (presence == StatementPresence.Uncertain)
        {
            Close(link, statement);
        }

        var list = ListOf(link);
        while (list.FindOldest(limit - 1) is { } oldest)
        {
            Close(link, oldest);
        }

        list.BeginParse(statement);
        WriteParse(Output, statement, statement.Definition);
        link.Statistics.ServerParseCount++;
        link.Ledger.Add(ExpectedResponse.Parse, action, change);
    }

    private void Close(ServerLink link, PreparedStatement statement)
    {
        ListOf(link).BeginClose(statement);
        WriteTarget(Output, FrontendMessage.Close, statement);
        link.Ledger.Add(ExpectedResponse.Close, ResponseAction.Insert, new StatementChange(StatementChangeKind.Closed, statement));
    }

    /// <summary>A Parse under the statement's server name; <paramref name="definition"/> is its own, or the same with types for its parameters.</summary>
    public static void WriteParse(MessageWriter writer, PreparedStatement statement, byte[] definition)
    {
        writer.BeginMessage(FrontendMessage.Parse);
        writer.AppendCString(statement.ServerName);
        writer.AppendBytes(definition);
        writer.EndMessage();
    }

    /// <summary>A Describe or Close of the statement under its server name.</summary>
    public static void WriteTarget(MessageWriter writer, byte type, PreparedStatement statement)
    {
        writer.BeginMessage(type);
        writer.AppendByte((byte)'S');
        writer.AppendCString(statement.ServerName);
        writer.EndMessage();
    }

    private static ServerStatements ListOf(ServerLink link)
    {
        link.Responses.Policy.WantsErrors = true;
        return link.Ledger.MakeStatements();
    }

    /// <summary>True when no answer is awaited that would have to come before one given now, and none is half delivered.</summary>
    private static bool IsFirst(ServerLink link) => link.Ledger.Count == 0 && !link.Ledger.QueryFailed && link.Responses.Remaining == 0;

    private static bool TryReadTarget(ReadOnlySpan<byte> body, out byte kind, out ReadOnlySpan<byte> name)
    {
        var reader = new MessageReader(body);
        name = default;
        return reader.TryReadByte(out kind) && reader.TryReadCString(out name) && reader.AtEnd;
    }

    private static bool TryReadParse(ReadOnlySpan<byte> body, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> definition)
    {
        var reader = new MessageReader(body);
        definition = default;
        if (!reader.TryReadCString(out name))
        {
            return false;
        }

        definition = reader.Remaining;
        return reader.TryReadCString(out _)
            && reader.TryReadInt16(out var count)
            && reader.TryReadBytes(sizeof(int) * (ushort)count, out _)
            && reader.AtEnd;
    }
}
