using Pooler.Actors.Supervision;

namespace Pooler.Actors.Tests.Supervision;

public sealed class ClientCountsTests
{
    private readonly ClientCounts _counts = new();

    [Fact]
    public void ClientsCountForTheirDatabaseAndForTheirUser()
    {
        _counts.Add("db", "joe", out var ofDatabase, out var ofUser);
        Assert.Equal((1, 1), (ofDatabase, ofUser));
        _counts.Add("db", "jane", out ofDatabase, out ofUser);
        Assert.Equal((2, 1), (ofDatabase, ofUser));
        _counts.Add("other", "joe", out ofDatabase, out ofUser);
        Assert.Equal((1, 2), (ofDatabase, ofUser));
        Assert.Equal((2, 1, 2, 1), (_counts.CountOfDatabase("db"), _counts.CountOfDatabase("other"), _counts.CountOfUser("joe"), _counts.CountOfUser("jane")));
    }

    [Fact]
    public void WhatIsUnknownIsNotCounted()
    {
        var place = _counts.Add(null, null, out var ofDatabase, out var ofUser);
        Assert.Equal((0, 0), (ofDatabase, ofUser));
        _counts.Remove(place);
        _counts.Add("db", null, out ofDatabase, out ofUser);
        Assert.Equal((1, 0), (ofDatabase, ofUser));
    }

    [Fact]
    public void ClientsOfTheSameNamesShareOnePlaceUntilTheLastIsGone()
    {
        var first = _counts.Add("db", "joe", out _, out _);
        var second = _counts.Add("db", "joe", out _, out _);
        Assert.Same(first, second);
        _counts.Remove(first);
        Assert.Equal(1, _counts.CountOfDatabase("db"));
        Assert.Same(second, _counts.Add("db", "joe", out _, out _));
        _counts.Remove(second);
        _counts.Remove(second);
        Assert.Equal((0, 0), (_counts.CountOfDatabase("db"), _counts.CountOfUser("joe")));
        Assert.NotSame(first, _counts.Add("db", "joe", out _, out _));
    }
}
