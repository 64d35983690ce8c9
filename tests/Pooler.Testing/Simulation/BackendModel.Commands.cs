using System.Globalization;
using Pooler.Actors.Wire;

namespace Pooler.Testing.Simulation;

/// <content>What the words do.</content>
internal sealed partial class BackendModel
{
    /// <summary>Stands for the client in a statement that clients share.</summary>
    internal const string Parameter = "$1";

    private readonly Queue<string> _rest = new();
    private readonly Dictionary<string, string> _statements = [];
    private readonly Dictionary<string, Portal> _portals = [];
    private CopyDirection _copy;
    private uint _copySum;
    private int _copyLeft;
    private string _sleeper = "";
    private bool _isSimple;
    private bool _isSkipping;
    private bool _inBatch;

    private enum CopyDirection
    {
        None,
        In,
    }

    private void RunSimple(string text)
    {
        _isSimple = true;
        foreach (var command in text.Split(';'))
        {
            if (command.Length > 0)
            {
                _rest.Enqueue(command);
            }
        }

        if (_rest.Count == 0)
        {
            _output.WriteEmptyQueryResponse();
        }

        RunRest(hasFailed: false);
    }

    private void RunRest(bool hasFailed)
    {
        while (!hasFailed && _rest.TryDequeue(out var command))
        {
            hasFailed = !TryRun(new Portal(command), int.MaxValue);
            if (_copy != CopyDirection.None || Sleep > 0)
            {
                return;
            }
        }

        _rest.Clear();
        Ready();
    }

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
                var rows = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(body[^4..]);
                TryRun(_portals[Text(body, out _)], rows == 0 ? int.MaxValue : rows);
                break;
            case FrontendMessage.Close:
                if (body[0] == (byte)'S')
                {
                    _statements.Remove(Text(body[1..], out _));
                }

                _output.WriteCloseComplete();
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

        if (query.StartsWith("bad", StringComparison.Ordinal))
        {
            Fail("42601", $"no such word in {query}");
            return;
        }

        _statements[name] = query;
        _output.WriteParseComplete();
    }

    private void Bind(ReadOnlySpan<byte> body)
    {
        var portal = Text(body, out var length);
        body = body[length..];
        var name = Text(body, out length);
        body = body[(length + sizeof(short))..];
        var query = _statements[name];
        if (System.Buffers.Binary.BinaryPrimitives.ReadInt16BigEndian(body) > 0)
        {
            var value = body.Slice(sizeof(short) + sizeof(int), System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(body[sizeof(short)..]));
            query = query.Replace(Parameter, WireText.Decode(value), StringComparison.Ordinal);
        }

        _portals[portal] = new Portal(query);
        _output.WriteBindComplete();
    }

    private void DescribeTarget(ReadOnlySpan<byte> body)
    {
        var name = Text(body[1..], out _);
        if (body[0] == (byte)'S')
        {
            _output.WriteParameterDescription();
        }

        Describe(body[0] == (byte)'S' ? _statements[name] : _portals[name].Command);
    }

    private void Describe(string command)
    {
        if (command.StartsWith("rows", StringComparison.Ordinal))
        {
            _output.WriteRowDescription([new ColumnDescription("answer", PostgresTypes.Text)]);
        }
        else
        {
            _output.WriteNoData();
        }
    }

    private bool TryRun(Portal portal, int limit)
    {
        var words = portal.Command.Split(' ');
        CommandStarts?.Invoke(words);
        if (Status == TransactionStatus.Failed && words[0] is not ("commit" or "rollback"))
        {
            Fail("25P02", "current transaction is aborted");
            return false;
        }

        BeginWork();
        switch (words[0])
        {
            case "rows":
                SendRows(portal, words, limit);
                break;
            case "begin":
                Status = TransactionStatus.InTransaction;
                _output.WriteCommandComplete("BEGIN");
                break;
            case "commit":
            case "rollback":
                var isUndone = words[0] == "rollback" || Status == TransactionStatus.Failed;
                EndTransaction(isUndone);
                _output.WriteCommandComplete(isUndone ? "ROLLBACK" : "COMMIT");
                break;
            case "fail":
                Fail("22012", $"failure {words[2]} of client {words[1]}");
                return false;
            case "notice":
                _output.WriteNoticeResponse($"notice {words[2]} for client {words[1]}");
                _output.WriteCommandComplete("NOTICE");
                break;
            case "set":
                Set(words[2], words[3]);
                _output.WriteCommandComplete("SET");
                break;
            case "SET":
                var equals = portal.Command.IndexOf('=', StringComparison.Ordinal);
                Set(portal.Command[4..equals], portal.Command[(equals + 1)..].Trim('\''));
                _output.WriteCommandComplete("SET");
                break;
            case "DISCARD":
                _values = (string[])_defaults.Clone();
                _saved = null;
                _statements.Clear();
                _output.WriteCommandComplete("DISCARD ALL");
                break;
            case "deallocate":
                _statements.Clear();
                _output.WriteCommandComplete("DEALLOCATE ALL");
                break;
            case "SELECT":
                _output.WriteCommandComplete("SELECT 1");
                break;
            case "copyin":
                _copy = CopyDirection.In;
                _copySum = 17;
                _copyLeft = Number(words[3]);
                StartCopy((byte)'G');
                break;
            case "copyout":
                CopyOut(words);
                break;
            case "sleep":
                Sleep = Number(words[3]);
                _sleeper = $"{words[1]} {words[2]}";
                break;
            default:
                throw new InvalidOperationException($"a server got the command '{portal.Command}'");
        }

        return true;
    }

    private void Set(string name, string value)
    {
        for (var i = 0; i < _names.Count; i++)
        {
            if (string.Equals(_names[i], name, StringComparison.OrdinalIgnoreCase))
            {
                _values[i] = value;
                return;
            }
        }

        throw new InvalidOperationException($"a server got a SET of {name}");
    }

    private void SendRows(Portal portal, string[] words, int limit)
    {
        if (_isSimple)
        {
            Describe(portal.Command);
        }

        var count = Number(words[3]);
        var filler = new string((char)('a' + (Number(words[1]) % 26)), Number(words[4]));
        for (; portal.Rows < count && limit > 0; portal.Rows++, limit--)
        {
            _output.WriteDataRow([$"{words[1]} {words[2]} {portal.Rows} {string.Join('|', _values)} {filler}"]);
        }

        if (limit == 0 && !_isSimple)
        {
            _output.WritePortalSuspended();
        }
        else
        {
            _output.WriteCommandComplete($"SELECT {count}");
        }
    }

    private void CopyOut(string[] words)
    {
        StartCopy((byte)'H');
        var count = Number(words[3]);
        for (var i = 0; i < count; i++)
        {
            _output.BeginMessage(FrontendMessage.CopyData);
            _output.AppendText($"{words[1]} {words[2]} {i} ");
            _output.AppendText(new string((char)('A' + (Number(words[1]) % 26)), Number(words[4])));
            _output.EndMessage();
        }

        _output.BeginMessage(FrontendMessage.CopyDone);
        _output.EndMessage();
        _output.WriteCommandComplete($"COPY {count}");
    }

    private void StartCopy(byte type)
    {
        _output.BeginMessage(type);
        _output.AppendByte(0);
        _output.AppendInt16(0);
        _output.EndMessage();
    }

    private void TakeInCopy(byte type, ReadOnlySpan<byte> body)
    {
        switch (type)
        {
            case FrontendMessage.CopyData:
                foreach (var value in body)
                {
                    _copySum = (_copySum * 31) + value;
                }

                _copyLeft -= body.Length;
                if (_copyLeft < 0)
                {
                    EndCopy("22P04", "too much data");
                }

                break;
            case FrontendMessage.CopyDone:
                EndCopy(null, "");
                break;
            case FrontendMessage.CopyFail:
                EndCopy("57014", $"COPY from stdin failed: {Text(body, out _)}");
                break;
            case FrontendMessage.Sync:
            case FrontendMessage.Flush:
                break;
            default:
                throw new InvalidOperationException($"a server in COPY got a message of type {(char)type}");
        }
    }

    private void EndCopy(string? sqlState, string text)
    {
        _copy = CopyDirection.None;
        if (sqlState is null)
        {
            _output.WriteCommandComplete($"COPY {_copySum}");
        }
        else
        {
            Fail(sqlState, text);
        }

        if (_isSimple)
        {
            RunRest(sqlState is not null);
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private sealed class Portal(string command)
    {
        internal string Command { get; } = command;

        internal int Rows { get; set; }
    }
}
