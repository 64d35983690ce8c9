using Pooler.Actors.Wire;

namespace Pooler.Actors.Tests.Relay.Prepared;

/// <summary>What a server was said to give is not what it gives now: clients get the error of an outdated result where there is one, and no other error is lost by it.</summary>
public sealed class DescribedAnewTests : DescribedStatementScene
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AResultThatWasAnotherForSomebodyElseIsAskedForAnew(bool isInTransaction)
    {
        // Another search_path, or a table that has been changed back.
        var server = NewServer();
        var client = NewClient();
        PrepareAndDescribe(client, server, "a");
        UseAsOther(NewClient(), server);
        if (isInTransaction)
        {
            server.Link.TransactionStatus = TransactionStatus.InTransaction;
        }

        Send(client, server, Bind("a"), Execute, Sync);
        Assert.Equal([.. Asked, .. isInTransaction ? [Flush] : new[] { Sync, Flush }], server.Received());
        Assert.True(server.Link.IsClientHeld);
        Answer(client, server, Join(Messages("3", "1", "t:"), Old, isInTransaction ? [] : Messages("Z")));
        Assert.True(server.Link.IsAwaitOver);
        Assert.Equal("", client.Types());
        SendAgain(client, server, Bind("a"), Execute, Sync);
        Assert.Equal([Bind("PGBOUNCER_1"), Execute, Sync], server.Received());
        Answer(client, server, "2", "C:SELECT 1", "Z");
        Assert.Equal("2CZ", client.Types());
        Assert.True(server.Link.IsReleasable);
    }

    [Fact]
    public void AFailedTransactionSaysSo()
    {
        var server = NewServer();
        var client = NewClient();
        PrepareAndDescribe(client, server, "a");
        UseAsOther(NewClient(), server);
        server.Link.TransactionStatus = TransactionStatus.Failed;
        Send(client, server, Bind("a"), Execute, Sync);
        Answer(client, server, "3", "E:SERROR\0C25P02\0Maborted\0\0");
        Assert.Contains("25P02", client.Text(), StringComparison.Ordinal);
        Assert.True(server.Link.IsAwaitOver);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AServerThatEndsInPlaceOfRefusingSaysSo(bool isGivenUp)
    {
        var server = NewServer();
        var client = NewClient();
        PrepareAndDescribe(client, server, "a");
        if (!isGivenUp)
        {
            UseAsOther(NewClient(), server);
        }

        Send(client, server, Bind("a"), Execute, Sync);
        Answer(client, server, Join(isGivenUp ? Messages("E:" + Changed, "Z") : [], Messages("3", "1", "t:"), Other, Messages("Z")));
        if (!isGivenUp)
        {
            SendAgain(client, server, Bind("a"), Execute, Sync);
        }

        Assert.Contains(RefusedBind, server.Received());
        Answer(client, server, "E:SFATAL\0C57P01\0Mbye\0\0");
        Assert.Contains("57P01", client.Text(), StringComparison.Ordinal);
        Assert.Equal("E", client.Types());
    }

    [Fact]
    public void NobodyWaitsForAServerThatWaitsForTheDataOfACopy()
    {
        var server = NewServer();
        var client = NewClient();
        PrepareAndDescribe(client, server, "a");
        server.Link.Ledger.Statements!.MarkAllStale();
        Send(client, server, Frame('Q', "copy t from stdin\0"));
        Send(client, server, Bind("a"), Execute, Sync);
        Assert.True(server.Link.IsClientHeld);
        Answer(client, server, "G");
        SendAgain(client, server, Bind("a"), Execute, Sync);
        Assert.False(server.Link.IsClientHeld);
        Assert.Contains(Bind("PGBOUNCER_1"), server.Received());
    }

    [Fact]
    public void WhoAsksByOneNameIsNotToldByItWhatItReadsByAnother()
    {
        var server = NewServer();
        var client = NewClient();
        PrepareAndDescribe(client, server, "a");
        UseAsOther(NewClient(), server);
        Send(client, server, Parse("b", Text), Describe("b"), Sync, Bind("b"), Execute, Sync);
        Assert.Equal([Describe("PGBOUNCER_1"), Sync, Bind("PGBOUNCER_1"), Execute, Sync], server.Received());
        Send(client, server, Bind("a"), Execute, Sync);
        Assert.Equal([Flush], server.Received());
    }

    [Fact]
    public void WhoAsksAgainInFrontOfABindGetsWhateverRowsThereAre()
    {
        var server = NewServer();
        var client = NewClient();
        PrepareAndDescribe(client, server, "a");
        UseAsOther(NewClient(), server);
        Send(client, server, Describe("a"), Bind("a"), Execute, Sync);
        Assert.Equal([Describe("PGBOUNCER_1"), Bind("PGBOUNCER_1"), Execute, Sync], server.Received());
        Answer(client, server, Join(Messages("t:"), Other, Messages("2", "C:SELECT 1", "Z")));
        Assert.Equal("tT2CZ", client.Types());

        // What fails before it is asked for tells it nothing.
        UseAs(NewClient(), server, Old);
        Send(client, server, Frame('P', "\0bad\0\0\0"), Describe("a"), Sync);
        Answer(client, server, "E:" + Failed, "Z");
        server.Received();
        Send(client, server, Bind("a"), Execute, Sync);
        Assert.Equal([.. Asked, Sync, Flush], server.Received());
    }

    [Fact]
    public void WhatIsSaidOfAStatementThatIsParsedAgainMeanwhileDoesNotCount()
    {
        var server = NewServer();
        var client = NewClient();
        PrepareAndDescribe(client, server, "a");
        var another = NewClient();
        Prepare(another, server, "c", "select 2");
        Send(another, server, Parse("b", Text), Parse("d", Text), Sync);
        Answer(another, server, "Z");
        Send(another, server, Bind("c"), Execute, Sync, Describe("b"), Sync);
        Answer(another, server, "E:" + Changed, "Z");
        server.Received();
        Send(another, server, Bind("d"), Execute, Sync);
        Answer(another, server, Join(Messages("t:"), Old, Messages("Z", "3", "1", "2", "C:SELECT 1", "Z")));
        Assert.Equal([Close("PGBOUNCER_1"), Parse("PGBOUNCER_1", Text), Bind("PGBOUNCER_1"), Execute, Sync], server.Received());
        Send(client, server, Bind("a"), Execute, Sync);
        Assert.Equal([.. Asked, Sync, Flush], server.Received());
    }
}
