namespace Akka.Actor;

/// <summary>Messages put aside until the actor is ready for them.</summary>
public interface IStash
{
    public int Count { get; }

    public bool IsEmpty { get; }

    public bool NonEmpty { get; }

    public bool IsFull { get; }

    /// <summary>Messages that fit; -1: no limit.</summary>
    public int Capacity { get; }

    /// <summary>Puts the message being handled aside.</summary>
    public void Stash();

    /// <summary>Puts the oldest message at the head of the mailbox.</summary>
    public void Unstash();

    public void UnstashAll();

    public void UnstashAll(Func<Envelope, bool> predicate);

    public IEnumerable<Envelope> ClearStash();

    public void Prepend(IEnumerable<Envelope> envelopes);
}
