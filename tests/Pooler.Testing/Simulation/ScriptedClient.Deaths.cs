namespace Pooler.Testing.Simulation;

/// <content>The ends that a client may come to before its time.</content>
internal sealed partial class ScriptedClient
{
    private const int Forever = 2_000_000_000;

    private IEnumerable<Pause> Die()
    {
        switch (_random.Next(10))
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
            case 5:
                // Says goodbye and does not wait for what it has asked.
                Query(Rows(_random.Next(4), 500));
                IsDone = true;
                Terminate();
                yield return Pause.ForAnswers;
                break;
            case 6:
                Query(Rows(_random.Next(4), 500));
                _peer.HalfClose();
                _mayBeCutOff = true;
                yield return Pause.For(Forever);
                break;
            case 7:
                // The server ends the session, or loses the thread: a query where only data may come.
                Query($"{Rows(2, 50)};{(Chance(2) ? $"fatal {Id} {++_number}" : $"copyin {Id} {++_number} 1000")};{Rows(2, 50)}");
                Query($"notice {Id} {++_number}");
                _mayBeCutOff = true;
                yield return Pause.For(Forever);
                break;
            case 8 when IsStatementMode:
                Query($"begin {Id}");
                _mayBeCutOff = true;
                yield return Pause.For(Forever);
                break;
            default:
                Query($"copyin {Id} {++_number} 100000");
                yield return Pause.ForAnswers;
                _requests.Reset();
                WriteCopyData(_random.Next(3000));
                Send();
                break;
        }

        Vanish(Chance(2));
        yield return Pause.ForAnswers;
    }
}
