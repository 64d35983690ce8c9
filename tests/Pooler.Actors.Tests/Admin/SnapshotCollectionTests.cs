using Akka.Actor;
using Pooler.Actors.Admin;
using Pooler.Actors.Stats;

namespace Pooler.Actors.Tests.Admin;

public sealed class SnapshotCollectionTests
{
    [Fact]
    public void Is_complete_when_every_announced_pool_has_answered()
    {
        var collection = new SnapshotCollection(1, registries: 1, [], wantsWindow: false);
        Assert.False(collection.IsComplete);
        collection.Add(new PoolCollected(1, Pool("a")));
        Assert.False(collection.HasPoolsAnnounced);
        collection.Add(new PoolsAnnounced(1, 2, [new DatabaseSnapshot("a", Paused: true)]));
        Assert.True(collection.HasPoolsAnnounced);
        Assert.False(collection.IsComplete);
        collection.Add(new PoolCollected(1, Pool("b")));
        Assert.True(collection.IsComplete);
        Assert.Equal(["a", "b"], collection.Pools.Select(pool => pool.Database));
        Assert.True(collection.Databases["a"].Paused);
    }

    [Fact]
    public void Two_registries_announce_their_pools()
    {
        var collection = new SnapshotCollection(1, registries: 2, [], wantsWindow: false);
        collection.Add(new PoolsAnnounced(1, 0, []));
        Assert.False(collection.IsComplete);
        collection.Add(new PoolsAnnounced(1, 1, []));
        Assert.False(collection.IsComplete);
        collection.Add(new PoolCollected(1, Pool("a")));
        Assert.True(collection.IsComplete);
    }

    [Fact]
    public void Each_source_of_clients_counts_once()
    {
        IActorRef loop = ActorRefs.Nobody;
        var collection = new SnapshotCollection(1, registries: 0, [loop], wantsWindow: false);
        Assert.False(collection.IsComplete);
        collection.Add(new ClientsCollected(1, [Samples.Client(1, SocketState.ClientActive)]), loop);
        collection.Add(new ClientsCollected(1, [Samples.Client(2, SocketState.ClientActive)]), loop);
        Assert.True(collection.IsComplete);
        Assert.Single(collection.Clients);
    }

    [Fact]
    public void A_source_that_is_gone_is_not_waited_for()
    {
        IActorRef loop = ActorRefs.Nobody;
        var collection = new SnapshotCollection(1, registries: 0, [loop], wantsWindow: false);
        collection.Forget(loop);
        Assert.True(collection.IsComplete);
    }

    [Fact]
    public void The_window_is_waited_for()
    {
        var collection = new SnapshotCollection(1, registries: 0, [], wantsWindow: true);
        Assert.False(collection.IsComplete);
        collection.Add(StatisticsWindow.Begin(0));
        Assert.True(collection.IsComplete);
        Assert.NotNull(collection.Window);
    }

    private static PoolSnapshot Pool(string database) => new() { Database = database, User = "u" };
}
