using Pooler.Actors.Relay.State;

namespace Pooler.Actors.Relay;

/// <content>What the requests do to their session, for those of which anything is known.</content>
internal sealed partial class Ledger
{
    // Beside the entries; null until there is something.
    private StatementScan?[]? _scans;

    /// <summary>What the oldest request does to its session; null: nothing.</summary>
    public StatementScan? HeadScan => _scans is not null && Count > 0 ? _scans[_head] : null;

    /// <summary>Writes down what the request does that was added last.</summary>
    public void Attach(StatementScan scan) =>
        (_scans ??= new StatementScan?[_entries.Length])[(_head + Count - 1) & (_entries.Length - 1)] = scan;
}
