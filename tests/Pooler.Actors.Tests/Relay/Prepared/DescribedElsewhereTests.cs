using Pooler.Actors.Wire;

namespace Pooler.Actors.Tests.Relay.Prepared;

/// <summary>Plans that may be out of date, and servers that have none yet: what their result is now is asked before a client that was told of one gets rows.</summary>
public sealed class DescribedElsewhereTests : DescribedStatementScene
{
    [Fact]
    public void APlanThatMayBeOutOfDateIsMadeAnewBeforeItIsUsed()
    {
        foreach (var shape in new[] { Old, Other })
        {
            var server = NewServer();
            var client = NewClient();
            PrepareAndDescribe(client, server, "a");
            server.Link.Ledger.Statements!.MarkAllStale();
            Send(client, server, Bind("a", "first"), Execute, Sync);
            Assert.Equal([.. Asked, Sync, Flush], server.Received());
            Assert.True(server.Link.IsClientHeld);
            Assert.False(server.Link.IsReleasable);
            Answer(client, server, Join(Messages("3", "1", "t:"), shape));
            Assert.False(server.Link.IsAwaitOver);
            Answer(client, server, "Z");
            Assert.True(server.Link.IsAwaitOver);
            Assert.Equal("", client.Types());
            SendAgain(client, server, Bind("a", "first"), Execute, Sync);
            Assert.Equal([shape == Other ? RefusedBind : Bind("PGBOUNCER_1", "first"), Execute, Sync], server.Received());
            string[] answer = shape == Other ? ["E:" + NoStatement, "Z"] : ["2", "C:SELECT 1", "Z"];
            Answer(client, server, answer);
            Assert.Equal(shape == Other ? "EZ" : "2CZ", client.Types());
            Assert.True(server.Link.IsReleasable);
        }
    }

    [Fact]
    public void ATableThatChangesOnceMoreBehindThatIsNoticedToo()
    {
        var server = NewServer();
        var client = NewClient();
        PrepareAndDescribe(client, server, "a");
        server.Link.Ledger.Statements!.MarkAllStale();
        Send(client, server, Bind("a"), Execute, Sync);
        Answer(client, server, Join(Messages("3", "1", "t:"), Old, Messages("Z")));
        SendAgain(client, server, Bind("a"), Execute, Sync);
        Answer(client, server, Join(Messages("E:" + Changed, "Z", "3", "1", "t:"), Old, Messages("Z", "2", "C:SELECT 1", "Z")));
        Assert.Equal("2CZ", client.Types());
        Assert.True(server.Link.IsReleasable);
    }

    [Fact]
    public void ATableThatChangesWhileItIsAskedForIsAskedForAgainButNotForEver()
    {
        foreach (var isAccepted in new[] { true, false })
        {
            var server = NewServer();
            var client = NewClient();
            PrepareAndDescribe(client, server, "a");
            server.Link.Ledger.Statements!.MarkAllStale();
            for (var i = 0; i < 10; i++)
            {
                Send(client, server, Bind("a"), Execute, Sync);
                Assert.Equal([.. Asked, Sync, Flush], server.Received());
                Answer(client, server, isAccepted && i == 9 ? Join(Messages("3", "1", "t:"), Old, Messages("Z")) : Messages("3", "1", "t:", "E:" + Changed, "Z"));
                Assert.True(server.Link.IsAwaitOver);
                server.Link.IsAwaited = false;
            }

            Assert.Equal("", client.Types());
            Send(client, server, Bind("a"), Execute, Sync);
            byte[][] batch = [Bind("PGBOUNCER_1"), Execute, Sync];
            Assert.Equal(isAccepted ? batch : [.. Asked, .. batch], server.Received());
        }
    }

    [Fact]
    public void ATableThatChangesBeforeItsFirstUseOnAnotherServerIsNoMatter()
    {
        var client = NewClient();
        PrepareAndDescribe(client, NewServer(), "a");
        var server = NewServer();
        Send(client, server, Bind("a"), Execute, Sync);
        Assert.Equal([.. AskedFirst, Sync, Flush], server.Received());
        Answer(client, server, "1", "t:", "E:" + Changed, "Z");
        SendAgain(client, server, Bind("a"), Execute, Sync);
        Assert.Equal([.. Asked, Sync, Flush], server.Received());
        Answer(client, server, Join(Messages("3", "1", "t:"), Old, Messages("Z")));
        SendAgain(client, server, Bind("a"), Execute, Sync);
        Assert.Equal([Bind("PGBOUNCER_1"), Execute, Sync], server.Received());
        Answer(client, server, "2", "C:SELECT 1", "Z");
        Assert.Equal("2CZ", client.Types());
        Assert.True(server.Link.IsReleasable);
        Send(client, server, Bind("a"), Execute, Sync);
        Assert.Equal([Bind("PGBOUNCER_1"), Execute, Sync], server.Received());
    }

    [Fact]
    public void InATransactionTheErrorOfTheServerIsTheClients()
    {
        var server = NewServer();
        var client = NewClient();
        PrepareAndDescribe(client, server, "a");
        server.Link.TransactionStatus = TransactionStatus.InTransaction;
        server.Link.Ledger.Statements!.MarkAllStale();
        Send(client, server, Bind("a"), Execute, Sync);
        Assert.Equal([.. Asked, Flush], server.Received());
        Answer(client, server, "3", "1", "t:", "E:" + Changed);
        SendAgain(client, server, Bind("a"), Execute, Sync);
        Answer(client, server, Frame('Z', "E"));
        Assert.Equal("EZ", client.Types());
    }

    [Fact]
    public void TheRestOfABatchThatWasHeldUpIsNotMadeAgainAlone()
    {
        var server = NewServer();
        var client = NewClient();
        PrepareAndDescribe(client, server, "a");
        Prepare(client, server, "b", "insert");
        server.Link.Ledger.Statements!.MarkStale(client.Statements!.Find("a"u8)!.Statement);
        Send(client, server, Bind("b"), Execute, Bind("a"), Execute, Sync);
        Answer(client, server, Join(Messages("2", "C:INSERT 0 1", "3", "1", "t:"), Old));
        SendAgain(client, server, Bind("a"), Execute, Sync);
        Answer(client, server, "E:" + Changed, "Z");
        Assert.Equal("2CEZ", client.Types());
        Assert.True(server.Link.IsReleasable);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AnotherServerIsAskedBeforeItsFirstUse(bool isInTransaction)
    {
        var client = NewClient();
        PrepareAndDescribe(client, NewServer(), "a");
        foreach (var result in new[] { Old, Other })
        {
            var server = NewServer();
            server.Link.TransactionStatus = isInTransaction ? TransactionStatus.InTransaction : TransactionStatus.Idle;
            Send(client, server, Bind("a"), Execute, Sync);
            byte[][] asked = isInTransaction ? [.. AskedFirst, Flush] : [.. AskedFirst, Sync, Flush];
            Assert.Equal(asked, server.Received());
            Answer(client, server, Join(Messages("1", "t:"), result, isInTransaction ? [] : Messages("Z")));
            Assert.Equal("", client.Types());
            if (result == Other)
            {
                AssertHeldIsRefused(client, server);
                continue;
            }

            SendAgain(client, server, Bind("a"), Execute, Sync);
            Assert.Equal([Bind("PGBOUNCER_1"), Execute, Sync], server.Received());
            Answer(client, server, "2", "C:SELECT 1", "Z");
            Assert.Equal("2CZ", client.Types());
        }
    }

    [Fact]
    public void WhoHasNotAskedMakesNobodyReadOtherRows()
    {
        var server = NewServer();
        var client = NewClient();
        PrepareAndDescribe(client, server, "a");
        var another = NewClient();
        Send(another, server, Parse("b", Text), Sync);
        Answer(another, server, "Z");
        Assert.Equal("1Z", another.Types());
        Send(another, server, Bind("b"), Execute, Sync);
        Answer(another, server, "E:" + Changed, "Z", "3", "1", "2", "C:SELECT 1", "Z");
        Assert.Equal("2CZ", another.Types());
        server.Received();

        Send(client, server, Bind("a"), Execute, Sync);
        Assert.Equal([.. Asked, Sync, Flush], server.Received());
        Answer(client, server, Join(Messages("3", "1", "t:"), Other, Messages("Z")));
        SendAgain(client, server, Bind("a"), Execute, Sync);
        Assert.Equal([RefusedBind, Execute, Sync], server.Received());
    }

    [Fact]
    public void AStatementThatIsAskedForBehindABatchInFlightLeavesThatAlone()
    {
        var server = NewServer();
        var client = NewClient();
        PrepareAndDescribe(client, server, "a");
        Prepare(client, server, "b", "select 2");
        server.Link.Ledger.Statements!.MarkAllStale();
        Send(client, server, Bind("b"), Execute, Sync);
        server.Received();
        Send(client, server, Bind("a"), Execute, Sync);
        Assert.Equal([Flush], server.Received());
        Answer(client, server, "3", "1", "E:" + Changed, "Z", "3", "1", "2", "C:INSERT 0 1", "Z");
        Assert.Equal("2CZ", client.Types());
        Assert.True(server.Link.IsAwaitOver);
    }

    [Fact]
    public void ANameThatIsGivenUpInVainKeepsWhatItsClientWasTold()
    {
        var server = NewServer();
        var client = NewClient();
        PrepareAndDescribe(client, server, "a");
        Send(client, server, Frame('P', "\0bad\0\0\0"), Close("a"), Sync);
        Answer(client, server, "E:" + Failed, "Z");
        Assert.Equal("EZ", client.Types());
        server.Received();
        server.Link.Ledger.Statements!.MarkAllStale();
        Send(client, server, Bind("a"), Execute, Sync);
        Assert.Equal([.. Asked, Sync, Flush], server.Received());
    }

    [Fact]
    public void SwitchedOffNothingIsAsked()
    {
        var server = NewServer();
        server.Link.Retry.IsEnabled = false;
        var client = NewClient();
        PrepareAndDescribe(client, server, "a");
        server.Link.Ledger.Statements!.MarkAllStale();
        Send(client, server, Bind("a"), Execute, Sync);
        Assert.Equal([Close("PGBOUNCER_1"), Parse("PGBOUNCER_1", Text), Bind("PGBOUNCER_1"), Execute, Sync], server.Received());
    }
}
