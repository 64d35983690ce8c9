using Akka.Actor;
using Akka.Event;
using Pooler.Actors.Transport;

namespace Pooler.Actors.Supervision;

/// <summary>
/// A connection's signal as a message to the actor that owns the connection. A client that holds a lease owns two connections, so the message says which one it is
/// about. There is one object per signal and side: telling allocates nothing.
/// </summary>
internal sealed class SocketEvent : INoSerializationVerificationNeeded, IDeadLetterSuppression
{
    private static readonly SocketEvent[] OfClient = [.. Enum.GetValues<ConnectionSignal>().Select(signal => new SocketEvent(signal, false))];
    private static readonly SocketEvent[] OfServer = [.. Enum.GetValues<ConnectionSignal>().Select(signal => new SocketEvent(signal, true))];

    private SocketEvent(ConnectionSignal signal, bool isServer)
    {
        Signal = signal;
        IsServer = isServer;
    }

    public ConnectionSignal Signal { get; }

    /// <summary>True when it is about the connection to a server.</summary>
    public bool IsServer { get; }

    /// <summary>The message about a client's connection.</summary>
    public static SocketEvent Client(ConnectionSignal signal) => OfClient[(int)signal];

    /// <summary>The message about a server's connection.</summary>
    public static SocketEvent Server(ConnectionSignal signal) => OfServer[(int)signal];
}
