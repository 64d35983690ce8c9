namespace Pooler.Testing.Simulation;

/// <content>Named statements. Their texts are shared by all clients; whose rows they give is said by Bind.</content>
internal sealed partial class ScriptedClient
{
    private int _lastStatement;

    private IEnumerable<Pause> Statements()
    {
        // With nothing under way, what the session has is what the pooler must know.
        yield return Pause.ForAnswers;
        if (Chance(25))
        {
            Query($"deallocate {Id}");
            yield return Pause.ForAnswers;
        }

        var known = _model!.StatementNames.Where(name => name.StartsWith('s')).ToList();
        for (var batch = 1 + _random.Next(3); batch > 0; batch--)
        {
            _requests.Reset();
            List<string> usable = [.. known];
            for (var i = 1 + _random.Next(5); i > 0; i--)
            {
                WriteStatementRequest(usable, known);
            }

            if (Chance(4))
            {
                _requests.WriteFlush();
                Send();
                yield return Chance(2) ? Pause.ForAnswers : Pause.For(_random.Next(3000));
                _requests.Reset();
            }

            _requests.WriteSync();
            Send();
        }

        yield return Pause.ForAnswers;
    }

    /// <summary>
    /// One request of a batch. <paramref name="usable"/>: the names that exist if the batch goes well up to here; <paramref name="known"/>: those that no batch under way
    /// makes or closes.
    /// </summary>
    private void WriteStatementRequest(List<string> usable, List<string> known)
    {
        var choice = _random.Next(12);
        if (usable.Count == 0 || choice < 3)
        {
            var name = $"s{++_lastStatement}";
            var isBad = Chance(12);
            _requests.WriteParse(name, isBad ? $"bad {Id} {++_number}" : $"rows {BackendModel.Parameter} {_random.Next(8)} {_random.Next(4)} 20");
            if (!isBad)
            {
                usable.Add(name);
            }

            return;
        }

        var statement = usable[_random.Next(usable.Count)];
        switch (choice)
        {
            case 3:
                usable.Remove(statement);
                known.Remove(statement);
                _requests.WriteCloseStatement(statement);
                break;
            case 4:
                _requests.WriteCloseStatement("never");
                break;
            case 5:
                WriteExtended(Chance(2) ? $"fail {Id} {++_number}" : Rows(1, 10));
                break;
            case 6:
                _requests.WriteDescribeStatement(statement);
                break;
            default:
                _requests.WriteBind("", statement, $"{Id}");
                if (Chance(3))
                {
                    _requests.WriteDescribePortal("");
                }

                _requests.WriteExecute("");
                break;
        }
    }

    /// <summary>The unnamed statement in a batch of its own, and then its uses, as drivers do it that ask what it is before they bind it.</summary>
    private IEnumerable<Pause> UseUnnamed()
    {
        _requests.Reset();
        _requests.WriteParse("", Chance(6) ? $"nobind {Id} {++_number}" : Rows(_random.Next(4), 20));
        if (Chance(2))
        {
            _requests.WriteDescribeStatement("");
        }

        _requests.WriteSync();
        Send();
        for (var i = _random.Next(4); i >= 0; i--)
        {
            if (Chance(2))
            {
                yield return Pause.ForAnswers;
            }

            if (Chance(8))
            {
                Query(Rows(1, 10));
            }

            _requests.Reset();
            if (Chance(3))
            {
                _requests.WriteDescribeStatement("");
            }

            _requests.WriteBind("", "");
            _requests.WriteExecute("");
            _requests.WriteSync();
            Send();
        }

        yield return Pause.ForAnswers;
    }
}
