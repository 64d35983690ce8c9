namespace Akka.Actor;

/// <summary>The directive is applied to the child that failed and to no other.</summary>
public class OneForOneStrategy : SupervisorStrategy
{
    public OneForOneStrategy(int? maxNrOfRetries, TimeSpan? withinTimeRange, Func<Exception, Directive> localOnlyDecider)
        : base(maxNrOfRetries, withinTimeRange, new LocalOnlyDecider(localOnlyDecider), true)
    {
    }

    public OneForOneStrategy(int? maxNrOfRetries, TimeSpan? withinTimeRange, IDecider decider)
        : base(maxNrOfRetries, withinTimeRange, decider, true)
    {
    }

    public OneForOneStrategy(int maxNrOfRetries, int withinTimeMilliseconds, Func<Exception, Directive> localOnlyDecider, bool loggingEnabled = true)
        : base(maxNrOfRetries, TimeSpan.FromMilliseconds(withinTimeMilliseconds), new LocalOnlyDecider(localOnlyDecider), loggingEnabled)
    {
    }

    public OneForOneStrategy(int maxNrOfRetries, int withinTimeMilliseconds, IDecider decider, bool loggingEnabled = true)
        : base(maxNrOfRetries, TimeSpan.FromMilliseconds(withinTimeMilliseconds), decider, loggingEnabled)
    {
    }

    public OneForOneStrategy(Func<Exception, Directive> localOnlyDecider)
        : base(null, null, new LocalOnlyDecider(localOnlyDecider), true)
    {
    }

    public OneForOneStrategy(Func<Exception, Directive> localOnlyDecider, bool loggingEnabled = true)
        : base(null, null, new LocalOnlyDecider(localOnlyDecider), loggingEnabled)
    {
    }

    public OneForOneStrategy(IDecider decider)
        : base(null, null, decider, true)
    {
    }

    public int MaxNumberOfRetries => MaxRetries;

    public int WithinTimeRangeMilliseconds => Window is { } window ? (int)window.TotalMilliseconds : -1;

    public override IDecider Decider => GivenDecider;

    protected override Directive Handle(IActorRef child, Exception exception) => GivenDecider.Decide(exception);

    internal override void Process(ActorCell supervisor, bool restart, LocalActorRef child, Exception cause)
    {
        if (restart && supervisor.MayRestart(child, MaxRetries, Window))
        {
            child.Cell.Restart(cause);
        }
        else
        {
            supervisor.Stop(child);
        }
    }
}
