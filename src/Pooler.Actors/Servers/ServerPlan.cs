using Pooler.Actors.Auth.Scram;
using Pooler.Actors.Configuration;
using Pooler.Actors.Stats;
using Pooler.Actors.Supervision;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Servers;

/// <summary>What a pool wants of a new server connection.</summary>
internal sealed record ServerPlan
{
    /// <summary>The number of the socket.</summary>
    public required long Id { get; init; }

    /// <summary>What the connection counts as under the limits; given back when it is closed.</summary>
    public required ServerPlace Place { get; init; }

    public required DatabaseSettings Database { get; init; }

    /// <summary>The user to log in as.</summary>
    public required string User { get; init; }

    /// <summary>The configured secret of that user; null: none.</summary>
    public required string? Secret { get; init; }

    /// <summary>Keys that a client's login as this user gave; null: none.</summary>
    public required ScramKeys? Keys { get; init; }

    /// <summary>Chooses the host of a list: any number, of which the remainder counts.</summary>
    public required int HostTurn { get; init; }

    /// <summary>The pool's counters.</summary>
    public required PoolStatistics Statistics { get; init; }

    /// <summary>The replication client that it is for; null: it is for all.</summary>
    public ReplicationStartup? Replication { get; init; }
}
