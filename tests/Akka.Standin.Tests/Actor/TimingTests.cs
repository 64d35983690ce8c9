using Akka.Actor;
using Akka.Standin.Tests.Support;

namespace Akka.Standin.Tests.Actor;

/// <summary>Scheduler, timers and receive timeout. Waits are for events; short delays only make them come.</summary>
public sealed class TimingTests : SystemTest
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Never = TimeSpan.FromHours(1);

    [Fact]
    public async Task A_message_is_told_later()
    {
        TimeSpan before = Sys.Scheduler.MonotonicClock;
        Sys.Scheduler.ScheduleTellOnce(Short, Test.Ref, "later", ActorRefs.NoSender);

        await Test.ExpectAsync("later");
        Assert.True(Sys.Scheduler.MonotonicClock - before >= Short - TimeSpan.FromMilliseconds(2));
    }

    [Fact]
    public async Task A_message_is_told_again_and_again_until_it_is_cancelled()
    {
        ICancelable cancelable = Sys.Scheduler.ScheduleTellRepeatedlyCancelable(TimeSpan.Zero, Short, Test.Ref, "tick", ActorRefs.NoSender);
        await Test.ExpectAsync("tick", "tick", "tick");
        cancelable.Cancel();

        Assert.True(cancelable.IsCancellationRequested);
    }

    [Fact]
    public async Task A_cancelled_message_is_not_told()
    {
        ICancelable cancelable = Sys.Scheduler.ScheduleTellOnceCancelable(Short, Test.Ref, "cancelled", ActorRefs.NoSender);
        cancelable.Cancel();
        Sys.Scheduler.ScheduleTellOnce(Short * 3, Test.Ref, "later", ActorRefs.NoSender);

        await Test.ExpectAsync("later");
    }

    [Fact]
    public async Task Actions_run_later()
    {
        TaskCompletionSource done = new();
        Sys.Scheduler.Advanced.ScheduleOnce(Short, done.SetResult);

        await done.Task.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task A_cancelable_cancels_itself_after_a_while()
    {
        Cancelable cancelable = new(Sys.Scheduler, Short);
        TaskCompletionSource done = new();
        using CancellationTokenRegistration registration = cancelable.Token.Register(done.SetResult);

        await done.Task.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void A_negative_delay_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Sys.Scheduler.ScheduleTellOnce(TimeSpan.FromMilliseconds(-1), Test.Ref, "x", ActorRefs.NoSender));

    [Fact]
    public async Task A_single_timer_is_heard_once()
    {
        IActorRef actor = Timed((timers, message) =>
        {
            switch (message)
            {
                case "start":
                    timers.StartSingleTimer("key", "due", Short);
                    Test.Ref.Tell(timers.IsTimerActive("key"));
                    break;
                case "due":
                    Test.Ref.Tell(("due", timers.IsTimerActive("key")));
                    break;
            }
        });
        actor.Tell("start");

        await Test.ExpectAsync(true, ("due", false));
    }

    [Fact]
    public async Task A_periodic_timer_goes_on_until_it_is_cancelled()
    {
        int due = 0;
        IActorRef actor = Timed((timers, message) =>
        {
            if (message is "start")
            {
                timers.StartPeriodicTimer("key", "due", Short);
            }
            else if (++due == 3)
            {
                timers.Cancel("key");
                Test.Ref.Tell(timers.IsTimerActive("key"));
            }
        });
        actor.Tell("start");

        await Test.ExpectAsync(false);
    }

    [Fact]
    public async Task A_timer_that_is_cancelled_while_its_message_is_queued_is_not_heard()
    {
        IActorRef actor = Timed((timers, message) =>
        {
            switch (message)
            {
                case "start":
                    timers.StartSingleTimer("key", "due", TimeSpan.FromMilliseconds(1));
                    TimeSpan before = Sys.Scheduler.MonotonicClock;

                    // The turn is held until the message is in the mailbox for certain.
                    SpinWait.SpinUntil(() => Sys.Scheduler.MonotonicClock - before > TimeSpan.FromMilliseconds(150));
                    timers.Cancel("key");
                    break;
                default:
                    Test.Ref.Tell(message);
                    break;
            }
        });
        actor.Tell("start");
        actor.Tell("end");

        await Test.ExpectAsync("end");
        actor.Tell("again");
        await Test.ExpectAsync("again");
    }

    [Fact]
    public async Task A_timer_replaces_the_one_under_its_key()
    {
        IActorRef actor = Timed((timers, message) =>
        {
            if (message is "start")
            {
                timers.StartSingleTimer("key", "first", Short);
                timers.StartSingleTimer("key", "second", Short);
                timers.StartSingleTimer("other", "third", Short * 4);
            }
            else
            {
                Test.Ref.Tell(message);
            }
        });
        actor.Tell("start");

        await Test.ExpectAsync("second", "third");
    }

    [Fact]
    public async Task Timers_end_with_the_instance()
    {
        IActorRef actor = Timed((timers, message) =>
        {
            switch (message)
            {
                case "start":
                    timers.StartSingleTimer("key", "never", Short);
                    throw new InvalidOperationException("restart");
                case "check":
                    Test.Ref.Tell(timers.IsTimerActive("key"));
                    timers.StartSingleTimer("new", "due", Short * 3);
                    break;
                default:
                    Test.Ref.Tell(message);
                    break;
            }
        });
        actor.Tell("start");
        actor.Tell("check");

        await Test.ExpectAsync(false, "due");
    }

    [Fact]
    public async Task The_receive_timeout_comes_when_nothing_else_does()
    {
        IActorRef actor = Sys.ActorOf(new Script
        {
            PreStart = context => context.SetReceiveTimeout(Short),
            Receive = (context, message) =>
            {
                Test.Ref.Tell(message);
                context.SetReceiveTimeout(null);
            },
        }.Props);

        Assert.IsType<ReceiveTimeout>(await Test.NextAsync());
        actor.Tell("end");
        await Test.ExpectAsync("end");
    }

    [Fact]
    public async Task The_receive_timeout_repeats()
    {
        Sys.ActorOf(new Script
        {
            PreStart = context => context.SetReceiveTimeout(Short),
            Receive = (_, message) => Test.Ref.Tell(message),
        }.Props);

        Assert.IsType<ReceiveTimeout>(await Test.NextAsync());
        Assert.IsType<ReceiveTimeout>(await Test.NextAsync());
    }

    [Fact]
    public async Task Some_messages_do_not_influence_the_receive_timeout()
    {
        IActorRef actor = Sys.ActorOf(new Script
        {
            PreStart = context => context.SetReceiveTimeout(TimeSpan.FromMilliseconds(200)),
            Receive = (_, message) =>
            {
                if (message is ReceiveTimeout)
                {
                    Test.Ref.Tell("timeout");
                }
            },
        }.Props);
        ICancelable ticks = Sys.Scheduler.ScheduleTellRepeatedlyCancelable(Short, Short, actor, new Quiet(), ActorRefs.NoSender);

        await Test.ExpectAsync("timeout");
        ticks.Cancel();
    }

    [Fact]
    public async Task A_timeout_that_is_far_away_does_not_come()
    {
        IActorRef actor = Sys.ActorOf(new Script
        {
            PreStart = context => context.SetReceiveTimeout(Never),
            Receive = (context, message) => Test.Ref.Tell((message, context.ReceiveTimeout)),
        }.Props);
        actor.Tell("x");

        await Test.ExpectAsync(((object)"x", (TimeSpan?)Never));
    }

    private IActorRef Timed(Action<ITimerScheduler, object> receive) => Sys.ActorOf(Props.Create(() => new TimedActor(receive)));

    private sealed class Quiet : INotInfluenceReceiveTimeout;

    private sealed class TimedActor : UntypedActor, IWithTimers
    {
        private readonly Action<ITimerScheduler, object> _receive;

        public TimedActor(Action<ITimerScheduler, object> receive)
        {
            _receive = receive;
        }

        public ITimerScheduler Timers { get; set; } = null!;

        protected override void OnReceive(object message) => _receive(Timers, message);
    }
}
