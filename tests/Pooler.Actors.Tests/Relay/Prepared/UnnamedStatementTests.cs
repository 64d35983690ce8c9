namespace Pooler.Actors.Tests.Relay.Prepared;

/// <summary>Unnamed statements that are parsed with one server and used with another, or behind another client's.</summary>
public sealed class UnnamedStatementTests : StatementRelayScene
{
    private const string Text = "select $1";

    private static byte[] CloseUnnamed => Close("");

    [Fact]
    public void ItIsParsedAgainForTheServerThatTheClientGetsNext()
    {
        var client = NewClient();
        foreach (var (use, answer, expected) in new[] { (Bind(""), "2", "2"), (Describe(""), "n", "n") })
        {
            var first = NewServer();
            Send(client, first, Parse("", Text), Describe(""), Sync);
            Assert.Equal([Parse("", Text), Describe(""), Sync], first.Received());
            Answer(client, first, "1", "t:", "T", "Z");
            Assert.Equal("1tTZ", client.Types());
            for (var i = 0; i < 2; i++)
            {
                var next = NewServer();
                Send(client, next, use, Execute, use, Sync);
                Assert.Equal([Parse("", Text), use, Execute, use, Sync], next.Received());
                Answer(client, next, "1", answer, "C:SELECT 1", answer, "Z");
                Assert.Equal(expected + "C" + expected + "Z", client.Types());
                Assert.True(next.Link.IsReleasable);
            }
        }
    }

    [Fact]
    public void AsLongAsTheClientHasTheServerNothingIsAdded()
    {
        var (client, server) = (NewClient(), NewServer());
        byte[][] requests = [Parse("", Text), Sync, Bind(""), Execute, Sync, Parse("", "select 2"), Bind(""), Execute, Sync, Bind(""), Execute, Sync];
        Send(client, server, requests);
        Assert.Equal(requests, server.Received());
    }

    [Fact]
    public void WhatItHasNotParsedItDoesNotGet()
    {
        var (client, server) = (NewClient(), NewServer());
        Send(client, server, Bind(""), Execute, Sync);
        Assert.Equal([CloseUnnamed, Bind(""), Execute, Sync], server.Received());
        Answer(client, server, "3", "E:" + Failed, "Z");
        Assert.Equal("EZ", client.Types());
    }

    [Theory]
    [InlineData("query")]
    [InlineData("close")]
    [InlineData("parse and bind")]
    [InlineData("deallocate")]
    public void AnotherRequestEndsIt(string request)
    {
        var (client, server) = (NewClient(), NewServer());
        Prepare(client, server, "named", "select 1");
        Send(client, server, Parse("", Text), Sync);
        byte[][] requests = request switch
        {
            "query" => [Frame('Q', "select 1\0")],
            "close" => [CloseUnnamed, Sync],
            "deallocate" => [Frame('Q', "deallocate named\0")],
            _ => [Parse("", "select 2"), Bind(""), Sync],
        };
        Send(client, server, requests);
        var next = NewServer();
        Send(client, next, Bind(""), Execute, Sync);
        Assert.Equal([CloseUnnamed, Bind(""), Execute, Sync], next.Received());
    }

    [Fact]
    public void ItIsKeptHoweverItsBytesCome()
    {
        var parse = Parse("", "select '" + new string('x', 5000) + "'");
        for (var cut = 1; cut < parse.Length; cut += 7)
        {
            var (client, server) = (NewClient(), NewServer());
            Send(client, server, parse[..cut]);
            Send(client, server, parse[cut..]);
            Send(client, server, Sync);
            Assert.Equal([parse, Sync], server.Received());
            var next = NewServer();
            Send(client, next, Bind(""), Execute, Sync);
            Assert.Equal([parse, Bind(""), Execute, Sync], next.Received());
        }
    }

    [Fact]
    public void AVeryLongOneIsNotKept()
    {
        var (client, server) = (NewClient(), NewServer());
        var parse = Parse("", new string(' ', 1 << 16));
        Send(client, server, parse[..9]);
        Send(client, server, parse[9..]);
        Send(client, server, Sync);
        Assert.Equal([parse, Sync], server.Received());
        var next = NewServer();
        Send(client, next, Bind(""), Execute, Sync);
        Assert.Equal([CloseUnnamed, Bind(""), Execute, Sync], next.Received());
    }
}
