using Pooler.Actors.Wire;

namespace Pooler.Testing.Simulation;

/// <content>
/// Statements on tables whose columns change at any time. Outside transactions, one batch at a time and at its beginning, a client notices that by the columns alone, and by an error only
/// if it would read the rows by those of before.
/// </content>
internal sealed partial class ScriptedClient
{
    private readonly Dictionary<string, TableStatement> _tables = [];
    private TableHabit? _tableHabit;
    private bool _isInBlock;

    private bool AsksOnce => _tableHabit is TableHabit.AsksOnce or TableHabit.AsksFirstPortal;

    private IEnumerable<Pause> UseTable()
    {
        yield return Pause.ForAnswers;
        _tableHabit ??= (TableHabit)_random.Next(4);
        foreach (var gone in _tables.Keys.Except(_model!.StatementNames).ToList())
        {
            _tables.Remove(gone);
        }

        if (_tables.Count == 0 || (_tables.Count < 3 && Chance(4)))
        {
            foreach (var pause in PrepareTable(null))
            {
                yield return pause;
            }
        }

        for (var i = _random.Next(4); i >= 0; i--)
        {
            _wasRefused = false;
            var statement = _tables.Values.ElementAt(_random.Next(_tables.Count));
            foreach (var pause in UseTable(statement))
            {
                yield return pause;
            }

            yield return Pause.ForAnswers;
            if (_wasRefused && (AsksOnce || IsSessionMode))
            {
                // As drivers do it that know this error. In a session of its own nothing else helps.
                foreach (var pause in PrepareTable(statement))
                {
                    yield return pause;
                }
            }
            else if (Chance(3))
            {
                yield return Pause.For(_random.Next(3000));
            }
        }
    }

    /// <summary>Prepares a statement, in place of one that was refused or anew.</summary>
    private IEnumerable<Pause> PrepareTable(TableStatement? refused)
    {
        _requests.Reset();
        var name = refused?.Name ?? $"table{++_lastStatement}";
        if (refused is not null)
        {
            if (Chance(2))
            {
                _requests.WriteCloseStatement(name);
            }
            else
            {
                name = $"table{++_lastStatement}";
            }

            _tables.Remove(refused.Name);
        }

        var statement = refused is null ? new TableStatement(name, _random.Next(TableColumns.Tables), 2 + _random.Next(2)) : new TableStatement(name, refused.Table, refused.Rows);
        _tables.Add(name, statement);
        _requests.WriteParse(name, statement.Text);
        if (_tableHabit == TableHabit.AsksOnce)
        {
            if (Chance(4))
            {
                _requests.WriteSync();
                SendTables();
                yield return Pause.ForAnswers;
                _requests.Reset();
            }

            WriteDescribeTable(statement);
            if (Chance(4))
            {
                _requests.WriteFlush();
                SendTables();
                yield return Pause.ForAnswers;
                _requests.Reset();
                WriteUse(statement, isTold: false, hasRun: true);
            }
            else if (Chance(4))
            {
                WriteUse(statement, isTold: true);
            }
        }
        else if (Chance(4))
        {
            WriteUse(statement);
        }

        _requests.WriteSync();
        SendTables();
        yield return Pause.ForAnswers;
    }

    private IEnumerable<Pause> UseTable(TableStatement statement)
    {
        _requests.Reset();
        switch (_random.Next(10))
        {
            case 0 when !IsStatementMode:
                return UseTablesInBlock(statement);
            case 1:
                return UseTableInPipeline(statement);
            case 2:
                return UseTableWithFlush(statement);
            case 3:
                // Something has run before it, and has not failed.
                _requests.WriteParse("", Rows(1, 10));
                _requests.WriteBind("", "");
                _requests.WriteExecute("");
                WriteUse(statement, hasRun: true);
                break;
            case 4:
                WriteUse(statement);
                WriteUse(_tables.Values.ElementAt(_random.Next(_tables.Count)), hasRun: true);
                break;
            case 5 when _tableHabit == TableHabit.AsksOnce:
                WriteDescribeTable(statement);
                if (Chance(2))
                {
                    WriteUse(statement, isTold: true);
                }

                break;
            default:
                WriteUse(statement);
                break;
        }

        _requests.WriteSync();
        SendTables();
        return [];
    }

    private IEnumerable<Pause> UseTableInPipeline(TableStatement statement)
    {
        for (var i = 1 + _random.Next(3); i > 0; i--)
        {
            _requests.Reset();
            if (Chance(4))
            {
                WriteExtended(Rows(1, 10));
                _requests.WriteSync();
                Send();
                _requests.Reset();
            }

            WriteUse(statement);
            _requests.WriteSync();
            SendTables();
            if (Chance(3))
            {
                yield return Pause.For(_random.Next(3000));
            }
        }
    }

    private IEnumerable<Pause> UseTableWithFlush(TableStatement statement)
    {
        WriteUse(statement);
        _requests.WriteFlush();
        SendTables();
        yield return Chance(2) ? Pause.ForAnswers : Pause.For(_random.Next(3000));
        _requests.Reset();
        _requests.WriteSync();
        SendTables(isSameBatch: true);
    }

    private IEnumerable<Pause> UseTablesInBlock(TableStatement statement)
    {
        Query($"begin {Id}");
        if (Chance(2))
        {
            yield return Pause.ForAnswers;
        }

        _isInBlock = true;
        for (var i = _random.Next(3); i >= 0 && !_wasRefused; i--)
        {
            _requests.Reset();
            WriteUse(statement);
            _requests.WriteSync();
            SendTables();
            yield return Pause.ForAnswers;
        }

        _isInBlock = false;
        Query(Chance(3) ? $"rollback {Id}" : $"commit {Id}");
    }

    private void WriteDescribeTable(TableStatement statement)
    {
        _uses.Add(new TableUse(statement) { Tells = _tableHabit == TableHabit.AsksOnce, MayBeRefused = _isInBlock || IsSessionMode });
        _requests.WriteDescribeStatement(statement.Name);
    }

    /// <summary>
    /// Binds and executes. <paramref name="isTold"/>: it is told of the columns in front of that, in the same batch; <paramref name="hasRun"/>: something else of the batch has run.
    /// </summary>
    private void WriteUse(TableStatement statement, bool isTold = false, bool hasRun = false)
    {
        var asks = _tableHabit == TableHabit.AsksEachPortal || (_tableHabit == TableHabit.AsksFirstPortal && !statement.HasAsked);
        var formats = AsksOnce && !isTold && statement.Told is { } told && Chance(3) ? told.Count : 0;
        _uses.Add(new TableUse(statement)
        {
            IsReadByTold = AsksOnce && !asks && !isTold,
            Formats = formats,
            Tells = asks && _tableHabit == TableHabit.AsksFirstPortal,
            MayBeRefused = hasRun || _isInBlock || IsSessionMode,
        });
        _requests.BeginMessage(FrontendMessage.Bind);
        _requests.AppendCString("");
        _requests.AppendCString(statement.Name);
        _requests.AppendInt16(0);
        _requests.AppendInt16(1);
        _requests.AppendValue($"{Id}");
        _requests.AppendInt16((short)formats);
        for (; formats > 0; formats--)
        {
            _requests.AppendInt16(0);
        }

        _requests.EndMessage();
        if (asks)
        {
            // Whether it has come to know it does not matter: it has asked.
            statement.HasAsked = true;
            _requests.WriteDescribePortal("");
        }

        if (Chance(4))
        {
            _requests.WriteExecute("", 1);
        }

        _requests.WriteExecute("");
    }

    private void SendTables(bool isSameBatch = false) => Send(isTables: true, isSameBatch);
}
