namespace Akka.Actor;

/// <content>Children: created on the actor's turn, and below a guardian by any thread.</content>
internal sealed partial class ActorCell
{
    public IActorRef ActorOf(Props props, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(props);
        if (name is not null && !ActorPath.IsValidPathElement(name))
        {
            throw new InvalidActorNameException(name.Length == 0
                ? "Actor name must not be empty."
                : $"Illegal actor name [{name}]. Actor names must not be empty or start with $ and may only contain ASCII letters, digits and {ActorPath.ValidSymbols}");
        }

        ChildrenContainer children = _children ?? MakeChildren();
        LocalActorRef child;
        lock (children)
        {
            if (children.Closed || (_state & CellState.Terminated) != 0)
            {
                throw new InvalidOperationException("Cannot create child while terminating or terminated");
            }

            name ??= children.NextName();
            if (children.Contains(name))
            {
                throw new InvalidActorNameException($"Actor name \"{name}\" is not unique!");
            }

            child = _system.MakeActor(props, this, name);
            children.Add(name, child);
        }

        child.Cell.Wake();
        return child;
    }

    public IActorRef Child(string name) => TryGetChild(name, out LocalActorRef? child) ? child! : ActorRefs.Nobody;

    public IEnumerable<IActorRef> GetChildren() => ChildrenSnapshot();

    public void Stop(IActorRef child)
    {
        if (child is not LocalActorRef local || local.IsNoActor)
        {
            return;
        }

        if (_children is { } children)
        {
            lock (children)
            {
                children.MarkDying(local);
            }
        }

        local.Cell.Terminate();
    }

    internal LocalActorRef[] ChildrenSnapshot()
    {
        if (_children is not { } children)
        {
            return [];
        }

        lock (children)
        {
            return children.ToArray();
        }
    }

    internal bool TryGetChild(string name, out LocalActorRef? child)
    {
        child = null;
        if (_children is not { } children)
        {
            return false;
        }

        lock (children)
        {
            return children.TryGet(name, out child);
        }
    }

    /// <summary>Counts a restart of the child and says whether it is still within the limit.</summary>
    /// <param name="child">A living child.</param>
    /// <param name="maxRetries">Restarts allowed within the window; negative: no limit.</param>
    /// <param name="window">Null: the limit holds for the child's whole life.</param>
    internal bool MayRestart(LocalActorRef child, int maxRetries, TimeSpan? window)
    {
        if (maxRetries == 0)
        {
            return false;
        }

        if (maxRetries < 0 && window is null)
        {
            return true;
        }

        RestartStatistics statistics = _children!.StatisticsOf(child);
        if (window is null)
        {
            return ++statistics.Count <= maxRetries;
        }

        TimeSpan now = _system.Scheduler.MonotonicClock;
        if (statistics.Count == 0 || now - statistics.WindowStart > window.Value)
        {
            statistics.Count = 1;
            statistics.WindowStart = now;
            return true;
        }

        // A window without a number of restarts allows one in it.
        return ++statistics.Count <= Math.Max(1, maxRetries);
    }

    /// <summary>Children of this actor will be created by any thread: the container has to be there before its end, to be closed by it.</summary>
    internal void PrepareForOutsiders() => MakeChildren();

    private ChildrenContainer MakeChildren()
    {
        ChildrenContainer made = new();
        return Interlocked.CompareExchange(ref _children, made, null) ?? made;
    }

    private bool IsMyChild(LocalActorRef actor) =>
        ReferenceEquals(actor.Cell?._parent, _self) && TryGetChild(actor.Path.Name, out LocalActorRef? child) && ReferenceEquals(child, actor);

    private void SuspendChildren(LocalActorRef? except)
    {
        foreach (LocalActorRef child in ChildrenSnapshot())
        {
            if (!ReferenceEquals(child, except))
            {
                child.Cell.Suspend();
            }
        }
    }

    private void ResumeChildren(Exception? cause, LocalActorRef? perpetrator)
    {
        foreach (LocalActorRef child in ChildrenSnapshot())
        {
            child.Cell.Resume(ReferenceEquals(child, perpetrator) ? cause : null);
        }
    }

    private void StopChildren(bool close)
    {
        if (_children is not { } children)
        {
            return;
        }

        LocalActorRef[] all;
        lock (children)
        {
            children.Closed = close;
            all = children.ToArray();
            foreach (LocalActorRef child in all)
            {
                children.MarkDying(child);
            }
        }

        foreach (LocalActorRef child in all)
        {
            child.Cell.Terminate();
        }
    }

    private bool HasDyingChildren()
    {
        if (_children is not { } children)
        {
            return false;
        }

        lock (children)
        {
            return children.DyingCount > 0;
        }
    }

    private void RemoveChild(LocalActorRef child)
    {
        if (_children is { } children)
        {
            lock (children)
            {
                children.Remove(child);
            }
        }
    }
}
