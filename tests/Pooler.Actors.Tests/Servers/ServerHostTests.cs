using Pooler.Actors.Servers;
using Pooler.Actors.Transport;

namespace Pooler.Actors.Tests.Servers;

public sealed class ServerHostTests
{
    [Theory]
    [InlineData("/run/pg", "/run/pg/.s.PGSQL.5433")]
    [InlineData("/run/pg/", "/run/pg/.s.PGSQL.5433")]
    [InlineData("@pg", "@pg/.s.PGSQL.5433")]
    public void DirectoriesAndAbstractNamesAreUnixSockets(string host, string path) =>
        Assert.Equal(new ConnectTarget.Unix(path, 5433), ServerHost.WithoutLookup(host, 5433));

    [Theory]
    [InlineData("10.1.2.3")]
    [InlineData("::1")]
    [InlineData("fe80::1")]
    public void AddressesAreNotLookedUp(string host) =>
        Assert.Equal(new ConnectTarget.Tcp(System.Net.IPAddress.Parse(host), 5433), ServerHost.WithoutLookup(host, 5433));

    [Theory]
    [InlineData("db")]
    [InlineData("10")]
    [InlineData("127.1")]
    [InlineData("1.2.3.example")]
    [InlineData("localhost")]
    public void EverythingElseIsAName(string host) => Assert.Null(ServerHost.WithoutLookup(host, 5433));
}
