using Akka.Actor;
using Akka.Standin.Tests.Support;

namespace Akka.Standin.Tests.Actor;

public sealed class SupervisionTests : SystemTest
{
    [Fact]
    public async Task By_default_a_failed_actor_is_restarted_behind_its_reference()
    {
        int made = 0;
        IActorRef actor = Sys.ActorOf(new Script
        {
            Constructor = () => Interlocked.Increment(ref made),
            Receive = Fragile,
        }.Props);
        actor.Tell("before");
        actor.Tell(new InvalidOperationException("boom"));
        actor.Tell("after");

        await Test.ExpectAsync("before", "after");
        Assert.Equal(2, made);
    }

    [Fact]
    public async Task The_hooks_of_a_restart_run_in_order_with_reason_and_message()
    {
        InvalidOperationException reason = new("boom");
        IActorRef actor = Sys.ActorOf(new Script
        {
            Receive = Fragile,
            PreStart = _ => Test.Ref.Tell("PreStart"),
            PostStop = _ => Test.Ref.Tell("PostStop"),
            PreRestart = (cause, message) => Test.Ref.Tell(("PreRestart", cause, message)),
            PostRestart = cause => Test.Ref.Tell(("PostRestart", cause)),
        }.Props);
        actor.Tell(reason);

        await Test.ExpectAsync("PreStart", ("PreRestart", (Exception)reason, (object)reason), "PostStop", ("PostRestart", (Exception)reason), "PreStart");
    }

    [Fact]
    public async Task Resume_keeps_the_instance()
    {
        int made = 0;
        IActorRef child = await ChildOf(Directive.Resume, new Script { Constructor = () => Interlocked.Increment(ref made), Receive = Fragile });
        child.Tell("before");
        child.Tell(new InvalidOperationException("boom"));
        child.Tell("after");

        await Test.ExpectAsync("before", "after");
        Assert.Equal(1, made);
    }

    [Fact]
    public async Task Stop_stops_the_child()
    {
        IActorRef child = await ChildOf(Directive.Stop, new Script { Receive = Fragile });
        child.Tell(new InvalidOperationException("boom"));

        await Test.ExpectTerminatedAsync(child);
    }

    [Fact]
    public async Task Escalate_makes_the_supervisor_fail_with_the_same_cause()
    {
        InvalidOperationException reason = new("boom");
        Script child = new() { Receive = Fragile };
        Script middle = new()
        {
            PreStart = context => Test.Ref.Tell(context.ActorOf(child.Props)),
            PostStop = _ => Test.Ref.Tell("middle stopped"),
            Strategy = new OneForOneStrategy(Always(Directive.Escalate)),
        };
        Sys.ActorOf(new Script
        {
            PreStart = context => context.ActorOf(middle.Props),
            Strategy = new OneForOneStrategy(cause =>
            {
                Test.Ref.Tell(cause, ActorRefs.NoSender);
                return Directive.Stop;
            }),
        }.Props);
        IActorRef leaf = (IActorRef)await Test.NextAsync();
        leaf.Tell(reason);

        await Test.ExpectAsync(reason, "middle stopped");
        await Test.ExpectTerminatedAsync(leaf);
    }

    [Fact]
    public async Task Resuming_after_an_escalation_resumes_the_child_too()
    {
        Script child = new() { Receive = Fragile };
        Script middle = new()
        {
            PreStart = context => Test.Ref.Tell(context.ActorOf(child.Props)),
            Receive = (_, message) => Test.Ref.Tell(("middle", message)),
            Strategy = new OneForOneStrategy(Always(Directive.Escalate)),
        };
        Sys.ActorOf(new Script
        {
            PreStart = context => Test.Ref.Tell(context.ActorOf(middle.Props)),
            Strategy = new OneForOneStrategy(Always(Directive.Resume)),
        }.Props);
        object first = await Test.NextAsync();
        object second = await Test.NextAsync();
        (IActorRef leaf, IActorRef above) = ((IActorRef)first).Path.Depth > ((IActorRef)second).Path.Depth
            ? ((IActorRef)first, (IActorRef)second)
            : ((IActorRef)second, (IActorRef)first);
        leaf.Tell(new InvalidOperationException("boom"));
        leaf.Tell("alive");

        await Test.ExpectAsync("alive");
        above.Tell("alive");
        await Test.ExpectAsync(("middle", (object)"alive"));
    }

    [Fact]
    public async Task No_message_is_handled_between_failure_and_decision()
    {
        using ManualResetEventSlim decide = new();
        Script child = new() { Receive = Fragile };
        Sys.ActorOf(new Script
        {
            PreStart = context => Test.Ref.Tell(context.ActorOf(child.Props)),
            Strategy = new OneForOneStrategy(_ =>
            {
                Test.Ref.Tell("deciding", ActorRefs.NoSender);
                decide.Wait(TimeSpan.FromSeconds(20));
                Test.Ref.Tell("decided", ActorRefs.NoSender);
                return Directive.Restart;
            }),
        }.Props);
        IActorRef failing = (IActorRef)await Test.NextAsync();
        failing.Tell(new InvalidOperationException("boom"));
        failing.Tell("waits");
        await Test.ExpectAsync("deciding");
        failing.Tell("waits too");
        decide.Set();

        await Test.ExpectAsync("decided", "waits", "waits too");
    }

    [Fact]
    public async Task A_child_that_fails_more_often_than_allowed_is_stopped()
    {
        int made = 0;
        Script child = new() { Constructor = () => Interlocked.Increment(ref made), Receive = Fragile };
        Sys.ActorOf(new Script
        {
            PreStart = context => Test.Ref.Tell(context.ActorOf(child.Props)),
            Strategy = new OneForOneStrategy(2, TimeSpan.FromMinutes(10), Always(Directive.Restart)),
        }.Props);
        IActorRef failing = (IActorRef)await Test.NextAsync();
        for (int i = 0; i < 3; i++)
        {
            failing.Tell(new InvalidOperationException("boom"));
        }

        await Test.ExpectTerminatedAsync(failing);
        Assert.Equal(3, made);
    }

    [Fact]
    public async Task Restarts_are_counted_anew_in_the_next_window()
    {
        Script child = new() { Receive = Fragile };
        Sys.ActorOf(new Script
        {
            PreStart = context => Test.Ref.Tell(context.ActorOf(child.Props)),
            Strategy = new OneForOneStrategy(1, TimeSpan.FromMilliseconds(1), Always(Directive.Restart)),
        }.Props);
        IActorRef failing = (IActorRef)await Test.NextAsync();
        for (int i = 0; i < 5; i++)
        {
            TimeSpan before = Sys.Scheduler.MonotonicClock;
            SpinWait.SpinUntil(() => Sys.Scheduler.MonotonicClock - before > TimeSpan.FromMilliseconds(50));
            failing.Tell(new InvalidOperationException("boom"));
            failing.Tell(i);
            await Test.ExpectAsync(i);
        }
    }

    [Fact]
    public async Task AllForOne_restarts_the_siblings_as_well()
    {
        Script child = new()
        {
            Receive = Fragile,
            PreStart = context => Test.Ref.Tell(context.Self),
            PreRestart = (_, _) => { },
        };
        Sys.ActorOf(new Script
        {
            PreStart = context =>
            {
                context.ActorOf(child.Props, "a");
                context.ActorOf(child.Props, "b");
            },
            Strategy = new AllForOneStrategy(Always(Directive.Restart)),
        }.Props);
        IActorRef[] children = [(IActorRef)await Test.NextAsync(), (IActorRef)await Test.NextAsync()];
        children[0].Tell(new InvalidOperationException("boom"));

        IActorRef[] restarted = [(IActorRef)await Test.NextAsync(), (IActorRef)await Test.NextAsync()];
        Assert.Equal(children.Order(), restarted.Order());
    }

    [Fact]
    public async Task AllForOne_stops_the_siblings_as_well()
    {
        Script child = new() { Receive = Fragile, PostStop = context => Test.Ref.Tell(context.Self.Path.Name) };
        IActorRef parent = Sys.ActorOf(new Script
        {
            PreStart = context =>
            {
                context.ActorOf(child.Props, "a");
                context.ActorOf(child.Props, "b");
            },
            Receive = (context, message) => context.Child("a").Tell(message),
            Strategy = new AllForOneStrategy(Always(Directive.Stop)),
        }.Props);
        parent.Tell(new InvalidOperationException("boom"));

        object[] stopped = [await Test.NextAsync(), await Test.NextAsync()];
        Assert.Equal(["a", "b"], stopped.Order());
    }

    [Fact]
    public async Task A_restart_stops_the_children_first()
    {
        Script child = new() { PostStop = _ => Test.Ref.Tell("child stopped") };
        IActorRef actor = Sys.ActorOf(new Script
        {
            Receive = Fragile,
            PreStart = context =>
            {
                context.ActorOf(child.Props, "kid");
                Test.Ref.Tell("started");
            },
        }.Props);
        await Test.ExpectAsync("started");
        actor.Tell(new InvalidOperationException("boom"));

        // The name is free for the new instance: its children are made after the old ones have gone.
        await Test.ExpectAsync("child stopped", "started");
    }

    [Fact]
    public async Task Children_that_PreRestart_leaves_alone_are_restarted()
    {
        Script child = new()
        {
            Receive = (_, message) => Test.Ref.Tell(message),
            PostRestart = cause => Test.Ref.Tell(("child restarted", cause.Message)),
        };
        IActorRef actor = Sys.ActorOf(new Script
        {
            KeepChildren = true,
            PreStart = context =>
            {
                if (context.Child("kid").IsNobody())
                {
                    context.ActorOf(child.Props, "kid");
                }
            },
            Receive = (context, message) =>
            {
                if (message is Exception boom)
                {
                    throw boom;
                }

                context.Child("kid").Forward(message);
            },
        }.Props);
        actor.Tell(new InvalidOperationException("boom"));
        actor.Tell("to the child");

        await Test.ExpectAsync(("child restarted", "boom"), "to the child");
    }

    [Fact]
    public async Task An_actor_that_fails_in_PostRestart_is_stopped()
    {
        IActorRef actor = Sys.ActorOf(new Script
        {
            Receive = Fragile,
            PostRestart = _ => throw new InvalidOperationException("again"),
        }.Props);
        actor.Tell(new InvalidOperationException("boom"));

        await Test.ExpectTerminatedAsync(actor);
    }

    [Fact]
    public async Task The_strategy_of_the_Props_goes_before_the_actors_own()
    {
        Script child = new() { Receive = Fragile };
        Sys.ActorOf(new Script
        {
            PreStart = context => Test.Ref.Tell(context.ActorOf(child.Props)),
            Strategy = new OneForOneStrategy(Always(Directive.Restart)),
        }.Props.WithSupervisorStrategy(new OneForOneStrategy(Always(Directive.Stop))));
        IActorRef failing = (IActorRef)await Test.NextAsync();
        failing.Tell(new InvalidOperationException("boom"));

        await Test.ExpectTerminatedAsync(failing);
    }

    [Fact]
    public void A_table_decides_by_the_first_type_that_fits()
    {
        DeployableDecider decider = Decider.From(
            Directive.Escalate,
            new KeyValuePair<Type, Directive>(typeof(ArgumentNullException), Directive.Resume),
            new KeyValuePair<Type, Directive>(typeof(ArgumentException), Directive.Stop));

        Assert.Equal(Directive.Resume, decider.Decide(new ArgumentNullException()));
        Assert.Equal(Directive.Stop, decider.Decide(new ArgumentOutOfRangeException()));
        Assert.Equal(Directive.Escalate, decider.Decide(new InvalidOperationException()));
    }

    [Fact]
    public async Task Nothing_but_the_failed_child_is_hurt()
    {
        Script child = new() { Receive = Fragile };
        IActorRef parent = Sys.ActorOf(new Script
        {
            PreStart = context =>
            {
                context.ActorOf(child.Props, "bad");
                context.ActorOf(child.Props, "good");
            },
            Receive = (context, message) => context.Child(message is Exception ? "bad" : "good").Tell(message),
            Strategy = new OneForOneStrategy(Always(Directive.Stop)),
        }.Props);
        for (int i = 0; i < 10; i++)
        {
            parent.Tell(new InvalidOperationException("boom"));
            parent.Tell(i);
            await Test.ExpectAsync(i);
        }
    }

    private void Fragile(IUntypedActorContext context, object message)
    {
        if (message is Exception boom)
        {
            throw boom;
        }

        Test.Ref.Tell(message);
    }

    private async Task<IActorRef> ChildOf(Directive directive, Script child)
    {
        Sys.ActorOf(new Script
        {
            PreStart = context => Test.Ref.Tell(context.ActorOf(child.Props)),
            Strategy = new OneForOneStrategy(Always(directive)),
        }.Props);
        return (IActorRef)await Test.NextAsync();
    }
}
