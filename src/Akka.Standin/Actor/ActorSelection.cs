namespace Akka.Actor;

/// <summary>Actors by path: absolute, or relative to an anchor with .. for the parent, and * and ? in names. It is looked up at every use.</summary>
public class ActorSelection : ICanTell
{
    private readonly ActorSystemImpl? _system;
    private readonly LocalActorRef? _anchor;
    private readonly string[] _elements;

    private ActorSelection(ActorSystemImpl? system, LocalActorRef? anchor, string[] elements)
    {
        _system = system;
        _anchor = anchor;
        _elements = elements;
    }

    public IActorRef Anchor => _anchor ?? (IActorRef)ActorRefs.Nobody;

    public string PathString => "/" + string.Join('/', _elements);

    public void Tell(object message, IActorRef? sender = null)
    {
        sender ??= ActorCell.Current?.Self;
        List<IActorRef> targets = Resolve();
        if (targets.Count == 0)
        {
            if (message is Identify identify)
            {
                sender?.Tell(new ActorIdentity(identify.MessageId, null), ActorRefs.NoSender);
            }
            else
            {
                _system?.DeadLetterRef.Tell(message, sender);
            }
        }

        foreach (IActorRef target in targets)
        {
            target.Tell(message, sender);
        }
    }

    public Task<IActorRef> ResolveOne(TimeSpan timeout) => ResolveOne(timeout, CancellationToken.None);

    public Task<IActorRef> ResolveOne(TimeSpan timeout, CancellationToken ct)
    {
        if (ct.IsCancellationRequested)
        {
            return Task.FromCanceled<IActorRef>(ct);
        }

        List<IActorRef> targets = Resolve();
        return targets.Count > 0
            ? Task.FromResult(targets[0])
            : Task.FromException<IActorRef>(new ActorNotFoundException($"Could not find an actor for {ToString()}"));
    }

    public override string ToString() => $"ActorSelection[Anchor({Anchor}), Path({PathString})]";

    /// <summary>Text with a protocol or a slash at its start is absolute, all other relative to the anchor.</summary>
    internal static ActorSelection From(ActorSystemImpl system, LocalActorRef anchor, string path)
    {
        if (ActorPath.TryParse(path, out ActorPath absolute))
        {
            return From(system, absolute);
        }

        LocalActorRef start = path.StartsWith('/') ? system.RootRef : anchor;
        return new ActorSelection(system, start, path.Split('/', StringSplitOptions.RemoveEmptyEntries));
    }

    internal static ActorSelection From(ActorSystemImpl system, ActorPath path) =>
        path.Address.Equals(system.RootRef.Path.Address)
            ? new ActorSelection(system, system.RootRef, [.. path.Elements])
            : new ActorSelection(system, null, [.. path.Elements]);

    private List<IActorRef> Resolve()
    {
        List<IActorRef> found = [];
        if (_anchor is not null)
        {
            Resolve(_anchor, 0, found);
        }

        return found;
    }

    private void Resolve(LocalActorRef from, int index, List<IActorRef> found)
    {
        if (index == _elements.Length)
        {
            found.Add(from);
            return;
        }

        string element = _elements[index];
        if (element == "..")
        {
            if (from.Cell.Parent is LocalActorRef parent)
            {
                Resolve(parent, index + 1, found);
            }
        }
        else if (element == ".")
        {
            Resolve(from, index + 1, found);
        }
        else if (element.AsSpan().ContainsAny('*', '?'))
        {
            foreach (LocalActorRef child in from.Cell.ChildrenSnapshot())
            {
                if (WildcardText.Matches(child.Path.Name, element))
                {
                    Resolve(child, index + 1, found);
                }
            }
        }
        else if (from.Cell.TryGetChild(element, out LocalActorRef? child))
        {
            Resolve(child!, index + 1, found);
        }
    }
}
