using Pooler.Actors.Configuration;

namespace Pooler.Actors.Tests.Configuration;

public sealed class PrecedenceTests
{
    private static readonly PoolerSettings Settings = Load("""
        [databases]
        plain =
        full = pool_size=5 min_pool_size=4 reserve_pool_size=3 pool_mode=statement session_state_tracking=replay max_db_connections=7 max_db_client_connections=8 server_lifetime=60 query_wait_timeout=9
        zero = pool_size=0 max_db_connections=0 server_lifetime=0 query_wait_timeout=0
        forced = user=boss password=secret
        forcedlisted = user=listed
        * = host=far auth_user=asker
        [users]
        special = pool_mode=session session_state_tracking=warn pool_size=2 reserve_pool_size=1 max_user_connections=11 max_user_client_connections=12 query_timeout=1 idle_transaction_timeout=2 transaction_timeout=3 client_idle_timeout=4 query_wait_timeout=5
        none = query_timeout=0 client_idle_timeout=0 query_wait_timeout=0 max_user_connections=0
        [pgbouncer]
        auth_file = users
        pool_mode = transaction
        session_state_tracking = pin
        default_pool_size = 20
        min_pool_size = 10
        reserve_pool_size = 6
        max_db_connections = 100
        max_user_connections = 200
        max_db_client_connections = -1
        query_timeout = 31
        idle_transaction_timeout = 32
        transaction_timeout = 33
        client_idle_timeout = 34
        query_wait_timeout = 35
        server_lifetime = 36
        """);

    [Theory]
    [InlineData("plain", "joe", 20, 10, 6, PoolMode.Transaction)]
    [InlineData("full", "joe", 5, 4, 3, PoolMode.Statement)]
    [InlineData("full", "special", 2, 2, 1, PoolMode.Session)]
    [InlineData("plain", "special", 2, 2, 1, PoolMode.Session)]
    [InlineData("zero", "joe", 0, 10, 6, PoolMode.Transaction)]
    public void PoolsAskTheServerUserThenTheDatabaseThenTheGlobalValue(
        string database, string serverUser, int size, int minimum, int reserve, PoolMode mode)
    {
        DatabaseSettings settings = Database(database);
        Assert.Equal(size, Settings.PoolSize(settings, serverUser));
        Assert.Equal(minimum, Settings.MinPoolSize(settings, serverUser));
        Assert.Equal(reserve, Settings.ReservePoolSize(settings, serverUser));
        Assert.Equal(mode, Settings.PoolMode(settings, serverUser));
    }

    [Theory]
    [InlineData("plain", "joe", StateTracking.Pin)]
    [InlineData("full", "joe", StateTracking.Replay)]
    [InlineData("full", "special", StateTracking.Warn)]
    public void StateTrackingIsAskedForLikeThePoolMode(string database, string serverUser, StateTracking tracking) =>
        Assert.Equal(tracking, Settings.SessionStateTracking(Database(database), serverUser));

    [Theory]
    [InlineData("plain", 100, 0, 36)]
    [InlineData("full", 7, 8, 60)]
    [InlineData("zero", 100, 0, 36)]
    public void ZeroInADatabaseFallsBackForLimitsAndLifetime(string database, int servers, int clients, int lifetime)
    {
        DatabaseSettings settings = Database(database);
        Assert.Equal(servers, Settings.MaxDbConnections(settings));
        Assert.Equal(clients, Settings.MaxDbClientConnections(settings));
        Assert.Equal(TimeSpan.FromSeconds(lifetime), Settings.ServerLifetime(settings));
    }

    [Theory]
    [InlineData("joe", 200, 0, 31, 32, 33, 34)]
    [InlineData("special", 11, 12, 1, 2, 3, 4)]
    [InlineData("none", 200, 0, 31, 32, 33, 34)]
    public void ZeroInAUserInherits(string user, int servers, int clients, int query, int idle, int transaction, int client)
    {
        Assert.Equal(servers, Settings.MaxUserConnections(user));
        Assert.Equal(clients, Settings.MaxUserClientConnections(user));
        Assert.Equal(TimeSpan.FromSeconds(query), Settings.QueryTimeout(user));
        Assert.Equal(TimeSpan.FromSeconds(idle), Settings.IdleTransactionTimeout(user));
        Assert.Equal(TimeSpan.FromSeconds(transaction), Settings.TransactionTimeout(user));
        Assert.Equal(TimeSpan.FromSeconds(client), Settings.ClientIdleTimeout(user));
    }

    [Theory]
    [InlineData("plain", "joe", 35)]
    [InlineData("full", "joe", 9)]
    [InlineData("zero", "joe", 0)]
    [InlineData("full", "special", 5)]
    [InlineData("full", "none", 0)]
    public void AnExplicitZeroOfQueryWaitTimeoutMeansNoLimit(string database, string user, int seconds)
    {
        Assert.Equal(TimeSpan.FromSeconds(seconds), Settings.QueryWaitTimeout(Database(database), user));
    }

    [Fact]
    public void ForcedUsersReplaceTheLoginUser()
    {
        Assert.Equal("boss", Settings.ServerUser(Database("forced"), "joe"));
        Assert.Equal("joe", Settings.ServerUser(Database("plain"), "joe"));
        Assert.Equal("secret", Settings.ServerSecret(Database("forced"), "boss"));
        Assert.Equal("listed secret", Settings.ServerSecret(Database("forcedlisted"), "listed"));
        Assert.Equal("listed secret", Settings.ServerSecret(Database("plain"), "listed"));
        Assert.Null(Settings.ServerSecret(Database("plain"), "blank"));
        Assert.Null(Settings.ServerSecret(Database("plain"), "joe"));
    }

    [Theory]
    [InlineData("listed", true)]
    [InlineData("blank", true)]
    [InlineData("special", true)]
    [InlineData("boss", true)]
    [InlineData("asker", true)]
    [InlineData("joe", false)]
    public void KnowsUsers(string user, bool known)
    {
        Assert.Equal(known, Settings.IsKnownUser(user));
    }

    [Fact]
    public void TheTemplateServesUnknownNames()
    {
        Assert.True(Settings.TryGetDatabase("plain", out DatabaseSettings? plain));
        Assert.Same(Settings.Databases["plain"], plain);
        Assert.True(Settings.TryGetDatabase("other", out DatabaseSettings? other));
        Assert.Equal(new DatabaseSettings { Name = "other", DbName = "other", Host = "far", AuthUser = "asker", IsAutoDatabase = true }, other);

        Assert.True(Settings.TryGetDatabase(new string('x', 63), out _));
        Assert.False(Settings.TryGetDatabase(new string('x', 64), out _));
        Assert.False(Settings.TryGetDatabase(new string('é', 32), out _));
        Assert.False(Settings.TryGetDatabase("pgbouncer", out _));
        Assert.False(Settings.TryGetDatabase("", out _));
        Assert.False((Settings with { AutoDatabase = null }).TryGetDatabase("other", out _));
    }

    [Fact]
    public void TheTemplateMayNameOneDatabaseForAll()
    {
        PoolerSettings settings = Load("[databases]\n* = dbname=postgres\n[pgbouncer]\n");
        Assert.True(settings.TryGetDatabase("other", out DatabaseSettings? other));
        Assert.Equal("postgres", other.DbName);
    }

    [Theory]
    [InlineData("a,b c", "b", true)]
    [InlineData("a,b c", "c", true)]
    [InlineData(" a\t,\nb ", "a", true)]
    [InlineData("ab,c", "a", false)]
    [InlineData("a,b", "A", false)]
    [InlineData("a,,b", "", false)]
    [InlineData("", "a", false)]
    public void NameListsMatchWholeNames(string list, string name, bool expected)
    {
        Assert.Equal(expected, NameList.Contains(list, name));
    }

    [Fact]
    public void NameListsSplit()
    {
        Assert.Equal(["a", "b", "c"], NameList.Split(" a,b  ,\tc,"));
        Assert.True(NameList.Contains("IntervalStyle", "intervalstyle", StringComparison.OrdinalIgnoreCase));
    }

    private static DatabaseSettings Database(string name) => Settings.Databases[name];

    private static PoolerSettings Load(string text)
    {
        MemoryFiles files = new() { ["test.ini"] = text, ["users"] = "\"listed\" \"listed secret\"\n\"blank\" \"\"\n" };
        LoadResult result = new SettingsLoader(files).Load("test.ini");
        Assert.Empty(result.Errors);
        return result.Settings!;
    }
}
