namespace Akka.Actor;

/// <summary>Actors below /user are stopped when they fail.</summary>
public class StoppingSupervisorStrategy : SupervisorStrategyConfigurator
{
    public override SupervisorStrategy Create() => SupervisorStrategy.StoppingStrategy;
}
