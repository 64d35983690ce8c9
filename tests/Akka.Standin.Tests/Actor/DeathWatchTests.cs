using Akka.Actor;
using Akka.Standin.Tests.Support;

namespace Akka.Standin.Tests.Actor;

public sealed class DeathWatchTests : SystemTest
{
    [Fact]
    public async Task A_watcher_hears_of_the_end_once()
    {
        IActorRef actor = Sys.ActorOf(new Script().Props);
        Test.Watch(actor);
        Test.Watch(actor);
        actor.Tell(PoisonPill.Instance);

        Assert.Equal(actor, (await Test.NextAsync<Terminated>()).ActorRef);
        await Test.ExpectNothingAsync();
    }

    [Fact]
    public async Task All_watchers_hear_of_it()
    {
        IActorRef actor = Sys.ActorOf(new Script().Props);
        Probe[] others = [.. Enumerable.Range(0, 20).Select(_ => new Probe(Sys))];
        foreach (Probe other in others)
        {
            other.Watch(actor);
        }

        actor.Tell(PoisonPill.Instance);
        foreach (Probe other in others)
        {
            Assert.Equal(actor, (await other.NextAsync<Terminated>()).ActorRef);
        }
    }

    [Fact]
    public async Task Watching_a_stopped_actor_is_answered_too()
    {
        IActorRef actor = Sys.ActorOf(new Script().Props);
        await actor.GracefulStop(TimeSpan.FromSeconds(20));

        await Test.ExpectTerminatedAsync(actor);
    }

    [Fact]
    public async Task WatchWith_sends_ones_own_message()
    {
        IActorRef actor = Sys.ActorOf(new Script().Props);
        IActorRef watcher = Sys.ActorOf(new Script
        {
            PreStart = context => context.WatchWith(actor, "gone"),
            Receive = (_, message) => Test.Ref.Tell(message),
        }.Props);
        watcher.Tell("ready");
        await Test.ExpectAsync("ready");
        actor.Tell(PoisonPill.Instance);

        await Test.ExpectAsync("gone");
    }

    [Fact]
    public async Task After_Unwatch_nothing_is_heard_even_if_it_is_queued()
    {
        IActorRef actor = Sys.ActorOf(new Script().Props);
        using ManualResetEventSlim gate = new();
        IActorRef watcher = Sys.ActorOf(new Script
        {
            PreStart = context => context.Watch(actor),
            Receive = (context, message) =>
            {
                if (message is "wait")
                {
                    Test.Ref.Tell("waiting");
                    gate.Wait(TimeSpan.FromSeconds(20));
                    context.Unwatch(actor);
                }
                else
                {
                    Test.Ref.Tell(message);
                }
            },
        }.Props);
        watcher.Tell("wait");
        await Test.ExpectAsync("waiting");
        Assert.True(await actor.GracefulStop(TimeSpan.FromSeconds(20)));
        gate.Set();
        watcher.Tell("end");

        await Test.ExpectAsync("end");
    }

    [Fact]
    public async Task An_unhandled_end_takes_the_watcher_along()
    {
        IActorRef actor = Sys.ActorOf(new Script().Props);
        IActorRef watcher = Sys.ActorOf(Props.Create(() => new Pact(actor)));
        Test.Watch(watcher);
        actor.Tell(PoisonPill.Instance);

        Assert.Equal(watcher, (await Test.NextAsync<Terminated>()).ActorRef);
    }

    [Fact]
    public async Task The_end_of_a_child_is_told_by_the_child()
    {
        Script child = new();
        IActorRef parent = Sys.ActorOf(new Script
        {
            PreStart = context => context.Watch(context.ActorOf(child.Props, "kid")),
            Receive = (context, message) =>
            {
                if (message is Terminated terminated)
                {
                    Test.Ref.Tell((terminated.ActorRef.Equals(context.Sender), context.Child("kid").IsNobody()));
                }
                else
                {
                    context.Stop(context.Child("kid"));
                }
            },
        }.Props);
        parent.Tell("stop");

        await Test.ExpectAsync((true, true));
    }

    [Fact]
    public async Task Stop_overtakes_user_messages()
    {
        int handled = 0;
        using ManualResetEventSlim gate = new();
        IActorRef actor = Sys.ActorOf(new Script
        {
            Receive = (_, _) =>
            {
                Interlocked.Increment(ref handled);
                gate.Wait(TimeSpan.FromSeconds(20));
            },
        }.Props);
        for (int i = 0; i < 100; i++)
        {
            actor.Tell(i);
        }

        Test.Watch(actor);
        Sys.Stop(actor);
        gate.Set();

        Assert.Equal(actor, (await Test.NextAsync<Terminated>()).ActorRef);
        Assert.InRange(handled, 0, 1);
    }

    [Fact]
    public async Task Watching_and_stopping_at_the_same_time_loses_no_notice()
    {
        for (int i = 0; i < 300; i++)
        {
            IActorRef actor = Sys.ActorOf(new Script().Props);
            Parallel.Invoke(() => Test.Watch(actor), () => Sys.Stop(actor));
            Assert.Equal(actor, (await Test.NextAsync<Terminated>()).ActorRef);
        }
    }

    private sealed class Pact : ReceiveActor
    {
        public Pact(IActorRef other)
        {
            Context.Watch(other);
            Receive<string>(_ => { });
        }
    }
}
