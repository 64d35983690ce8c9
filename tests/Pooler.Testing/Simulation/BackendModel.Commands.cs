using System.Globalization;
using Pooler.Actors.Wire;

namespace Pooler.Testing.Simulation;

/// <content>What the words do.</content>
internal sealed partial class BackendModel
{
    /// <summary>Stands for the client in a statement that clients share.</summary>
    internal const string Parameter = "$1";

    private Queue<string> _rest = new();
    private bool _isSimple;
    private bool _isSkipping;
    private bool _inBatch;
    private string _sleeper = "";

    private void RunSimple(string text)
    {
        _isSimple = true;
        _statements.Remove("");
        _portals.Remove("");
        if (text.Split(';').FirstOrDefault(command => command.StartsWith("bad ", StringComparison.Ordinal)) is { } bad)
        {
            // The whole text is parsed before anything of it runs.
            CommandStarts?.Invoke(bad.Split(' '));
            Fail("42601", $"no such word in {bad}");
            Ready();
            return;
        }

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
            if (_copy != CopyDirection.None || Sleep > 0 || IsDead)
            {
                return;
            }
        }

        _rest.Clear();
        Ready();
    }

    private bool TryRun(Portal portal, int limit)
    {
        var words = portal.Command.Split(' ');
        CommandStarts?.Invoke(words);
        if (Status == TransactionStatus.Failed && !EndsTransaction(portal.Command))
        {
            FailInFailed();
            return false;
        }

        BeginWork();
        switch (words[0])
        {
            case "rows":
            case "table":
                return TrySendRows(portal, words, limit);
            case "begin":
                Status = TransactionStatus.InTransaction;
                _output.WriteCommandComplete("BEGIN");
                break;
            case "savepoint" or "release":
            case "rollback" when words.Length > 2:
                return TryRunSavepoint(words);
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
                BeginCopyIn(words);
                break;
            case "copyout":
                return TryCopyOut(words);
            case "fatal":
                Die("57P01", $"end {words[2]} of client {words[1]}");
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

    private bool TrySendRows(Portal portal, string[] words, int limit)
    {
        if (_isSimple)
        {
            Describe(portal.Command, portal.Columns);
        }

        var count = Number(words[3]);
        var failsAt = FailurePoint(words);
        var filler = new string((char)('a' + (Number(words[1]) % 26)), Number(words[4]));
        var sent = 0;
        for (; portal.Rows < count && sent < limit; portal.Rows++, sent++)
        {
            if (portal.Rows == failsAt)
            {
                Fail("22012", $"failure in row {portal.Rows} of {words[2]} of client {words[1]}");
                return false;
            }

            var text = $"{words[1]} {words[2]} {portal.Rows} {string.Join('|', _values)} {filler}";
            if (portal.Columns is { } columns)
            {
                columns.WriteRow(_output, text);
            }
            else
            {
                _output.WriteDataRow([text]);
            }
        }

        if (sent == limit && !_isSimple)
        {
            _output.WritePortalSuspended();
        }
        else
        {
            _output.WriteCommandComplete($"SELECT {sent}");
        }

        return true;
    }

    /// <summary>The row at which the command fails; -1: it does not.</summary>
    private static int FailurePoint(string[] words) => words.Length > 5 ? Number(words[5]) : -1;

    private static bool EndsTransaction(string command) =>
        command.StartsWith("commit", StringComparison.Ordinal) || command.StartsWith("rollback", StringComparison.Ordinal);

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
