using Pooler.Actors.Configuration;

namespace Pooler.Actors.Tests.Configuration;

public sealed class SettingsDiffTests
{
    [Fact]
    public void OfEqualSettingsIsEmpty()
    {
        const string Text = "[databases]\na = host=x\n* =\n[users]\nu = pool_size=1\n[peers]\n1 = host=p\n[pgbouncer]\nverbose = 1\nauth_file = users\n";
        Assert.True(SettingsDiff.Between(Load(Text), Load(Text)).IsEmpty);
    }

    [Fact]
    public void SortsDatabasesOut()
    {
        SettingsDiff diff = Between(
            "[databases]\nsame = host=x\ngone2 =\ngone1 =\nsize = pool_size=1\nmoved = host=x\n[pgbouncer]",
            "[databases]\nsame = host=x\nnew =\nsize = pool_size=2\nmoved = host=y\n[pgbouncer]");

        Assert.Equal(["new"], diff.DatabasesAdded);
        Assert.Equal(["gone1", "gone2"], diff.DatabasesRemoved);
        Assert.Equal(["moved", "size"], diff.DatabasesChanged);
        Assert.Equal(["moved"], diff.DatabasesDirty);
        Assert.False(diff.AutoDatabaseChanged);
        Assert.False(diff.IsEmpty);
    }

    [Theory]
    [InlineData("", "* = host=x", true, false)]
    [InlineData("* = host=x", "", true, true)]
    [InlineData("* = host=x", "* = host=y", true, true)]
    [InlineData("* = host=x", "* = host=x pool_size=1", true, false)]
    [InlineData("* = host=x", "* = host=x", false, false)]
    public void WatchesTheTemplate(string old, string fresh, bool changed, bool dirty)
    {
        SettingsDiff diff = Between($"[databases]\n{old}\n[pgbouncer]", $"[databases]\n{fresh}\n[pgbouncer]");
        Assert.Equal(changed, diff.AutoDatabaseChanged);
        Assert.Equal(dirty, diff.AutoDatabaseDirty);
        Assert.Equal(changed, !diff.IsEmpty);
    }

    [Fact]
    public void ListsUsersAndPeers()
    {
        SettingsDiff diff = Between(
            "[users]\na = pool_size=1\nb = pool_size=1\nsame = pool_size=1\n[peers]\n1 = host=a\n2 = host=b\n3 = host=c\n[pgbouncer]",
            "[users]\na = pool_size=2\nc = pool_size=1\nsame = pool_size=1\n[peers]\n1 = host=a\n3 = host=d\n4 = host=e\n[pgbouncer]");

        Assert.Equal(["a", "b", "c"], diff.UsersChanged);
        Assert.Equal([2, 3, 4], diff.PeersChanged);
    }

    [Fact]
    public void ListsSecrets()
    {
        PoolerSettings old = PoolerSettings.Default with { UserList = new UserList([new("a", "1"), new("b", "1"), new("c", "1")]) };
        PoolerSettings fresh = old with { UserList = new UserList([new("a", "1"), new("b", "2"), new("d", "1")]) };
        SettingsDiff diff = SettingsDiff.Between(old, fresh);

        Assert.Equal(["b", "d"], diff.SecretsChanged);
        Assert.Equal(["c"], diff.SecretsRemoved);
    }

    [Theory]
    [InlineData("verbose = 1", false, true)]
    [InlineData("logfile = x", false, true)]
    [InlineData("syslog_ident = x", false, true)]
    [InlineData("log_connections = 0", false, false)]
    [InlineData("tcp_keepidle = 1", true, false)]
    [InlineData("tcp_defer_accept = 0", true, false)]
    [InlineData("pool_mode = statement", false, false)]
    public void ListsGlobalKeys(string line, bool sockets, bool logging)
    {
        SettingsDiff diff = Between("[pgbouncer]", "[pgbouncer]\n" + line);
        Assert.Equal([line.Split(' ')[0]], diff.GlobalKeys);
        Assert.Equal(sockets, diff.SocketOptionsChanged);
        Assert.Equal(logging, diff.LoggingChanged);
    }

    private static SettingsDiff Between(string old, string fresh) => SettingsDiff.Between(Load(old), Load(fresh));

    private static PoolerSettings Load(string text)
    {
        LoadResult result = new SettingsLoader(new MemoryFiles { ["test.ini"] = text, ["users"] = "\"a\" \"b\"" }).Load("test.ini");
        Assert.Empty(result.Errors);
        return result.Settings!;
    }
}
