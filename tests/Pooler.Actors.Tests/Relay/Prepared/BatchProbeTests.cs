namespace Pooler.Actors.Tests.Relay.Prepared;

/// <summary>Batches of clients that go by the columns they were told before.</summary>
public sealed class BatchProbeTests : StatementRelayScene
{
    private const string Text = "select * from t";
    private const string Int4 = "\0\0\0\u0017";
    private const string Int8 = "\0\0\0\u0014";

    private static byte[][] Probe => [Close("PGBOUNCER_1"), Parse("PGBOUNCER_1", Text), Describe("PGBOUNCER_1"), Sync];

    [Fact]
    public void ABatchIsMadeAgainIfOnlyALengthHasChanged()
    {
        var (client, server) = (NewClient(), NewServer());
        PrepareAndDescribe(client, server, Columns(("n", Int4, '\u0005')));
        Refuse(client, server);
        Assert.Equal(Probe, server.Received());
        Assert.True(server.Link.IsClientHeld);
        AnswerProbe(client, server, Columns(("n", Int4, '\u0009')));
        Assert.Equal([Bind("PGBOUNCER_1"), Execute, Sync], server.Received());
        Assert.Equal("", client.Types());
        Answer(client, server, "2", "C:SELECT 1", "Z");
        Assert.Equal("2CZ", client.Types());
        Assert.True(server.Link.IsReleasable);
        Assert.Equal(0, Buffers.Rented);
        Send(client, server, Bind("a"), Execute, Sync);
        Assert.Equal([Bind("PGBOUNCER_1"), Execute, Sync], server.Received());
    }

    [Theory]
    [InlineData("n", Int8, false)]
    [InlineData("m", Int4, false)]
    [InlineData("n", Int4, true)]
    public void ABatchWhoseClientWouldReadTheNewColumnsAsTheOldOnesIsRefused(string name, string type, bool hasMore)
    {
        var (client, server) = (NewClient(), NewServer());
        PrepareAndDescribe(client, server, Columns(("n", Int4, '\0')));
        Refuse(client, server);
        Assert.Equal(Probe, server.Received());
        AnswerProbe(client, server, hasMore ? Columns((name, type, '\0'), ("more", Int4, '\0')) : Columns((name, type, '\0')));
        Assert.Empty(server.Received());
        Assert.Equal("EZ", client.Types());
        Assert.True(client.Connection.Sent.AsSpan().IndexOf("C0A000\0Mcached plan must not change result type\0"u8) > 0);
        Assert.True(server.Link.IsReleasable);
        Assert.Equal(0, Buffers.Rented);
    }

    [Fact]
    public void WhoAsksForTheColumnsEachTimeNeedsNoProbe()
    {
        var (client, server) = (NewClient(), NewServer());
        PrepareAndDescribe(client, server, Columns(("n", Int4, '\0')));
        Send(client, server, Bind("a"), DescribePortal, Execute, Sync);
        server.Received();
        Answer(client, server, "E:" + Changed, "Z");
        Assert.Equal([Close("PGBOUNCER_1"), Parse("PGBOUNCER_1", Text), Bind("PGBOUNCER_1"), DescribePortal, Execute, Sync], server.Received());
    }

    [Fact]
    public void ClientsThatWereToldDifferentColumnsAreRefused()
    {
        var (client, server) = (NewClient(), NewServer());
        PrepareAndDescribe(client, server, Columns(("n", Int4, '\0')));
        var (other, otherServer) = (NewClient(), NewServer());
        PrepareAndDescribe(other, otherServer, Columns(("n", Int8, '\0')));
        Refuse(other, otherServer);
        Assert.Equal(Probe, otherServer.Received());
        AnswerProbe(other, otherServer, Columns(("n", Int8, '\0')));
        Assert.Equal("EZ", other.Types());
    }

    [Fact]
    public void AStatementThatCannotBeParsedAnyMoreGivesTheServersError()
    {
        var (client, server) = (NewClient(), NewServer());
        PrepareAndDescribe(client, server, Columns(("n", Int4, '\0')));
        Refuse(client, server);
        server.Received();
        Answer(client, server, "3", "E:" + Failed, "Z");
        Assert.Equal("EZ", client.Types());
        Assert.True(client.Connection.Sent.AsSpan().IndexOf("42P01"u8) > 0);
        Assert.True(server.Link.IsReleasable);
        Assert.Equal(0, Buffers.Rented);
        Send(client, server, Bind("a"), Execute, Sync);
        Assert.Equal([Close("PGBOUNCER_1"), Parse("PGBOUNCER_1", Text), Bind("PGBOUNCER_1"), Execute, Sync], server.Received());
    }

    [Fact]
    public void AnAnswerMayComeInPieces()
    {
        var (client, server) = (NewClient(), NewServer());
        PrepareAndDescribe(client, server, Columns(("n", Int4, '\0')));
        Refuse(client, server);
        server.Received();
        byte[] answer = [.. Messages("3", "1"), .. Frame('t', "\0\0"), .. Frame('T', Columns(("n", Int4, '\0'))), .. Messages("Z", "2", "C:SELECT 1", "Z")];
        foreach (var part in answer)
        {
            Answer(client, server, [part]);
        }

        Assert.Equal("2CZ", client.Types());
        Assert.True(server.Link.IsReleasable);
    }

    private static string Columns(params (string Name, string Type, char Length)[] columns) =>
        $"\0{(char)columns.Length}" + string.Concat(columns.Select(column => $"{column.Name}\0\0\0\0\0\0\u0001{column.Type}\0\u0004\0\0\0{column.Length}\0\0"));

    private void PrepareAndDescribe(Client client, Server server, string columns)
    {
        Send(client, server, Parse("a", Text), Describe("a"), Sync);
        Answer(client, server, [.. Messages("1"), .. Frame('t', "\0\0"), .. Frame('T', columns), .. Messages("Z")]);
        Assert.Equal("1tTZ", client.Types());
        server.Received();
    }

    private void Refuse(Client client, Server server)
    {
        Send(client, server, Bind("a"), Execute, Sync);
        Assert.Equal([Bind("PGBOUNCER_1"), Execute, Sync], server.Received());
        Answer(client, server, "E:" + Changed, "Z");
    }

    private void AnswerProbe(Client client, Server server, string columns) =>
        Answer(client, server, [.. Messages("3", "1"), .. Frame('t', "\0\0"), .. Frame('T', columns), .. Messages("Z")]);
}
