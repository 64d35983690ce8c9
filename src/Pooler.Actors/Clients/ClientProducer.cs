using Akka.Actor;
using Pooler.Actors.Supervision;

namespace Pooler.Actors.Clients;

/// <summary>
/// Makes the actors of a loop's clients, by plain constructor calls: logins are frequent, and a call by reflection costs more than all the rest of an actor. One producer and
/// one Props serve all clients of a loop, so that a client does not keep what it was made of. Used on the loop's thread.
/// </summary>
internal sealed class ClientProducer(LoopContext context, PoolerTree tree) : IIndirectActorProducer
{
    private readonly Queue<ClientStartup> _waiting = new();

    public Type ActorType => typeof(ClientConnection);

    /// <summary>Puts a client in for the actor that is made next; actors of one loop are made in the order in which they are asked for.</summary>
    public void Enqueue(ClientStartup startup) => _waiting.Enqueue(startup);

    public ActorBase Produce() => new ClientConnection(context, tree, _waiting.Dequeue());

    public void Release(ActorBase actor)
    {
    }
}
