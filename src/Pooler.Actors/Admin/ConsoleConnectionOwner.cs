using Akka.Actor;
using Pooler.Actors.Supervision;
using Pooler.Actors.Transport;

namespace Pooler.Actors.Admin;

/// <summary>Turns the signals of a console's connection into messages to its session.</summary>
internal sealed class ConsoleConnectionOwner(IActorRef session) : IConnectionOwner
{
    public void Signal(Connection connection, ConnectionSignal signal) => session.Tell(SocketEvent.Client(signal), ActorRefs.NoSender);
}
