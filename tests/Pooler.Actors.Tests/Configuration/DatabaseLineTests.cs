using Pooler.Actors.Configuration;

namespace Pooler.Actors.Tests.Configuration;

public sealed class DatabaseLineTests
{
    [Fact]
    public void ReadsEveryParameter()
    {
        const string Line = "dbname=d host=h port=1 user=u password=p auth_user=au auth_dbname=ad auth_query='select $1, ''x''' "
            + "client_encoding=UTF8 datestyle='ISO, DMY' timezone=UTC application_name=app pool_size=2 min_pool_size=3 reserve_pool_size=4 "
            + "max_db_connections=5 max_db_client_connections=6 server_lifetime=7 query_wait_timeout=8 pool_mode=Transaction "
            + "connect_query='SELECT 1' load_balance_hosts=DISABLE";
        DatabaseSettings expected = new()
        {
            Name = "name",
            DbName = "d",
            Host = "h",
            Port = 1,
            User = "u",
            Password = "p",
            AuthUser = "au",
            AuthDbName = "ad",
            AuthQuery = "select $1, 'x'",
            ClientEncoding = "UTF8",
            DateStyle = "ISO, DMY",
            TimeZone = "UTC",
            ApplicationName = "app",
            PoolSize = 2,
            MinPoolSize = 3,
            ReservePoolSize = 4,
            MaxDbConnections = 5,
            MaxDbClientConnections = 6,
            ServerLifetime = TimeSpan.FromSeconds(7),
            QueryWaitTimeout = TimeSpan.FromSeconds(8),
            PoolMode = PoolMode.Transaction,
            ConnectQuery = "SELECT 1",
            LoadBalanceHosts = LoadBalanceHosts.Disable,
        };

        Assert.Equal(expected, Parse(Line));
    }

    [Fact]
    public void KnowsEveryParameterOfTheReference()
    {
        foreach (SettingRow row in SettingRow.OfScope("database"))
        {
            string value = row.Key switch
            {
                "pool_mode" => "session",
                "load_balance_hosts" => "disable",
                _ => "1",
            };
            Assert.NotEqual(Parse(""), Parse($"{row.Key}={value}"));
        }

        foreach (SettingRow row in SettingRow.OfScope("user"))
        {
            Assert.Null(UserLine.Parse("bob", $"{row.Key}={(row.Key == "pool_mode" ? "session" : "1")}", out UserSettings user));
            Assert.NotEqual(new UserSettings { Name = "bob" }, user);
        }

        foreach (SettingRow row in SettingRow.OfScope("peer"))
        {
            Assert.Null(PeerLine.Parse("1", $"host=h {row.Key}=1", out PeerSettings peer));
            Assert.NotEqual(new PeerSettings { Id = 1, Host = "h" }, peer);
        }
    }

    [Fact]
    public void AnEmptyLineMeansTheSameNameOnTheUnixSocket()
    {
        Assert.Equal(new DatabaseSettings { Name = "name", DbName = "name", Host = null, Port = 5432 }, Parse(""));
    }

    [Theory]
    [InlineData("host=a", "a")]
    [InlineData("  host = a  ", "a")]
    [InlineData("host='a b'", "a b")]
    [InlineData("host='it''s'", "it's")]
    [InlineData("host=''''", "'")]
    [InlineData("host=a'b", "a'b")]
    [InlineData("host=a=b", "a=b")]
    [InlineData("host=a host=b", "b")]
    [InlineData("host=a\tport=1", "a\tport=1")]
    [InlineData("host=/tmp", "/tmp")]
    [InlineData("host=@name", "@name")]
    public void ReadsValues(string line, string host)
    {
        Assert.Equal(host, Parse(line).Host);
    }

    [Fact]
    public void SplitsHostLists()
    {
        Assert.Empty(Parse("").Hosts);
        Assert.Equal(["a"], Parse("host=a").Hosts);
        Assert.Equal(["a", " b", "::1"], Parse("host='a, b,::1'").Hosts);
    }

    [Theory]
    [InlineData("pool_size=-1", null)]
    [InlineData("pool_size=0", 0)]
    [InlineData("pool_size=12abc", 12)]
    [InlineData("pool_size=abc", 0)]
    [InlineData("pool_size=99999999999", int.MaxValue)]
    public void ReadsNumbersLeniently(string line, int? expected)
    {
        Assert.Equal(expected, Parse(line).PoolSize);
    }

    [Fact]
    public void ReserveHasAnOldName()
    {
        Assert.Equal(9, Parse("reserve_pool=9").ReservePoolSize);
    }

    [Theory]
    [InlineData("dbname=x", true)]
    [InlineData("host=x", true)]
    [InlineData("port=1", true)]
    [InlineData("user=x", true)]
    [InlineData("connect_query=x", true)]
    [InlineData("auth_dbname=x", true)]
    [InlineData("auth_query=x", true)]
    [InlineData("load_balance_hosts=disable", true)]
    [InlineData("password=x", false)]
    [InlineData("client_encoding=x", false)]
    [InlineData("application_name=x", false)]
    [InlineData("pool_size=1", false)]
    [InlineData("pool_mode=statement", false)]
    [InlineData("server_lifetime=1", false)]
    [InlineData("auth_user=x", false)]
    public void KnowsWhichChangesMakeServersDirty(string line, bool dirty)
    {
        Assert.Equal(dirty, Parse(line).IsDirtyAgainst(Parse("")));
    }

    private static DatabaseSettings Parse(string line)
    {
        Assert.Null(DatabaseLine.Parse("name", line, out DatabaseSettings database));
        return database;
    }
}
