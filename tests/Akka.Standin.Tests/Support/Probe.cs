using System.Threading.Channels;
using Akka.Actor;

namespace Akka.Standin.Tests.Support;

/// <summary>An actor that keeps what it is told, for the test to look at.</summary>
internal sealed class Probe
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Channel<(object Message, IActorRef Sender)> _received = Channel.CreateUnbounded<(object, IActorRef)>();

    public Probe(IActorRefFactory factory, string? name = null)
    {
        Probe probe = this;
        Ref = factory.ActorOf(Props.Create(() => new Recorder(probe)), name);
    }

    public IActorRef Ref { get; }

    public IActorRef LastSender { get; private set; } = ActorRefs.Nobody;

    public async Task<object> NextAsync()
    {
        using CancellationTokenSource patience = new(Patience);
        (object message, LastSender) = await _received.Reader.ReadAsync(patience.Token);
        return message;
    }

    public async Task<T> NextAsync<T>() => Assert.IsType<T>(await NextAsync());

    public async Task ExpectAsync(params object[] expected)
    {
        foreach (object each in expected)
        {
            Assert.Equal(each, await NextAsync());
        }
    }

    /// <summary>Watches and awaits the end of an actor.</summary>
    public async Task ExpectTerminatedAsync(IActorRef actor)
    {
        Watch(actor);
        Assert.Equal(actor, (await NextAsync<Terminated>()).ActorRef);
    }

    public void Watch(IActorRef actor) => Ref.Tell(new WatchOrder(actor), ActorRefs.NoSender);

    /// <summary>Nothing has come before what the probe is told now.</summary>
    public async Task ExpectNothingAsync()
    {
        object mark = new();
        Ref.Tell(mark, ActorRefs.NoSender);
        Assert.Same(mark, await NextAsync());
    }

    internal sealed record WatchOrder(IActorRef Actor);

    internal sealed class Recorder : ReceiveActor
    {
        public Recorder(Probe probe)
        {
            Receive<WatchOrder>(order => Context.Watch(order.Actor));
            ReceiveAny(message => probe._received.Writer.TryWrite((message, Sender)));
        }
    }
}
