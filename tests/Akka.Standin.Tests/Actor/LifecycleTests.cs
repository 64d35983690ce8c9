using Akka.Actor;
using Akka.Event;
using Akka.Standin.Tests.Support;

namespace Akka.Standin.Tests.Actor;

public sealed class LifecycleTests : SystemTest
{
    [Fact]
    public async Task PreStart_comes_before_the_first_message_and_PostStop_after_the_last()
    {
        IActorRef actor = Sys.ActorOf(new Script
        {
            PreStart = _ => Test.Ref.Tell("start"),
            Receive = (_, message) => Test.Ref.Tell(message),
            PostStop = _ => Test.Ref.Tell("stop"),
        }.Props);
        actor.Tell("one");
        actor.Tell(PoisonPill.Instance);

        await Test.ExpectAsync("start", "one", "stop");
    }

    [Fact]
    public async Task Children_stop_before_their_parents_PostStop()
    {
        Script leaf = new() { PostStop = context => Test.Ref.Tell(context.Self.Path.Name) };
        Script middle = new()
        {
            PreStart = context => context.ActorOf(leaf.Props, "leaf"),
            PostStop = context => Test.Ref.Tell(context.Self.Path.Name),
        };
        IActorRef top = Sys.ActorOf(
            new Script
            {
                PreStart = context => context.ActorOf(middle.Props, "middle"),
                PostStop = context => Test.Ref.Tell(context.Self.Path.Name),
            }.Props,
            "top");
        Sys.Stop(top);

        await Test.ExpectAsync("leaf", "middle", "top");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_actor_that_fails_at_its_creation_is_stopped(bool inConstructor)
    {
        int postStops = 0;
        IActorRef actor = Sys.ActorOf(new Script
        {
            Constructor = () =>
            {
                if (inConstructor)
                {
                    throw new InvalidOperationException("no");
                }
            },
            PreStart = _ =>
            {
                if (!inConstructor)
                {
                    throw new InvalidOperationException("no");
                }
            },
            PostStop = _ => Interlocked.Increment(ref postStops),
        }.Props);

        await Test.ExpectTerminatedAsync(actor);
        Assert.Equal(0, postStops);
    }

    [Fact]
    public async Task The_supervisor_is_told_of_a_failed_creation_as_ActorInitializationException()
    {
        Script child = new() { PreStart = _ => throw new InvalidOperationException("no") };
        Sys.ActorOf(new Script
        {
            PreStart = context => context.ActorOf(child.Props),
            Strategy = new OneForOneStrategy(cause =>
            {
                Test.Ref.Tell(cause, ActorRefs.NoSender);
                return Directive.Stop;
            }),
        }.Props);

        ActorInitializationException told = await Test.NextAsync<ActorInitializationException>();
        Assert.IsType<InvalidOperationException>(told.InnerException);
    }

    [Fact]
    public void An_actor_cannot_be_made_with_new() => Assert.Throws<ActorInitializationException>(() => new ScriptedActor(new Script()));

    [Fact]
    public void A_name_is_unique_among_siblings()
    {
        Sys.ActorOf(new Script().Props, "twin");

        Assert.Throws<InvalidActorNameException>(() => Sys.ActorOf(new Script().Props, "twin"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("$a")]
    [InlineData("a/b")]
    [InlineData("a b")]
    [InlineData("a%")]
    [InlineData("ä")]
    public void A_bad_name_is_refused(string name) => Assert.Throws<InvalidActorNameException>(() => Sys.ActorOf(new Script().Props, name));

    [Theory]
    [InlineData("client-1")]
    [InlineData("db.user")]
    [InlineData("a%20b")]
    [InlineData("a_b@c:5432")]
    public void A_good_name_is_taken(string name) => Assert.Equal(name, Sys.ActorOf(new Script().Props, name).Path.Name);

    [Fact]
    public void Actors_without_a_name_get_different_ones() =>
        Assert.Equal(200, Enumerable.Range(0, 200).Select(_ => Sys.ActorOf(new Script().Props).Path.Name).Distinct().Count());

    [Fact]
    public async Task A_name_is_free_again_when_the_parent_has_heard_of_the_end()
    {
        Script child = new();
        Sys.ActorOf(new Script
        {
            PreStart = context => context.Watch(context.ActorOf(child.Props, "again")),
            Receive = (context, message) =>
            {
                if (message is Terminated terminated)
                {
                    IActorRef second = context.ActorOf(child.Props, "again");
                    Test.Ref.Tell((terminated.ActorRef.Path.Name, second.Path.Name, terminated.ActorRef.Equals(second), terminated.ActorRef.Path.Equals(second.Path)));
                }
                else
                {
                    context.Stop(context.Child("again"));
                }
            },
        }.Props).Tell("go");

        Assert.Equal(("again", "again", false, true), await Test.NextAsync<(string, string, bool, bool)>());
    }

    [Fact]
    public async Task A_stopped_actors_mailbox_goes_to_the_dead_letters()
    {
        Sys.EventStream.Subscribe(Test.Ref, typeof(DeadLetter));
        using ManualResetEventSlim gate = new();
        IActorRef actor = Sys.ActorOf(new Script
        {
            Receive = (_, message) =>
            {
                Test.Ref.Tell(message);
                gate.Wait(TimeSpan.FromSeconds(20));
            },
        }.Props);
        actor.Tell("in hand");
        await Test.ExpectAsync("in hand");
        for (int i = 0; i < 5; i++)
        {
            actor.Tell(i, Test.Ref);
        }

        Sys.Stop(actor);
        gate.Set();

        for (int i = 0; i < 5; i++)
        {
            DeadLetter letter = await Test.NextAsync<DeadLetter>();
            Assert.Equal(i, letter.Message);
            Assert.Equal(actor, letter.Recipient);
            Assert.Equal(Test.Ref, letter.Sender);
        }
    }

    [Fact]
    public async Task Messages_to_a_stopped_actor_are_dead_letters()
    {
        IActorRef actor = Sys.ActorOf(new Script().Props);
        Sys.Stop(actor);
        await Test.ExpectTerminatedAsync(actor);
        Sys.EventStream.Subscribe(Test.Ref, typeof(DeadLetter));
        actor.Tell("late");

        Assert.Equal("late", (await Test.NextAsync<DeadLetter>()).Message);
    }

    [Fact]
    public async Task PoisonPill_waits_its_turn()
    {
        IActorRef actor = Sys.ActorOf(new Script { Receive = (_, message) => Test.Ref.Tell(message) }.Props);
        actor.Tell(1);
        actor.Tell(2);
        actor.Tell(PoisonPill.Instance);
        actor.Tell(3);

        await Test.ExpectAsync(1, 2);
        await Test.ExpectTerminatedAsync(actor);
    }

    [Fact]
    public async Task Kill_makes_an_actor_fail()
    {
        Script child = new();
        IActorRef parent = Sys.ActorOf(new Script
        {
            Receive = (context, _) => context.ActorOf(child.Props).Tell(Kill.Instance),
            Strategy = new OneForOneStrategy(cause =>
            {
                Test.Ref.Tell(cause.GetType(), ActorRefs.NoSender);
                return Directive.Stop;
            }),
        }.Props);
        parent.Tell("go");

        await Test.ExpectAsync(typeof(ActorKilledException));
    }

    [Fact]
    public async Task GracefulStop_says_when_the_actor_has_stopped()
    {
        bool stopped = false;
        IActorRef actor = Sys.ActorOf(new Script { PostStop = _ => stopped = true }.Props);

        Assert.True(await actor.GracefulStop(TimeSpan.FromSeconds(20)));
        Assert.True(stopped);
    }

    [Fact]
    public async Task A_parent_finds_its_children_by_name()
    {
        Script child = new();
        Sys.ActorOf(new Script
        {
            Receive = (context, _) =>
            {
                IActorRef made = context.ActorOf(child.Props, "kid");
                Test.Ref.Tell((made.Equals(context.Child("kid")), context.Child("other").IsNobody(), context.GetChildren().Count(), made.Path.Parent.Equals(context.Self.Path)));
            },
        }.Props).Tell("go");

        await Test.ExpectAsync((true, true, 1, true));
    }

    [Fact]
    public async Task Many_actors_come_and_go()
    {
        const int Count = 20_000;
        int stopped = 0;
        TaskCompletionSource all = new();
        Script child = new()
        {
            PostStop = _ =>
            {
                if (Interlocked.Increment(ref stopped) == Count)
                {
                    all.SetResult();
                }
            },
        };
        Props props = child.Props;
        IActorRef parent = Sys.ActorOf(new Script
        {
            Receive = (context, message) =>
            {
                for (int i = 0; i < Count; i++)
                {
                    context.ActorOf(props, $"c{i}");
                }

                foreach (IActorRef each in context.GetChildren())
                {
                    each.Tell(PoisonPill.Instance);
                }
            },
        }.Props);
        parent.Tell("go");

        await all.Task.WaitAsync(TimeSpan.FromSeconds(60));
    }
}
