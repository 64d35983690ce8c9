namespace Akka.Actor;

/// <summary>Actors that get a stash; it is set between constructor and PreStart.</summary>
public interface IActorStash
{
    public IStash Stash { get; set; }
}
