namespace Pooler.Actors.Configuration;

/// <summary>One line of section [peers]: another process to which cancel requests are forwarded. Immutable.</summary>
public sealed record PeerSettings
{
    /// <summary>The peer's peer_id, 1 to 65535.</summary>
    public required int Id { get; init; }

    /// <summary>Host name, address, or directory of the unix socket.</summary>
    public required string Host { get; init; }

    /// <summary>Port, or the suffix of the unix socket's name.</summary>
    public int Port { get; init; } = 6432;

    /// <summary>Most connections at a time; null: default_pool_size.</summary>
    public int? PoolSize { get; init; }
}
