namespace Akka.Actor;

/// <summary>The context as an <see cref="UntypedActor"/> sees it.</summary>
public interface IUntypedActorContext : IActorContext
{
    public void Become(UntypedReceive receive);

    public void BecomeStacked(UntypedReceive receive);
}
