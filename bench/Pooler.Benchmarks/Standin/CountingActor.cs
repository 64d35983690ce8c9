using Akka.Actor;

namespace Pooler.Benchmarks.Standin;

/// <summary>Counts down and says when it is through.</summary>
internal sealed class CountingActor : UntypedActor
{
    public static readonly object Message = new();

    private readonly Countdown _countdown;

    public CountingActor(Countdown countdown)
    {
        _countdown = countdown;
    }

    protected override void OnReceive(object message) => _countdown.Step();
}
