using Akka.Dispatch;

namespace Akka.Actor;

/// <summary>The stash of one instance. Only on the actor's turn.</summary>
internal sealed class Stash(ActorCell cell) : IStash
{
    private LinkedList<Envelope> _envelopes = [];

    public int Count => _envelopes.Count;

    public bool IsEmpty => Count == 0;

    public bool NonEmpty => Count > 0;

    public bool IsFull => false;

    public int Capacity => -1;

    void IStash.Stash()
    {
        object message = cell.MessageInHand ?? throw new InvalidOperationException("There is no message to stash.");
        if (_envelopes.Last is { } last && ReferenceEquals(last.Value.Message, message) && ReferenceEquals(last.Value.Sender, cell.Sender))
        {
            throw new IllegalActorStateException($"Can't stash the same message {message} more than once");
        }

        _envelopes.AddLast(new Envelope(message, cell.Sender));
    }

    public void Unstash()
    {
        if (_envelopes.First is { } first)
        {
            _envelopes.RemoveFirst();
            ToMailbox([first.Value]);
        }
    }

    public void UnstashAll() => ToMailbox(ClearStash());

    public void UnstashAll(Func<Envelope, bool> predicate) => ToMailbox(ClearStash().Where(predicate));

    public IEnumerable<Envelope> ClearStash()
    {
        LinkedList<Envelope> all = _envelopes;
        _envelopes = [];
        return all;
    }

    public void Prepend(IEnumerable<Envelope> envelopes)
    {
        foreach (Envelope envelope in envelopes.Reverse())
        {
            _envelopes.AddFirst(envelope);
        }
    }

    private void ToMailbox(IEnumerable<Envelope> envelopes)
    {
        MailNodeCache cache = MailNodeCache.Current;
        MailNode? first = null;
        MailNode? last = null;
        foreach (Envelope envelope in envelopes)
        {
            MailNode node = cache.Rent();
            node.Message = envelope.Message;
            node.Sender = envelope.Sender;
            node.Next = null;
            first ??= node;
            if (last is not null)
            {
                last.Next = node;
            }

            last = node;
        }

        if (first is not null)
        {
            cell.Prepend(first, last!);
        }
    }
}
