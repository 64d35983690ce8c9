using Pooler.Actors.Relay;

namespace Pooler.Actors.Tests.Relay.Prepared;

/// <summary>Requests that make the pooler send much more than it was sent, or keep something for each: they stop when the server does not keep up.</summary>
public sealed class StatementBackPressureTests : StatementRelayScene
{
    private const int Long = 100_000;

    [Fact]
    public void ShortRequestsForLongTextsStopWhenTheServerDoesNotRead()
    {
        Limit = 1;
        var server = NewServer();
        var client = NewClient();
        var texts = new[] { "select 1" + new string(' ', Long), "select 2" + new string(' ', Long) };
        Prepare(client, server, "a", texts[0]);
        Prepare(client, NewServer(), "b", texts[1]);
        byte[] requests = [.. Enumerable.Range(0, 500).SelectMany(i => Bind(i % 2 == 0 ? "b" : "a")), .. Sync];
        var before = server.Bytes().Length;
        server.IsStuck = true;
        var result = Send(client, server, requests);
        Assert.Equal(RelayStatus.Open, result.Status);
        Assert.InRange(server.Bytes().Length - before, 1, 2 * Long);
        Assert.True(server.Link.IsBehind);

        // Whenever the server has read what there is, it goes on, and nothing is lost or doubled.
        for (var turns = 0; result.Left > 0; turns++)
        {
            Assert.InRange(turns, 0, 1000);
            server.IsStuck = false;
            Assert.False(server.Link.IsBehind);
            server.IsStuck = true;
            result = Send(client, server, requests[^result.Left..]);
        }

        server.Received();
        var binds = Split(server.Bytes()).Where(message => message[0] == 'B').ToList();
        Assert.Equal(500, binds.Count);
        Assert.All(binds.Select((message, i) => (message, i)), bind => Assert.Equal(Bind(bind.i % 2 == 0 ? "PGBOUNCER_2" : "PGBOUNCER_1"), bind.message));
    }

    [Fact]
    public void RequestsThatThePoolerAnswersItselfStopBehindALongQuery()
    {
        var server = NewServer();
        var client = NewClient();
        Send(client, server, Frame('Q', "select pg_sleep(1000)\0"));
        server.Received();
        byte[] requests = [.. Enumerable.Repeat(Close("nothing"), 100_000).SelectMany(request => request)];
        var result = Send(client, server, requests);
        var taken = 100_000 - (result.Left / Close("nothing").Length);
        Assert.InRange(taken, 10_000, 50_000);
        Assert.True(server.Link.OwesTooMuch);
        Assert.Equal([Frame('H', "")], server.Received());

        Answer(client, server, "C:SELECT 1", "Z");
        Assert.Equal("CZ" + new string('3', taken), client.Types());
        Assert.True(server.Link.OwesLittle);
        Send(client, server, Sync);
        Answer(client, server, "Z");
        Assert.True(server.Link.IsReleasable);
    }

    [Fact]
    public void AnErrorWhoseSyncIsThereDoesNotLetMoreThrough()
    {
        var server = NewServer();
        var client = NewClient();
        Send(client, server, Frame('P', "\0bad\0\0\0"), Sync);
        Answer(client, server, "E:" + Failed);
        Assert.NotEqual(0, Send(client, server, [.. Frame('P', "\0good\0\0\0"), .. Enumerable.Repeat(Close("nothing"), 20_000).SelectMany(request => request)]).Left);

        // The server may keep its answers back until it is asked.
        Assert.Equal(Frame('H', ""), server.Received()[^1]);
        Answer(client, server, "Z");
        Assert.False(server.Link.OwesLittle);
        Answer(client, server, "1");
        Assert.True(server.Link.OwesLittle);
    }

    [Fact]
    public void AnErrorLetsTheClientGoOnToItsSync()
    {
        var server = NewServer();
        var client = NewClient();
        Send(client, server, Frame('P', "\0bad\0\0\0"));
        Send(client, server, [.. Enumerable.Repeat(Close("nothing"), 20_000).SelectMany(request => request)]);
        Assert.True(server.Link.OwesTooMuch);
        Answer(client, server, "E:" + Failed);
        Assert.False(server.Link.IsBehind);
        Send(client, server, Close("nothing"), Sync);
        Answer(client, server, "Z");
        Assert.Equal("EZ", client.Types());
        Assert.True(server.Link.IsReleasable);
    }
}
