using System.Buffers.Binary;
using Pooler.Actors.Relay.Prepared;
using Pooler.Actors.Wire;

namespace Pooler.Testing.Simulation;

/// <content>The extended protocol: statements and portals.</content>
internal sealed partial class BackendModel
{
    private Dictionary<string, Statement> _statements = [];
    private Dictionary<string, Portal> _portals = [];

    private void TakeExtended(byte type, ReadOnlySpan<byte> body)
    {
        _inBatch = true;
        _isSimple = false;
        BeginWork();
        switch (type)
        {
            case FrontendMessage.Parse:
                Parse(body);
                break;
            case FrontendMessage.Bind:
                Bind(body);
                break;
            case FrontendMessage.Describe:
                DescribeTarget(body);
                break;
            case FrontendMessage.Execute:
                Execute(body);
                break;
            case FrontendMessage.Close:
                CloseTarget(body);
                break;
            default:
                throw new InvalidOperationException($"a server got a message of type {(char)type}");
        }
    }

    private void Parse(ReadOnlySpan<byte> body)
    {
        var name = Text(body, out var length);
        var query = Text(body[length..], out _);
        if (name.Length > 0 && _statements.ContainsKey(name))
        {
            throw new InvalidOperationException($"a server got a second statement named {name}");
        }

        // A statement with a parameter is for everybody; its user is named when it is bound.
        if (!query.Contains(Parameter, StringComparison.Ordinal))
        {
            CommandStarts?.Invoke(query.Split(' '));
        }

        if (query.StartsWith("bad ", StringComparison.Ordinal))
        {
            Fail("42601", $"no such word in {query}");
        }
        else if (IsForbidden(query))
        {
            FailInFailed();
        }
        else
        {
            var columns = ColumnsOf(query);
            HoldsTables |= columns is not null;
            _statements[name] = new Statement(query, columns);
            _output.WriteParseComplete();
        }
    }

    private void Bind(ReadOnlySpan<byte> body)
    {
        var portal = Text(body, out var length);
        body = body[length..];
        var name = Text(body, out length);
        body = body[(length + sizeof(short))..];
        if (!_statements.TryGetValue(name, out var statement))
        {
            if (name is not ("" or ChangedPlan.AbsentStatement))
            {
                throw new InvalidOperationException($"a server got a Bind of {name}, which it does not have");
            }

            Fail("26000", "prepared statement does not exist");
            return;
        }

        var query = statement.Query;
        var hasValue = BinaryPrimitives.ReadInt16BigEndian(body) > 0;
        body = body[sizeof(short)..];
        if (hasValue)
        {
            var value = body.Slice(sizeof(int), BinaryPrimitives.ReadInt32BigEndian(body));
            query = query.Replace(Parameter, WireText.Decode(value), StringComparison.Ordinal);
            body = body[(sizeof(int) + value.Length)..];
        }

        var columns = ColumnsOf(query);

        if (IsForbidden(query))
        {
            FailInFailed();
        }
        else if (query.StartsWith("nobind ", StringComparison.Ordinal))
        {
            CommandStarts?.Invoke(query.Split(' '));
            Fail("22P02", $"invalid value for {query}");
        }
        else if (IsChanged(statement))
        {
            CommandStarts?.Invoke(query.Split(' '));
            if (RefusesLate)
            {
                _output.WriteBindComplete();
            }

            FailChanged();
        }
        else if (portal.Length > 0 && _portals.ContainsKey(portal))
        {
            Fail("42P03", $"cursor \"{portal}\" already exists");
        }
        else if (HasWrongFormats(body, columns, out var formats))
        {
            CommandStarts?.Invoke(query.Split(' '));
            Fail("08P01", $"bind message has {formats} result formats but query has {columns!.Count} columns", "PortalSetResultFormat");
        }
        else
        {
            _portals[portal] = new Portal(query, statement.Query, columns);
            _output.WriteBindComplete();
        }
    }

    private void DescribeTarget(ReadOnlySpan<byte> body)
    {
        var name = Text(body[1..], out _);
        string? command;
        string text;
        TableColumns? columns;
        var isChanged = false;
        if (body[0] == (byte)'S')
        {
            isChanged = _statements.TryGetValue(name, out var statement) && IsChanged(statement);
            command = statement is not null ? statement.Query
                : name.Length == 0 ? null
                : throw new InvalidOperationException($"a server got a Describe of {name}, which it does not have");
            text = command ?? "";
            columns = ColumnsOf(text);
        }
        else
        {
            (command, text, columns) = _portals.TryGetValue(name, out var portal) ? (portal.Command, portal.Text, portal.Columns) : (null, "", null);
        }

        if (command is null)
        {
            Fail(body[0] == (byte)'S' ? "26000" : "34000", $"there is no \"{name}\" to describe");
        }
        else if (Status == TransactionStatus.Failed && HasRows(command))
        {
            FailInFailed();
        }
        else
        {
            if (body[0] == (byte)'S')
            {
                _output.WriteParameterDescription();
            }

            if (isChanged)
            {
                FailChanged();
                return;
            }

            Describe(command, columns);
        }
    }

    private void Execute(ReadOnlySpan<byte> body)
    {
        var rows = BinaryPrimitives.ReadInt32BigEndian(body[^4..]);
        var name = Text(body, out _);
        if (_portals.TryGetValue(name, out var portal))
        {
            TryRun(portal, rows == 0 ? int.MaxValue : rows);
        }
        else
        {
            Fail("34000", $"portal \"{name}\" does not exist");
        }
    }

    private void CloseTarget(ReadOnlySpan<byte> body)
    {
        var name = Text(body[1..], out _);
        if (body[0] == (byte)'S')
        {
            _statements.Remove(name);
        }
        else
        {
            _portals.Remove(name);
        }

        _output.WriteCloseComplete();
    }

    private void Describe(string command, TableColumns? columns)
    {
        if (columns is not null)
        {
            columns.WriteDescription(_output);
        }
        else if (HasRows(command))
        {
            _output.WriteRowDescription([new ColumnDescription("answer", PostgresTypes.Text)]);
        }
        else
        {
            _output.WriteNoData();
        }
    }

    private static bool HasRows(string command) =>
        command.StartsWith("rows ", StringComparison.Ordinal) || command.StartsWith(TableWord, StringComparison.Ordinal);

    private bool IsForbidden(string query) => Status == TransactionStatus.Failed && !EndsTransaction(query);

    /// <summary>A text, and the columns that it had when it was parsed if it is on a table.</summary>
    private sealed record Statement(string Query, TableColumns? Columns);

    private sealed record Portal(string Command, string Text = "", TableColumns? Columns = null)
    {
        /// <summary>Rows that have been fetched.</summary>
        internal int Rows { get; set; }
    }
}
