using System.Net;
using Pooler.Actors.Dns;

namespace Pooler.Actors.Tests.Dns;

/// <summary>How long answers count, whose turn it is, what is gone, and which zone a name is in.</summary>
public sealed class DnsCacheTests
{
    private const long Second = 1_000_000;

    private static readonly DnsLifetimes Lifetimes = new(15 * Second, 3 * Second);

    private readonly DnsCache _cache = new();

    [Fact]
    public void AnAnswerCountsForItsLifetime()
    {
        var host = _cache.Enter("db", out _);
        Assert.Equal(0, host.TimeToLive(Second, Lifetimes));
        Answer(host, Second, "10.0.0.1");
        Assert.Equal(15 * Second, host.TimeToLive(Second, Lifetimes));
        Assert.Equal(1, host.TimeToLive((16 * Second) - 1, Lifetimes));
        Assert.Equal(0, host.TimeToLive(16 * Second, Lifetimes));
    }

    [Fact]
    public void AFailureHasALifetimeOfItsOwn()
    {
        var host = _cache.Enter("db", out _);
        Answer(host, Second);
        Assert.Equal(3 * Second, host.TimeToLive(Second, Lifetimes));
        Assert.Equal(0, host.TimeToLive(4 * Second, Lifetimes));
        var failure = host.Next();
        Assert.Null(failure.Address);
        Assert.Equal(ResolverResult.NoName, failure.Result);
    }

    [Fact]
    public void AddressesTakeTurnsAcrossAnswers()
    {
        var host = _cache.Enter("db", out _);
        Answer(host, 0, "10.0.0.1", "::1");
        Assert.Equal(["10.0.0.1", "::1", "10.0.0.1"], Enumerable.Range(0, 3).Select(_ => $"{host.Next().Address}"));
        Answer(host, 1, "10.0.0.1", "::1");
        Assert.Equal("::1", $"{host.Next().Address}");
    }

    [Fact]
    public void AnAddressThatIsMissingFromANewAnswerRetiresItsConnections()
    {
        var host = _cache.Enter("db", out _);
        Answer(host, 0, "10.0.0.1", "10.0.0.2");
        var (first, second) = (host.Next(), host.Next());
        Assert.Null(Answer(host, 1, "10.0.0.2", "10.0.0.1"));
        Assert.Null(Answer(host, 2, "10.0.0.1", "10.0.0.2", "10.0.0.3"));
        var vanished = Answer(host, 3, "10.0.0.3", "10.0.0.1");
        Assert.NotNull(vanished);
        Assert.False(vanished.Retires(first));
        Assert.True(vanished.Retires(second));
        Assert.True(vanished.Retires(second with { Name = "DB" }));
        Assert.False(vanished.Retires(second with { Name = "other" }));
    }

    [Fact]
    public void AnAddressThatCameBackAfterwardsIsNotRetired()
    {
        var host = _cache.Enter("db", out _);
        Answer(host, 0, "10.0.0.1");
        var vanished = Answer(host, 1, "10.0.0.2");
        Answer(host, 2, "10.0.0.1");
        Assert.False(vanished!.Retires(host.Next()));
    }

    [Fact]
    public void AFailureRetiresNothingAndTheAnswerBehindItIsComparedWithTheOneBefore()
    {
        var host = _cache.Enter("db", out _);
        Answer(host, 0, "10.0.0.1");
        var before = host.Next();
        Assert.Null(Answer(host, 1));
        Assert.Empty(host.Addresses);
        Assert.Null(Answer(host, 2, "10.0.0.1"));
        Assert.Null(Answer(host, 3));
        Assert.True(Answer(host, 4, "10.0.0.2")!.Retires(before));
    }

    [Fact]
    public void NamesAreTheSameInEitherCase()
    {
        var host = _cache.Enter("Db.Example", out var zone);
        Assert.NotNull(zone);
        Assert.Same(host, _cache.Enter("dB.eXAMPLE", out zone));
        Assert.Null(zone);
    }

    [Theory]
    [InlineData("db.shop.example", "shop.example")]
    [InlineData("db.shop.example.", "shop.example")]
    [InlineData("db", null)]
    [InlineData("db.", null)]
    public void AZoneIsWhatFollowsTheFirstDot(string host, string? zone) => Assert.Equal(zone, DnsZone.NameOf(host));

    [Theory]
    [InlineData(7u, 8u, true)]
    [InlineData(7u, 7u, false)]
    [InlineData(7u, 6u, false)]
    [InlineData(4_294_967_290u, 3u, true)]
    [InlineData(3u, 4_294_967_290u, false)]
    public void ASerialNumberGrowsAndGoesRound(uint old, uint fresh, bool isNewer)
    {
        var zone = new DnsZone("example");
        Assert.False(zone.Take(old));
        Assert.Equal(isNewer, zone.Take(fresh));
        Assert.Equal(isNewer ? fresh : old, zone.Serial);
    }

    [Fact]
    public void TheSnapshotHasEverythingByName()
    {
        Answer(_cache.Enter("z.example", out _), 0, "10.0.0.1");
        _cache.Enter("a.example", out _);
        _cache.Enter("b", out _);
        var snapshot = _cache.Snapshot(Second, Lifetimes, 2);
        Assert.Equal([("a.example", 0L, 0), ("b", 0L, 0), ("z.example", 14 * Second, 1)],
            snapshot.Hosts.Select(host => (host.Name, host.TimeToLive, host.Addresses.Length)));
        Assert.Equal(new DnsSnapshot.Zone("example", 0, 2), Assert.Single(snapshot.Zones));
        Assert.Equal(2, snapshot.Queries);
    }

    private HostAddressesVanished? Answer(DnsHost host, long now, params string[] addresses)
    {
        var answer = addresses.Length == 0 ? DnsAnswer.Failed(ResolverResult.NoName) : DnsAnswer.Of(addresses.Select(IPAddress.Parse));
        _cache.Take(host, answer, now, out var vanished);
        return vanished;
    }
}
