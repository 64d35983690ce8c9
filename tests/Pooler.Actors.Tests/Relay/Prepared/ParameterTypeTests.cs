namespace Pooler.Actors.Tests.Relay.Prepared;

/// <summary>What a client was told of a statement holds for it on every server, and after the tables have changed.</summary>
public sealed class ParameterTypeTests : StatementRelayScene
{
    private const string Text = "select t from t where n = $1";
    private const string Int4 = "\0\u0001\0\0\0\u0017";
    private const string Int8 = "\0\u0001\0\0\0\u0014";
    private const string WrongCount = "SERROR\0C08P01\0Mbind message has 2 result formats but query has 3 columns\0RPortalSetResultFormat\0\0";

    [Fact]
    public void AnotherServerParsesAStatementWithTheTypesThatTheClientWasTold()
    {
        var (client, server) = (NewClient(), NewServer());
        PrepareAndDescribe(client, server, "a", Int4);
        var other = NewServer();
        Send(client, other, Bind("a", "x"), Execute, Sync);
        Assert.Equal([Typed("PGBOUNCER_2", Int4), Bind("PGBOUNCER_2", "x"), Execute, Sync], other.Received());
        Answer(client, other, "1", "2", "C:SELECT 1", "Z");
        Assert.Equal("2CZ", client.Types());
    }

    [Fact]
    public void TheServerThatHasFoundTheTypesItselfParsesNothingMore()
    {
        var (client, server) = (NewClient(), NewServer());
        PrepareAndDescribe(client, server, "a", Int4);
        Send(client, server, Bind("a", "x"), Execute, Sync);
        Assert.Equal([Bind("PGBOUNCER_1", "x"), Execute, Sync], server.Received());
        Answer(client, server, "2", "C:SELECT 1", "Z");
        var second = NewClient();
        PrepareKnown(second, server, "b", Int4);
        Send(second, server, Bind("b", "x"), Execute, Sync);
        Assert.Equal([Bind("PGBOUNCER_1", "x"), Execute, Sync], server.Received());
    }

    [Fact]
    public void ABatchThatIsMadeAgainKeepsTheTypes()
    {
        var (client, server) = (NewClient(), NewServer());
        PrepareAndDescribe(client, server, "a", Int4);
        for (var round = 0; round < 2; round++)
        {
            client.Types();
            Send(client, server, Bind("a", "x"), Execute, Sync);
            Assert.Equal([Bind("PGBOUNCER_1", "x"), Execute, Sync], server.Received());
            Answer(client, server, "E:" + Changed, "Z");
            Assert.Equal([Close("PGBOUNCER_1"), Typed("PGBOUNCER_1", Int4), Bind("PGBOUNCER_1", "x"), Execute, Sync], server.Received());
            Answer(client, server, "3", "1", "2", "C:SELECT 1", "Z");
            Assert.Equal("2CZ", client.Types());
        }
    }

    [Fact]
    public void AStatementThatBecameStaleThroughAnotherOneKeepsTheTypes()
    {
        var (client, server) = (NewClient(), NewServer());
        PrepareAndDescribe(client, server, "a", Int4);
        Prepare(client, server, "star", "select * from t");
        Send(client, server, Bind("star"), Execute, Sync);
        server.Received();
        Answer(client, server, "E:" + Changed, "Z", "3", "1", "2", "C:SELECT 1", "Z");
        server.Received();
        Send(client, server, Bind("a", "x"), Execute, Sync);
        var requests = server.Received();
        Assert.Contains(requests, request => request[0] == 'P' && request.AsSpan().EndsWith("\0\u0001\0\0\0\u0017"u8));
        Assert.Equal((byte)'B', requests[^3][0]);
    }

    [Fact]
    public void WhoPreparesAfterAChangeIsToldTheNewTypesAndTheOthersKeepTheirs()
    {
        var (old, server) = (NewClient(), NewServer());
        PrepareAndDescribe(old, server, "a", Int4);
        var (young, other) = (NewClient(), NewServer());
        PrepareAndDescribe(young, other, "a", Int8);
        Send(young, other, Bind("a", "x"), Execute, Sync);
        Assert.Equal([Bind("PGBOUNCER_1", "x"), Execute, Sync], other.Received());
        Answer(young, other, "2", "C:SELECT 1", "Z");
        Send(old, other, Bind("a", "x"), Execute, Sync);
        Assert.Equal([Typed("PGBOUNCER_2", Int4), Bind("PGBOUNCER_2", "x"), Execute, Sync], other.Received());
        Answer(old, other, "1", "2", "C:SELECT 1", "Z");
        Send(young, server, Bind("a", "x"), Execute, Sync);
        Assert.Equal([Typed("PGBOUNCER_3", Int8), Bind("PGBOUNCER_3", "x"), Execute, Sync], server.Received());
    }

    [Fact]
    public void ADescribeThatIsMadeAgainTellsTheTypesThatTheClientGets()
    {
        var (old, server) = (NewClient(), NewServer());
        PrepareAndDescribe(old, server, "a", Int4);
        var young = NewClient();
        Send(young, server, Parse("b", Text), Describe("b"), Sync);
        Assert.Equal([Describe("PGBOUNCER_1"), Sync], server.Received());
        Answer(young, server, Description(Int4));
        Answer(young, server, "E:" + Changed, "Z");
        Assert.Equal([Close("PGBOUNCER_1"), Parse("PGBOUNCER_1", Text), Describe("PGBOUNCER_1"), Sync], server.Received());
        Answer(young, server, "3", "1");
        Answer(young, server, Description(Int8));
        Answer(young, server, "T", "Z");
        Assert.Equal("1tTZ", young.Types());
        var other = NewServer();
        Send(young, other, Bind("b", "x"), Execute, Sync);
        Assert.Equal(Typed("PGBOUNCER_3", Int8), other.Received()[0]);
        Send(old, server, Bind("a", "x"), Execute, Sync);
        Assert.Equal(Typed("PGBOUNCER_2", Int4), server.Received()[0]);
    }

    [Fact]
    public void AFailedDescribeChangesNothing()
    {
        var (client, server) = (NewClient(), NewServer());
        Prepare(client, server, "a", Text);
        Send(client, server, Describe("a"), Sync);
        Answer(client, server, "E:" + Failed, "Z");
        server.Received();
        Send(client, server, Bind("a", "x"), Execute, Sync);
        Assert.Equal([Bind("PGBOUNCER_1", "x"), Execute, Sync], server.Received());
    }

    [Fact]
    public void ANameThatIsGivenUpBeforeItsDescriptionComesHoldsNothing()
    {
        var (client, server) = (NewClient(), NewServer());
        Prepare(client, server, "a", Text);
        Send(client, server, Describe("a"), Close("a"), Sync);
        Answer(client, server, Description(Int4));
        Answer(client, server, "T", "Z");
        Assert.Equal("tT3Z", client.Types());
        Assert.Equal(0, client.Statements!.Count);
        server.Link.Ledger.Statements!.Clear();
        Assert.Equal(0, Cache.Count);
    }

    [Fact]
    public void NothingIsLeftWhenAllAreGone()
    {
        var (client, server) = (NewClient(), NewServer());
        PrepareAndDescribe(client, server, "a", Int4);
        var other = NewServer();
        Send(client, other, Bind("a", "x"), Execute, Sync);
        Answer(client, other, "1", "2", "C:SELECT 1", "Z");
        Assert.Equal(2, Cache.Count);
        client.Statements!.Clear();
        server.Link.Ledger.Statements!.Clear();
        other.Link.Ledger.Statements!.Clear();
        Assert.Equal(0, Cache.Count);
        Assert.Equal(0, Cache.Bytes);
    }

    [Fact]
    public void AStatementIsGivenUpByCommandUnderTheNameThatTheServerHasForIt()
    {
        var (client, server) = (NewClient(), NewServer());
        PrepareAndDescribe(client, server, "a", Int4);
        Send(client, server, Frame('Q', "deallocate a\0"));
        var requests = server.Received();
        Assert.Equal("PBES", string.Concat(requests.Select(request => (char)request[0])));
        Assert.True(requests[0].AsSpan().IndexOf("PGBOUNCER_1"u8) > 0);
        Answer(client, server, "1", "2", "C:DEALLOCATE", "Z");
        Assert.Equal("CZ", client.Types());
        Assert.Equal(0, client.Statements!.Count);
        Assert.Equal(1, Cache.Count);
        server.Link.Ledger.Statements!.Clear();
        Assert.Equal(0, Cache.Count);
    }

    [Fact]
    public void WhoAsksForTheColumnsOfBeforeIsToldThatTheResultHasChanged()
    {
        var (client, server) = (NewClient(), NewServer());
        Prepare(client, server, "a", "select * from t");
        Send(client, server, Bind("a"), Execute, Sync);
        Answer(client, server, "E:" + WrongCount, "Z");
        Assert.Equal("EZ", client.Types());
        Assert.True(client.Connection.Sent.AsSpan().IndexOf("C0A000\0Mcached plan must not change result type\0RRevalidateCachedQuery\0"u8) > 0);
        Assert.Equal(-1, client.Connection.Sent.AsSpan().IndexOf("08P01"u8));
        Assert.True(server.Link.IsReleasable);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AnUnnamedStatementGetsTheServersOwnError(bool isEnabled)
    {
        var (client, server) = (NewClient(), NewServer());
        server.Link.Retry.IsEnabled = isEnabled;
        Prepare(client, server, "a", "select * from t");
        if (isEnabled)
        {
            Send(client, server, Parse("", "select * from t"), Bind(""), Execute, Sync);
            Answer(client, server, "1");
        }
        else
        {
            Send(client, server, Bind("a"), Execute, Sync);
        }

        Answer(client, server, "E:" + WrongCount, "Z");
        Assert.True(client.Connection.Sent.AsSpan().IndexOf("C08P01\0"u8) > 0);
        Assert.Equal(-1, client.Connection.Sent.AsSpan().IndexOf("0A000"u8));
    }

    private static byte[] Typed(string name, string types) => Frame('P', $"{name}\0{Text}\0{types}");

    private static byte[] Description(string types) => Frame('t', types);

    private void PrepareAndDescribe(Client client, Server server, string name, string types)
    {
        Send(client, server, Parse(name, Text), Describe(name), Sync);
        Answer(client, server, "1");
        Answer(client, server, Description(types));
        Answer(client, server, "T", "Z");
        Assert.Equal("1tTZ", client.Types());
        server.Received();
    }

    private void PrepareKnown(Client client, Server server, string name, string types)
    {
        Send(client, server, Parse(name, Text), Describe(name), Sync);
        Assert.Equal([Describe("PGBOUNCER_1"), Sync], server.Received());
        Answer(client, server, Description(types));
        Answer(client, server, "T", "Z");
        Assert.Equal("1tTZ", client.Types());
    }
}
