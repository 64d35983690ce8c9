using Akka.Actor;
using Pooler.Actors.Pools;
using Pooler.Actors.Supervision;

namespace Pooler.Actors.Tests.Pools;

public sealed class PoolServersTests
{
    private readonly PoolServers _servers = new();
    private readonly PooledServer[] _all = [.. Enumerable.Range(0, 3).Select(i => new PooledServer(i, ActorRefs.Nobody, new ServerPlaces().Take("db", "user"), 0, default))];

    public PoolServersTests()
    {
        foreach (var server in _all)
        {
            _servers.Add(server);
        }
    }

    [Fact]
    public void TheLastInIsTheFirstOut()
    {
        MakeIdle(roundRobin: false);
        Assert.Equal([2, 1, 0], _servers.Idle.Select(server => server.Id));
    }

    [Fact]
    public void RoundRobinTakesTheOneThatHasRestedLongest()
    {
        MakeIdle(roundRobin: true);
        Assert.Equal([0, 1, 2], _servers.Idle.Select(server => server.Id));
    }

    [Fact]
    public void OneThatHasToCloseIsUsedLast()
    {
        _all[2].CloseNeeded = true;
        MakeIdle(roundRobin: false);
        Assert.Equal([1, 0, 2], _servers.Idle.Select(server => server.Id));
    }

    [Fact]
    public void EveryMoveIsCounted()
    {
        Assert.Equal(3, _servers.Count(ServerState.Login));
        MakeIdle(roundRobin: false);
        _servers.Move(_all[0], ServerState.Active);
        _servers.MoveToUsed(_all[1]);
        Assert.Equal((1, 1, 1, 0), (_servers.Count(ServerState.Active), _servers.Count(ServerState.Used), _servers.Count(ServerState.Idle), _servers.Count(ServerState.Login)));
        Assert.Equal(_all[1], Assert.Single(_servers.Used));
        _servers.Move(_all[1], ServerState.Closing);
        Assert.Empty(_servers.Used);
        Assert.Equal(2, _servers.Open);
        _servers.Remove(_all[1]);
        _servers.Remove(_all[1]);
        _servers.Remove(_all[2]);
        Assert.Empty(_servers.Idle);
        Assert.Equal(1, _servers.Open);
        Assert.Equal(0, _servers.Count(ServerState.Closing));
        Assert.False(_servers.TryGet(1, out _));
    }

    private void MakeIdle(bool roundRobin)
    {
        foreach (var server in _all)
        {
            _servers.MoveToIdle(server, roundRobin);
        }
    }
}
