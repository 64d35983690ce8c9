using Pooler.Actors.Configuration;
using Pooler.Actors.Pools;

namespace Pooler.Actors.Tests.Pools;

public sealed class HostRotationTests
{
    private readonly HostRotation _rotation = new();

    [Fact]
    public void HostsTakeTurns()
    {
        Assert.Equal([0, 1, 2], Enumerable.Range(0, 3).Select(_ => _rotation.Next(LoadBalanceHosts.RoundRobin)));
        _rotation.Fail();
        Assert.Equal(3, _rotation.Next(LoadBalanceHosts.RoundRobin));
    }

    [Fact]
    public void WithoutBalanceOneHostStaysUntilItFails()
    {
        Assert.Equal([0, 0], Enumerable.Range(0, 2).Select(_ => _rotation.Next(LoadBalanceHosts.Disable)));
        _rotation.Fail();
        Assert.Equal([1, 1], Enumerable.Range(0, 2).Select(_ => _rotation.Next(LoadBalanceHosts.Disable)));
        _rotation.Fail();
        Assert.Equal(2, _rotation.Next(LoadBalanceHosts.Disable));
    }
}
