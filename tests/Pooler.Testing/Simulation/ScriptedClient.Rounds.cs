using Pooler.Actors.Wire;

namespace Pooler.Testing.Simulation;

/// <content>The rounds of a random script.</content>
internal sealed partial class ScriptedClient
{
    private static readonly string[] TimeZones = ["UTC", "Asia/Tokyo", "America/New_York"];

    private IEnumerable<Pause> Simple()
    {
        switch (_random.Next(11))
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
                CallFunction();
                break;
            case 5:
                Query($"{Rows(1, 10)};bad {Id} {++_number}");
                break;
            case 6:
                Query($"{Rows(1, 10)};{RowsThatFail(5, 40)};{Rows(1, 10)}");
                break;
            case 7 when Has(ClientHabits.Copies):
                Query($"{Rows(1, 10)};{CopyOutCommand()};{Rows(2, 10)};{CopyOutCommand()}");
                break;
            case 8:
                Query($"notice {Id} {++_number} {new string('n', _random.Next(Chance(10) ? 70_000 : 6_000))}");
                break;
            default:
                Query(Rows(_random.Next(4), _random.Next(100)));
                break;
        }

        yield return Pause.ForAnswers;
    }

    private void CallFunction()
    {
        _requests.Reset();
        _requests.BeginMessage(FrontendMessage.FunctionCall);
        _requests.AppendText($"client {Id} call {++_number}");
        _requests.EndMessage();
        Send();
    }

    /// <summary>Rows of which all but the first few never come.</summary>
    private string RowsThatFail(int count, int length) => $"{Rows(count, length)} {_random.Next(count)}";

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
            else if (Has(ClientHabits.Copies) && Chance(6))
            {
                foreach (var pause in Chance(3) ? CopyOut() : CopyIn())
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
                Query($"{(Chance(2) ? "fail" : "bad")} {Id} {++_number}");
            }
            else if (Chance(10))
            {
                CallFunction();
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
        var sleep = $"sleep {Id} {++_number} {1 + _random.Next(60)}";
        if (Has(ClientHabits.Pipelines) && Chance(3))
        {
            _requests.Reset();
            WriteExtended(sleep);
            WriteExtended(Rows(1, 10));
            _requests.WriteSync();
            WriteExtended(Rows(1, 10));
            _requests.WriteSync();
            Send();
        }
        else
        {
            Query(Chance(3) ? $"{Rows(1, 5)};{sleep};{Rows(1, 5)}" : sleep);
        }

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
}
