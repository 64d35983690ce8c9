using Akka.Actor;
using Pooler.Actors.Pools;

namespace Pooler.Actors.Tests.Pools;

public sealed class PauseHoldersTests
{
    private static readonly IActorRef Owner = ActorRefs.Nobody;

    private readonly PauseHolders _pauses = new();

    [Fact]
    public void ADatabaseIsPausedByNameOrWithEverything()
    {
        _pauses.Add(Owner, 1, "shop");
        Assert.Equal((true, false), (_pauses.IsPaused("shop"), _pauses.IsPaused("log")));
        _pauses.Add(Owner, 2, null);
        Assert.Equal((true, false), (_pauses.IsPaused("log"), _pauses.IsPausedByName("log")));
        Assert.True(_pauses.Release(null));
        Assert.Equal((true, false), (_pauses.IsPaused("shop"), _pauses.IsPaused("log")));
        Assert.Equal(["shop"], _pauses.Databases);
    }

    [Fact]
    public void AResumeTakesEveryPauseOfItsScopeBack()
    {
        _pauses.Add(Owner, 1, "shop");
        _pauses.Add(Owner, 2, "shop");
        Assert.True(_pauses.Release("shop"));
        Assert.False(_pauses.Release("shop"));
        Assert.False(_pauses.Release(null));
        Assert.False(_pauses.Withdraw(Owner, 1, "shop"));
    }

    [Fact]
    public void APauseThatIsGivenUpTakesOnlyItselfBack()
    {
        _pauses.Add(Owner, 1, "shop");
        _pauses.Add(Owner, 2, "shop");
        Assert.True(_pauses.Withdraw(Owner, 1, "shop"));
        Assert.True(_pauses.IsPaused("shop"));
        Assert.True(_pauses.Withdraw(Owner, 2, "shop"));
        Assert.False(_pauses.IsPaused("shop"));

        _pauses.Add(Owner, 3, null);
        _pauses.Add(Owner, -1, null);
        Assert.True(_pauses.Withdraw(Owner, 3, null));
        Assert.False(_pauses.Withdraw(Owner, 3, null));
        Assert.True(_pauses.IsPaused("shop"));
    }
}
