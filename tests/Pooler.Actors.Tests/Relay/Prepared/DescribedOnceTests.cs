using System.Text;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Tests.Relay.Prepared;

/// <summary>Drivers that ask only once what the columns of a statement are, and tables that change after that: no row comes to them that they were not told of.</summary>
public sealed class DescribedOnceTests : StatementRelayScene
{
    private const string Text = "select * from t";
    private const string NoStatement = "SERROR\0C26000\0Mno such statement\0\0";
    private static readonly byte[] RefusedBind = Frame('B', "\0PGBOUNCER_outdated\0\0\0\0\0\0\0");
    private static readonly byte[] Old = Columns(("id", PostgresTypes.Int4));
    private static readonly byte[] Longer = Columns(("id", PostgresTypes.Int4), ("more", PostgresTypes.Text));
    private static readonly byte[] Other = Columns(("id", PostgresTypes.Int8));

    private static byte[][] Asked => [Close("PGBOUNCER_1"), Parse("PGBOUNCER_1", Text), Describe("PGBOUNCER_1")];

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
            Assert.Equal([RefusedBind, Execute, Sync], server.Received());
            Answer(client, server, "E:" + NoStatement, "Z");
            AssertRefused(client, "Z");

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
            server.Link.IsAwaited = false;
            Send(client, server, Bind("a", "first"), Execute, Sync);
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
        server.Link.IsAwaited = false;
        Send(client, server, Bind("a"), Execute, Sync);
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
        Assert.Equal([Parse("PGBOUNCER_1", Text), Describe("PGBOUNCER_1"), Bind("PGBOUNCER_1"), Execute, Sync], server.Received());
        Answer(client, server, Join(Messages("1", "t:", "E:" + Changed, "Z", "3", "1", "t:"), Old, Messages("Z")));
        Assert.Equal([.. Asked, Sync, Bind("PGBOUNCER_1"), Execute, Sync], server.Received());
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
        Assert.True(server.Link.IsAwaitOver);
        server.Link.IsAwaited = false;
        Send(client, server, Bind("a"), Execute, Sync);
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
        server.Link.IsAwaited = false;
        Send(client, server, Bind("a"), Execute, Sync);
        Answer(client, server, "E:" + Changed, "Z");
        Assert.Equal("2CEZ", client.Types());
        Assert.True(server.Link.IsReleasable);
    }

    [Fact]
    public void AnotherServerIsAskedAlongWithItsFirstUse()
    {
        var client = NewClient();
        PrepareAndDescribe(client, NewServer(), "a");
        var server = NewServer();
        Send(client, server, Bind("a"), Execute, Bind("a"), Execute, Sync);
        Assert.Equal([Parse("PGBOUNCER_1", Text), Describe("PGBOUNCER_1"), Bind("PGBOUNCER_1"), Execute, Bind("PGBOUNCER_1"), Execute, Sync], server.Received());
        Answer(client, server, Join(Messages("1", "t:"), Other, Messages("2", "C:SELECT 1", "2", "C:SELECT 1", "Z")));
        Assert.Equal("2C2CZ", client.Types());
        Assert.True(server.Link.IsReleasable);

        // From now on it is known that there is a change.
        foreach (var next in new[] { server, NewServer() })
        {
            Send(client, next, Bind("a"), Execute, Sync);
            if (next != server)
            {
                Assert.Equal([Parse("PGBOUNCER_1", Text), Describe("PGBOUNCER_1"), Sync, Flush], next.Received());
                Answer(client, next, Join(Messages("1", "t:"), Other, Messages("Z")));
                next.Link.IsAwaited = false;
                Send(client, next, Bind("a"), Execute, Sync);
            }

            Assert.Equal([RefusedBind, Execute, Sync], next.Received());
            Answer(client, next, "E:" + NoStatement, "Z");
            AssertRefused(client, "Z");
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
        server.Link.IsAwaited = false;
        Send(client, server, Bind("a"), Execute, Sync);
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

    private static void AssertRefused(Client client, string behind)
    {
        var sent = Encoding.Latin1.GetString(client.Connection.Sent);
        Assert.DoesNotContain("26000", sent, StringComparison.Ordinal);
        Assert.Contains("C0A000\0Mcached plan must not change result type\0", sent, StringComparison.Ordinal);
        Assert.Equal("E" + behind, client.Types());
    }

    private static byte[] Columns(params (string Name, int Type)[] columns)
    {
        MessageWriter writer = new();
        writer.WriteRowDescription([.. columns.Select(column => new ColumnDescription(column.Name, column.Type))]);
        return writer.Written.ToArray();
    }

    private static byte[] Join(params byte[][] parts) => [.. parts.SelectMany(part => part)];

    private void PrepareAndDescribe(Client client, Server server, string name)
    {
        Send(client, server, Parse(name, Text), Describe(name), Sync);
        Answer(client, server, Join(Messages("1", "t:"), Old, Messages("Z")));
        Assert.Equal("1tTZ", client.Types());
        server.Received();
    }
}
