using Pooler.Actors.Wire;

namespace Pooler.Actors.Tests.Relay.Prepared;

/// <summary>Batches that are made again because a result has changed, and those that cannot be.</summary>
public sealed class BatchRetryTests : StatementRelayScene
{
    [Fact]
    public void ABatchWhosePlanIsOutOfDateIsMadeAgain()
    {
        var server = NewServer();
        var client = NewClient();
        Prepare(client, server, "a", "select * from t");
        Send(client, server, Bind("a"), Describe("a"), Execute, Sync);
        byte[][] batch = server.Received();
        Answer(client, server, "E:" + Changed);
        Assert.True(server.Link.IsClientHeld);
        Assert.Empty(server.Received());
        Answer(client, server, "Z");
        Assert.False(server.Link.IsClientHeld);
        Assert.Equal([Close("PGBOUNCER_1"), Parse("PGBOUNCER_1", "select * from t"), .. batch], server.Received());
        Assert.Equal("", client.Types());
        Answer(client, server, "3", "1", "2", "T", "C:SELECT 1", "Z");
        Assert.Equal("2TCZ", client.Types());
        Assert.True(server.Link.IsReleasable);
        Assert.Equal(0, Buffers.Rented);
        Send(client, server, Bind("a"), Execute, Sync);
        Assert.Equal([Bind("PGBOUNCER_1"), Execute, Sync], server.Received());
    }

    [Fact]
    public void ABatchIsMadeAgainAsOftenAsTheTableChangesButNotForEver()
    {
        var server = NewServer();
        var client = NewClient();
        Prepare(client, server, "a", "select * from t");
        foreach (var isAccepted in new[] { true, false })
        {
            Send(client, server, Bind("a"), Execute, Sync);
            server.Received();
            for (var i = 0; i < 10; i++)
            {
                Answer(client, server, "E:" + Changed, "Z");
                Assert.Equal([Close("PGBOUNCER_1"), Parse("PGBOUNCER_1", "select * from t"), Bind("PGBOUNCER_1"), Execute, Sync], server.Received());
                Answer(client, server, "3", "1");
            }

            string[] answer = isAccepted ? ["2", "C:SELECT 1", "Z"] : ["E:" + Changed, "Z"];
            Answer(client, server, answer);
            Assert.Equal(isAccepted ? "2CZ" : "EZ", client.Types());
            Assert.True(server.Link.IsReleasable);
            Assert.Equal(0, Buffers.Rented);
        }
    }

    [Fact]
    public void ATableThatChangesBetweenAParseOfThePoolersOwnAndItsUseCostsNoErrorEither()
    {
        var server = NewServer();
        var client = NewClient();
        Prepare(client, NewServer(), "a", "select * from t");
        Send(client, server, Bind("a"), Execute, Sync);
        Assert.Equal([Parse("PGBOUNCER_1", "select * from t"), Bind("PGBOUNCER_1"), Execute, Sync], server.Received());
        Answer(client, server, "1", "E:" + Changed, "Z");
        Assert.Equal([Close("PGBOUNCER_1"), Parse("PGBOUNCER_1", "select * from t"), Bind("PGBOUNCER_1"), Execute, Sync], server.Received());
        Answer(client, server, "3", "1", "2", "C:SELECT 1", "Z");
        Assert.Equal("2CZ", client.Types());
        Send(client, server, Bind("a"), Execute, Sync);
        Assert.Equal([Bind("PGBOUNCER_1"), Execute, Sync], server.Received());
    }

    [Fact]
    public void ABatchThatParsesStatementsItselfIsMadeAgainAsItIs()
    {
        var server = NewServer();
        var client = NewClient();
        Prepare(client, server, "a", "select * from t");
        Prepare(client, NewServer(), "b", "select 2");
        Send(client, server, Bind("a"), Execute, Bind("b"), Execute, Bind("b"), Execute, Sync);
        var batch = server.Received();
        Answer(client, server, "E:" + Changed, "Z");
        Assert.Equal([Close("PGBOUNCER_1"), Parse("PGBOUNCER_1", "select * from t"), .. batch], server.Received());
        Answer(client, server, "3", "1", "2", "C:SELECT 1", "1", "2", "C:SELECT 1", "2", "C:SELECT 1", "Z");
        Assert.Equal("2C2C2CZ", client.Types());
        Assert.True(server.Link.IsReleasable);
    }

    [Fact]
    public void ABatchThatFailsWhenMadeAgainLeavesNoFalseBelief()
    {
        var server = NewServer();
        var client = NewClient();
        Prepare(client, server, "a", "select * from t");
        Prepare(client, NewServer(), "b", "select 2");
        Send(client, server, Bind("a"), Execute, Sync);
        Answer(client, server, "E:" + Changed, "Z", "3", "E:" + Failed, "Z");
        Assert.Equal("EZ", client.Types());
        Send(client, server, Bind("b"), Sync);
        Answer(client, server, "1", "2", "Z");
        server.Received();
        Send(client, server, Bind("a"), Sync);
        Assert.Equal([Close("PGBOUNCER_1"), Parse("PGBOUNCER_1", "select * from t"), Bind("PGBOUNCER_1"), Sync], server.Received());
    }

    [Fact]
    public void APlanThatWasNotMadeAnewIsStillOutOfDate()
    {
        var server = NewServer();
        var client = NewClient();
        Prepare(client, server, "a", "select * from t");
        server.Link.Ledger.Statements!.MarkAllStale();
        Send(client, server, Frame('P', "\0bad\0\0\0"), Bind("a"), Sync);
        Answer(client, server, "E:" + Failed, "Z");
        server.Received();
        Send(client, server, Bind("a"), Sync);
        Assert.Equal([Close("PGBOUNCER_1"), Parse("PGBOUNCER_1", "select * from t"), Bind("PGBOUNCER_1"), Sync], server.Received());
    }

    [Fact]
    public void TheLastOfSeveralBatchesInFlightIsMadeAgain()
    {
        var server = NewServer();
        var client = NewClient();
        Prepare(client, server, "a", "select * from t");
        Prepare(client, server, "b", "select 2");
        Send(client, server, Bind("b"), Execute, Sync, Frame('Q', "select 3\0"), Bind("a"), Execute, Sync);
        server.Received();
        Answer(client, server, "2", "C:SELECT 1", "Z", "C:SELECT 1", "Z", "E:" + Changed);
        Assert.True(server.Link.IsClientHeld);
        Answer(client, server, "Z");
        Assert.Equal([Close("PGBOUNCER_1"), Parse("PGBOUNCER_1", "select * from t"), Bind("PGBOUNCER_1"), Execute, Sync], server.Received());
        Answer(client, server, "3", "1", "2", "C:SELECT 1", "Z");
        Assert.Equal("2CZCZ2CZ", client.Types());
        Assert.True(server.Link.IsReleasable);
        Assert.Equal(0, Buffers.Rented);
    }

    [Fact]
    public void ABatchBehindTheBeginningOfATransactionIsNotMadeAgain()
    {
        var server = NewServer();
        var client = NewClient();
        Prepare(client, server, "a", "select * from t");
        Send(client, server, Frame('Q', "begin\0"), Bind("a"), Execute, Sync);
        Answer(client, server, [.. Messages("C:BEGIN"), .. Frame('Z', "T"), .. Messages("E:" + Changed), .. Frame('Z', "E")]);
        Assert.Equal("CZEZ", client.Types());
        Assert.False(server.Link.IsClientHeld);
    }

    [Fact]
    public void ABatchBehindOneThatFailsIsMadeAgain()
    {
        var server = NewServer();
        var client = NewClient();
        Prepare(client, server, "a", "select * from t");
        Send(client, server, Frame('P', "\0bad\0\0\0"), Sync, Bind("a"), Execute, Sync);
        Answer(client, server, "E:" + Failed, "Z", "E:" + Changed, "Z", "3", "1", "2", "C:SELECT 1", "Z");
        Assert.Equal("EZ2CZ", client.Types());
        Assert.True(server.Link.IsReleasable);
    }

    [Fact]
    public void ABatchBehindOneThatIsMadeAgainIsOneOfItsOwn()
    {
        var server = NewServer();
        var client = NewClient();
        Prepare(client, server, "a", "select * from t");
        Prepare(client, server, "b", "select * from u");
        Prepare(client, server, "c", "select 3");
        Send(client, server, Bind("a"), Execute, Bind("b"), Execute, Sync);
        Answer(client, server, "E:" + Changed, "Z");
        server.Received();

        // The Parses of the first one are under way.
        Send(client, server, Bind("c"), Execute, Sync);
        Assert.Equal([Close("PGBOUNCER_3"), Parse("PGBOUNCER_3", "select 3"), Bind("PGBOUNCER_3"), Execute, Sync], server.Received());
        Answer(client, server, "3", "1", "3", "1", "2", "C:SELECT 1", "2", "C:SELECT 1", "Z", "3", "1", "E:" + Changed, "Z");
        Assert.Equal([Close("PGBOUNCER_3"), Parse("PGBOUNCER_3", "select 3"), Bind("PGBOUNCER_3"), Execute, Sync], server.Received());
        Answer(client, server, "3", "1", "2", "C:SELECT 1", "Z");
        Assert.Equal("2C2CZ2CZ", client.Types());
        Assert.True(server.Link.IsReleasable);
        Assert.Equal(0, Buffers.Rented);
    }

    [Fact]
    public void ADescribeThatIsRefusedBehindThePartItCanSayIsMadeAgain()
    {
        var first = Messages("t:", "E:" + Changed, "Z");
        for (var cut = 0; cut <= first.Length; cut++)
        {
            var server = NewServer();
            var client = NewClient();
            Prepare(NewClient(), server, "known", "select * from t");
            Send(client, server, Parse("a", "select * from t"), Describe("a"), Sync);
            Assert.Equal([Describe("PGBOUNCER_1"), Sync], server.Received());
            Answer(client, server, first[..cut]);
            Answer(client, server, first[cut..]);
            Assert.Equal([Close("PGBOUNCER_1"), Parse("PGBOUNCER_1", "select * from t"), Describe("PGBOUNCER_1"), Sync], server.Received());
            Answer(client, server, "3", "1", "t:", "T", "Z");
            Assert.Equal("1tTZ", client.Types());
            Assert.True(server.Link.IsReleasable);
            Assert.Equal(0, Buffers.Rented);
        }
    }

    [Theory]
    [InlineData("1tTZ", "t:", "T", "Z")]
    [InlineData("1tnZ", "t:", "N", "n", "Z")]
    [InlineData("1tEZ", "t:", "E:" + Failed, "Z")]
    public void WhatADescribeSaysFirstIsNotLost(string expected, params string[] messages)
    {
        var answer = Messages(messages);
        foreach (var isMoreInFlight in new[] { false, true })
        {
            for (var cut = 0; cut <= answer.Length; cut++)
            {
                var server = NewServer();
                var client = NewClient();
                Prepare(NewClient(), server, "known", "select 1");
                Send(client, server, Parse("a", "select 1"), Describe("a"), Sync);
                Answer(client, server, answer[..cut]);
                if (isMoreInFlight)
                {
                    Send(client, server, Frame('Q', "select 2\0"));
                }

                Answer(client, server, answer[cut..]);
                if (isMoreInFlight)
                {
                    Answer(client, server, "C:SELECT 1", "Z");
                }

                // A notice has no place of its own.
                var types = client.Types();
                Assert.Equal(messages.Contains("N"), types.Contains('N'));
                Assert.Equal(expected + (isMoreInFlight ? "CZ" : ""), types.Replace("N", "", StringComparison.Ordinal));
                Assert.True(server.Link.IsReleasable);
                Assert.Equal(0, Buffers.Rented);
            }
        }
    }

    [Fact]
    public void VeryLongTextsAreNotSentAgainInOneGo()
    {
        var server = NewServer();
        var client = NewClient();
        Prepare(client, server, "a", "select 1" + new string(' ', 600_000));
        Prepare(client, server, "b", "select 2" + new string(' ', 600_000));
        Send(client, server, Bind("a"), Execute, Bind("b"), Execute, Sync);
        Answer(client, server, "E:" + Changed, "Z");
        Assert.Equal("EZ", client.Types());
        Assert.Equal(0, Buffers.Rented);
    }

    [Fact]
    public void ABatchThatEndsWithFlushIsMadeAgainToo()
    {
        var server = NewServer();
        var client = NewClient();
        Prepare(NewClient(), server, "b", "select * from t");
        Send(client, server, Parse("a", "select * from t"), Describe("a"), Flush);
        byte[][] batch = server.Received();
        Answer(client, server, "t:old", "E:" + Changed);
        Assert.True(server.Link.IsClientHeld);
        Assert.Equal([Sync], server.Received());
        Answer(client, server, "Z");
        Assert.Equal([Close("PGBOUNCER_1"), Parse("PGBOUNCER_1", "select * from t"), .. batch], server.Received());
        Answer(client, server, "3", "1", "t:new", "T");
        Assert.Equal("1tT", client.Types());
        Send(client, server, Bind("a"), Execute, Sync);
        Answer(client, server, "2", "C:SELECT 1", "Z");
        Assert.Equal("2CZ", client.Types());
        Assert.True(server.Link.IsReleasable);
        Assert.Equal(0, Buffers.Rented);
    }

    [Theory]
    [InlineData("in a transaction")]
    [InlineData("more in flight")]
    [InlineData("switched off")]
    [InlineData("another error")]
    public void WhereItCannotBeMadeAgainTheClientGetsTheError(string reason)
    {
        var server = NewServer();
        var client = NewClient();
        Prepare(client, server, "a", "select * from t");
        server.Link.Retry.IsEnabled = reason != "switched off";
        server.Link.TransactionStatus = reason == "in a transaction" ? TransactionStatus.InTransaction : TransactionStatus.Idle;
        Send(client, server, Bind("a"), Execute, Sync);
        if (reason == "more in flight")
        {
            Send(client, server, Frame('Q', "select 2\0"));
        }

        Answer(client, server, "E:" + (reason == "another error" ? Failed : Changed), "Z");
        Assert.Equal("EZ", client.Types());
        server.Received();
        if (reason == "more in flight")
        {
            Answer(client, server, "C:SELECT 1", "Z");
        }

        // The next use gets a new plan, unless there is nothing wrong with the old one.
        Send(client, server, Bind("a"), Sync);
        byte[][] expected = reason == "another error"
            ? [Bind("PGBOUNCER_1"), Sync]
            : [Close("PGBOUNCER_1"), Parse("PGBOUNCER_1", "select * from t"), Bind("PGBOUNCER_1"), Sync];
        Assert.Equal(expected, server.Received());
    }
}
