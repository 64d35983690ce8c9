using Akka.Actor;
using Pooler.Actors.Admin;
using Pooler.Actors.Supervision;
using Pooler.Actors.Transport;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Clients;

// The public face of the client side: what listeners, receptions and the root tell the actors of a loop.

/// <summary>An accepted socket for a reception; attached to no loop yet.</summary>
internal sealed record SocketAccepted(Connection Connection) : INoSerializationVerificationNeeded;

/// <summary>A client for the loop of its pool, which makes its actor. The connection is detached unless it is on that loop already.</summary>
internal sealed record AdoptClient(ClientStartup Startup) : INoSerializationVerificationNeeded;

/// <summary>The pooler goes down: no new logins, and with <paramref name="DrainServers"/> nobody gets a server any more.</summary>
internal sealed record LoopShuttingDown(bool DrainServers) : INoSerializationVerificationNeeded;

/// <summary>Who is where: the loops' actors by number, the registry of pools and the console.</summary>
internal sealed record PoolerTree(IReadOnlyList<IActorRef> Loops, IActorRef Pools, IActorRef Admin) : INoSerializationVerificationNeeded;

/// <summary>The console ends the client for this reason, which it is told.</summary>
internal sealed record ForceDisconnect(string Reason) : INoSerializationVerificationNeeded;

/// <summary>
/// A console's client that may enter, for its loop: the connection goes on to a console session, and <paramref name="Received"/> with it, what came behind the login.
/// <paramref name="HasLongKey"/>: its cancel key has the tail of protocol 3.2.
/// </summary>
internal sealed record AdoptConsole(
    long SocketId,
    Connection Connection,
    AdminRights Rights,
    string User,
    ParameterValues Parameters,
    DateTimeOffset ConnectTime,
    byte[]? Received,
    ClientPlace Place,
    bool HasLongKey)
    : INoSerializationVerificationNeeded;
