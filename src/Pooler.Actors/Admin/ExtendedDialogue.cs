using System.Collections.Immutable;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Admin;

/// <summary>
/// The extended query protocol of one console session: its prepared statements and portals, and the messages about them. An error is answered
/// once, and everything up to the next Sync is passed over. Used by one thread. The other part of the class reads Bind.
/// </summary>
internal sealed partial class ExtendedDialogue(MessageWriter output)
{
    /// <summary>How many statements and portals a session may keep.</summary>
    public const int MaxPrepared = 1000;

    /// <summary>How many bytes of texts and parameters they may have together.</summary>
    public const int MaxPreparedBytes = 1024 * 1024;

    /// <summary>How many portals may hold rows that were not fetched.</summary>
    public const int MaxOpenResults = 10;

    private const byte StatementKind = (byte)'S';
    private const byte PortalKind = (byte)'P';

    private readonly Dictionary<string, ConsoleStatement> _statements = [];
    private readonly Dictionary<string, ConsolePortal> _portals = [];
    private ConsolePortal? _executing;
    private int _maxRows;
    private int _size;

    /// <summary>After an error, until Sync.</summary>
    public bool IsSkipping { get; private set; }

    /// <summary>Takes one message other than Sync.</summary>
    /// <returns>What is to be done besides the answer that was written; null: nothing.</returns>
    public DialogueStep? Take(byte type, ReadOnlySpan<byte> body)
    {
        if (IsSkipping)
            return null;

        var reader = new MessageReader(body);
        return type switch
        {
            FrontendMessage.Parse => Parse(reader),
            FrontendMessage.Bind => Bind(reader),
            FrontendMessage.Describe => Describe(reader),
            FrontendMessage.Execute => Execute(reader),
            FrontendMessage.Close => Close(reader),
            _ => null,
        };
    }

    /// <summary>Ends the skipping, and the portals too unless a transaction is open.</summary>
    public void Sync(bool isInTransaction)
    {
        IsSkipping = false;
        if (!isInTransaction)
            DropPortals();
    }

    /// <summary>A simple query ends the unnamed statement and portal.</summary>
    public void DropUnnamed()
    {
        DropStatement("");
        DropPortal("");
    }

    public void DropPortals()
    {
        foreach (string name in _portals.Keys.ToArray())
            DropPortal(name);
    }

    public void DropStatements()
    {
        foreach (string name in _statements.Keys.ToArray())
            DropStatement(name);
    }

    /// <summary>Forgets a prepared statement; false when there is none of this name.</summary>
    public bool DropStatement(string name)
    {
        if (!_statements.Remove(name, out ConsoleStatement? statement))
            return false;

        _size -= SizeOf(name, statement);
        return true;
    }

    /// <summary>The answer to the statement that was given out to be run has come: its rows, as many as were asked for, and its tag.</summary>
    public void Answer(ConsoleReply reply)
    {
        ConsolePortal portal = _executing!;
        _executing = null;
        switch (reply.Kind)
        {
            case ConsoleReplyKind.Error:
                portal.IsDone = true;
                WriteError(reply.Text, reply.SqlState, string.IsNullOrEmpty(reply.Detail) ? null : reply.Detail);
                break;
            case ConsoleReplyKind.Fatal:
                output.WriteFatal(reply.Text, reply.SqlState);
                break;
            default:
                if (reply.Notice is not null)
                    output.WriteNoticeResponse(reply.Notice, reply.NoticeDetail);
                if (reply.Table is { } table)
                    BeginRows(portal, table);
                else
                    WriteEnd(portal, reply.Text);
                break;
        }
    }

    /// <summary>Answers with an error; what follows is passed over up to Sync.</summary>
    public DialogueStep Refuse(string text, string sqlState)
    {
        WriteError(text, sqlState);
        return new DialogueStep(DialogueStepKind.Refused, text);
    }

    private DialogueStep? Parse(MessageReader reader)
    {
        if (!TryReadName(ref reader, out string name) || !reader.TryReadCString(out ReadOnlySpan<byte> text)
            || !reader.TryReadInt16(out short count) || count < 0)
        {
            return Malformed();
        }

        ImmutableArray<int>.Builder types = ImmutableArray.CreateBuilder<int>();
        for (int i = 0; i < count; i++)
        {
            if (!reader.TryReadInt32(out int type))
                return Malformed();
            types.Add(type == PostgresTypes.Unknown ? 0 : type);
        }

        if (name.Length == 0)
            DropStatement("");
        else if (_statements.ContainsKey(name))
            return Refuse(PoolerErrors.StatementExists(name), SqlStates.DuplicateStatement);

        if (StatementReader.ReadPrepared(WireText.Decode(text), types.ToImmutable(), out ConsoleReply? error) is not { } statement)
            return Refuse(error!.Text, error.SqlState);
        if (!HasRoomFor(SizeOf(name, statement)))
            return Refuse(PoolerErrors.TooMuchPrepared, SqlStates.ProgramLimitExceeded);

        _statements.Add(name, statement);
        _size += SizeOf(name, statement);
        output.WriteParseComplete();
        return null;
    }

    private DialogueStep? Describe(MessageReader reader)
    {
        if (!TryReadTarget(ref reader, out byte kind, out string name))
            return Malformed();

        if (kind == StatementKind)
        {
            if (!_statements.TryGetValue(name, out ConsoleStatement? statement))
                return RefuseStatement(name);

            output.WriteParameterDescription(statement.ParameterTypes.AsSpan());
            WriteColumns(statement, []);
            return null;
        }

        if (!_portals.TryGetValue(name, out ConsolePortal? portal))
            return RefusePortal(name);

        WriteColumns(portal.Statement, portal.Formats);
        return null;
    }

    private void WriteColumns(ConsoleStatement statement, short[] formats)
    {
        if (statement.Columns is { } columns)
            output.WriteRowDescription(columns.AsSpan(), formats);
        else
            output.WriteNoData();
    }

    private DialogueStep? Close(MessageReader reader)
    {
        if (!TryReadTarget(ref reader, out byte kind, out string name))
            return Malformed();

        if (kind == StatementKind)
            DropStatement(name);
        else
            DropPortal(name);

        output.WriteCloseComplete();
        return null;
    }

    private DialogueStep? Execute(MessageReader reader)
    {
        if (!TryReadName(ref reader, out string name) || !reader.TryReadInt32(out int maxRows))
            return Malformed();
        if (!_portals.TryGetValue(name, out ConsolePortal? portal))
            return RefusePortal(name);

        _maxRows = maxRows;
        if (portal.Result is { } result)
        {
            WriteRows(portal, result);
            return null;
        }

        if (portal.IsDone)
            return Refuse(PoolerErrors.PortalIsDone(name), SqlStates.ObjectNotInPrerequisiteState);

        if (maxRows > 0 && _portals.Values.Count(open => open.Result is not null) >= MaxOpenResults)
            return Refuse(PoolerErrors.TooMuchPrepared, SqlStates.ProgramLimitExceeded);

        _executing = portal;
        return new DialogueStep(DialogueStepKind.Run, portal.Statement.Text, new ConsoleRequest(portal.Statement, portal.Parameters));
    }

    private void BeginRows(ConsolePortal portal, ResultTable table)
    {
        portal.Position = 0;
        WriteRows(portal, table);
    }

    private void WriteRows(ConsolePortal portal, ResultTable table)
    {
        int left = table.Rows.Count - portal.Position;
        int count = _maxRows > 0 ? Math.Min(_maxRows, left) : left;
        for (int i = 0; i < count; i++)
            table.WriteRow(output, portal.Position + i, portal.Formats);

        portal.Position += count;

        // A fetch of exactly the rows that are left does not know that it was the last one.
        if (_maxRows > 0 && count == _maxRows)
        {
            portal.Result = table;
            output.WritePortalSuspended();
            return;
        }

        WriteEnd(portal, table.TagFor(count));
    }

    private void WriteEnd(ConsolePortal portal, string tag)
    {
        portal.Result = null;
        portal.IsDone = true;
        if (tag.Length == 0)
            output.WriteEmptyQueryResponse();
        else
            output.WriteCommandComplete(tag);
    }

    private bool HasRoomFor(int size) => _statements.Count + _portals.Count < MaxPrepared && _size + size <= MaxPreparedBytes;

    private void DropPortal(string name)
    {
        if (_portals.Remove(name, out ConsolePortal? portal))
            _size -= portal.Size;
    }

    private void WriteError(string text, string sqlState, string? detail = null)
    {
        output.WriteErrorResponse(Severities.Error, sqlState, text, detail);
        IsSkipping = true;
    }

    private DialogueStep RefuseStatement(string name) =>
        Refuse(name.Length == 0 ? PoolerErrors.NoUnnamedStatement : PoolerErrors.NoSuchStatement(name), SqlStates.UndefinedStatement);

    private DialogueStep RefusePortal(string name) => Refuse(PoolerErrors.NoSuchPortal(name), SqlStates.UndefinedPortal);

    private static DialogueStep Malformed() => new(DialogueStepKind.Broken, PoolerErrors.BadPacket);

    private static int SizeOf(string name, ConsoleStatement statement) => (2 * (name.Length + statement.Text.Length)) + (4 * statement.ParameterTypes.Length);

    private static bool TryReadTarget(ref MessageReader reader, out byte kind, out string name)
    {
        name = "";
        return reader.TryReadByte(out kind) && kind is StatementKind or PortalKind && TryReadName(ref reader, out name);
    }

    private static bool TryReadName(ref MessageReader reader, out string name)
    {
        bool isRead = reader.TryReadCString(out ReadOnlySpan<byte> bytes);
        name = isRead ? WireText.Decode(bytes) : "";
        return isRead;
    }
}
