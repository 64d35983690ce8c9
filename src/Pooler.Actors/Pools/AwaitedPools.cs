using Akka.Actor;

namespace Pooler.Actors.Pools;

/// <summary>
/// Commands that are done when certain pools have answered or are gone. A pool answers with the ticket that it was given with the question, so that a late answer to one
/// command is never taken for that to another. Pure; the registry's.
/// </summary>
internal sealed class AwaitedPools
{
    private readonly List<Entry> _entries = [];
    private long _lastTicket;

    /// <summary>Begins to wait for no pool yet.</summary>
    /// <param name="id">The command's number.</param>
    /// <param name="replyTo">Who gave it.</param>
    /// <param name="pause">The scope if it is a pause, null within for everything; no scope otherwise.</param>
    public Entry Add(long id, IActorRef replyTo, PauseScope? pause = null)
    {
        var entry = new Entry(++_lastTicket, id, replyTo, pause);
        _entries.Add(entry);
        return entry;
    }

    /// <summary>A pool has answered.</summary>
    public void Answered(long ticket, IActorRef pool) => _entries.Find(entry => entry.Ticket == ticket)?.Pools.Remove(pool);

    /// <summary>A pool is gone: nobody waits for it.</summary>
    public void Gone(IActorRef pool)
    {
        foreach (var entry in _entries)
        {
            entry.Pools.Remove(pool);
        }
    }

    /// <summary>Waits for the pauses of a scope no longer; who gave them has been told.</summary>
    public void ForgetPauses(string? database) => _entries.RemoveAll(entry => entry.Pause is { } pause && pause.Database == database);

    /// <summary>Waits for one command no longer.</summary>
    public void Forget(long id, IActorRef replyTo) => _entries.RemoveAll(entry => entry.Id == id && entry.ReplyTo.Equals(replyTo));

    /// <summary>Takes out a command for which no pool is awaited any more, the oldest first.</summary>
    public bool TryTakeDone(out Entry done)
    {
        var index = _entries.FindIndex(entry => entry.Pools.Count == 0);
        done = index < 0 ? null! : _entries[index];
        if (index >= 0)
        {
            _entries.RemoveAt(index);
        }

        return index >= 0;
    }

    /// <summary>What a pause is for; null: everything.</summary>
    internal readonly record struct PauseScope(string? Database);

    /// <summary>One command under way.</summary>
    internal sealed class Entry(long ticket, long id, IActorRef replyTo, PauseScope? pause)
    {
        /// <summary>What pools answer with.</summary>
        public long Ticket { get; } = ticket;

        public long Id { get; } = id;

        public IActorRef ReplyTo { get; } = replyTo;

        public PauseScope? Pause { get; } = pause;

        /// <summary>Those that have not answered.</summary>
        public HashSet<IActorRef> Pools { get; } = [];
    }
}
