using Akka.Dispatch;
using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

/// <content>
/// The mailbox. Its head is null while the actor rests, a sentinel or a stack of messages otherwise: whoever replaces null schedules the cell,
/// and only the running cell puts null back. System messages have a stack of their own, looked at before every user message.
/// </content>
internal sealed partial class ActorCell
{
    private MailNode? _head;
    private SystemMessage? _systemHead;

    /// <summary>Messages taken from the stack in their order; only the running cell touches them.</summary>
    private MailNode? _pendingFirst;
    private MailNode? _pendingLast;

    /// <summary>The message being handled. After a failure it stays until the supervisor has decided.</summary>
    private MailNode? _inHand;

    /// <summary>User messages wait while this is above zero.</summary>
    private int _suspensions;

    void IThreadPoolWorkItem.Execute() => Run();

    /// <summary>Queues a user message. Any thread.</summary>
    internal void Post(object message, IActorRef? sender)
    {
        MailNodeCache cache = MailNodeCache.Current;
        MailNode node = cache.Rent();
        node.Message = message;
        node.Sender = sender;
        MailNode? head = Volatile.Read(ref _head);
        while (true)
        {
            if (ReferenceEquals(head, MailNode.Closed))
            {
                cache.Return(node);
                _system.DeadLetterRef.Deliver(message, sender, _self);
                return;
            }

            node.Next = ReferenceEquals(head, MailNode.Scheduled) ? null : head;
            MailNode? seen = Interlocked.CompareExchange(ref _head, node, head);
            if (ReferenceEquals(seen, head))
            {
                break;
            }

            head = seen;
        }

        if (head is null)
        {
            Schedule();
        }
    }

    /// <summary>Queues a system message. Any thread.</summary>
    internal void PostSystem(SystemMessage message)
    {
        SystemMessage? head = Volatile.Read(ref _systemHead);
        while (true)
        {
            if (ReferenceEquals(head, ClosedQueue.Instance))
            {
                Reject(message);
                return;
            }

            message.Next = head;
            SystemMessage? seen = Interlocked.CompareExchange(ref _systemHead, message, head);
            if (ReferenceEquals(seen, head))
            {
                break;
            }

            head = seen;
        }

        Wake();
    }

    /// <summary>Makes sure that the cell runs, though no user message is queued. Any thread.</summary>
    internal void Wake()
    {
        if (Volatile.Read(ref _head) is null && Interlocked.CompareExchange(ref _head, MailNode.Scheduled, null) is null)
        {
            Schedule();
        }
    }

    /// <summary>Called by the executor, on one thread at a time.</summary>
    public void Run()
    {
        ActorCell? outer = _current;
        _current = this;
        try
        {
            if ((_state & CellState.Started) == 0)
            {
                Start();
            }

            if (Volatile.Read(ref _systemHead) is not null)
            {
                HandleSystemMessages();
            }

            if (_suspensions == 0)
            {
                HandleUserMessages();
            }
        }
        finally
        {
            _current = outer;
        }

        if ((_state & CellState.Terminated) == 0)
        {
            Rest();
        }
    }

    /// <summary>Puts messages in front of all that wait. Only on the actor's own turn.</summary>
    internal void Prepend(MailNode first, MailNode last)
    {
        last.Next = _pendingFirst;
        _pendingFirst = first;
        _pendingLast ??= last;
    }

    private void Schedule()
    {
        try
        {
            _dispatcher.Executor.Execute(this);
        }
        catch (Exception e)
        {
            // The sender has no part in the receiver's executor being gone.
            LogError(e, $"Dispatcher [{_dispatcher.Id}] refused a mailbox");
        }
    }

    private void HandleUserMessages()
    {
        MailNodeCache cache = MailNodeCache.Current;
        for (int left = _dispatcher.Throughput; left > 0; left--)
        {
            MailNode? node = _pendingFirst;
            if (node is null)
            {
                if (ReferenceEquals(Volatile.Read(ref _head), MailNode.Scheduled))
                {
                    return;
                }

                TakeStack();
                node = _pendingFirst!;
            }

            if ((_pendingFirst = node.Next) is null)
            {
                _pendingLast = null;
            }

            _inHand = node;
            try
            {
                Invoke(node.Message!);
            }
            catch (Exception e)
            {
                _state |= CellState.KeepsInHand;
                HandleInvokeFailure(e, null);
            }

            if ((_state & CellState.KeepsInHand) == 0)
            {
                _inHand = null;
                cache.Return(node);
            }

            if (Volatile.Read(ref _systemHead) is not null)
            {
                HandleSystemMessages();
            }

            if (_suspensions > 0 || (_state & CellState.Terminated) != 0)
            {
                return;
            }
        }
    }

    private void HandleSystemMessages()
    {
        while ((_state & CellState.Terminated) == 0 && Interlocked.Exchange(ref _systemHead, null) is { } newest)
        {
            for (SystemMessage? message = Reverse(newest); message is not null;)
            {
                SystemMessage? next = message.Next;
                message.Next = null;
                if ((_state & CellState.Terminated) != 0)
                {
                    Reject(message);
                }
                else
                {
                    Apply(message);
                }

                message = next;
            }
        }
    }

    private void Apply(SystemMessage message)
    {
        try
        {
            message.Apply(this);
        }
        catch (Exception e)
        {
            HandleInvokeFailure(e, null);
        }
    }

    private static SystemMessage Reverse(SystemMessage newest)
    {
        SystemMessage? oldest = null;
        SystemMessage? message = newest;
        while (message is not null)
        {
            SystemMessage? next = message.Next;
            message.Next = oldest;
            oldest = message;
            message = next;
        }

        return oldest!;
    }

    /// <summary>Moves what other threads have queued behind the pending messages, oldest first.</summary>
    private void TakeStack()
    {
        MailNode? newest = Interlocked.Exchange(ref _head, MailNode.Scheduled);
        if (newest is null || ReferenceEquals(newest, MailNode.Scheduled))
        {
            return;
        }

        MailNode? oldest = null;
        MailNode? node = newest;
        while (node is not null)
        {
            MailNode? next = node.Next;
            node.Next = oldest;
            oldest = node;
            node = next;
        }

        if (_pendingLast is null)
        {
            _pendingFirst = oldest;
        }
        else
        {
            _pendingLast.Next = oldest;
        }

        _pendingLast = newest;
    }

    /// <summary>Ends a turn: goes on later if there is work, else gives the head back. After that another thread may run the cell.</summary>
    private void Rest()
    {
        while (_suspensions > 0 || _pendingFirst is null)
        {
            if (ReferenceEquals(Interlocked.CompareExchange(ref _head, null, MailNode.Scheduled), MailNode.Scheduled))
            {
                // A system message that came after the last look and found the cell awake has woken nobody.
                if (Volatile.Read(ref _systemHead) is not null)
                {
                    Wake();
                }

                return;
            }

            if (_suspensions == 0)
            {
                break;
            }

            // Messages for a suspended actor wait out of the way, so that the next system message finds the cell at rest.
            TakeStack();
        }

        Schedule();
    }

    /// <summary>From here on messages go to the dead letters. Only at the end of the actor's life.</summary>
    private void CloseMailbox()
    {
        _state |= CellState.Terminated;
        SystemMessage? system = Interlocked.Exchange(ref _systemHead, ClosedQueue.Instance);
        TakeStack();
        MailNode? late = Interlocked.Exchange(ref _head, MailNode.Closed);
        MailNodeCache cache = MailNodeCache.Current;
        if (_inHand is { } inHand && (_state & CellState.KeepsInHand) != 0)
        {
            _state &= ~CellState.KeepsInHand;
            _inHand = null;
            cache.Return(inHand);
        }

        DiscardAll(_pendingFirst, cache);
        _pendingFirst = null;
        _pendingLast = null;
        DiscardAll(ReverseLate(late), cache);
        for (SystemMessage? message = system is null ? null : Reverse(system); message is not null;)
        {
            SystemMessage? next = message.Next;
            message.Next = null;
            Reject(message);
            message = next;
        }
    }

    private static MailNode? ReverseLate(MailNode? newest)
    {
        MailNode? oldest = null;
        while (newest is not null && !ReferenceEquals(newest, MailNode.Scheduled))
        {
            MailNode? next = newest.Next;
            newest.Next = oldest;
            oldest = newest;
            newest = next;
        }

        return oldest;
    }

    private void DiscardAll(MailNode? node, MailNodeCache cache)
    {
        while (node is not null)
        {
            MailNode? next = node.Next;
            object message = node.Message!;
            IActorRef? sender = node.Sender;
            cache.Return(node);
            _system.DeadLetterRef.Deliver(message, sender, _self);
            node = next;
        }
    }

    /// <summary>Answers a system message that came after the actor's end. Only a watch waits for an answer.</summary>
    private void Reject(SystemMessage message)
    {
        if (message is Watch watch)
        {
            watch.Watcher.SendSystemMessage(new DeathWatchNotification(_self, false));
        }
    }
}
