using Akka.Actor;
using Pooler.Actors.Supervision;

namespace Pooler.Actors.Clients;

/// <summary>Makes one client's actor by a plain constructor call: logins are frequent, and a call by reflection costs more than all the rest of an actor.</summary>
internal sealed class ClientProducer(LoopContext context, PoolerTree tree, ClientStartup startup) : IIndirectActorProducer
{
    public Type ActorType => typeof(ClientConnection);

    public ActorBase Produce() => new ClientConnection(context, tree, startup);

    public void Release(ActorBase actor)
    {
    }
}
