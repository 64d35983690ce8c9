using Pooler.Actors.Wire;

namespace Pooler.Testing.Simulation;

/// <content>The rounds of a random script.</content>
internal sealed partial class ScriptedClient
{
    private static readonly string[] TimeZones = ["UTC", "Asia/Tokyo", "America/New_York"];

    private IEnumerable<Pause> Simple()
    {
        switch (_random.Next(6))
        {
            case 0:
                Query($"fail {Id} {++_number}");
                break;
            case 1:
                Query($"notice {Id} {++_number};{Rows(2, 20)};fail {Id} {++_number};{Rows(1, 1)}");
                break;
            case 2:
                Query("");
                break;
            case 3:
                Ask();
                Query($"notice {Id} {++_number}");
                Ask();
                break;
            case 4:
                _requests.Reset();
                _requests.BeginMessage(FrontendMessage.FunctionCall);
                _requests.AppendText($"client {Id} call {++_number}");
                _requests.EndMessage();
                Send();
                break;
            default:
                Query(Rows(_random.Next(4), _random.Next(100)));
                break;
        }

        yield return Pause.ForAnswers;
    }

    private IEnumerable<Pause> Transaction()
    {
        Query($"begin {Id}");
        yield return Pause.ForAnswers;
        for (var i = _random.Next(4); i > 0; i--)
        {
            if (Has(ClientHabits.Pipelines) && Chance(3))
            {
                foreach (var pause in Pipeline())
                {
                    yield return pause;
                }
            }
            else if (Has(ClientHabits.Parameters) && Chance(4))
            {
                Query(SetCommand());
            }
            else if (Chance(8))
            {
                Query($"fail {Id} {++_number}");
            }
            else
            {
                Query(Rows(_random.Next(3), _random.Next(50)));
            }

            yield return Chance(4) ? Pause.For(_random.Next(2000)) : Pause.ForAnswers;
        }

        yield return Pause.ForAnswers;
        Query(Chance(3) ? $"rollback {Id}" : $"commit {Id}");
        yield return Pause.ForAnswers;
    }

    private IEnumerable<Pause> BlindTransaction()
    {
        if (Chance(2))
        {
            Query($"begin {Id};{Rows(1, 30)};commit {Id}");
        }
        else
        {
            Query($"begin {Id}");
            Ask();
            Query(Chance(4) ? $"fail {Id} {++_number}" : Rows(2, 300));
            Query($"commit {Id}");
            Ask();
        }

        yield return Pause.ForAnswers;
    }

    private IEnumerable<Pause> Pipeline()
    {
        for (var batch = 1 + _random.Next(4); batch > 0; batch--)
        {
            _requests.Reset();
            var waits = false;
            for (var i = 1 + _random.Next(3); i > 0; i--)
            {
                WriteExtended(Chance(8) ? $"fail {Id} {++_number}" : Rows(_random.Next(5), _random.Next(60)));
                if (Chance(5))
                {
                    _requests.WriteFlush();
                    waits = true;
                }
            }

            if (waits)
            {
                Send();
                yield return Chance(2) ? Pause.ForAnswers : Pause.For(_random.Next(3000));
                _requests.Reset();
            }

            _requests.WriteSync();
            Send();
        }

        yield return Pause.ForAnswers;
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

        if (Chance(4))
        {
            _requests.WriteExecute("", 2);
        }

        _requests.WriteExecute("");
        if (Chance(6))
        {
            _requests.WriteCloseStatement("other");
        }
    }

    private IEnumerable<Pause> CopyIn()
    {
        var limit = Chance(3) ? _random.Next(2000) : int.MaxValue;
        var isExtended = Has(ClientHabits.Pipelines) && Chance(2);
        var command = $"copyin {Id} {++_number} {limit}";
        _requests.Reset();
        if (isExtended)
        {
            _requests.WriteParse("", command);
            _requests.WriteBind("", "");
            _requests.WriteExecute("");
            if (Chance(2))
            {
                _requests.WriteSync();
            }
        }
        else
        {
            _requests.WriteQuery(Chance(3) ? $"{command};{Rows(1, 5)}" : command);
        }

        Send();
        if (isExtended || !Chance(4))
        {
            yield return Pause.ForAnswers;
        }

        for (var i = _random.Next(6); i > 0; i--)
        {
            _requests.Reset();
            WriteCopyData(_random.Next(Chance(5) ? 5000 : 200));
            Send();
            if (Chance(3))
            {
                yield return Pause.For(_random.Next(5000));
            }
        }

        _requests.Reset();
        if (Chance(4))
        {
            _requests.BeginMessage(FrontendMessage.CopyFail);
            _requests.AppendCString($"client {Id} gives up");
            _requests.EndMessage();
        }
        else
        {
            _requests.BeginMessage(FrontendMessage.CopyDone);
            _requests.EndMessage();
        }

        if (isExtended)
        {
            _requests.WriteSync();
        }

        Send();
        yield return Pause.ForAnswers;
    }

    private IEnumerable<Pause> CopyOut()
    {
        Query($"copyout {Id} {++_number} {_random.Next(20)} {_random.Next(400)}");
        yield return Pause.ForAnswers;
    }

    private string SetCommand() => _random.Next(3) switch
    {
        0 => $"set {Id} application_name client-{Id}-{_random.Next(3)}",
        1 => $"set {Id} TimeZone {TimeZones[_random.Next(TimeZones.Length)]}",
        _ => $"set {Id} client_encoding {(Chance(2) ? "UTF8" : "LATIN1")}",
    };

    private IEnumerable<Pause> SetParameter()
    {
        Query(Chance(4) ? $"{SetCommand()};fail {Id} {++_number}" : SetCommand());
        yield return Pause.ForAnswers;
        Ask();
        yield return Pause.ForAnswers;
    }

    private IEnumerable<Pause> SleepAndCancel()
    {
        Query($"sleep {Id} {++_number} {1 + _random.Next(60)}");
        yield return Pause.For(_random.Next(20_000));
        for (var i = Chance(4) ? 3 : 1; i > 0; i--)
        {
            Cancel();
        }

        if (!Chance(3))
        {
            // Going on at once: a request that comes late may find another query of this client, or nothing.
            while (CancelsUnderWay > 0)
            {
                yield return Pause.For(1000);
            }
        }

        yield return Pause.ForAnswers;
    }

    private IEnumerable<Pause> Stall()
    {
        Query(Rows(5 + _random.Next(40), _random.Next(1000)));
        _peer.PauseReading();
        yield return Pause.For(_random.Next(50_000));
        _peer.ResumeReading();
        yield return Pause.ForAnswers;
    }

    private IEnumerable<Pause> Die()
    {
        switch (_random.Next(6))
        {
            case 0 when !IsStatementMode:
                Query($"begin {Id}");
                yield return Pause.ForAnswers;
                break;
            case 1:
                Query(Rows(30, 500));
                break;
            case 2:
                Query($"sleep {Id} {++_number} 20");
                yield return Pause.For(_random.Next(8000));
                break;
            case 3:
                _requests.Reset();
                _requests.WriteQuery(Rows(1, 1));
                _peer.Send(_requests.Written[..(_requests.Length - 1 - _random.Next(_requests.Length - 1))]);
                break;
            case 4:
                _requests.Reset();
                WriteExtended(Rows(1, 10));
                _peer.Send(_requests.Written);
                yield return Pause.For(_random.Next(3000));
                break;
            default:
                Query($"copyin {Id} {++_number} 100000");
                yield return Pause.ForAnswers;
                break;
        }

        Vanish(Chance(2));
        yield return Pause.ForAnswers;
    }
}
