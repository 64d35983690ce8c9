using System.Threading.Channels;
using Akka.Actor;

namespace Pooler.Actors.Tests.Admin;

/// <summary>An actor that stands in for a neighbour: the test reads what it was told and answers in its name.</summary>
internal sealed class Probe
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Channel<(object Message, IActorRef Sender)> _messages = Channel.CreateUnbounded<(object, IActorRef)>();

    public Probe(ActorSystem system)
    {
        ChannelWriter<(object, IActorRef)> writer = _messages.Writer;
        Ref = system.ActorOf(Props.Create(() => new Recorder(writer)));
    }

    public IActorRef Ref { get; }

    /// <summary>Who sent the message that came last.</summary>
    public IActorRef LastSender { get; private set; } = ActorRefs.Nobody;

    /// <summary>The next message, which must be of this type.</summary>
    public async Task<T> Expect<T>()
    {
        using var timeout = new CancellationTokenSource(Patience);
        (object message, LastSender) = await _messages.Reader.ReadAsync(timeout.Token);
        return Assert.IsType<T>(message);
    }

    /// <summary>Answers the message that came last.</summary>
    public void Reply(object answer) => LastSender.Tell(answer, Ref);

    /// <summary>Nothing has come that was not read.</summary>
    public void AssertQuiet() => Assert.False(_messages.Reader.TryPeek(out (object, IActorRef) _));

    private sealed class Recorder(ChannelWriter<(object, IActorRef)> writer) : UntypedActor
    {
        protected override void OnReceive(object message) => writer.TryWrite((message, Sender));
    }
}
