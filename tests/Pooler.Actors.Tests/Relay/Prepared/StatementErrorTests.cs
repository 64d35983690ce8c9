using System.Text;
using Pooler.Actors.Relay;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Tests.Relay.Prepared;

/// <summary>Named statements when requests fail, are skipped or are under way in several batches: the lists stay true.</summary>
public sealed class StatementErrorTests : StatementRelayScene
{
    [Fact]
    public void AFailedParseLeavesNothingBehindAndTheNameIsFree()
    {
        var server = NewServer();
        var client = NewClient();
        Send(client, server, Parse("a", "select from"), Bind("a"), Execute, Parse("b", "select 2"), Sync);
        Answer(client, server, "E:" + Failed, "Z");
        Assert.Equal("EZ", client.Types());
        Assert.Equal((0, 0, 0), (client.Statements!.Count, server.Link.Ledger.Statements!.Count, Cache.Count));
        Prepare(client, server, "a", "select 1");
        Assert.Equal(1, client.Statements.Count);
    }

    [Fact]
    public void InAFailedTransactionTheServerIsAskedWhetherItParsesAKnownText()
    {
        var server = NewServer();
        var client = NewClient();
        Prepare(client, server, "a", "select 1");
        Send(client, server, Frame('Q', "begin; bad\0"));
        Answer(client, server, [.. Messages("C:BEGIN", "E:" + Failed), .. Frame('Z', "E")]);
        client.Types();
        server.Received();
        Send(client, server, Parse("b", "select 1"), Describe("b"), Sync);
        Assert.Equal([Close("PGBOUNCER_1"), Parse("PGBOUNCER_1", "select 1"), Describe("PGBOUNCER_1"), Sync], server.Received());
        Answer(client, server, [.. Messages("3", "E:" + Failed), .. Frame('Z', "E")]);
        Assert.Equal("EZ", client.Types());
        Assert.Null(client.Statements!.Find("b"u8));

        // Of all statements only those that end the transaction are parsed.
        Prepare(client, NewServer(), "c", "rollback");
        Send(client, server, Parse("d", "rollback"), Bind("d"), Execute, Sync, Parse("b", "select 1"), Sync);
        Answer(client, server, "1", "2", "C:ROLLBACK", "Z", "1", "Z");
        Assert.Equal("12CZ1Z", client.Types());
        Assert.True(server.Link.IsReleasable);
    }

    [Fact]
    public void ASkippedCloseIsTakenBack()
    {
        var server = NewServer();
        var client = NewClient();
        Prepare(client, server, "a", "select 1");
        Send(client, server, Frame('P', "\0bad\0\0\0"), Close("a"), Parse("a", "select 2"), Sync);
        Answer(client, server, "E:" + Failed, "Z");
        Assert.Equal("EZ", client.Types());
        server.Received();
        Send(client, server, Bind("a"), Execute, Sync);
        Assert.Equal([Bind("PGBOUNCER_1"), Execute, Sync], server.Received());
        Assert.Equal(1, Cache.Count);
    }

    [Fact]
    public void WhatFollowsAnErrorUpToTheSyncIsSkippedToo()
    {
        var server = NewServer();
        var client = NewClient();
        Prepare(client, server, "known", "select 1");
        Send(client, server, Frame('B', "\0\0\0\0\0\0\0\0"));
        Answer(client, server, "E:" + Failed);
        Send(client, server, Parse("late", "select 1"), Bind("late"), Close("known"), Sync);
        Answer(client, server, "Z");
        Assert.Equal("EZ", client.Types());
        Assert.Equal("known", Assert.Single(new[] { "known", "late" }, name => client.Statements!.Find(Encoding.ASCII.GetBytes(name)) is not null));
    }

    [Fact]
    public void ALaterBatchDoesNotRelyOnOneThatIsUnderWay()
    {
        Limit = 1;
        var server = NewServer();
        var client = NewClient();
        Prepare(client, server, "a", "select 1");
        Prepare(client, NewServer(), "b", "select 2");

        // The first batch fails before it closes a and parses b, the second one has to do both itself.
        Send(client, server, Frame('P', "\0bad\0\0\0"), Bind("b"), Sync, Bind("b"), Execute, Sync, Bind("a"), Execute, Sync);
        Assert.Equal(
            [
                Frame('P', "\0bad\0\0\0"), Close("PGBOUNCER_1"), Parse("PGBOUNCER_2", "select 2"), Bind("PGBOUNCER_2"), Sync,
                Close("PGBOUNCER_2"), Parse("PGBOUNCER_2", "select 2"), Bind("PGBOUNCER_2"), Execute, Sync,
                Close("PGBOUNCER_1"), Close("PGBOUNCER_2"), Parse("PGBOUNCER_1", "select 1"), Bind("PGBOUNCER_1"), Execute, Sync,
            ],
            server.Received());
        Answer(client, server, "E:" + Failed, "Z", "3", "1", "2", "C:SELECT 1", "Z", "3", "3", "1", "2", "C:SELECT 1", "Z");
        Assert.Equal("EZ2CZ2CZ", client.Types());
        Assert.True(server.Link.IsReleasable);
        Send(client, server, Bind("a"), Sync);
        Assert.Equal([Bind("PGBOUNCER_1"), Sync], server.Received());
    }

    [Fact]
    public void AStatementPreparedBehindADiscardIsThere()
    {
        var server = NewServer();
        var client = NewClient();
        Prepare(client, server, "a", "select 1");
        Send(client, server, Frame('Q', "discard all\0"), Parse("b", "select 1"), Bind("b"), Execute, Sync);
        Assert.Equal(
            [Frame('Q', "discard all\0"), Close("PGBOUNCER_1"), Parse("PGBOUNCER_1", "select 1"), Bind("PGBOUNCER_1"), Execute, Sync],
            server.Received());
        Answer(client, server, "C:DISCARD ALL", "Z", "3", "1", "2", "C:SELECT 1", "Z");
        Assert.Equal("CZ12CZ", client.Types());
        Assert.Null(client.Statements!.Find("a"u8));
        Send(client, server, Bind("b"), Sync);
        Assert.Equal([Bind("PGBOUNCER_1"), Sync], server.Received());
    }

    [Fact]
    public void AnErrorOfAnInsertedParseIsTheClients()
    {
        var client = NewClient();
        Prepare(client, NewServer(), "a", "select * from t");
        var server = NewServer();
        Send(client, server, Bind("a"), Execute, Sync);
        Answer(client, server, "E:" + Failed, "Z");
        Assert.Equal("EZ", client.Types());
        Assert.Equal((1, 0), (client.Statements!.Count, server.Link.Ledger.Statements!.Count));
        Assert.True(server.Link.IsReleasable);
        Assert.Equal(0, Buffers.Rented);
    }

    [Fact]
    public void AnEvictionThatWasSkippedDidNotHappen()
    {
        Limit = 1;
        var server = NewServer();
        var client = NewClient();
        Prepare(client, server, "a", "select 1");
        Send(client, server, Frame('P', "\0bad\0\0\0"), Parse("b", "select 2"), Sync);
        Answer(client, server, "E:" + Failed, "Z");
        server.Received();
        Send(client, server, Bind("a"), Sync);
        Assert.Equal([Bind("PGBOUNCER_1"), Sync], server.Received());
        Assert.Equal(1, Cache.Count);
    }

    [Fact]
    public void ANameThatALaterBatchHasGivenAgainStays()
    {
        var server = NewServer();
        var client = NewClient();
        Send(client, server, Frame('P', "\0bad\0\0\0"), Parse("a", "select 1"), Sync, Close("a"), Parse("a", "select 1"), Sync);
        Answer(client, server, "E:" + Failed, "Z", "3", "1", "Z");
        Assert.Equal("EZ31Z", client.Types());
        Assert.NotNull(client.Statements!.Find("a"u8));
    }

    [Fact]
    public void WhoLeavesWithAnswersOutstandingLeavesNothing()
    {
        var server = NewServer();
        var client = NewClient();
        Prepare(client, server, "a", "select 1");
        Send(client, server, Frame('Q', "select pg_sleep(9)\0"), Close("a"));
        client.Statements!.Clear();
        server.Link.Release(Buffers);
        Assert.Equal(0, Cache.Count);
    }

    [Fact]
    public void AnErrorOfAnyLengthPasses()
    {
        var server = NewServer();
        var client = NewClient();
        Prepare(client, server, "a", "select 1");
        Send(client, server, Bind("a"), Execute, Sync);
        var error = Messages("E:SERROR\0M" + new string('x', 2_000_000) + "\0\0");
        Answer(client, server, error[..1000]);
        Answer(client, server, error[1000..]);
        Answer(client, server, "Z");
        Assert.Equal("EZ", client.Types());
    }

    [Theory]
    [InlineData("discard all")]
    [InlineData(" /* of a pool */ DEALLOCATE ALL")]
    [InlineData("\n--\ndiscard all")]
    public void AResetByANamedStatementIsExpectedToo(string text)
    {
        var server = NewServer();
        var client = NewClient();
        Prepare(client, server, "a", "select 1");
        Prepare(client, server, "reset", text);
        Send(client, server, Bind("reset"), Execute, Sync, Bind("a"), Execute, Sync);
        Assert.Equal(
            [Bind("PGBOUNCER_2"), Execute, Sync, Close("PGBOUNCER_1"), Parse("PGBOUNCER_1", "select 1"), Bind("PGBOUNCER_1"), Execute, Sync],
            server.Received());
        Answer(client, server, "2", "C:DISCARD ALL", "Z", "3", "1", "2", "C:SELECT 1", "Z");
        Assert.Equal("2CZ2CZ", client.Types());
        Assert.Equal(1, server.Link.Ledger.Statements!.Count);
        Assert.True(server.Link.IsReleasable);
    }

    [Fact]
    public void AWordThatOnlyLooksLikeAResetCostsNoParse()
    {
        var server = NewServer();
        var client = NewClient();
        Prepare(client, server, "a", "select * from discarded");
        Send(client, server, Bind("a"), Execute, Bind("a"), Execute, Sync);
        Assert.Equal([Bind("PGBOUNCER_1"), Execute, Bind("PGBOUNCER_1"), Execute, Sync], server.Received());
    }

    [Fact]
    public void WhatIsSentBehindAnErrorWithoutASyncIsNotWaitedFor()
    {
        var server = NewServer();
        var client = NewClient();
        Send(client, server, Frame('P', "\0bad\0\0\0"));
        Answer(client, server, "E:" + Failed);
        var count = server.Link.Ledger.Count;
        Send(client, server, Parse("a", "select 1"), Bind("a"), Execute, Close("a"), Frame('Q', "select 2\0"), Frame('c', ""));
        Assert.Equal(count, server.Link.Ledger.Count);
        Send(client, server, Sync, Parse("a", "select 1"), Sync);
        Answer(client, server, "Z", "1", "Z");
        Assert.Equal("EZ1Z", client.Types());
        Assert.True(server.Link.IsReleasable);
    }

    [Theory]
    [InlineData("its Parse has failed")]
    [InlineData("its Parse was skipped")]
    [InlineData("all is forgotten")]
    public void WhetherANameIsFreeIsDecidedWhenTheAnswersAreThere(string reason)
    {
        var server = NewServer();
        var client = NewClient();
        byte[][] first = reason switch
        {
            "all is forgotten" => [Frame('Q', "discard all\0")],
            "its Parse was skipped" => [Frame('P', "\0bad\0\0\0"), Parse("a", "select 1"), Sync],
            _ => [Parse("a", "bad"), Sync],
        };
        if (reason == "all is forgotten")
        {
            Prepare(client, server, "a", "select 1");
        }

        byte[][] second = [Parse("a", "select 2"), Bind("a"), Execute, Sync];
        var result = Send(client, server, [.. first, .. second]);
        Assert.Equal((RelayStatus.Open, second.Sum(request => request.Length)), (result.Status, result.Left));
        Assert.True(server.Link.IsClientHeld);
        Assert.Equal(Frame('H', ""), server.Received()[^1]);
        string[] answer = reason == "all is forgotten" ? ["C:DISCARD ALL", "Z"] : ["E:" + Failed, "Z"];
        Answer(client, server, answer);
        client.Types();
        Assert.Equal(0, SendAgain(client, server, second).Left);
        Answer(client, server, "1", "2", "C:SELECT 1", "Z");
        Assert.Equal("12CZ", client.Types());
        Assert.True(server.Link.IsReleasable);
    }

    [Fact]
    public void ANameThatWasGivenTwiceIsRefusedWhenTheFirstOneIsThere()
    {
        var server = NewServer();
        var client = NewClient();
        var again = Parse("a", "select 2");
        Send(client, server, Parse("a", "select 1"), again[..7]);
        var result = Send(client, server, again[7..], Sync);
        Assert.Equal(again, result.Again);
        Assert.Equal(Sync.Length, result.Left);
        Answer(client, server, "1");
        Assert.Equal(PoolerErrors.PreparedStatementInUse, SendAgain(client, server, again, Sync).Text);
    }

    [Fact]
    public void NoNameWaitsForAServerThatWaitsForCopyData()
    {
        var server = NewServer();
        var client = NewClient();
        byte[][] second = [Parse("a", "select 2"), Sync];
        Assert.NotEqual(0, Send(client, server, [Parse("a", "copy t from stdin"), Bind("a"), Execute, .. second]).Left);
        Answer(client, server, "1", "2");
        Assert.False(server.Link.IsAwaitOver);
        Answer(client, server, "G");
        Assert.Equal(PoolerErrors.PreparedStatementInUse, SendAgain(client, server, second).Text);
    }

    [Fact]
    public void AResetThatBreaksACopyIsNotWaitedFor()
    {
        var server = NewServer();
        var client = NewClient();
        Prepare(client, server, "a", "select 1");
        Send(client, server, Parse("", "copy t from stdin"), Bind(""), Execute);
        Answer(client, server, "1", "2", "G");
        Send(client, server, Frame('P', "\0discard all\0\0\0"), Sync);
        Answer(client, server, "E:" + Failed, "Z");
        Assert.Equal(0, server.Link.Ledger.Count);
        Assert.Equal(PoolerErrors.PreparedStatementDidNotExist, Send(client, server, Bind("nosuch"), Sync).Text);
    }

    [Fact]
    public void AResetThatHasComeInPartIsExpectedToo()
    {
        var server = NewServer();
        var client = NewClient();
        Prepare(client, server, "a", "select 1");
        var reset = Frame('Q', "discard all\0");
        Send(client, server, reset[..6]);
        Send(client, server, [.. reset[6..], .. Bind("a"), .. Sync]);
        Assert.Equal([reset, Close("PGBOUNCER_1"), Parse("PGBOUNCER_1", "select 1"), Bind("PGBOUNCER_1"), Sync], server.Received());
    }
}
