using Pooler.Actors.Configuration;

namespace Pooler.Actors.Pools;

/// <summary>Which host of a list the next connection of a pool goes to. Pure; the pool's, on its loop's thread.</summary>
internal sealed class HostRotation
{
    private int _turn;
    private bool _hasFailed;

    /// <summary>The turn of the next attempt: the host's place in the list, but for whole rounds.</summary>
    public int Next(LoadBalanceHosts balance)
    {
        if (balance == LoadBalanceHosts.RoundRobin)
        {
            return _turn++;
        }

        // One host for everything, as long as it can be had.
        _turn += _hasFailed ? 1 : 0;
        _hasFailed = false;
        return _turn;
    }

    /// <summary>The last attempt did not come to a login.</summary>
    public void Fail() => _hasFailed = true;
}
