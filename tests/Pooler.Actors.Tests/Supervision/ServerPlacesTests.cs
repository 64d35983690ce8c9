using Pooler.Actors.Supervision;

namespace Pooler.Actors.Tests.Supervision;

public sealed class ServerPlacesTests
{
    private readonly ServerPlaces _places = new();
    private readonly List<string> _granted = [];

    [Fact]
    public void BothLimitsHoldAtTheirEdges()
    {
        var limits = new PlaceLimits(3, 2);
        var (joe, jane) = (Request("db", "joe"), Request("db", "jane"));
        Assert.True(_places.TryTake(joe, limits, waits: false, out _));
        Assert.True(_places.TryTake(joe, limits, waits: false, out _));
        Assert.False(_places.TryTake(joe, limits, waits: false, out _));
        Assert.True(_places.TryTake(jane, limits, waits: false, out _));
        Assert.False(_places.TryTake(jane, limits, waits: false, out _));
        Assert.True(_places.TryTake(Request("other", "jane"), limits, waits: false, out _));
        Assert.False(_places.TryTake(Request("third", "jane"), limits, waits: false, out _));
        Assert.Equal((3, 1, 2, 2), (_places.CountOfDatabase("db"), _places.CountOfDatabase("other"), _places.CountOfUser("joe"), _places.CountOfUser("jane")));
    }

    [Fact]
    public void ZeroIsNoLimit()
    {
        for (var i = 0; i < 1000; i++)
        {
            Assert.True(_places.TryTake(Request("db", "joe"), default, waits: false, out _));
        }
    }

    [Fact]
    public void APlaceComesBackOnce()
    {
        var place = _places.Take("db", "joe");
        _places.Take("db", "joe");
        place.Return();
        place.Return();
        Assert.Equal(1, _places.CountOfDatabase("db"));
        Assert.Equal(1, _places.CountOfUser("joe"));
    }

    [Fact]
    public void CarriersOfCancelRequestsCountButNeedNoRoom()
    {
        var limits = new PlaceLimits(1, 0);
        Assert.True(_places.TryTake(Request("db", "joe"), limits, waits: false, out _));
        var carrier = _places.Take("db", "joe");
        Assert.Equal(2, _places.CountOfDatabase("db"));
        carrier.Return();
        Assert.False(_places.TryTake(Request("db", "joe"), limits, waits: false, out _));
    }

    [Fact]
    public void AFreePlaceIsKeptForTheFirstInLineAndForNobodyElse()
    {
        var limits = new PlaceLimits(1, 0);
        var place = _places.Take("db", "joe");
        var (first, second, third) = (Request("db", "first"), Request("db", "second"), Request("db", "third"));
        Assert.False(_places.TryTake(first, limits, waits: true, out _));
        Assert.False(_places.TryTake(second, limits, waits: true, out _));
        place.Return();
        Assert.Equal(["first"], _granted);
        Assert.False(_places.TryTake(third, limits, waits: true, out _));
        Assert.True(_places.Claim(first, out place));
        Assert.False(_places.Claim(first, out _));
        place.Return();
        Assert.Equal(["first", "second"], _granted);
    }

    [Fact]
    public void OneThatASecondLimitHoldsUpDoesNotHoldUpOthers()
    {
        var place = _places.Take("db", "joe");
        _places.Take("other", "held");
        Assert.False(_places.TryTake(Request("db", "held"), new PlaceLimits(1, 1), waits: true, out _));
        Assert.False(_places.TryTake(Request("db", "free"), new PlaceLimits(1, 1), waits: true, out _));
        place.Return();
        Assert.Equal(["free"], _granted);
    }

    [Fact]
    public void WhoWithdrawsLeavesItsPlaceToTheNext()
    {
        var limits = new PlaceLimits(1, 0);
        var place = _places.Take("db", "joe");
        var (first, second, third) = (Request("db", "first"), Request("db", "second"), Request("db", "third"));
        Assert.False(_places.TryTake(first, limits, waits: true, out _));
        Assert.False(_places.TryTake(second, limits, waits: true, out _));
        Assert.False(_places.TryTake(third, limits, waits: true, out _));
        _places.Withdraw(second);
        place.Return();
        _places.Withdraw(first);
        Assert.Equal(["first", "third"], _granted);
        Assert.False(_places.Claim(first, out _));
    }

    [Fact]
    public void AskingAgainTellsTheLineOfHigherLimits()
    {
        _places.Take("db", "joe");
        var (first, second) = (Request("db", "first"), Request("db", "second"));
        Assert.False(_places.TryTake(first, new PlaceLimits(1, 0), waits: true, out _));
        Assert.False(_places.TryTake(second, new PlaceLimits(1, 0), waits: true, out _));
        Assert.True(_places.TryTake(second, new PlaceLimits(2, 0), waits: true, out _));
        Assert.False(_places.TryTake(first, new PlaceLimits(2, 0), waits: true, out _));
        Assert.True(_places.TryTake(first, new PlaceLimits(0, 0), waits: true, out _));
        Assert.Empty(_granted);
    }

    [Fact]
    public void AsManyAreEvictedAsWait()
    {
        var limits = new PlaceLimits(3, 0);
        var places = Enumerable.Range(0, 3).Select(_ => _places.Take("db", "joe")).ToArray();
        var elsewhere = _places.Take("other", "joe");
        Assert.False(_places.TryEvict(places[0], forStarved: false));
        Assert.False(_places.TryTake(Request("db", "first"), limits, waits: true, out _));
        Assert.False(_places.TryTake(Request("db", "second"), limits, waits: true, out _));
        Assert.False(_places.TryEvict(elsewhere, forStarved: false));
        Assert.True(_places.TryEvict(places[0], forStarved: false));
        Assert.False(_places.TryEvict(places[0], forStarved: false));

        // One that closes for a reason of its own is as good.
        places[1].Leave();
        Assert.False(_places.TryEvict(places[2], forStarved: false));
        places[0].Return();
        places[1].Return();
        Assert.Equal(["first", "second"], _granted);
        Assert.False(_places.TryEvict(places[2], forStarved: false));
    }

    [Fact]
    public void ALowerLimitIsReachedBeforeAnybodyComesIn()
    {
        var limits = new PlaceLimits(1, 0);
        var places = Enumerable.Range(0, 3).Select(_ => _places.Take("db", "joe")).ToArray();
        Assert.False(_places.TryTake(Request("db", "first"), limits, waits: true, out _));
        Assert.All(places, place => Assert.True(_places.TryEvict(place, forStarved: false)));
        places[0].Return();
        places[1].Return();
        Assert.Empty(_granted);
        places[2].Return();
        Assert.Equal(["first"], _granted);
    }

    [Fact]
    public void AServerThatBecomesFreeGoesOnlyForThoseForWhomNoneWasFound()
    {
        var limits = new PlaceLimits(0, 1);
        var place = _places.Take("db", "joe");
        var request = Request("other", "joe");
        Assert.False(_places.TryTake(request, limits, waits: true, out _));
        Assert.Equal(PlaceShortage.User, _places.ShortageFor(request));
        Assert.False(_places.HasStarved);
        Assert.False(_places.TryEvict(place, forStarved: true));
        _places.Starve(request);
        _places.Starve(request);
        Assert.True(_places.HasStarved);
        Assert.True(_places.TryEvict(place, forStarved: true));
        Assert.Equal(PlaceShortage.None, _places.ShortageFor(request));
        place.Return();
        Assert.False(_places.HasStarved);
    }

    [Fact]
    public async Task ManyThreadsTogetherStayWithinTheLimitsAndLoseNothing()
    {
        var limits = new PlaceLimits(5, 3);
        var (most, inUse) = (0, 0);
        var pools = Enumerable.Range(0, 8).Select(number => Task.Factory.StartNew(
            () =>
            {
                using var turn = new SemaphoreSlim(0);
                var request = new PlaceRequest("db", $"user{number % 4}", () => turn.Release());
                for (var i = 0; i < 2000; i++)
                {
                    if (!_places.TryTake(request, limits, waits: true, out var place))
                    {
                        if ((i + number) % 7 == 0)
                        {
                            _places.Withdraw(request);
                            while (turn.Wait(0))
                            {
                            }

                            continue;
                        }

                        Assert.True(turn.Wait(TimeSpan.FromSeconds(30)));
                        if (!_places.Claim(request, out place))
                        {
                            // The signal was for a place that has been given up.
                            i--;
                            _places.Withdraw(request);
                            continue;
                        }
                    }

                    var now = Interlocked.Increment(ref inUse);
                    InterlockedMax(ref most, now);
                    Interlocked.Decrement(ref inUse);
                    place.Return();
                }
            },
            TaskCreationOptions.LongRunning));
        await Task.WhenAll(pools);
        Assert.InRange(most, 1, 5);
        Assert.Equal(0, _places.CountOfDatabase("db"));
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (var seen = Volatile.Read(ref target); seen < value;)
        {
            seen = Interlocked.CompareExchange(ref target, value, seen) is var before && before == seen ? value : before;
        }
    }

    private PlaceRequest Request(string database, string user) => new(database, user, () => _granted.Add(user));
}
