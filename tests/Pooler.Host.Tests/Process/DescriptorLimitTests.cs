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

    [Fact]
    public void RaisesTheSoftLimit()
    {
        (long soft, long hard) = DescriptorLimit.Raise();

        Assert.Equal(hard, soft);
    }

    private static PoolerSettings With(params DatabaseSettings[] databases) =>
        PoolerSettings.Default with { Databases = databases.ToFrozenDictionary(database => database.Name) };
}
