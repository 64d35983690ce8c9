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
            statements?.Take(name)?.Statement.Release();
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
    /// <param name="next">What has come behind it.</param>
    /// <param name="link">The server that the client holds.</param>
    /// <param name="client">Gets an answer that need not wait for others.</param>
    /// <param name="statements">The client's statements, made when the first one comes.</param>
    /// <param name="limit">max_prepared_statements.</param>
    /// <param name="error">For <see cref="StatementStep.Broken"/>: what the client is told.</param>
    public StatementStep Take(
        ReadOnlySpan<byte> message,
        bool isWhole,
        ReadOnlySpan<byte> next,
        ServerLink link,
        Connection client,
        ref ClientStatements? statements,
        int limit,
        out string? error)
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
            case FrontendMessage.Parse:
                TakeUnnamedParse(body, isWhole, next, link, ref statements);
                return isWhole && message.Length <= Deallocation.LongestMessage && Deallocation.Begins(body[1..])
                    ? TakeDeallocation(body[1..], isSimple: false, link, statements, limit)
                    : StatementStep.Unnamed;
            case FrontendMessage.Query:
                return TakeDeallocation(body, isSimple: true, link, statements, limit);
            case FrontendMessage.Bind:
                return TakeBind(message, next, link, statements, limit, out error);
            case FrontendMessage.Describe:
                if (!isWhole || !TryReadTarget(body, out var kind, out var name))
                {
                    return RefuseUnreadable(message[0], out error);
                }

                return kind != 'S' ? TakeDescribePortal(message, name, link, statements)
                    : !name.IsEmpty ? TakeDescribe(message, name, link, statements, limit, out error)
                    : UseUnnamed(link, statements);
            case FrontendMessage.Close:
                if (!isWhole || !TryReadTarget(body, out kind, out name))
                {
                    return RefuseUnreadable(message[0], out error);
                }

                if (kind != 'S')
                {
                    return StatementStep.Unnamed;
                }

                if (name.IsEmpty)
                {
                    ForgetUnnamed(link, statements);
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
        var named = statements.Add(name, statement);
        var presence = ListOf(link).Use(statement);
        if (presence == StatementPresence.Ready && link.TransactionStatus == TransactionStatus.Failed)
        {
            // The server would refuse it. A driver that is told of success, and of the failure with the next request, takes the statement for one without a result.
            presence = StatementPresence.Uncertain;
        }

        if (presence != StatementPresence.Ready)
        {
            var change = new StatementChange(StatementChangeKind.Parsed, statements, named);
            Send(link, statement, presence, limit, ResponseAction.Forward, change);
        }
        else if (IsFirst(link))
        {
            client.Send(ParseComplete);
        }
        else
        {
            link.Ledger.Add(ExpectedResponse.Parse, ResponseAction.Fake, new StatementChange(StatementChangeKind.Named, statements, named));
        }

        return StatementStep.Taken;
    }

    private StatementStep TakeBind(
        ReadOnlySpan<byte> message, ReadOnlySpan<byte> next, ServerLink link, ClientStatements? statements, int limit, out string? error)
    {
        var reader = new MessageReader(message[FrameHeader.Size..]);
        if (!reader.TryReadCString(out var portal) || !reader.TryReadCString(out var name))
        {
            return RefuseUnreadable(message[0], out error);
        }

        error = null;
        if (name.IsEmpty)
        {
            statements?.OnBind(null, portal);
            return UseUnnamed(link, statements);
        }

        var step = Prepare(message, name, next, link, statements, limit, out var named, out var known, out error);
        if (step != StatementStep.Taken)
        {
            return step;
        }

        link.Statistics.BindCount++;
        statements!.OnBind(named, portal);
        if (named is null)
        {
            RefuseBind(link, known);
            return StatementStep.Taken;
        }

        var length = BinaryPrimitives.ReadInt32BigEndian(message[1..]) - name.Length + known.ServerName.Length;
        Output.AppendByte(FrontendMessage.Bind);
        Output.AppendInt32(length);
        Output.AppendCString(portal);
        Output.AppendCString(known.ServerName);
        Output.AppendBytes(reader.Remaining);
        link.Ledger.AddNamedBind();
        if (known.MayReset)
        {
            ListOf(link).ExpectReset();
        }

        return StatementStep.Taken;
    }

    private StatementStep TakeDescribe(
        ReadOnlySpan<byte> message, ReadOnlySpan<byte> name, ServerLink link, ClientStatements? statements, int limit, out string? error)
    {
        var step = Prepare(message, name, [], link, statements, limit, out var named, out var known, out error);
        if (step != StatementStep.Taken)
        {
            return step;
        }

        named!.BeginTell(ListOf(link).Batch);
        Describe(link, ResponseAction.Forward, new StatementChange(StatementChangeKind.Described, statements!, named, known));
        return StatementStep.Taken;
    }

    private StatementStep TakeDescribePortal(ReadOnlySpan<byte> message, ReadOnlySpan<byte> portal, ServerLink link, ClientStatements? statements)
    {
        if (!link.Retry.IsEnabled || statements?.OnDescribePortal(portal) is not { } named)
        {
            return StatementStep.Unnamed;
        }

        link.Responses.Policy.WantsDescriptions = true;
        Output.AppendBytes(message);
        named.BeginTell(ListOf(link).Batch);
        link.Ledger.Add(ExpectedResponse.Describe, ResponseAction.Forward, new StatementChange(StatementChangeKind.PortalDescribed, statements, named));
        return StatementStep.Taken;
    }

    private static void TakeClose(ReadOnlySpan<byte> name, ServerLink link, Connection client, ClientStatements? statements)
    {
        // The server keeps its copy for others. To give up what is not there is no error.
        var named = statements?.Take(name);
        if (IsFirst(link))
        {
            named?.Statement.Release();
            client.Send(CloseComplete);
        }
        else if (named is not null)
        {
            link.Ledger.Add(ExpectedResponse.Close, ResponseAction.Fake, new StatementChange(StatementChangeKind.Unnamed, statements!, named));
        }
        else
        {
            link.Ledger.Add(ExpectedResponse.Close, ResponseAction.Fake);
        }
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
