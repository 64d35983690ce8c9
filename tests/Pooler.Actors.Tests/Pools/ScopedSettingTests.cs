using Pooler.Actors.Tests.Configuration;
using Pooler.Actors.Tests.Supervision;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Tests.Pools;

/// <summary>
/// Every key of a [databases] and of a [users] line has its effect, on that database or user and on no other. Each key of the table of settings has a scenario here, so that one
/// that is added to the table without an effect is noticed.
/// </summary>
public sealed class ScopedSettingTests
{
    /// <summary>Keys that have no effect yet, of which the pooler warns.</summary>
    private static readonly string[] NotYet = ["auth_user", "auth_dbname", "auth_query"];

    /// <summary>Shown by tests of its own: the choice among several hosts.</summary>
    private static readonly string[] Elsewhere = ["load_balance_hosts"];

    private static readonly Dictionary<string, Action> OfDatabase = new()
    {
        ["dbname"] = () => Sends("dbname=real", "database real "),
        ["host"] = () => Reaches("db = host=10.0.0.1"),
        ["port"] = () => Reaches("db = host=10.0.0.1 port=5432"),
        ["user"] = () => Sends("user=boss", "user boss"),
        ["password"] = AsksForThePassword,
        ["client_encoding"] = () => Sends("client_encoding=LATIN1", "client_encoding LATIN1 "),
        ["datestyle"] = () => Sends("datestyle=German", "datestyle German "),
        ["timezone"] = () => Sends("timezone=Asia/Tokyo", "timezone Asia/Tokyo "),
        ["application_name"] = () => Sends("application_name=pooled", "application_name pooled "),
        ["pool_size"] = () => Limits("pool_size=1", "", servers: 1),
        ["min_pool_size"] = () => Keeps("min_pool_size=2"),
        ["reserve_pool_size"] = () => Limits("pool_size=1 reserve_pool_size=1", "", servers: 2),
        ["reserve_pool"] = () => Limits("pool_size=1 reserve_pool=1", "", servers: 2),
        ["max_db_connections"] = () => Limits("max_db_connections=1", "", servers: 1),
        ["max_db_client_connections"] = () => Refuses("max_db_client_connections=1", "", "client connections exceeded (max_db_client_connections)"),
        ["server_lifetime"] = ReplacesOldServers,
        ["query_wait_timeout"] = () => EndsAWaiter("pool_size=1 query_wait_timeout=2", "pool_size=1"),
        ["pool_mode"] = () => IsInSessionMode("pool_mode=session", ""),
        ["connect_query"] = AsksAtTheBeginning,
    };

    private static readonly Dictionary<string, Action> OfUser = new()
    {
        ["pool_mode"] = () => IsInSessionMode("", "pool_mode=session"),
        ["pool_size"] = () => Limits("", "pool_size=1", servers: 1),
        ["reserve_pool_size"] = () => Limits("", "pool_size=1 reserve_pool_size=1", servers: 2),
        ["max_user_connections"] = () => Limits("", "max_user_connections=1", servers: 1),
        ["max_user_client_connections"] = () => Refuses("", "max_user_client_connections=1", "client connections exceeded (max_user_client_connections)"),
        ["query_timeout"] = () => EndsAUser("query_timeout=2", "query timeout", client => client.Query("select 1")),
        ["idle_transaction_timeout"] = () => EndsAUser(
            "idle_transaction_timeout=2", "idle transaction timeout", client => client.Run("begin", client.Servers[^1], TransactionStatus.InTransaction)),
        ["transaction_timeout"] = () => EndsAUser(
            "transaction_timeout=2", "transaction timeout", client => client.Run("begin", client.Servers[^1], TransactionStatus.InTransaction)),
        ["client_idle_timeout"] = () => EndsAUser("client_idle_timeout=2", "client_idle_timeout", _ => { }),
        ["query_wait_timeout"] = () => EndsAWaiter("pool_size=1", "pool_size=1", "query_wait_timeout=2"),
    };

    public static TheoryData<string> DatabaseKeys => [.. SettingRow.OfScope("database").Select(row => row.Key).Except(NotYet).Except(Elsewhere)];

    public static TheoryData<string> UserKeys => [.. SettingRow.OfScope("user").Select(row => row.Key)];

    [Theory]
    [MemberData(nameof(DatabaseKeys))]
    public void AKeyOfADatabaseHasItsEffect(string key) => OfDatabase[key]();

    [Theory]
    [MemberData(nameof(UserKeys))]
    public void AKeyOfAUserHasItsEffect(string key) => OfUser[key]();

    private static ScriptedPooler Start(string database, string user = "", string settings = "") => new(
        settings, $"db = host=10.0.0.1 {database}\nplain = host=10.0.0.1\n[users]\nuser = {user}\n");

    /// <summary>The server's startup packet has this, and that of a database without the key has not.</summary>
    private static void Sends(string key, string text)
    {
        using var pooler = Start(key);
        pooler.Login();
        pooler.Login("other", "plain");
        Assert.Contains(text, pooler.Servers[0].Startup + " ", StringComparison.Ordinal);
        Assert.DoesNotContain(text, pooler.Servers[1].Startup + " ", StringComparison.Ordinal);
    }

    private static void Reaches(string line)
    {
        // Elsewhere nobody listens.
        using var pooler = new ScriptedPooler("", line + "\nhostless = host=10.0.0.9\nportless = host=10.0.0.1 port=5433");
        pooler.Login();
        Assert.Single(pooler.Servers);
        foreach (var database in new[] { "hostless", "portless" })
        {
            pooler.Connect().SendStartup("user", database);
        }

        pooler.RunFor(2);
        Assert.Single(pooler.Servers);
    }

    private static void AsksForThePassword()
    {
        using var pooler = Start("user=boss password='of the boss'");
        pooler.OnLogin = server =>
        {
            server.Send(writer => writer.WriteAuthenticationCleartextPassword());
            pooler.OnLogin = null;
        };
        pooler.Connect().SendStartup();
        pooler.Until(() => pooler.Servers.Count == 1);
        Assert.Equal("p of the boss", pooler.Servers[0].Expect("p"));
    }

    /// <summary>Of three clients that ask at the same time as many get a server; elsewhere all do.</summary>
    private static void Limits(string database, string user, int servers)
    {
        using var pooler = Start(database, user, "reserve_pool_timeout = 1");
        foreach (var (name, own, expected) in new[] { ("db", "user", servers), ("plain", "other", 3) })
        {
            var before = pooler.Servers.Count;
            var clients = Enumerable.Range(0, 3).Select(_ => pooler.Login(own, name)).ToArray();
            foreach (var client in clients)
            {
                client.Query("select 1");
                pooler.Settle();
            }

            pooler.RunFor(4);
            Assert.Equal(expected, pooler.Servers.Count - before);
        }
    }

    private static void Keeps(string key)
    {
        using var pooler = Start(key);
        pooler.Login();
        pooler.RunFor(3);
        Assert.Equal(2, pooler.Servers.Count);
        pooler.Login("other", "plain");
        pooler.RunFor(3);
        Assert.Equal(3, pooler.Servers.Count);
    }

    private static void Refuses(string database, string user, string text)
    {
        using var pooler = Start(database, user);
        pooler.Login();
        var second = pooler.Connect();
        second.SendStartup();
        Assert.Equal(text, second.ExpectEnd());
        pooler.Login("other", "plain");
        pooler.Login("other", "plain");
    }

    private static void ReplacesOldServers()
    {
        using var pooler = Start("server_lifetime=2");
        pooler.Login();
        pooler.Login("other", "plain");
        pooler.RunFor(5);
        Assert.Equal([true, false], pooler.Servers.Select(server => server.IsGone));
    }

    private static void EndsAWaiter(string database, string plain, string user = "")
    {
        using var pooler = new ScriptedPooler("", $"db = host=10.0.0.1 {database}\nplain = host=10.0.0.1 {plain}\n[users]\nuser = {user}\n");
        ScriptedClient Waiter(string name, string own)
        {
            pooler.Login(own, name).Run("begin", pooler.Servers[^1], TransactionStatus.InTransaction);
            var waiter = pooler.Login(own, name);
            waiter.Query("select 1");
            return waiter;
        }

        var (limited, other) = (Waiter("db", "user"), Waiter("plain", "other"));
        Assert.Equal("query_wait_timeout", limited.ExpectEnd(5));
        pooler.RunFor(5);
        Assert.False(other.IsGone);
    }

    private static void IsInSessionMode(string database, string user)
    {
        using var pooler = Start(database, user, "server_idle_timeout = 0");
        foreach (var (name, own, servers) in new[] { ("db", "user", 2), ("plain", "other", 1) })
        {
            var before = pooler.Servers.Count;
            var (first, second) = (pooler.Login(own, name), pooler.Login(own, name));
            first.Run("select 1", pooler.Servers[^1]);
            second.Query("select 2");
            pooler.Until(() => pooler.Servers.Count == before + servers);
            pooler.Servers[^1].Serve("select 2");
            second.Expect("Z");
        }
    }

    private static void AsksAtTheBeginning()
    {
        using var pooler = Start("connect_query='select hello'");
        var client = pooler.Connect();
        client.SendStartup();
        pooler.Until(() => pooler.Servers.Count == 1);
        pooler.Servers[0].Serve("select hello");
        client.Expect("Z");
        pooler.Login("other", "plain");
    }

    private static void EndsAUser(string key, string text, Action<UserAtWork> work)
    {
        using var pooler = Start("", key);
        var (limited, other) = (new UserAtWork(pooler, "user"), new UserAtWork(pooler, "other"));
        work(limited);
        pooler.Settle();
        work(other);
        Assert.Equal(text, limited.Client.ExpectEnd(5));
        pooler.RunFor(5);
        Assert.False(other.Client.IsGone);
    }

    private sealed class UserAtWork
    {
        private readonly ScriptedPooler _pooler;

        public UserAtWork(ScriptedPooler pooler, string user)
        {
            _pooler = pooler;
            Client = pooler.Login(user);
            Servers = [pooler.Servers[^1]];
        }

        public ScriptedClient Client { get; }

        public IReadOnlyList<ScriptedServer> Servers { get; }

        public void Query(string text) => Client.Query(text);

        public void Run(string text, ScriptedServer server, byte status)
        {
            Client.Run(text, server, status);
            _pooler.Settle();
        }
    }
}
