using Pooler.Actors.Configuration;
using Pooler.Actors.Pools;
using Pooler.Actors.Supervision;
using Pooler.Actors.Transport;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Clients;

/// <summary>A client whose startup packet is whole and has been admitted: everything that its actor is made of.</summary>
internal sealed record ClientStartup
{
    /// <summary>The number of the socket.</summary>
    public required long SocketId { get; init; }

    /// <summary>The client's connection; its ownership goes with this object.</summary>
    public required Connection Connection { get; init; }

    /// <summary>What the client asks for.</summary>
    public required StartupParameters Parameters { get; init; }

    /// <summary>The database; null: there is none of that name, which the client learns after it has proved who it is.</summary>
    public required DatabaseSettings? Database { get; init; }

    /// <summary>The version of the protocol that it gets, a value of <see cref="ProtocolCode"/>.</summary>
    public required int ProtocolVersion { get; init; }

    /// <summary>Whether the client has to be told which protocol version and options it gets.</summary>
    public required bool NeedsNegotiation { get; init; }

    /// <summary>Bytes that came behind the startup packet.</summary>
    public required byte[] Rest { get; init; }

    /// <summary>What the client counts as, until its end.</summary>
    public required ClientPlace Place { get; init; }

    /// <summary>When the connection was accepted, microseconds of its first loop; all loops read one clock.</summary>
    public required long ConnectStart { get; init; }

    /// <summary>When the connection was accepted.</summary>
    public required DateTimeOffset ConnectTime { get; init; }

    /// <summary>The console is asked for.</summary>
    public bool IsConsole => Parameters.Database == PoolerSettings.ConsoleDatabase;

    /// <summary>The pool it belongs to.</summary>
    public PoolKey PoolKey => new(Parameters.Database, Database?.User ?? Parameters.User);
}
