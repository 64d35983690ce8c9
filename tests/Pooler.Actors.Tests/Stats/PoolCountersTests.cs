using Pooler.Actors.Admin;
using Pooler.Actors.Stats;
using Pooler.Actors.Supervision;
using Pooler.Actors.Tests.Supervision;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Tests.Stats;

/// <summary>What raises the counters of a pool, and by how much: time passes only where the test says so.</summary>
public sealed class PoolCountersTests
{
    private const long Second = 1_000_000;

    [Fact]
    public void The_wait_for_a_pools_first_server_is_time_waited_but_no_query()
    {
        using var pooler = new ScriptedPooler();
        pooler.OnLogin = _ => { };
        var client = pooler.Connect();
        client.SendStartup();
        pooler.RunFor(3);
        pooler.Servers[0].LogIn();
        client.Expect("Z");
        StatisticsSnapshot counted = Counted(pooler);
        AssertSeconds(3, counted.WaitTime);
        Assert.Equal(1, counted.ClientLoginCount);
        Assert.Equal((0, 0, 0), (counted.QueryCount, counted.TransactionCount, counted.ServerAssignmentCount));

        // Who comes later does not wait.
        pooler.Login();
        Assert.Equal(counted.WaitTime, Counted(pooler).WaitTime);
        Assert.Equal(2, Counted(pooler).ClientLoginCount);
    }

    [Fact]
    public void A_query_begins_with_its_request_and_not_with_its_server()
    {
        using var pooler = new ScriptedPooler("default_pool_size = 1");
        var (first, second) = (pooler.Login(), pooler.Login());
        first.Query("select 1");
        pooler.Settle();
        second.Query("select 2");
        pooler.RunFor(2);
        StatisticsSnapshot waiting = Counted(pooler);
        Assert.Equal((2, 2, 1), (waiting.QueryCount, waiting.TransactionCount, waiting.ServerAssignmentCount));
        pooler.Servers[0].Serve("select 1");
        first.Expect("Z");
        pooler.RunFor(1);
        pooler.Servers[0].Serve("select 2");
        second.Expect("Z");
        StatisticsSnapshot counted = Counted(pooler) - waiting;
        Assert.Equal((0, 0, 1), (counted.QueryCount, counted.TransactionCount, counted.ServerAssignmentCount));

        // Two seconds of the first; two of the second's in the queue and one at the server.
        AssertSeconds(2 + 3, counted.QueryTime);
        AssertSeconds(2 + 3, counted.TransactionTime);
        AssertSeconds(2, counted.WaitTime);
    }

    [Fact]
    public void A_client_that_gives_up_has_asked_but_not_waited()
    {
        using var pooler = new ScriptedPooler("default_pool_size = 1\nquery_wait_timeout = 5");
        var (first, second) = (pooler.Login(), pooler.Login());
        first.Query("select 1");
        var waited = Counted(pooler).WaitTime;
        second.Query("select 2");
        Assert.Equal("query_wait_timeout", second.ExpectEnd());
        StatisticsSnapshot counted = Counted(pooler);
        Assert.Equal((2, 2, 1), (counted.QueryCount, counted.TransactionCount, counted.ServerAssignmentCount));
        Assert.Equal(waited, counted.WaitTime);
    }

    [Fact]
    public void A_transaction_lasts_over_its_queries_and_the_pauses_between_them()
    {
        using var pooler = new ScriptedPooler();
        var client = pooler.Login();
        StatisticsSnapshot before = Counted(pooler);
        client.Run("begin", pooler.Servers[0], TransactionStatus.InTransaction);
        pooler.RunFor(4);
        client.Query("commit");
        pooler.RunFor(1);
        pooler.Servers[0].Serve("commit");
        client.Expect("Z");
        StatisticsSnapshot counted = Counted(pooler) - before;
        Assert.Equal((2, 1, 1), (counted.QueryCount, counted.TransactionCount, counted.ServerAssignmentCount));
        AssertSeconds(1, counted.QueryTime);
        AssertSeconds(5, counted.TransactionTime);
    }

    [Fact]
    public void A_lone_flush_leaves_no_query_running()
    {
        using var pooler = new ScriptedPooler("pool_mode = session");
        var client = pooler.Login();
        client.Send([FrontendMessage.Flush, 0, 0, 0, 4]);
        pooler.RunFor(60);
        StatisticsSnapshot before = Counted(pooler);
        client.Run("select 1", pooler.Servers[0]);
        StatisticsSnapshot counted = Counted(pooler) - before;
        Assert.Equal((1, 1), (counted.QueryCount, counted.TransactionCount));
        AssertSeconds(0, counted.QueryTime);
    }

    private static StatisticsSnapshot Counted(ScriptedPooler pooler)
    {
        pooler.Settle();
        int before = pooler.Answers.Count;
        pooler.Tell(ActorNames.Pools, new CollectPools(1));
        pooler.Until(() => pooler.Answers.Skip(before).OfType<PoolCollected>().Any());
        return pooler.Answers.OfType<PoolCollected>().Last().Pool.Statistics;
    }

    // The simulated network takes its time, and so does settling.
    private static void AssertSeconds(long seconds, long microseconds) =>
        Assert.InRange(microseconds, seconds * Second - Second / 10, seconds * Second + Second * 7 / 10);
}
