using System.Collections.Frozen;
using Pooler.Actors.Configuration;
using Pooler.Host.Process;

namespace Pooler.Host.Tests.Process;

public sealed class DescriptorLimitTests
{
    private static readonly UserList ThreeUsers = new([new("u1", "p"), new("u2", "p"), new("u3", "p")]);

    [Fact]
    public void CountsClientsAndASpareWithoutDatabases()
    {
        Assert.Equal(112, DescriptorLimit.Expected(PoolerSettings.Default));
        Assert.Equal(112, DescriptorLimit.Expected(PoolerSettings.Default with { UserList = ThreeUsers }));
    }

    [Fact]
    public void CountsOnePoolPerUserAndDatabase()
    {
        PoolerSettings settings = With(new DatabaseSettings { Name = "a", DbName = "a" });

        Assert.Equal(132, DescriptorLimit.Expected(settings));
        Assert.Equal(192, DescriptorLimit.Expected(settings with { UserList = ThreeUsers }));
    }

    [Fact]
    public void CountsOnePoolForAForcedUserAndThePoolsOwnSize()
    {
        PoolerSettings settings = With(
            new DatabaseSettings { Name = "a", DbName = "a", User = "x" },
            new DatabaseSettings { Name = "b", DbName = "b", PoolSize = 3 });

        Assert.Equal(135, DescriptorLimit.Expected(settings));
        Assert.Equal(144, DescriptorLimit.Expected(settings with { UserList = ThreeUsers }));
    }

    [Fact]
    public void CountsUsersOfBothLists()
    {
        PoolerSettings settings = With(new DatabaseSettings { Name = "a", DbName = "a" }) with
        {
            Global = GlobalSettings.Default with { DefaultPoolSize = 7 },
            UserList = ThreeUsers,
            Users = new Dictionary<string, UserSettings>
            {
                ["u9"] = new() { Name = "u9" },
                ["u1"] = new() { Name = "u1" },
            }.ToFrozenDictionary(),
        };

        Assert.Equal(147, DescriptorLimit.Expected(settings));
    }

    [Fact]
    public void SaysItInPgBouncersWords()
    {
        Assert.Equal(
            "kernel file descriptor limit: 1024 (hard: 20000); max_client_conn: 100, max expected fd use: 112",
            DescriptorLimit.Text((1024, 20000), PoolerSettings.Default));
    }

    [Theory]
    [InlineData(20_000, 19_808, false)]
    [InlineData(20_000, 19_809, true)]
    [InlineData(100, 1, true)]
    [InlineData(-1, 1_000_000, false)]
    public void WarnsOfALimitThatDoesNotDoForAllClients(long soft, int clients, bool warns) =>
        Assert.Equal(warns, DescriptorLimit.Warning((soft, soft), GlobalSettings.Default with { MaxClientConn = clients }) is not null);

    [Fact]
    public void SaysHowManyClientsTheLimitIsEnoughFor() =>
        Assert.Equal(
            "kernel file descriptor limit is too low for max_client_conn: 20000 descriptors are enough for about 19808 clients, max_client_conn is 40000",
            DescriptorLimit.Warning((20_000, 20_000), GlobalSettings.Default with { MaxClientConn = 40_000 }));

    [Fact]
    public void RaisesTheSoftLimit()
    {
        (long soft, long hard) = DescriptorLimit.Raise();

        Assert.Equal(hard, soft);
    }

    private static PoolerSettings With(params DatabaseSettings[] databases) =>
        PoolerSettings.Default with { Databases = databases.ToFrozenDictionary(database => database.Name) };
}
