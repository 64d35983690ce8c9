namespace Pooler.Actors.Admin;

/// <summary>The pool commands under way, and which of them a resume makes pointless. Pure; used by one actor.</summary>
internal sealed class PendingPoolCommands
{
    private readonly SortedDictionary<long, PendingPoolCommand> _byId = [];

    public void Add(PendingPoolCommand command) => _byId.Add(command.Id, command);

    /// <summary>Takes out a command that was answered; false when nobody waits for it any more.</summary>
    public bool TryTake(long id, out PendingPoolCommand command) => _byId.Remove(id, out command);

    /// <summary>Takes out the pauses that a resume of the same scope has overtaken: those that were given before it.</summary>
    public List<PendingPoolCommand> TakePauses(string? database, long before) =>
        Take(command => command.IsPause && command.Id < before && command.Database == database);

    /// <summary>Takes out what these calls wait for.</summary>
    public List<PendingPoolCommand> Take(IReadOnlySet<long> calls) => Take(command => command.MayWait && calls.Contains(command.Call));

    private List<PendingPoolCommand> Take(Func<PendingPoolCommand, bool> wanted)
    {
        List<PendingPoolCommand> taken = [.. _byId.Values.Where(wanted)];
        foreach (PendingPoolCommand command in taken)
            _byId.Remove(command.Id);

        return taken;
    }
}
