using Pooler.Actors.Wire;

namespace Pooler.Testing.Simulation;

/// <content>Rounds of the extended protocol: several Syncs under way, what Flush drives, errors at every step, portals.</content>
internal sealed partial class ScriptedClient
{
    private IEnumerable<Pause> Pipeline()
    {
        for (var batch = 1 + _random.Next(4); batch > 0; batch--)
        {
            _requests.Reset();
            var waits = false;
            for (var i = 1 + _random.Next(3); i > 0; i--)
            {
                WriteExtended(AnyCommand());
                if (Chance(5))
                {
                    _requests.WriteFlush();
                    waits = true;
                }
            }

            if (waits)
            {
                // A server keeps back what comes behind the last Flush.
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

    /// <summary>A command that may fail when it is parsed, bound or run, or half way.</summary>
    private string AnyCommand() => _random.Next(24) switch
    {
        0 => $"bad {Id} {++_number}",
        1 => $"nobind {Id} {++_number}",
        2 => $"fail {Id} {++_number}",
        3 => RowsThatFail(1 + _random.Next(5), 60),
        4 when Has(ClientHabits.Copies) => CopyOutCommand(),
        5 => $"notice {Id} {++_number}",
        6 when Has(ClientHabits.Parameters) => SetCommand(),
        _ => Rows(_random.Next(5), _random.Next(60)),
    };

    /// <summary>A transaction whose every step is sent before the first is answered.</summary>
    private IEnumerable<Pause> PipelinedTransaction()
    {
        _requests.Reset();
        WriteExtended($"begin {Id}");
        EndStep();
        for (var i = _random.Next(5); i > 0; i--)
        {
            WriteExtended(AnyCommand());
            EndStep();
        }

        WriteExtended(Chance(4) ? $"rollback {Id}" : $"commit {Id}");
        _requests.WriteSync();
        Send();
        yield return Pause.ForAnswers;

        // An error may have left the transaction open, if the commit was skipped with it.
        if (IsInTransaction)
        {
            Query($"rollback {Id}");
            yield return Pause.ForAnswers;
        }

        void EndStep()
        {
            if (Chance(2))
            {
                _requests.WriteSync();
            }
            else if (Chance(4))
            {
                _requests.WriteFlush();
            }

            if (Chance(3))
            {
                Send();
                _requests.Reset();
            }
        }
    }

    private void WriteExtended(string command)
    {
        _requests.WriteParse("", command);
        if (Chance(4))
        {
            _requests.WriteDescribeStatement("");
        }

        _requests.WriteBind("", "");
        if (Chance(2))
        {
            _requests.WriteDescribePortal("");
        }

        var hasRows = command.StartsWith("rows ", StringComparison.Ordinal);
        if (hasRows && Chance(4))
        {
            _requests.WriteExecute("", 2);
        }

        _requests.WriteExecute("");
        if (Chance(6))
        {
            _requests.WriteCloseStatement("other");
        }
        else if (Chance(30))
        {
            _requests.WriteExecute("nothing");
        }
    }

    /// <summary>Portals that live as long as their transaction and are fetched in turn; and what becomes of them behind it.</summary>
    private IEnumerable<Pause> Portals()
    {
        Query($"begin {Id}");
        _requests.Reset();
        string[] portals = ["", "left", "right"];
        foreach (var portal in portals)
        {
            _requests.WriteParse("", Chance(8) ? RowsThatFail(8, 30) : Rows(_random.Next(8), 30));
            _requests.WriteBind(portal, "");
        }

        if (Chance(2))
        {
            _requests.WriteSync();
            Send();
            _requests.Reset();
        }

        for (var i = _random.Next(8); i > 0; i--)
        {
            var portal = portals[_random.Next(portals.Length)];
            if (Chance(8))
            {
                WriteClosePortal(portal);
            }
            else if (Chance(5))
            {
                _requests.WriteDescribePortal(portal);
            }
            else
            {
                _requests.WriteExecute(portal, _random.Next(4));
            }

            if (Chance(3))
            {
                _requests.WriteSync();
                Send();
                _requests.Reset();
                if (Chance(3))
                {
                    yield return Pause.ForAnswers;
                }
            }
        }

        _requests.WriteSync();
        Send();
        Query($"commit {Id}");
        if (Chance(3))
        {
            _requests.Reset();
            _requests.WriteExecute("left");
            _requests.WriteSync();
            Send();
        }

        yield return Pause.ForAnswers;
    }

    private void WriteClosePortal(string portal)
    {
        _requests.BeginMessage(FrontendMessage.Close);
        _requests.AppendByte((byte)'P');
        _requests.AppendCString(portal);
        _requests.EndMessage();
    }
}
