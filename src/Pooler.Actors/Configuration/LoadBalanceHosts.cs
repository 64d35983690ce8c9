namespace Pooler.Actors.Configuration;

/// <summary>How a database with several hosts chooses the next one (connection parameter load_balance_hosts).</summary>
public enum LoadBalanceHosts
{
    /// <summary>Each new connection of a pool takes the next host.</summary>
    RoundRobin,

    /// <summary>A pool stays with its host until connecting to it fails.</summary>
    Disable,
}
