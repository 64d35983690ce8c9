namespace Akka.Actor;

/// <summary>The directive is applied to all children when one of them fails.</summary>
public class AllForOneStrategy : SupervisorStrategy
{
    public AllForOneStrategy(int? maxNrOfRetries, TimeSpan? withinTimeRange, Func<Exception, Directive> localOnlyDecider)
        : base(maxNrOfRetries, withinTimeRange, new LocalOnlyDecider(localOnlyDecider), true)
    {
    }

    public AllForOneStrategy(int? maxNrOfRetries, TimeSpan? withinTimeRange, IDecider decider)
        : base(maxNrOfRetries, withinTimeRange, decider, true)
    {
    }

    public AllForOneStrategy(int maxNrOfRetries, int withinTimeMilliseconds, Func<Exception, Directive> localOnlyDecider, bool loggingEnabled = true)
        : base(maxNrOfRetries, TimeSpan.FromMilliseconds(withinTimeMilliseconds), new LocalOnlyDecider(localOnlyDecider), loggingEnabled)
    {
    }

    public AllForOneStrategy(int maxNrOfRetries, int withinTimeMilliseconds, IDecider decider, bool loggingEnabled = true)
        : base(maxNrOfRetries, TimeSpan.FromMilliseconds(withinTimeMilliseconds), decider, loggingEnabled)
    {
    }

    public AllForOneStrategy(Func<Exception, Directive> localOnlyDecider)
        : base(null, null, new LocalOnlyDecider(localOnlyDecider), true)
    {
    }

    public AllForOneStrategy(IDecider decider)
        : base(null, null, decider, true)
    {
    }

    public int MaxNumberOfRetries => MaxRetries;

    public int WithinTimeRangeMilliseconds => Window is { } window ? (int)window.TotalMilliseconds : -1;

    public override IDecider Decider => GivenDecider;

    protected override Directive Handle(IActorRef child, Exception exception) => GivenDecider.Decide(exception);

    internal override void Process(ActorCell supervisor, bool restart, LocalActorRef child, Exception cause)
    {
        LocalActorRef[] children = supervisor.ChildrenSnapshot();
        bool mayRestart = restart;
        foreach (LocalActorRef each in children)
        {
            mayRestart = mayRestart && supervisor.MayRestart(each, MaxRetries, Window);
        }

        foreach (LocalActorRef each in children)
        {
            if (!mayRestart)
            {
                supervisor.Stop(each);
                continue;
            }

            if (!ReferenceEquals(each, child))
            {
                each.Cell.Suspend();
            }

            each.Cell.Restart(cause);
        }
    }
}
