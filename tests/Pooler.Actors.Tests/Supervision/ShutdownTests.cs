using Pooler.Actors.Admin;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Tests.Supervision;

/// <summary>The two ends that wait, as clients see them.</summary>
public sealed class ShutdownTests
{
    [Fact]
    public void WaitingForServersTurnsAwayWhoNeedsOneAndEndsWithTheLastTransaction()
    {
        using var pooler = new ScriptedPooler();
        var (busy, idle) = (pooler.Login(), pooler.Login());
        busy.Run("begin", pooler.Servers[0], TransactionStatus.InTransaction);
        pooler.Root.Tell(new ShutdownRequested(ShutdownMode.WaitForServers), Akka.Actor.ActorRefs.NoSender);
        pooler.Settle();
        idle.Query("select 1");
        Assert.Equal("server shutting down", idle.ExpectEnd());
        busy.Run("commit", pooler.Servers[0]);
        pooler.Until(() => pooler.Log.Contains("Information server connections dropped, exiting"));
        busy.ExpectEnd();
        Assert.DoesNotContain(pooler.Log, line => line.StartsWith("Error", StringComparison.Ordinal));
    }

    [Fact]
    public void WaitingForClientsServesThoseWhoAreThereAndEndsWithTheLast()
    {
        using var pooler = new ScriptedPooler();
        var client = pooler.Login();
        var late = pooler.Connect();
        pooler.Settle();
        pooler.Root.Tell(new ShutdownRequested(ShutdownMode.WaitForClients), Akka.Actor.ActorRefs.NoSender);
        pooler.Settle();
        late.SendStartup();
        Assert.Equal("pooler is shutting down", late.ExpectEnd());
        client.Run("select 1", pooler.Servers[0]);
        client.Send(writer => writer.WriteTerminate());
        pooler.Until(() => pooler.Log.Contains("Information client connections dropped, exiting"));
        Assert.DoesNotContain(pooler.Log, line => line.StartsWith("Error", StringComparison.Ordinal));
    }
}
