namespace Pooler.Actors.Tests.Relay.Prepared;

/// <summary>What stands behind a Bind says by what its rows are read. It may come later, as the end of the Bind itself may.</summary>
public sealed class DescribedLaterTests : DescribedStatementScene
{
    [Fact]
    public void WhoAsksForThePortalGetsWhateverRowsThereAreWhereverItsRequestsAreSplit()
    {
        byte[] batch = [.. Bind("a", "value"), .. DescribePortal, .. Execute, .. Sync];
        for (var cut = 1; cut < batch.Length; cut++)
        {
            var server = NewServer();
            var client = NewClient();
            PrepareAndDescribe(client, server, "a");
            UseAsOther(NewClient(), server);
            SendInParts(client, server, batch, cut);
            var received = server.Received();
            Assert.Equal([Bind("PGBOUNCER_1", "value"), DescribePortal, Execute, Sync], received[^4..]);
            Answer(client, server, Join(Messages("2"), Other, Messages("C:SELECT 1", "Z")));
            Assert.Equal("2TCZ", client.Types());
            Assert.True(server.Link.IsReleasable);
            Assert.Equal(0, Buffers.Rented);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WhoDoesNotGetsTheErrorWhereverItsRequestsAreSplit(bool isDescribedOtherwise)
    {
        var next = isDescribedOtherwise ? Describe("a") : Execute;
        byte[] batch = [.. Bind("a", "value"), .. next, .. Sync];
        for (var cut = 1; cut < batch.Length; cut++)
        {
            var server = NewServer();
            var client = NewClient();
            PrepareAndDescribe(client, server, "a");
            UseAsOther(NewClient(), server);
            SendInParts(client, server, batch, cut);
            var received = server.Received();
            Assert.Equal([RefusedBind, isDescribedOtherwise ? Describe("PGBOUNCER_1") : Execute, Sync], received[^3..]);
            var isBound = received[^4].AsSpan().SequenceEqual(Bind("PGBOUNCER_1", "value"));
            Answer(client, server, [.. isBound ? Messages("2") : [], .. Messages("E:" + NoStatement, "Z")]);
            AssertRefused(client, isBound ? "2" : "", "Z");
            Assert.True(server.Link.IsReleasable);
            Assert.Equal(0, Buffers.Rented);

            // Nothing of that is left for the next one.
            Send(client, server, Describe("a"), Bind("a"), Execute, Sync);
            Assert.Equal([Describe("PGBOUNCER_1"), Bind("PGBOUNCER_1"), Execute, Sync], server.Received());
            Answer(client, server, Join(Messages("t:"), Other, Messages("2", "C:SELECT 1", "Z")));
            Assert.Equal("tT2CZ", client.Types());
        }
    }

    [Fact]
    public void ABindThatFailsByItselfSaysWhy()
    {
        var server = NewServer();
        var client = NewClient();
        PrepareAndDescribe(client, server, "a");
        UseAsOther(NewClient(), server);
        byte[] batch = [.. Bind("a"), .. Execute, .. Sync];
        SendInParts(client, server, batch, Bind("a").Length);
        Answer(client, server, "E:" + Failed, "Z");
        Assert.Equal("EZ", client.Types());
        Assert.Contains("42P01", client.Text(), StringComparison.Ordinal);
        Assert.True(server.Link.IsReleasable);
    }

    [Fact]
    public void ABatchBehindWhatMayMakeTheServerForgetItWaitsForThat()
    {
        var server = NewServer();
        var client = NewClient();
        PrepareAndDescribe(client, server, "a");
        Send(client, server, Frame('Q', "discard plans\0"), Bind("a"), Execute, Sync);
        Assert.Equal([Frame('Q', "discard plans\0"), Flush], server.Received());
        Answer(client, server, "C:DISCARD PLANS", "Z");

        // It has not: a plan that is out of date is refused, where one made anew would bring whatever rows there are.
        SendAgain(client, server, Bind("a"), Execute, Sync);
        Assert.Equal([Bind("PGBOUNCER_1"), Execute, Sync], server.Received());
    }

    [Fact]
    public void WhoUsesWhatItHasAskedForBeforeItIsToldReadsItByTheAnswer()
    {
        var server = NewServer();
        var client = NewClient();
        Prepare(client, server, "a", Text);
        Send(client, server, Describe("a"), Sync);
        Send(client, server, Bind("a"), Execute, Sync);
        Assert.Equal([Describe("PGBOUNCER_1"), Sync, Bind("PGBOUNCER_1"), Execute, Sync], server.Received());
        Answer(client, server, Join(Messages("t:"), Old, Messages("Z", "E:" + Changed, "Z", "3", "1", "t:"), Other, Messages("Z", "E:" + NoStatement, "Z")));
        AssertRefused(client, "tTZ", "Z");
        Assert.True(server.Link.IsReleasable);
    }

    [Fact]
    public void AChangeThatIsKnownCountsAlsoBehindTheFirstUseInABatch()
    {
        var client = NewClient();
        var first = NewServer();
        PrepareAndDescribe(client, first, "a");
        Send(client, first, Parse("b", Text), Describe("b"), Sync);
        Answer(client, first, Join(Messages("t:"), Other, Messages("Z")));
        client.Types();
        var server = NewServer();
        Send(client, server, Bind("b"), Execute, Bind("a"), Execute, Sync);
        Assert.Equal([.. AskedFirst, Sync, Flush], server.Received());
        Answer(client, server, Join(Messages("1", "t:"), Other, Messages("Z")));
        SendAgain(client, server, Bind("b"), Execute, Bind("a"), Execute, Sync);
        Assert.Equal([Bind("PGBOUNCER_1"), Execute, .. Asked, Flush], server.Received());
        Answer(client, server, Join(Messages("2", "C:SELECT 1", "3", "1", "t:"), Other));
        AssertHeldIsRefused(client, server, "2C");
        Assert.True(server.Link.IsReleasable);
    }

    [Fact]
    public void ItIsNotParsedAnewBetweenThat()
    {
        var server = NewServer();
        var client = NewClient();
        Send(client, server, Parse("a", Text), Describe("a"), Sync);
        server.Received();
        Send(client, server, Bind("a"), Execute, Sync);
        Assert.Equal([Flush], server.Received());
        Answer(client, server, Join(Messages("1", "t:"), Old, Messages("Z")));
        SendAgain(client, server, Bind("a"), Execute, Sync);
        Assert.Equal([Bind("PGBOUNCER_1"), Execute, Sync], server.Received());
    }

    /// <summary>The client's requests come in two parts, and the server is asked in between what the result is.</summary>
    private void SendInParts(Client client, Server server, byte[] requests, int cut)
    {
        var wasAsked = false;
        byte[] held = [];
        foreach (var part in new[] { requests[..cut], requests[cut..] })
        {
            byte[] input = [.. held, .. part];
            var result = Send(client, server, input);
            held = [.. result.Again ?? [], .. input[^result.Left..]];
            if (server.Link.IsClientHeld)
            {
                Assert.False(wasAsked);
                wasAsked = true;
                Answer(client, server, Join(Messages("3", "1", "t:"), Other, Messages("Z")));
                result = SendAgain(client, server, held);
                held = [.. result.Again ?? [], .. held[^result.Left..]];
            }
        }

        Assert.Empty(held);
    }
}
