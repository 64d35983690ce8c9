namespace Pooler.Actors.Pools;

/// <summary>The clients that wait for a server, oldest first. Entering and leaving at any place cost the same and allocate nothing.</summary>
internal sealed class WaitQueue
{
    private Acquire? _last;

    /// <summary>The oldest waiter.</summary>
    public Acquire? First { get; private set; }

    public int Count { get; private set; }

    /// <summary>How many may be served: nobody passes the oldest one while that is on hold.</summary>
    public int ReadyCount => First is { IsOnHold: false } ? Count : 0;

    /// <summary>Puts a waiter at the end.</summary>
    public void Enqueue(Acquire waiter)
    {
        waiter.IsQueued = true;
        waiter.WasNotified = false;
        waiter.Previous = _last;
        waiter.Next = null;
        if (_last is null)
        {
            First = waiter;
        }
        else
        {
            _last.Next = waiter;
        }

        _last = waiter;
        Count++;
    }

    /// <summary>Takes the oldest waiter out.</summary>
    public Acquire? Dequeue()
    {
        var first = First;
        if (first is not null)
        {
            Remove(first);
        }

        return first;
    }

    /// <summary>Takes a waiter out, wherever it stands; harmless when it is not queued.</summary>
    public void Remove(Acquire waiter)
    {
        if (!waiter.IsQueued)
        {
            return;
        }

        if (waiter.Previous is null)
        {
            First = waiter.Next;
        }
        else
        {
            waiter.Previous.Next = waiter.Next;
        }

        if (waiter.Next is null)
        {
            _last = waiter.Previous;
        }
        else
        {
            waiter.Next.Previous = waiter.Previous;
        }

        waiter.IsQueued = false;
        waiter.Next = null;
        waiter.Previous = null;
        Count--;
    }
}
