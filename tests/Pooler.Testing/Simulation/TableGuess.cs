namespace Pooler.Testing.Simulation;

/// <summary>
/// Requests of a client that are about tables which change at any time until they are answered: all that a server may answer them, and what of that must not come to this client.
/// </summary>
/// <param name="request">The bytes of the requests.</param>
/// <param name="uses">Their uses of statements on tables, in order.</param>
/// <param name="version">How often the tables had changed when they were sent.</param>
internal sealed class TableGuess(byte[] request, IReadOnlyList<TableUse> uses, int version)
{
    private readonly List<TableAnswer> _answers = [];
    private BackendModel? _start;
    private int _next = version;

    /// <summary>It was sent before others were answered, or others were before it was.</summary>
    internal bool IsInPipeline { get; set; }

    /// <summary>The answer that fits best to what has come.</summary>
    internal TableAnswer? Chosen { get; private set; }

    /// <summary>All before it has been answered, or is expected in the output of this session.</summary>
    internal void Begin(BackendModel start)
    {
        _start = start;
        foreach (var use in uses)
        {
            use.Begin();
        }
    }

    /// <summary>Chooses the answer that fits best to the bytes that have come; the tables have changed so often now.</summary>
    internal TableAnswer Choose(ReadOnlySpan<byte> seen, int now)
    {
        for (; _next <= now; _next++)
        {
            if (!_answers.Exists(answer => TableColumns.AreSame(answer.Version, _next)))
            {
                AddAnswers(_next);
            }
        }

        var longest = -1;
        foreach (var answer in _answers)
        {
            var length = answer.Model.Output.CommonPrefixLength(seen);
            if (length > longest || (length == longest && Chosen!.HasFault && !answer.HasFault))
            {
                longest = length;
                Chosen = answer;
            }
        }

        return Chosen!;
    }

    private void AddAnswers(int at)
    {
        Add(at, -1, isLate: false);
        for (var refused = 0; refused < uses.Count && Add(at, refused, isLate: false); refused++)
        {
            if (uses[refused].IsOther(at))
            {
                Add(at, refused, isLate: true);
            }
        }
    }

    /// <summary>False: it does not come to that use.</summary>
    private bool Add(int at, int refused, bool isLate)
    {
        var model = _start!.Fork(at, refused, isLate);
        model.Feed(request);
        if (refused >= 0 && !model.HasRefused)
        {
            return false;
        }

        _answers.Add(refused < 0
            ? new TableAnswer(model, at, uses, null, [])
            : new TableAnswer(model, at, [.. uses.Take(refused)], uses[refused], [.. uses.Skip(refused + 1)]));
        return true;
    }
}
