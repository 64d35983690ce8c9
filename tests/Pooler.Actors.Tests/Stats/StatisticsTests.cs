using Pooler.Actors.Admin;
using Pooler.Actors.Stats;

namespace Pooler.Actors.Tests.Stats;

public sealed class StatisticsTests
{
    private const long Second = 1_000_000;

    [Fact]
    public void Averages_are_integer_divisions()
    {
        var difference = new StatisticsSnapshot
        {
            QueryCount = 7,
            QueryTime = 20,
            TransactionCount = 3,
            TransactionTime = 10,
            ServerAssignmentCount = 2,
            WaitTime = 9,
            ReceivedBytes = 1999,
        };
        StatisticsSnapshot average = difference.Average(2 * Second);
        Assert.Equal(3, average.QueryCount);
        Assert.Equal(2, average.QueryTime);
        Assert.Equal(1, average.TransactionCount);
        Assert.Equal(3, average.TransactionTime);
        Assert.Equal(1, average.ServerAssignmentCount);
        Assert.Equal(4, average.WaitTime);
        Assert.Equal(999, average.ReceivedBytes);
    }

    [Fact]
    public void Averages_of_nothing_are_zero()
    {
        Assert.Equal(default, default(StatisticsSnapshot).Average(Second));
        Assert.Equal(0, new StatisticsSnapshot { QueryTime = 5, WaitTime = 5, TransactionTime = 5 }.Average(Second).QueryTime);
        Assert.Equal(default, new StatisticsSnapshot { QueryCount = 5 }.Average(0));
    }

    [Fact]
    public void Petabytes_do_not_overflow()
    {
        var difference = new StatisticsSnapshot { SentBytes = long.MaxValue };
        Assert.Equal(long.MaxValue / 2, difference.Average(2 * Second).SentBytes);
    }

    [Fact]
    public void Sum_and_difference_cover_every_counter()
    {
        StatisticsSnapshot one = Full(1);
        Assert.Equal(Full(3), one + Full(2));
        Assert.Equal(Full(2), Full(5) - Full(3));
        Assert.True(Full(2).IsAtLeast(Full(2)));
        foreach (var property in typeof(StatisticsSnapshot).GetProperties().Where(property => property.CanWrite))
        {
            object lower = Full(2);
            property.SetValue(lower, 1L);
            Assert.False(((StatisticsSnapshot)lower).IsAtLeast(Full(2)), property.Name);
        }
    }

    [Fact]
    public void A_snapshot_has_every_counter_of_the_pool()
    {
        var statistics = new PoolStatistics();
        foreach (var field in typeof(PoolStatistics).GetFields())
            field.SetValue(statistics, 9L);

        Assert.Equal(Full(9), statistics.Snapshot());
    }

    [Fact]
    public void Before_the_first_tick_the_window_begins_a_second_before_the_start()
    {
        StatisticsWindow window = StatisticsWindow.Begin(50 * Second);
        Assert.Equal(49 * Second, window.Start);
        Assert.Equal(10, window.Since(Pool("a", 10)).QueryCount);
    }

    [Fact]
    public void The_window_reaches_back_over_the_last_whole_period()
    {
        StatisticsWindow window = StatisticsWindow.Begin(100 * Second);

        // First tick: averages and the log line begin at the start.
        window = window.Advance(160 * Second, [Pool("a", 600)]);
        Assert.Equal(100 * Second, window.Start);
        Assert.Equal(700, window.Since(Pool("a", 700)).QueryCount);
        Assert.Equal(600, window.LastPeriod.QueryCount);
        Assert.Equal(10, window.LastPeriodAverage.QueryCount);

        // Second tick: averages begin at the first.
        window = window.Advance(220 * Second, [Pool("a", 1800)]);
        Assert.Equal(160 * Second, window.Start);
        Assert.Equal(1300, window.Since(Pool("a", 1900)).QueryCount);
        Assert.Equal(1200, window.LastPeriod.QueryCount);
        Assert.Equal(20, window.LastPeriodAverage.QueryCount);
    }

    [Fact]
    public void A_new_pool_begins_at_zero()
    {
        StatisticsWindow window = StatisticsWindow.Begin(0)
            .Advance(60 * Second, [Pool("a", 600)])
            .Advance(120 * Second, [Pool("a", 600), Pool("b", 60)]);
        Assert.Equal(60, window.LastPeriod.QueryCount);
        Assert.Equal(70, window.Since(Pool("b", 70)).QueryCount);
        Assert.Equal(5, window.Since(Pool("c", 5)).QueryCount);
    }

    [Fact]
    public void A_pool_that_was_made_anew_does_not_count_backwards()
    {
        StatisticsWindow window = StatisticsWindow.Begin(0).Advance(60 * Second, [Pool("a", 600)]).Advance(120 * Second, [Pool("a", 3)]);
        Assert.Equal(3, window.LastPeriod.QueryCount);
        Assert.Equal(3, window.Since(Pool("a", 3)).QueryCount);
    }

    [Fact]
    public void The_line_is_pgbouncers()
    {
        var average = new StatisticsSnapshot
        {
            TransactionCount = 1,
            QueryCount = 2,
            ClientParseCount = 3,
            ServerParseCount = 4,
            BindCount = 5,
            ClientLoginCount = 6,
            ReceivedBytes = 7,
            SentBytes = 8,
            TransactionTime = 9,
            QueryTime = 10,
            WaitTime = 11,
        };
        Assert.Equal(
            "stats: 1 xacts/s, 2 queries/s, 3 client parses/s, 4 server parses/s, 5 binds/s, 6 client logins/s, in 7 B/s, out 8 B/s, "
            + "xact 9 us, query 10 us, wait 11 us",
            StatisticsLine.Format(average));
        Assert.EndsWith("out 8 B/s, xact 9 μs, query 10 μs, wait 11 μs", StatisticsLine.FormatStatus(average), StringComparison.Ordinal);
    }

    private static PoolSnapshot Pool(string database, long queries) =>
        new() { Database = database, User = "u", Statistics = new StatisticsSnapshot { QueryCount = queries } };

    private static StatisticsSnapshot Full(long value)
    {
        object snapshot = default(StatisticsSnapshot);
        foreach (var property in typeof(StatisticsSnapshot).GetProperties().Where(property => property.CanWrite))
            property.SetValue(snapshot, value);

        return (StatisticsSnapshot)snapshot;
    }
}
