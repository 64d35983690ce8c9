namespace Pooler.Actors.Admin;

/// <summary>
/// One client or server connection at one moment, with what SHOW CLIENTS, SERVERS and SOCKETS print of it. Made on its loop; immutable.
/// </summary>
public sealed record SocketSnapshot
{
    /// <summary>What it does; tells clients from servers too.</summary>
    public required SocketState State { get; init; }

    /// <summary>The login user, for servers the server user; null: not known yet.</summary>
    public string? User { get; init; }

    /// <summary>The name clients use for the database; null: not known yet.</summary>
    public string? Database { get; init; }

    /// <summary>none, logical or physical.</summary>
    public string Replication { get; init; } = "none";

    /// <summary>The other end's address without brackets, or "unix"; null: not resolved yet.</summary>
    public string? Addr { get; init; }

    /// <summary>The other end's port; listen_port for unix clients, the database's port for unix servers.</summary>
    public int Port { get; init; }

    /// <summary>This end's address, or "unix".</summary>
    public string LocalAddr { get; init; } = "";

    /// <summary>This end's port.</summary>
    public int LocalPort { get; init; }

    /// <summary>When the connection was accepted or started.</summary>
    public DateTimeOffset ConnectTime { get; init; }

    /// <summary>When something last happened on it.</summary>
    public DateTimeOffset RequestTime { get; init; }

    /// <summary>Time since the client sent its current query, microseconds; 0: there is none.</summary>
    public long Wait { get; init; }

    /// <summary>It closes as soon as it is released.</summary>
    public bool CloseNeeded { get; init; }

    /// <summary>The number that log lines call it by (C-0x..., S-0x...).</summary>
    public long Ptr { get; init; }

    /// <summary><see cref="Ptr"/> of the connection it is linked with; 0: none.</summary>
    public long Link { get; init; }

    /// <summary>The peer's process id for unix sockets, the backend's for servers over TCP, else 0.</summary>
    public int RemotePid { get; init; }

    /// <summary>TLS version and cipher; empty: plain.</summary>
    public string Tls { get; init; } = "";

    public string ApplicationName { get; init; } = "";

    /// <summary>How many named statements are tracked.</summary>
    public int PreparedStatements { get; init; }

    /// <summary>Serial number, one counter for clients and servers.</summary>
    public long Id { get; init; }

    /// <summary>How far its buffer is filled, bytes.</summary>
    public int RecvPos { get; init; }

    /// <summary>How far its buffer is parsed, bytes.</summary>
    public int PktPos { get; init; }

    /// <summary>What is missing of the message that passes through, bytes.</summary>
    public int PktRemain { get; init; }

    /// <summary>How far its buffer is sent, bytes.</summary>
    public int SendPos { get; init; }

    /// <summary>Always 0.</summary>
    public int SendRemain { get; init; }

    /// <summary>Received but not parsed, bytes.</summary>
    public int PktAvail { get; init; }

    /// <summary>Parsed but not sent, bytes.</summary>
    public int SendAvail { get; init; }

    /// <summary>Requests that a server has not answered.</summary>
    public int Outstanding { get; init; }

    /// <summary>It keeps its server beyond its transactions; null: it does not.</summary>
    public PinSnapshot? Pin { get; init; }

    /// <summary>True for connections to PostgreSQL.</summary>
    public bool IsServer => State >= SocketState.ServerActive;
}
