using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;

namespace Pooler.Actors.Transport.Simulation;

/// <summary>
/// The timers of an actor system in the virtual time of a <see cref="SimulatedNetwork"/>. Named in the HOCON that
/// <see cref="SimulatedNetwork.ActorSystemConfiguration"/> gives; finds its network by the loop set's id in the key <c>loops</c>.
/// </summary>
public sealed class SimulatedScheduler : SchedulerBase
{
    private readonly SimulatedNetwork _network;

    /// <summary>Called by the actor system.</summary>
    public SimulatedScheduler(Config scheduler, ILoggingAdapter log)
        : base(scheduler, log)
    {
        _network = ((SimulatedLoop)LoopSet.Get(scheduler.GetString("loops"))[0]).Network;
    }

    /// <inheritdoc/>
    public override TimeSpan MonotonicClock => TimeSpan.FromMicroseconds(_network.Now);

    /// <inheritdoc/>
    public override TimeSpan HighResMonotonicClock => MonotonicClock;

    /// <inheritdoc/>
    protected override DateTimeOffset TimeNow => _network.WallClock;

    /// <inheritdoc/>
    protected override void InternalScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef sender, ICancelable cancelable) =>
        Once(delay, () => receiver.Tell(message, sender), cancelable);

    /// <inheritdoc/>
    protected override void InternalScheduleTellRepeatedly(
        TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef sender, ICancelable cancelable) =>
        Repeatedly(initialDelay, interval, () => receiver.Tell(message, sender), cancelable);

    /// <inheritdoc/>
    protected override void InternalScheduleOnce(TimeSpan delay, Action action, ICancelable cancelable) => Once(delay, action, cancelable);

    /// <inheritdoc/>
    protected override void InternalScheduleOnce(TimeSpan delay, IRunnable action, ICancelable cancelable) => Once(delay, action.Run, cancelable);

    /// <inheritdoc/>
    protected override void InternalScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable cancelable) =>
        Repeatedly(initialDelay, interval, action, cancelable);

    /// <inheritdoc/>
    protected override void InternalScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, IRunnable action, ICancelable cancelable) =>
        Repeatedly(initialDelay, interval, action.Run, cancelable);

    private void Once(TimeSpan delay, Action action, ICancelable? cancelable) => _network.PlanFromAnyThread(delay, () =>
    {
        if (cancelable?.IsCancellationRequested != true)
        {
            action();
        }
    });

    private void Repeatedly(TimeSpan delay, TimeSpan interval, Action action, ICancelable? cancelable) => _network.PlanFromAnyThread(delay, () =>
    {
        if (cancelable?.IsCancellationRequested != true)
        {
            Repeatedly(interval, interval, action, cancelable);
            action();
        }
    });
}
