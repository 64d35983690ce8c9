using System.Runtime.InteropServices;

namespace Pooler.Testing.Simulation;

/// <content>Requests whose answer depends on when tables have changed: it is known when it has come, and then whether this client may have it.</content>
internal sealed partial class ScriptedClient
{
    // The first one is being answered; others stand behind it.
    private readonly Queue<TableGuess> _guesses = [];
    private readonly List<TableUse> _uses = [];
    private TableGuess? _lastGuess;

    /// <summary>The last request about tables was refused.</summary>
    private bool _wasRefused;

    /// <summary>Errors that a result has changed.</summary>
    internal int Refusals { get; private set; }

    /// <summary>Enters the requests that are sent now. <paramref name="isSameBatch"/>: no batch has ended before them.</summary>
    private void Guess(bool isSameBatch)
    {
        var isAskedBehind = false;
        foreach (var use in Enumerable.Reverse(_uses))
        {
            // The pooler asks in the middle of the batch: what stands in front of that has run by then.
            use.MayBeRefused |= isAskedBehind;
            isAskedBehind |= use.IsReadByTold;
        }

        if (!isSameBatch)
        {
            _lastGuess?.IsInPipeline |= _guesses.Count > 0;
        }

        // The end of a batch behind another one, of whatever kind, may come when its beginning has been refused along with that.
        _lastGuess = new TableGuess(_requests.Written.ToArray(), [.. _uses], _server.SchemaVersion) { IsInPipeline = !IsAnswered };
        _uses.Clear();
        _guesses.Enqueue(_lastGuess);
        if (_guesses.Count == 1)
        {
            BeginGuess();
        }
    }

    private void BeginGuess()
    {
        _guesses.Peek().Begin(_model!);
        ChooseAnswer();
    }

    /// <summary>Goes by the answer that fits to what has come.</summary>
    private void ChooseAnswer()
    {
        if (_guesses.TryPeek(out var guess))
        {
            _model = guess.Choose([.. _model!.Output[.._matched], .. CollectionsMarshal.AsSpan(_received)], _server.SchemaVersion).Model;
        }
    }

    /// <summary>All of the expected output has come.</summary>
    private void EndGuess()
    {
        if (!_guesses.TryDequeue(out var guess))
        {
            return;
        }

        var answer = guess.Chosen!;
        if (answer.Refused is not null)
        {
            _wasRefused = true;
            Refusals++;
        }

        if (answer.FindFault(guess.IsInPipeline) is { } fault)
        {
            Violation = $"client {Id} {fault}";
        }

        foreach (var use in answer.Done.Where(use => use.Tells))
        {
            use.Statement.Told = use.ColumnsAt(answer.Version);
        }

        if (_guesses.Count > 0)
        {
            BeginGuess();
        }
    }
}
