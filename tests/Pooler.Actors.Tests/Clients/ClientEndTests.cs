using Pooler.Actors.Tests.Supervision;

namespace Pooler.Actors.Tests.Clients;

/// <summary>What a client is told when the pooler ends it in the midst of an answer, through the whole pooler.</summary>
public sealed class ClientEndTests
{
    [Theory]
    [InlineData("server conn crashed?")]
    [InlineData("query timeout")]
    [InlineData("database removed")]
    [InlineData("admin forced disconnect")]
    public void AClientInTheMiddleOfARowIsClosedWithoutAWordThatItWouldTakeForTheRest(string reason)
    {
        using var pooler = new ScriptedPooler("query_timeout = 50");
        var client = pooler.Login();
        var server = pooler.Servers[0];
        client.Query("select 1");
        server.Expect("Q select 1");
        var row = ScriptedPeer.Frame('D', "\0\u0001\0\0\0(" + new string('x', 40));
        server.Send([.. row, .. row[..20]]);
        client.Expect("D");
        pooler.Settle();
        switch (reason)
        {
            case "server conn crashed?":
                server.Peer.Close();
                break;
            case "database removed":
                pooler.Command("KILL db");
                break;
            case "admin forced disconnect":
                pooler.Command($"KILL_CLIENT {Assert.Single(pooler.Rows("SELECT id FROM clients WHERE database = 'db'"))}");
                break;
            default:
                break;
        }

        Assert.Null(client.ExpectEnd());
        Assert.Equal(row[..20], client.Rest);
        Assert.Contains(pooler.Log, line => line.Contains($"closing because: {reason}", StringComparison.Ordinal));
    }

    [Fact]
    public void AClientBetweenTwoRowsIsToldWhyItIsClosed()
    {
        using var pooler = new ScriptedPooler();
        var client = pooler.Login();
        var server = pooler.Servers[0];
        client.Query("select 1");
        server.Expect("Q select 1");
        var row = ScriptedPeer.Frame('D', "\0\u0001\0\0\0(" + new string('x', 40));

        // Of the second row nothing has gone on yet.
        server.Send([.. row, .. row[..3]]);
        client.Expect("D");
        server.Peer.Close();
        Assert.Equal("server conn crashed?", client.ExpectEnd());
    }
}
