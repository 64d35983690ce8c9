using Pooler.Actors.Pools;

namespace Pooler.Actors.Tests.Pools;

public sealed class LaunchPolicyTests
{
    private static readonly LaunchPolicy.Input Room = new()
    {
        Servers = 1,
        Closing = 0,
        PoolSize = 2,
        ReserveSize = 0,
        ReserveTimeout = 5_000_000,
        OldestWait = 0,
        IsConnecting = false,
        RetryAt = 0,
        Now = 100,
        IsPaused = false,
        IsForReplication = false,
    };

    [Fact]
    public void APoolWithRoomOpensOne() => Assert.Equal(LaunchPolicy.Decision.Yes, LaunchPolicy.Decide(Room));

    [Fact]
    public void OneAttemptAtATime() => Assert.Equal(LaunchPolicy.Decision.No, LaunchPolicy.Decide(Room with { IsConnecting = true }));

    [Fact]
    public void NoneInAPause() => Assert.Equal(LaunchPolicy.Decision.No, LaunchPolicy.Decide(Room with { IsPaused = true, PoolSize = 0 }));

    [Theory]
    [InlineData(0, true)]
    [InlineData(99, true)]
    [InlineData(100, false)]
    [InlineData(101, false)]
    public void AFailureHoldsTheNextAttemptBack(long retryAt, bool opens) =>
        Assert.Equal(opens, LaunchPolicy.Decide(Room with { RetryAt = retryAt }) == LaunchPolicy.Decision.Yes);

    [Theory]
    [InlineData(1, 2, true)]
    [InlineData(2, 2, false)]
    [InlineData(3, 2, false)]
    [InlineData(200, 0, true)]
    public void TheSizeCounts(int servers, int size, bool opens) =>
        Assert.Equal(opens, LaunchPolicy.Decide(Room with { Servers = servers, PoolSize = size }) == LaunchPolicy.Decision.Yes);

    [Theory]
    [InlineData(1, 0, nameof(LaunchPolicy.Decision.Yes))]
    [InlineData(2, 0, nameof(LaunchPolicy.Decision.Evict))]
    [InlineData(2, 1, nameof(LaunchPolicy.Decision.No))]
    [InlineData(3, 1, nameof(LaunchPolicy.Decision.Evict))]
    [InlineData(3, 2, nameof(LaunchPolicy.Decision.No))]
    public void AReplicationClientGetsAFreeServerClosedWhereNoneClosesAnyway(int servers, int closing, string expected) =>
        Assert.Equal(expected, LaunchPolicy.Decide(Room with { Servers = servers, Closing = closing, IsForReplication = true }).ToString());

    [Fact]
    public void TheReserveComesBeforeAnEviction() => Assert.Equal(
        LaunchPolicy.Decision.FromReserve,
        LaunchPolicy.Decide(Room with { Servers = 2, ReserveSize = 1, OldestWait = 5_000_000, IsForReplication = true }));

    [Theory]
    [InlineData(2, 1, 5_000_000, 5_000_000, true)]
    [InlineData(2, 1, 5_000_000, 4_999_999, false)]
    [InlineData(3, 1, 5_000_000, 5_000_000, false)]
    [InlineData(2, 0, 5_000_000, 9_000_000, false)]
    [InlineData(2, 1, 0, 9_000_000, false)]
    public void TheReserveIsForWaitersOfThatAge(int servers, int reserve, long timeout, long wait, bool opens)
    {
        var input = Room with { Servers = servers, ReserveSize = reserve, ReserveTimeout = timeout, OldestWait = wait };
        Assert.Equal(opens ? LaunchPolicy.Decision.FromReserve : LaunchPolicy.Decision.No, LaunchPolicy.Decide(input));
    }
}
