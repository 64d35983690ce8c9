using Akka.Actor;
using Pooler.Actors.Dns;
using Pooler.Actors.Stats;

namespace Pooler.Actors.Admin;

/// <content>Asks pools, loops and statistics for what SHOW prints, and makes the tables when the answers are there.</content>
internal sealed partial class AdminActor
{
    private readonly Dictionary<long, ShowInProgress> _shows = [];

    public void Show(long call, SnapshotParts parts, Func<PoolerSnapshot, ResultTable> make) =>
        Collect(call, parts, snapshot => ConsoleReply.Rows(make(snapshot)));

    private void Collect(long call, SnapshotParts parts, Func<PoolerSnapshot, ConsoleReply> make)
    {
        long id = ++_lastId;
        bool wantsPools = parts.HasFlag(SnapshotParts.Pools);
        bool wantsDns = parts.HasFlag(SnapshotParts.Dns);
        bool wantsWindow = parts.HasFlag(SnapshotParts.Statistics);
        IReadOnlyCollection<IActorRef> clientSources =
            parts.HasFlag(SnapshotParts.Clients) ? [.. _neighbours.Loops, .. _sessions.All] : [];

        var show = new ShowInProgress(call, parts, new SnapshotCollection(id, wantsPools ? 1 : 0, clientSources, wantsWindow, wantsDns), make);
        if (parts == SnapshotParts.None)
        {
            Finish(show);
            return;
        }

        _shows.Add(id, show);
        if (wantsPools)
            _neighbours.Pools.Tell(new CollectPools(id), Self);
        if (wantsWindow)
            _neighbours.Statistics.Tell(new GetStatisticsWindow(id), Self);
        if (wantsDns)
            _neighbours.Dns.Tell(new CollectDns(id), Self);

        var question = new CollectClients(id);
        foreach (IActorRef source in clientSources)
            source.Tell(question, Self);

        Timers.StartSingleTimer(id, new CollectionTimedOut(id), _patience);
    }

    // Answers to questions of a SHOW; those that come too late are dropped.
    private bool TryCollect(object message)
    {
        switch (message)
        {
            case PoolsAnnounced answer:
                if (_shows.TryGetValue(answer.Id, out ShowInProgress? announced))
                    announced.Collection.Add(answer);
                return FinishIfComplete(answer.Id);
            case PoolCollected answer:
                if (_shows.TryGetValue(answer.Id, out ShowInProgress? collected))
                    collected.Collection.Add(answer);
                return FinishIfComplete(answer.Id);
            case ClientsCollected answer:
                if (_shows.TryGetValue(answer.Id, out ShowInProgress? listed))
                    listed.Collection.Add(answer, Sender);
                return FinishIfComplete(answer.Id);
            case StatisticsWindowAnswered answer:
                if (_shows.TryGetValue(answer.Id, out ShowInProgress? measured))
                    measured.Collection.Add(answer.Window);
                return FinishIfComplete(answer.Id);
            case DnsCollected answer:
                if (_shows.TryGetValue(answer.Id, out ShowInProgress? named))
                    named.Collection.Add(answer.Snapshot);
                return FinishIfComplete(answer.Id);
            case CollectionTimedOut timeout:
                if (_shows.Remove(timeout.Id, out ShowInProgress? late))
                    Finish(late);
                return true;
            default:
                return false;
        }
    }

    private bool FinishIfComplete(long id)
    {
        if (_shows.TryGetValue(id, out ShowInProgress? show) && show.Collection.IsComplete)
        {
            _shows.Remove(id);
            Timers.Cancel(id);
            Finish(show);
        }

        return true;
    }

    private void Finish(ShowInProgress show)
    {
        SnapshotCollection collection = show.Collection;
        if (!collection.HasPoolsAnnounced || (show.Parts.HasFlag(SnapshotParts.Statistics) && collection.Window is null))
        {
            Reply(show.Call, ConsoleReply.Error("the pools did not answer in time"));
            return;
        }

        long now = _time.Microseconds();
        var snapshot = new PoolerSnapshot
        {
            Settings = Settings,
            State = State,
            Pools = PoolerSnapshot.InOrder([.. collection.Pools, _sessions.Pool()]),
            Clients = collection.Clients,
            Buffers = collection.Buffers,
            Databases = collection.Databases,
            Dns = collection.Dns,
            Window = collection.Window ?? StatisticsWindow.Begin(now),
            Now = now,
            TimeZone = _time.LocalTimeZone,
        };
        Guard(show.Call, () => Reply(show.Call, show.Make(snapshot)));
    }
}
