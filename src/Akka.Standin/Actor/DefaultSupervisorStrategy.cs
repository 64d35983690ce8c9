namespace Akka.Actor;

/// <summary>Actors below /user are restarted when they fail.</summary>
public class DefaultSupervisorStrategy : SupervisorStrategyConfigurator
{
    public override SupervisorStrategy Create() => SupervisorStrategy.DefaultStrategy;
}
