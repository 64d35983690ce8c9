using Akka.Actor;
using Akka.Standin.Tests.Support;

namespace Akka.Standin.Tests.Actor;

public sealed class MessagingTests : SystemTest
{
    [Fact]
    public async Task Messages_of_one_sender_arrive_in_their_order()
    {
        for (int i = 0; i < 1000; i++)
        {
            Test.Ref.Tell(i);
        }

        for (int i = 0; i < 1000; i++)
        {
            await Test.ExpectAsync(i);
        }
    }

    [Fact]
    public async Task Messages_of_many_threads_all_arrive_and_keep_each_senders_order()
    {
        const int Senders = 8;
        const int Each = 20_000;
        TaskCompletionSource<bool> inOrder = new();
        int[] next = new int[Senders];
        int total = 0;
        bool good = true;
        IActorRef receiver = Sys.ActorOf(new Script
        {
            Receive = (_, message) =>
            {
                (int sender, int number) = (ValueTuple<int, int>)message;
                good &= next[sender]++ == number;
                if (++total == Senders * Each)
                {
                    inOrder.SetResult(good);
                }
            },
        }.Props);

        Parallel.For(0, Senders, new ParallelOptions { MaxDegreeOfParallelism = Senders }, sender =>
        {
            for (int i = 0; i < Each; i++)
            {
                receiver.Tell((sender, i), ActorRefs.NoSender);
            }
        });

        Assert.True(await inOrder.Task.WaitAsync(TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public async Task A_turn_is_never_run_by_two_threads()
    {
        const int Messages = 50_000;
        int inside = 0;
        int overlaps = 0;
        int handled = 0;
        TaskCompletionSource done = new();
        IActorRef receiver = Sys.ActorOf(new Script
        {
            Receive = (_, _) =>
            {
                if (Interlocked.Increment(ref inside) != 1)
                {
                    Interlocked.Increment(ref overlaps);
                }

                handled++;
                Interlocked.Decrement(ref inside);
                if (handled == Messages)
                {
                    done.SetResult();
                }
            },
        }.Props);

        Parallel.For(0, Messages, _ => receiver.Tell("x", ActorRefs.NoSender));

        await done.Task.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(0, overlaps);
    }

    [Fact]
    public async Task The_sender_is_the_actor_whose_turn_it_is()
    {
        IActorRef sender = Sys.ActorOf(new Script { Receive = (_, message) => Test.Ref.Tell(message) }.Props);
        sender.Tell("hello");

        await Test.ExpectAsync("hello");
        Assert.Equal(sender, Test.LastSender);
    }

    [Fact]
    public async Task Without_a_sender_the_dead_letters_stand_in()
    {
        Test.Ref.Tell("hello", ActorRefs.NoSender);

        await Test.ExpectAsync("hello");
        Assert.Equal(Sys.DeadLetters, Test.LastSender);
    }

    [Fact]
    public async Task Forward_keeps_the_sender()
    {
        IActorRef between = Sys.ActorOf(new Script { Receive = (_, message) => Test.Ref.Forward(message) }.Props);
        Probe origin = new(Sys);
        between.Tell("hello", origin.Ref);

        await Test.ExpectAsync("hello");
        Assert.Equal(origin.Ref, Test.LastSender);
    }

    [Fact]
    public void A_null_message_is_refused() => Assert.Throws<InvalidMessageException>(() => Test.Ref.Tell(null!, ActorRefs.NoSender));

    [Fact]
    public async Task Every_actor_answers_Identify()
    {
        IActorRef actor = Sys.ActorOf(new Script().Props);
        actor.Tell(new Identify(7), Test.Ref);

        ActorIdentity identity = await Test.NextAsync<ActorIdentity>();
        Assert.Equal(7, identity.MessageId);
        Assert.Equal(actor, identity.Subject);
    }

    [Fact]
    public async Task A_chain_of_actors_that_tell_each_other_ends()
    {
        IActorRef next = Test.Ref;
        for (int i = 0; i < 500; i++)
        {
            IActorRef target = next;
            next = Sys.ActorOf(new Script { Receive = (_, message) => target.Tell(message) }.Props);
        }

        next.Tell("end");
        await Test.ExpectAsync("end");
    }
}
