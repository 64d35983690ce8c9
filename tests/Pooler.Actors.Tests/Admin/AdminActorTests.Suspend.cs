using Akka.Actor;
using Pooler.Actors.Admin;

namespace Pooler.Actors.Tests.Admin;

/// <content>SUSPEND, PAUSE with a bound, and the end of waiting for either.</content>
public sealed partial class AdminActorTests
{
    [Fact]
    public async Task A_cancel_request_ends_waiting_for_servers_to_close()
    {
        Run("WAIT_CLOSE");
        CommandPools command = await _pools.Expect<CommandPools>();
        Assert.Equal((PoolCommandKind.WaitClose, null), (command.Kind, command.Database));
        Assert.Equal(ConsoleReplyKind.Waits, (await Answer()).Kind);
        _admin.Tell(ConsoleCancelled.Instance, _session.Ref);
        await Refused("WAIT_CLOSE was cancelled", "57014");
        _pools.AssertQuiet();
    }

    [Fact]
    public async Task Suspend_goes_step_by_step()
    {
        await BeginSuspend();
        foreach (SuspendStep step in new[] { SuspendStep.Clients, SuspendStep.Clients, SuspendStep.Servers })
        {
            SuspendLoop order = await _loop.Expect<SuspendLoop>();
            Assert.Equal(step, order.Step);
            _session.AssertQuiet();
            _loop.Reply(new LoopSuspended(order.Id));
        }

        await Done("SUSPEND");
        Assert.Equal("no no yes", await State());
        _admin.Tell(ResumeRequested.Instance, ActorRefs.NoSender);
        await _loop.Expect<ResumeLoop>();
        await _listeners.Expect<ResumeListeners>();
        Assert.Equal("yes no no", await State());
    }

    [Fact]
    public async Task Ends_of_a_suspension_answer_who_waits_for_it()
    {
        await BeginSuspend();
        SuspendLoop order = await _loop.Expect<SuspendLoop>();
        _admin.Tell(ConsoleCancelled.Instance, _session.Ref);
        await Refused("SUSPEND was cancelled", "57014");
        await _loop.Expect<ResumeLoop>();
        await _listeners.Expect<ResumeListeners>();

        // An answer to what is over starts nothing.
        _loop.Reply(new LoopSuspended(order.Id));
        Assert.Equal("yes no no", await State());
        _loop.AssertQuiet();

        await BeginSuspend();
        await _loop.Expect<SuspendLoop>();
        Run("SHUTDOWN WAIT_FOR_CLIENTS");
        await Refused("SUSPEND was ended by SHUTDOWN", "57014");
        await Done("SHUTDOWN");
    }

    [Fact]
    public async Task A_pause_with_a_bound_is_withdrawn()
    {
        PausePools pause = await Pause("PAUSE shop TIMEOUT '0.02'");
        Assert.Equal(new WithdrawPause(pause.Id, "shop"), await _pools.Expect<WithdrawPause>());
        await Refused("PAUSE 'shop' was not complete after 0.02 seconds and is taken back", "57014");
        pause = await Pause("PAUSE TIMEOUT '0.02'");
        Assert.Equal(new WithdrawPause(pause.Id, null), await _pools.Expect<WithdrawPause>());
        await Refused("PAUSE was not complete after 0.02 seconds and is taken back", "57014");
        Assert.Equal("yes no no", await State());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_bound_that_passes_behind_resume_takes_back_nothing_of_what_came_since(bool suspends)
    {
        PausePools pause = await Pause("PAUSE TIMEOUT 1000");
        Run("RESUME");
        await _pools.Expect<ResumePools>();
        await Refused("PAUSE was ended by RESUME before it was complete", "57014");
        Run(suspends ? "SUSPEND" : "PAUSE");
        if (suspends)
            await _pools.Expect<CommandPools>();
        else
            await _pools.Expect<PausePools>();
        Assert.Equal(ConsoleReplyKind.Waits, (await Answer()).Kind);
        _admin.Tell(new PauseTimedOut(pause.Id, TimeSpan.FromSeconds(1000)), ActorRefs.NoSender);
        Assert.Equal(suspends ? "no no yes" : "no yes no", await State());
        _pools.AssertQuiet();
    }

    private async Task BeginSuspend()
    {
        Run("SUSPEND");
        CommandPools question = await _pools.Expect<CommandPools>();
        Assert.Equal(PoolCommandKind.Suspend, question.Kind);
        Assert.Equal(ConsoleReplyKind.Waits, (await Answer()).Kind);
        _pools.Reply(new PoolCommandCompleted(question.Id));
        PauseListeners pause = await _listeners.Expect<PauseListeners>();
        _listeners.Reply(new ListenersPaused(pause.Id));
    }
}
