using Akka.Actor;
using Akka.Event;
using Akka.Standin.Tests.Support;

namespace Akka.Standin.Tests.Actor;

/// <summary>Races between threads: no message and no wake-up is lost.</summary>
public sealed class StressTests : SystemTest
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Tokens_go_round_a_ring_of_actors()
    {
        const int Actors = 40;
        const int Tokens = 10;
        const int Hops = 4000;
        int arrived = 0;
        TaskCompletionSource all = new();
        IActorRef[] ring = new IActorRef[Actors];
        for (int i = 0; i < Actors; i++)
        {
            int next = (i + 1) % Actors;
            ring[i] = Sys.ActorOf(new Script
            {
                Receive = (_, message) =>
                {
                    if ((int)message > 0)
                    {
                        ring[next].Tell((int)message - 1);
                    }
                    else if (Interlocked.Increment(ref arrived) == Tokens)
                    {
                        all.SetResult();
                    }
                },
            }.Props);
        }

        for (int i = 0; i < Tokens; i++)
        {
            ring[i].Tell(Hops);
        }

        await all.Task.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_message_is_either_handled_or_a_dead_letter()
    {
        const int Actors = 200;
        const int Each = 50;
        int handled = 0;
        int dead = 0;
        IActorRef counter = Sys.ActorOf(new Script
        {
            Receive = (context, message) =>
            {
                if (message is DeadLetter { Message: int })
                {
                    dead++;
                }
                else if (message is "count")
                {
                    context.Sender.Tell(dead);
                }
            },
        }.Props);
        Sys.EventStream.Subscribe(counter, typeof(DeadLetter));
        Script script = new() { Receive = (_, _) => Interlocked.Increment(ref handled) };
        for (int i = 0; i < Actors; i++)
        {
            IActorRef actor = Sys.ActorOf(script.Props);
            Parallel.Invoke(
                () => TellAll(actor),
                () => TellAll(actor),
                () => Sys.Stop(actor));
            await actor.GracefulStop(Patience);
        }

        int letters = await counter.Ask<int>("count", Patience);
        Assert.Equal(Actors * Each * 2, Volatile.Read(ref handled) + letters);

        static void TellAll(IActorRef actor)
        {
            for (int i = 0; i < Each; i++)
            {
                actor.Tell(i, ActorRefs.NoSender);
            }
        }
    }

    [Fact]
    public async Task Restarts_under_load_lose_nothing_but_the_failing_message()
    {
        const int Messages = 20_000;
        int handled = 0;
        IActorRef actor = Sys.ActorOf(new Script
        {
            Receive = (context, message) =>
            {
                if (message is "count")
                {
                    context.Sender.Tell(handled);
                }
                else if ((int)message % 100 == 0)
                {
                    throw new InvalidOperationException("restart");
                }
                else
                {
                    handled++;
                }
            },
        }.Props);
        Parallel.For(0, Messages, i => actor.Tell(i, ActorRefs.NoSender));

        Assert.Equal(Messages - (Messages / 100), await actor.Ask<int>("count", Patience));
    }

    [Fact]
    public async Task Questions_of_many_threads_are_all_answered()
    {
        IActorRef echo = Sys.ActorOf(new Script { Receive = (context, message) => context.Sender.Tell(message) }.Props);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(async () =>
        {
            for (int i = 0; i < 500; i++)
            {
                Assert.Equal((worker * 1000) + i, await echo.Ask<int>((worker * 1000) + i, Patience));
            }
        })));
    }
}
