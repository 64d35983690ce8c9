using Akka.Actor;
using Pooler.Actors.Supervision;

namespace Pooler.Actors.Pools;

/// <content>Finds the longest unused server among the pools of a database, or of a server user, when another pool needs its place.</content>
internal sealed partial class PoolsActor
{
    private readonly Dictionary<IActorRef, Round> _rounds = [];
    private long _lastRound;

    private ServerPlaces Places => _loops[0].Counters.Servers;

    private void MakeRoomFor(IActorRef asker, MakeRoom wish, bool isRepeated)
    {
        var shortage = Places.ShortageFor(wish.Request);
        if (shortage == PlaceShortage.None)
        {
            // Enough is closing already.
            return;
        }

        // A second wish of the same pool takes the place of the first, should an answer have been lost.
        var round = new Round(++_lastRound, wish, shortage, isRepeated);
        var question = new OfferServer(asker, round.Id);
        foreach (var (key, entry) in _pools)
        {
            if ((shortage.HasFlag(PlaceShortage.Database) && key.Database == wish.Key.Database) || (shortage.HasFlag(PlaceShortage.User) && key.User == wish.Key.User))
            {
                round.Awaited.Add(entry.Actor, key);
                entry.Actor.Tell(question, _self);
            }
        }

        _rounds[asker] = round;
        ConcludeIfComplete(asker, round);
    }

    /// <summary>What was offered had been taken by the time of the choice. Another may be free; if that goes the same way, the next server that becomes free is the one.</summary>
    private void OnServerKept(EvictServer order)
    {
        if (order.IsLast)
        {
            Places.Starve(order.Wish.Request);
        }
        else
        {
            MakeRoomFor(order.Asker, order.Wish, isRepeated: true);
        }
    }

    private void OnServerOffered(ServerOffered offered)
    {
        if (!_rounds.TryGetValue(offered.Question.Asker, out var round) || round.Id != offered.Question.Round || !round.Awaited.Remove(Sender, out var key))
        {
            return;
        }

        if (offered.LastUse is { } lastUse)
        {
            round.Offers.Add(new Offer(Sender, key, lastUse));
        }

        ConcludeIfComplete(offered.Question.Asker, round);
    }

    private void ConcludeIfComplete(IActorRef asker, Round round)
    {
        if (round.Awaited.Count > 0)
        {
            return;
        }

        _rounds.Remove(asker);
        var (wish, shortage) = (round.Wish, round.Shortage);
        IActorRef? chosen = null;
        if (shortage.HasFlag(PlaceShortage.Database))
        {
            chosen = Evict(asker, round, offer => offer.Key.Database == wish.Key.Database);
        }

        // One server that is of the database and of the user makes room under both limits.
        if (shortage.HasFlag(PlaceShortage.User) && (chosen is null || !round.Offers.Exists(offer => offer.Pool.Equals(chosen) && offer.Key.User == wish.Key.User)))
        {
            chosen = Evict(asker, round, offer => offer.Key.User == wish.Key.User) ?? chosen;
        }

        if (chosen is null)
        {
            Places.Starve(wish.Request);
        }
    }

    private IActorRef? Evict(IActorRef asker, Round round, Predicate<Offer> belongs)
    {
        var oldest = round.Offers.FindAll(belongs).OrderBy(offer => offer.LastUse).FirstOrDefault();
        oldest?.Pool.Tell(new EvictServer(asker, round.Wish, round.IsRepeated), _self);
        return oldest?.Pool;
    }

    private void OnPoolGone(IActorRef pool)
    {
        _rounds.Remove(pool);
        foreach (var (asker, round) in _rounds.ToArray())
        {
            if (round.Awaited.Remove(pool))
            {
                ConcludeIfComplete(asker, round);
            }
        }
    }

    private sealed record Offer(IActorRef Pool, PoolKey Key, long LastUse);

    private sealed record Round(long Id, MakeRoom Wish, PlaceShortage Shortage, bool IsRepeated)
    {
        /// <summary>Pools that have not answered.</summary>
        public Dictionary<IActorRef, PoolKey> Awaited { get; } = [];

        public List<Offer> Offers { get; } = [];
    }
}
