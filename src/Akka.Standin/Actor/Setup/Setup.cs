namespace Akka.Actor.Setup;

/// <summary>One part of what an actor system is made with.</summary>
public abstract class Setup
{
    protected Setup()
    {
    }

    public ActorSystemSetup And(Setup other) => ActorSystemSetup.Create(this, other);
}
