namespace Pooler.Actors.Relay.State;

/// <summary>One thing that a statement does to the state of its session if it succeeds. Immutable.</summary>
/// <param name="Statement">Which statement of the text, from 0.</param>
/// <param name="Action">What it does.</param>
/// <param name="Kind">To which kind of state; without meaning for savepoints.</param>
/// <param name="Name">The name of what it is done to, as PostgreSQL folds it; null: not known, or none.</param>
/// <param name="Replay">A statement that sets a setting again on another server; null: there is none.</param>
/// <param name="Inner">What a prepared statement does when it is executed; null: nothing.</param>
internal sealed record StateEffect(
    int Statement, StateAction Action, StateKind Kind = default, string? Name = null, byte[]? Replay = null, StatementScan? Inner = null);
