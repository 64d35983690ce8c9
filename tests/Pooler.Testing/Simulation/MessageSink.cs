using Akka.Actor;

namespace Pooler.Testing.Simulation;

/// <summary>Keeps what it is told, for a test that looks at it between two steps of the network.</summary>
internal sealed class MessageSink(List<object> messages) : UntypedActor
{
    protected override void OnReceive(object message) => messages.Add(message);
}
