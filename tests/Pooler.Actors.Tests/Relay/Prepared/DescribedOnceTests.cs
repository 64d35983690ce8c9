namespace Pooler.Actors.Tests.Relay.Prepared;

/// <summary>Drivers that ask only once what the columns of a statement are, and tables that change after that: no row comes to them that they were not told of.</summary>
public sealed class DescribedOnceTests : DescribedStatementScene
{
    [Fact]
    public void ABatchWhoseRowsAreStillWhatTheClientWasToldIsMadeAgain()
    {
        var answer = Join(Messages("E:" + Changed, "Z"), Messages("3", "1", "t:"), Old, Messages("Z"), Messages("2", "D:row", "C:SELECT 1", "Z"));
        for (var cut = 0; cut <= answer.Length; cut++)
        {
            var server = NewServer();
            var client = NewClient();
            PrepareAndDescribe(client, server, "a");
            Send(client, server, Bind("a"), Execute, Sync);
            Assert.Equal([Bind("PGBOUNCER_1"), Execute, Sync], server.Received());
            Answer(client, server, answer[..cut]);
            Answer(client, server, answer[cut..]);
            Assert.Equal([.. Asked, Sync, Bind("PGBOUNCER_1"), Execute, Sync], server.Received());
            Assert.Equal("2DCZ", client.Types());
            Assert.True(server.Link.IsReleasable);
            Send(client, server, Bind("a"), Execute, Sync);
            Assert.Equal([Bind("PGBOUNCER_1"), Execute, Sync], server.Received());
            Answer(client, server, "2", "C:SELECT 1", "Z");
            Assert.Equal("2CZ", client.Types());
            Assert.Equal(0, Buffers.Rented);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AClientThatWasToldOfOtherRowsGetsTheErrorAndPreparesAgain(bool isLonger)
    {
        var shape = isLonger ? Longer : Other;
        var answer = Join(Messages("E:" + Changed, "Z"), Messages("3", "1", "t:"), shape, Messages("Z"), Messages("E:" + NoStatement, "Z"));
        for (var cut = 0; cut <= answer.Length; cut++)
        {
            var server = NewServer();
            var client = NewClient();
            PrepareAndDescribe(client, server, "a");
            Send(client, server, Bind("a"), Execute, Sync);
            server.Received();
            Answer(client, server, answer[..cut]);
            Answer(client, server, answer[cut..]);
            Assert.Equal([.. Asked, Sync, RefusedBind, Sync], server.Received());
            AssertRefused(client, "Z");
            Assert.True(server.Link.IsReleasable);
            Assert.False(server.Link.IsClientHeld);

            // As long as it does not ask again, nothing else comes.
            Send(client, server, Bind("a"), Execute, Sync);
            Assert.Equal([.. Asked, Sync, Flush], server.Received());
            Answer(client, server, Join(Messages("3", "1", "t:"), shape, Messages("Z")));
            AssertHeldIsRefused(client, server);

            Send(client, server, Close("a"), Parse("again", Text), Describe("again"), Sync);
            Assert.Equal([Describe("PGBOUNCER_1"), Sync], server.Received());
            Answer(client, server, Join(Messages("t:"), shape, Messages("Z")));
            Assert.Equal("31tTZ", client.Types());
            Send(client, server, Bind("again"), Execute, Sync);
            Assert.Equal([Bind("PGBOUNCER_1"), Execute, Sync], server.Received());
            Answer(client, server, "2", "C:SELECT 1", "Z");
            Assert.Equal("2CZ", client.Types());
            Assert.True(server.Link.IsReleasable);
            Assert.Equal(0, Buffers.Rented);
        }
    }

    [Fact]
    public void WhoAsksAgainWithEachBindIsToldOfOtherRows()
    {
        var server = NewServer();
        var client = NewClient();
        PrepareAndDescribe(client, server, "a");
        for (var i = 0; i < 3; i++)
        {
            Send(client, server, Bind("a"), DescribePortal, Execute, Sync);
            Answer(client, server, Join(i > 0 ? [] : Messages("E:" + Changed, "Z", "3", "1"), Messages("2"), Other, Messages("C:SELECT 1", "Z")));
            Assert.Equal("2TCZ", client.Types());
        }

        Assert.True(server.Link.IsReleasable);
    }

    [Fact]
    public void ABatchThatEndsWithFlushIsRefusedSoThatTheServerSkipsTheRest()
    {
        var server = NewServer();
        var client = NewClient();
        PrepareAndDescribe(client, server, "a");
        Send(client, server, Bind("a"), Execute, Flush);
        server.Received();
        Answer(client, server, "E:" + Changed);
        Assert.Equal([Sync], server.Received());
        Answer(client, server, Join(Messages("Z", "3", "1", "t:"), Other, Messages("Z")));
        Assert.Equal([.. Asked, Sync, RefusedBind, Flush], server.Received());
        Answer(client, server, "E:" + NoStatement);
        AssertRefused(client, "");
        Send(client, server, Bind("a"), Execute, Sync);
        Answer(client, server, "Z");
        Assert.Equal("Z", client.Types());
        Assert.True(server.Link.IsReleasable);
    }

    [Fact]
    public void AServerThatCannotParseItAnyMoreRefusesIt()
    {
        var server = NewServer();
        var client = NewClient();
        PrepareAndDescribe(client, server, "a");
        Send(client, server, Bind("a"), Execute, Sync);
        Answer(client, server, "E:" + Changed, "Z", "3", "E:" + Failed, "Z", "E:" + NoStatement, "Z");
        AssertRefused(client, "Z");
        Assert.True(server.Link.IsReleasable);
        server.Received();

        // Nobody knows whether the server has it.
        Send(client, server, Bind("a"), Execute, Sync);
        Assert.Equal([.. Asked, Sync, Flush], server.Received());
    }

    [Fact]
    public void ATableThatChangesWhileARefusedBatchIsLookedIntoIsLookedIntoAgain()
    {
        var server = NewServer();
        var client = NewClient();
        PrepareAndDescribe(client, server, "a");
        Send(client, server, Bind("a"), Execute, Sync);
        server.Received();
        Answer(client, server, "E:" + Changed, "Z", "3", "1", "t:", "E:" + Changed, "Z");
        Assert.Equal([.. Asked, Sync, .. Asked, Sync], server.Received());
        Answer(client, server, Join(Messages("3", "1", "t:"), Old, Messages("Z", "2", "C:SELECT 1", "Z")));
        Assert.Equal("2CZ", client.Types());
        Assert.True(server.Link.IsReleasable);
    }

    [Fact]
    public void AServerThatEndsWhileItIsAskedSaysSo()
    {
        var server = NewServer();
        var client = NewClient();
        PrepareAndDescribe(client, server, "a");
        Send(client, server, Bind("a"), Execute, Sync);
        Answer(client, server, "E:" + Changed, "Z", "3", "E:SFATAL\0C57P01\0Mbye\0\0");
        Assert.Equal("E", client.Types());
        Assert.Equal(0, Buffers.Rented);
    }

    [Theory]
    [InlineData("")]
    [InlineData("C_1")]
    public void WhoHasOnlyTheFirstPortalDescribedReadsAllRowsByThat(string portal)
    {
        var bind = Frame('B', portal + "\0a\0\0\0\0\0\0\0");
        var server = NewServer();
        var client = NewClient();
        Send(client, server, Parse("a", Text), bind, Frame('D', $"P{portal}\0"), Execute, Sync);
        Answer(client, server, Join(Messages("1", "2"), Old, Messages("C:SELECT 1", "Z")));
        Send(client, server, bind, Execute, Sync);
        Answer(client, server, "2", "C:SELECT 1", "Z");
        Assert.Equal("12TCZ2CZ", client.Types());
        server.Received();
        Send(client, server, bind, Execute, Sync);
        Answer(client, server, Join(Messages("E:" + Changed, "Z", "3", "1", "t:"), Other, Messages("Z", "E:" + NoStatement, "Z")));
        AssertRefused(client, "Z");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void WhoHasEachPortalDescribedGetsWhateverRowsThereAre(int times)
    {
        byte[][] batch = [Bind("a"), DescribePortal, Execute, Sync];
        var server = NewServer();
        var client = NewClient();
        Prepare(client, server, "a", Text);
        for (var i = 0; i < times; i++)
        {
            Send(client, server, batch);
            Answer(client, server, Join(Messages("2"), Old, Messages("C:SELECT 1", "Z")));
            Assert.Equal("2TCZ", client.Types());
        }

        server.Received();
        Send(client, server, batch);
        Answer(client, server, "E:" + Changed, "Z");
        Answer(client, server, Join(Messages("3", "1", "2"), Other, Messages("C:SELECT 1", "Z")));
        Assert.Equal("2TCZ", client.Types());
        Send(client, server, batch);
        Answer(client, server, Join(Messages("2"), Other, Messages("C:SELECT 1", "Z")));
        Assert.Equal("2TCZ", client.Types());
        Assert.True(server.Link.IsReleasable);
    }
}
