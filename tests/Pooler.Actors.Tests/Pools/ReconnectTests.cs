using Pooler.Actors.Tests.Supervision;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Tests.Pools;

/// <summary>RECONNECT: old servers serve what has begun, and no more.</summary>
public sealed class ReconnectTests
{
    [Fact]
    public void FreeServersCloseSoonAndBusyOnesWhenTheyComeBack()
    {
        using var pooler = new ScriptedPooler();
        var (busy, other) = (pooler.Login(), pooler.Login());
        busy.Run("begin", pooler.Servers[0], TransactionStatus.InTransaction);
        other.Query("select 1");
        pooler.Until(() => pooler.Servers.Count == 2);
        pooler.Servers[1].Serve("select 1");
        other.Expect("Z");
        Command(pooler, "RECONNECT");
        pooler.RunFor(1);
        Assert.Equal((false, true), (pooler.Servers[0].IsGone, pooler.Servers[1].IsGone));

        other.Query("select 2");
        pooler.Until(() => pooler.Servers.Count == 3);
        pooler.Servers[2].Serve("select 2");
        other.Expect("Z");
        busy.Run("commit", pooler.Servers[0]);
        pooler.Settle();
        Assert.True(pooler.Servers[0].IsGone);
        Assert.False(pooler.Servers[2].IsGone);
        Assert.Contains(pooler.Log, line => line.Contains("closing because: close_needed", StringComparison.Ordinal));
    }

    [Fact]
    public void ThePoolNeverExceedsItsSizeMeanwhile()
    {
        using var pooler = new ScriptedPooler("default_pool_size = 2");
        var (first, second) = (pooler.Login(), pooler.Login());
        first.Run("begin", pooler.Servers[0], TransactionStatus.InTransaction);
        second.Query("begin");
        pooler.Until(() => pooler.Servers.Count == 2);
        pooler.Servers[1].Serve("begin", TransactionStatus.InTransaction);
        second.Expect("Z");
        Command(pooler, "RECONNECT db");

        // Its login needs a server that can tell the parameters, and both places are taken.
        var third = pooler.Connect();
        third.SendStartup();
        pooler.RunFor(2);
        Assert.Equal(2, pooler.Servers.Count);
        Assert.Empty(third.Messages);
        first.Run("commit", pooler.Servers[0]);
        third.Expect("Z");
        Assert.Equal(3, pooler.Servers.Count);
        Assert.True(pooler.Servers[0].IsGone);
        third.Run("select 1", pooler.Servers[2]);
    }

    [Fact]
    public void AFreeServerMakesRoomForALoginAtOnce()
    {
        using var pooler = new ScriptedPooler("default_pool_size = 1");
        pooler.Login().Run("select 1", pooler.Servers[0]);
        Command(pooler, "RECONNECT");
        pooler.Login().Run("select 2", pooler.Servers[1]);
        Assert.True(pooler.Servers[0].IsGone);
    }

    [Fact]
    public void ALoginUnderWayIsDroppedAndIsNoFailure()
    {
        using var pooler = new ScriptedPooler("server_login_retry = 100");
        pooler.OnLogin = _ => { };
        var client = pooler.Connect();
        client.SendStartup();
        pooler.Until(() => pooler.Servers.Count == 1 && pooler.Servers[0].Messages.Count > 0);
        pooler.OnLogin = null;
        Command(pooler, "RECONNECT");
        client.Expect("Z");
        Assert.True(pooler.Servers[0].IsGone);
        client.Run("select 1", pooler.Servers[1]);
    }

    [Fact]
    public void AFailedLoginIsForgotten()
    {
        using var pooler = new ScriptedPooler("server_login_retry = 100");
        pooler.OnLogin = server => server.Send(writer => writer.WriteFatal("too many", "53300"));
        var client = pooler.Connect();
        client.SendStartup();
        Assert.Equal("too many", client.ExpectEnd());
        pooler.OnLogin = null;
        Command(pooler, "RECONNECT db");
        pooler.Login().Run("select 1", pooler.Servers[^1]);
    }

    private static void Command(ScriptedPooler pooler, string text) => Assert.Equal("RECONNECT", pooler.Command(text));
}
