using Pooler.Actors.Wire;

namespace Pooler.Testing.Simulation;

/// <content>What a script may make a client do, and how a random one is put together.</content>
internal sealed partial class ScriptedClient
{
    private const int SaidKept = 6;

    private readonly List<string> _said = [];
    private bool _mayBeCutOff;
    private int _matched;
    private int _number;

    /// <summary>Sends a simple query.</summary>
    internal void Query(string text)
    {
        _requests.Reset();
        _requests.WriteQuery(text);
        Send();
    }

    /// <summary>Sends a query with one row as its answer.</summary>
    internal void Ask() => Query(Rows(1, 10));

    /// <summary>Asks the pooler to cancel what this client runs.</summary>
    internal void Cancel()
    {
        HasCancelled = true;
        CancelsUnderWay++;
        var peer = _network.ConnectPeer(_target);
        peer.OnEnd = _ =>
        {
            CancelsUnderWay--;
            peer.Close();
            Advance();
        };
        peer.OnReset = _ => CancelsUnderWay--;
        _requests.Reset();
        _requests.WriteCancelRequest(_key, _keyTail);
        peer.Send(_requests.Written);
    }

    /// <summary>Says goodbye.</summary>
    internal void Terminate()
    {
        _requests.Reset();
        _requests.WriteTerminate();
        _peer.Send(_requests.Written);
        _peer.Close();
    }

    /// <summary>A command with this many rows of this many bytes at least.</summary>
    internal string Rows(int count, int length) => $"rows {Id} {++_number} {count} {length}";

    /// <summary>The number of the last command, for one that is not a query of rows.</summary>
    internal int NextNumber() => ++_number;

    /// <summary>Sends a COPY of this many bytes without looking at what comes back.</summary>
    internal void CopyIn(int length)
    {
        Query($"copyin {Id} {++_number} {int.MaxValue}");
        const int Part = 8192;
        for (; length > 0; length -= Part)
        {
            _requests.Reset();
            WriteCopyData(Math.Min(length, Part));
            Send();
        }

        _requests.Reset();
        _requests.BeginMessage(FrontendMessage.CopyDone);
        _requests.EndMessage();
        Send();
    }

    private void WriteCopyData(int length)
    {
        _requests.BeginMessage(FrontendMessage.CopyData);
        _requests.AppendText(new string((char)('a' + (Id % 26)), length));
        _requests.EndMessage();
    }

    private void Send(bool isTables = false, bool isSameBatch = false)
    {
        if (IsDone)
        {
            return;
        }

        if (_said.Count == SaidKept)
        {
            _said.RemoveAt(0);
        }

        _said.Add(Describe(_requests.Written));
        if (isTables || _guesses.Count > 0)
        {
            Guess(isSameBatch);
        }
        else
        {
            _model!.Feed(_requests.Written);
        }

        if (_diesAtSent > 0 && (_diesAtSent -= _requests.Length) <= 0)
        {
            // Somewhere in this request, with its last byte at the latest.
            _peer.Send(_requests.Written[..(_requests.Length + _diesAtSent)]);
            Vanish(Chance(2));
            return;
        }

        _peer.Send(_requests.Written);
    }

    private bool Has(ClientHabits habit) => (Habits & habit) == habit;

    private bool Chance(int oneIn) => _random.Next(oneIn) == 0;

    private IEnumerable<Pause> Play()
    {
        if (Script is not null)
        {
            foreach (var pause in Script(this))
            {
                yield return pause;
            }

            yield break;
        }

        if (Has(ClientHabits.Deaths) && Chance(4))
        {
            // At any byte that it sends or receives.
            var at = 1 + _random.Next(5000);
            (_diesAtSent, _diesAtReceived) = Chance(2) ? (at, 0) : (0, at * 4);
        }

        for (var round = 0; round < Rounds; round++)
        {
            foreach (var pause in PlayRound())
            {
                yield return pause;
            }

            if (Chance(3))
            {
                yield return Pause.For(_random.Next(3000));
            }
        }

        Terminate();
    }

    private IEnumerable<Pause> PlayRound()
    {
        if (Has(ClientHabits.Deaths) && Chance(12))
        {
            return Die();
        }

        return _random.Next(Has(ClientHabits.Transactions) ? 18 : 17) switch
        {
            0 or 1 when Has(ClientHabits.Transactions) && !IsStatementMode => Transaction(),
            2 or 3 when Has(ClientHabits.Pipelines) => Pipeline(),
            12 when Has(ClientHabits.Pipelines) && !IsStatementMode => PipelinedTransaction(),
            13 when Has(ClientHabits.Portals) && !IsStatementMode => Portals(),
            14 when Has(ClientHabits.Pipelines | ClientHabits.Copies) => PipelinedCopies(),
            15 when Has(ClientHabits.Plans) => UseTable(),
            16 when Has(ClientHabits.Statements) => UseUnnamed(),
            17 when Has(ClientHabits.Transactions) && !IsStatementMode => NestedTransaction(),
            4 when Has(ClientHabits.Copies) => CopyIn(),
            5 when Has(ClientHabits.Copies) => CopyOut(),
            6 when Has(ClientHabits.Parameters) => SetParameter(),
            7 when Has(ClientHabits.Cancels) => SleepAndCancel(),
            8 when Has(ClientHabits.Stalls) => Stall(),
            9 when Has(ClientHabits.Transactions) && !IsStatementMode => BlindTransaction(),
            10 or 11 when Has(ClientHabits.Statements) => Statements(),
            _ => Simple(),
        };
    }
}
