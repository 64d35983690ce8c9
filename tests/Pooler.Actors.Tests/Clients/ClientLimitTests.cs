using Pooler.Actors.Tests.Supervision;

namespace Pooler.Actors.Tests.Clients;

/// <summary>max_client_conn, max_db_client_connections and max_user_client_connections: whoever leaves, in whatever way, leaves a place.</summary>
public sealed class ClientLimitTests
{
    private const string DatabaseFull = "client connections exceeded (max_db_client_connections)";
    private const string UserFull = "client connections exceeded (max_user_client_connections)";

    public static TheoryData<string> WaysToLeave => ["reset", "end", "wrong password", "logged in, goodbye", "logged in, reset in a query", "waiting for a server"];

    [Theory]
    [MemberData(nameof(WaysToLeave))]
    public void WhoeverLeavesLeavesItsPlace(string way)
    {
        using var pooler = new ScriptedPooler("auth_type = plain\nmax_db_client_connections = 1\nmax_user_client_connections = 1\ndefault_pool_size = 1");
        for (var i = 0; i < 3; i++)
        {
            var client = pooler.Connect();
            client.SendStartup();
            client.Expect("R");
            Assert.Equal(DatabaseFull, RefusalOf(pooler, "other", "db"));
            Leave(pooler, client, way);
            pooler.Settle();
        }

        LogIn(pooler, "user").Send(writer => writer.WriteTerminate());
        pooler.Settle();
        LogIn(pooler, "other");
    }

    [Fact]
    public void TheLimitIsTheLastNumberThatIsLetIn()
    {
        using var pooler = new ScriptedPooler("max_user_client_connections = 3", "db = host=10.0.0.1\ntwo = host=10.0.0.1 max_db_client_connections=2");
        pooler.Login("user", "two");
        pooler.Login("user", "two");
        Assert.Equal(DatabaseFull, RefusalOf(pooler, "user", "two"));
        Assert.Equal(DatabaseFull, RefusalOf(pooler, "other", "two"));
        pooler.Login("user");
        Assert.Equal(UserFull, RefusalOf(pooler, "user", "db"));
        pooler.Login("other");
    }

    [Fact]
    public void DatabasesOfTheStarCountOneByOne()
    {
        using var pooler = new ScriptedPooler("max_db_client_connections = 1", "* = host=10.0.0.1");
        pooler.Login("user", "first");
        Assert.Equal(DatabaseFull, RefusalOf(pooler, "user", "first"));
        pooler.Login("user", "second");
    }

    [Fact]
    public void ForAnybodyTheForcedUserCounts()
    {
        using var pooler = new ScriptedPooler("auth_type = any\nmax_user_client_connections = 1", "db = host=10.0.0.1 user=boss\ntwo = host=10.0.0.1 user=other");
        pooler.Login("whoever");
        Assert.Equal(UserFull, RefusalOf(pooler, "another", "db"));
        pooler.Login("another", "two");
    }

    [Fact]
    public void AdminsOfTheConsoleAreNotCountedOut()
    {
        using var pooler = new ScriptedPooler("stats_users = other\nmax_client_conn = 1\nmax_db_client_connections = 1\nmax_user_client_connections = 1");
        pooler.Login("admin", "pgbouncer");
        pooler.Login("admin", "pgbouncer");
        Assert.Equal(DatabaseFull, RefusalOf(pooler, "other", "pgbouncer"));
    }

    [Fact]
    public void AConsoleThatIsLeftLeavesItsPlace()
    {
        using var pooler = new ScriptedPooler("stats_users = other\nmax_db_client_connections = 1");
        for (var i = 0; i < 3; i++)
        {
            var console = pooler.Login("other", "pgbouncer");
            Assert.Equal(DatabaseFull, RefusalOf(pooler, "other", "pgbouncer"));
            console.Send(writer => writer.WriteTerminate());
            pooler.Settle();
        }
    }

    private static void Leave(ScriptedPooler pooler, ScriptedClient client, string way)
    {
        switch (way)
        {
            case "reset":
                client.Peer.Reset();
                return;
            case "end":
                client.Peer.Close();
                return;
            case "wrong password":
                client.Send(writer => writer.WritePasswordMessage("wrong"u8));
                Assert.Equal("password authentication failed", client.ExpectEnd());
                return;
            default:
                break;
        }

        if (way == "waiting for a server")
        {
            pooler.OnLogin = _ => { };
            client.Send(writer => writer.WritePasswordMessage("secret"u8));
            pooler.Settle();
            client.Peer.Reset();
            pooler.OnLogin = null;
            pooler.RunFor(20);
            return;
        }

        client.Send(writer => writer.WritePasswordMessage("secret"u8));
        client.Expect("Z");
        if (way == "logged in, goodbye")
        {
            client.Send(writer => writer.WriteTerminate());
        }
        else
        {
            client.Query("select 1");
            pooler.Settle();
            client.Peer.Reset();
        }
    }

    private static ScriptedClient LogIn(ScriptedPooler pooler, string user)
    {
        var client = pooler.Connect();
        client.SendStartup(user);
        client.Expect("R");
        client.Send(writer => writer.WritePasswordMessage("secret"u8));
        client.Expect("Z");
        return client;
    }

    private static string? RefusalOf(ScriptedPooler pooler, string user, string database)
    {
        var client = pooler.Connect();
        client.SendStartup(user, database);
        return client.ExpectEnd();
    }
}
