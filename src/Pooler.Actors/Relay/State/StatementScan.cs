namespace Pooler.Actors.Relay.State;

/// <summary>What <see cref="StatementScanner"/> has found in a text. Immutable; any thread.</summary>
/// <param name="Effects">In the order of the statements.</param>
/// <param name="Known">Statements that were read to their end; about later ones only the server's answers tell.</param>
internal sealed record StatementScan(IReadOnlyList<StateEffect> Effects, int Known)
{
    /// <summary>Of a text that nobody has read.</summary>
    public static readonly StatementScan Unread = new([], 0);

    /// <summary>The answer's rows matter.</summary>
    public bool NeedsRows { get; } = Effects.Any(effect =>
        effect.Action is StateAction.LockPerRow or StateAction.TryLockPerRow or StateAction.UnlockPerRow or StateAction.Execute);
}
