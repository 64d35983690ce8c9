using Akka.Actor;
using Akka.Event;
using Akka.Standin.Tests.Support;

namespace Akka.Standin.Tests.Actor;

public sealed class AskTests : SystemTest
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task The_first_answer_completes_the_task()
    {
        IActorRef echo = Sys.ActorOf(new Script { Receive = (context, message) => context.Sender.Tell(message) }.Props);

        Assert.Equal("hello", await echo.Ask<string>("hello", Patience));
        Assert.Equal((object)5, await echo.Ask(5, Patience));
    }

    [Fact]
    public async Task An_answer_of_another_type_is_an_error()
    {
        IActorRef echo = Sys.ActorOf(new Script { Receive = (context, message) => context.Sender.Tell(message) }.Props);

        await Assert.ThrowsAsync<ArgumentException>(() => echo.Ask<int>("hello", Patience));
    }

    [Fact]
    public async Task A_failure_faults_the_task()
    {
        IActorRef actor = Sys.ActorOf(new Script
        {
            Receive = (context, _) => context.Sender.Tell(new Status.Failure(new InvalidOperationException("no"))),
        }.Props);

        InvalidOperationException failure = await Assert.ThrowsAsync<InvalidOperationException>(() => actor.Ask<string>("hello", Patience));
        Assert.Equal("no", failure.Message);
    }

    [Fact]
    public async Task Without_an_answer_it_times_out()
    {
        IActorRef silent = Sys.ActorOf(new Script().Props);

        await Assert.ThrowsAsync<AskTimeoutException>(() => silent.Ask<string>("hello", TimeSpan.FromMilliseconds(30)));
    }

    [Fact]
    public async Task It_can_be_cancelled()
    {
        IActorRef silent = Sys.ActorOf(new Script().Props);
        using CancellationTokenSource source = new();
        Task<string> answer = silent.Ask<string>("hello", source.Token);
        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
    }

    [Fact]
    public async Task A_second_answer_is_a_dead_letter()
    {
        Sys.EventStream.Subscribe(Test.Ref, typeof(DeadLetter));
        IActorRef twice = Sys.ActorOf(new Script
        {
            Receive = (context, _) =>
            {
                context.Sender.Tell("first");
                context.Sender.Tell("second");
            },
        }.Props);

        Assert.Equal("first", await twice.Ask<string>("hello", Patience));
        Assert.Equal("second", (await Test.NextAsync<DeadLetter>()).Message);
    }

    [Fact]
    public async Task PipeTo_tells_the_result()
    {
        TaskCompletionSource<string> source = new();
        Task piped = source.Task.PipeTo(Test.Ref);
        source.SetResult("result");

        await piped;
        await Test.ExpectAsync("result");
    }

    [Fact]
    public async Task PipeTo_tells_a_failure()
    {
        InvalidOperationException cause = new("no");
        await Task.FromException<string>(cause).PipeTo(Test.Ref);

        Assert.Same(cause, (await Test.NextAsync<Status.Failure>()).Cause);
    }

    [Fact]
    public async Task PipeTo_translates_both()
    {
        await Task.FromResult(4).PipeTo(Test.Ref, success: number => number * 2);
        await Task.FromException<int>(new InvalidOperationException("no")).PipeTo(Test.Ref, failure: e => e.Message);
        await Task.CompletedTask.PipeTo(Test.Ref, success: () => "done");

        await Test.ExpectAsync(8, "no", "done");
    }

    [Fact]
    public async Task PipeTo_tells_of_a_cancelled_task()
    {
        await Task.FromCanceled<int>(new CancellationToken(true)).PipeTo(Test.Ref);

        Assert.IsAssignableFrom<OperationCanceledException>((await Test.NextAsync<Status.Failure>()).Cause);
    }

    [Fact]
    public async Task Handlers_that_await_keep_sender_and_order()
    {
        TaskCompletionSource gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        IActorRef actor = Sys.ActorOf(Props.Create(() => new Awaiting(gate.Task, Test.Ref)));
        actor.Tell("one", Test.Ref);
        actor.Tell(2, Test.Ref);
        await Test.ExpectAsync("waits one");
        gate.SetResult();

        await Test.ExpectAsync("through one", 2);
        Assert.Equal(actor, Test.LastSender);
    }

    [Fact]
    public async Task An_exception_after_the_await_is_a_failure_of_the_actor()
    {
        TaskCompletionSource gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        IActorRef actor = Sys.ActorOf(Props.Create(() => new Awaiting(gate.Task, Test.Ref)));
        actor.Tell("fail", Test.Ref);
        actor.Tell(2, Test.Ref);
        await Test.ExpectAsync("waits fail");
        gate.SetException(new InvalidOperationException("late"));

        await Test.ExpectAsync("restarting late", 2);
    }

    [Fact]
    public async Task An_actor_that_awaits_can_be_stopped()
    {
        TaskCompletionSource gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        IActorRef actor = Sys.ActorOf(Props.Create(() => new Awaiting(gate.Task, Test.Ref)));
        actor.Tell("one", Test.Ref);
        await Test.ExpectAsync("waits one");
        Sys.Stop(actor);

        await Test.ExpectTerminatedAsync(actor);
    }

    private sealed class Awaiting : ReceiveActor
    {
        private readonly IActorRef _test;

        public Awaiting(Task gate, IActorRef test)
        {
            _test = test;
            ReceiveAsync<string>(async text =>
            {
                Sender.Tell($"waits {text}");
                await gate;
                Sender.Tell($"through {text}");
            });
            Receive<int>(number => Sender.Tell(number));
        }

        protected override void PreRestart(Exception reason, object message)
        {
            _test.Tell($"restarting {reason.Message}");
            base.PreRestart(reason, message);
        }
    }
}
