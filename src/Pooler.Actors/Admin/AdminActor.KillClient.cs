using Akka.Actor;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Admin;

/// <content>KILL_CLIENT: asks everybody who may have the client.</content>
internal sealed partial class AdminActor
{
    private readonly Dictionary<long, ClientSearch> _searches = [];

    public void KillClient(long call, long socketId)
    {
        long id = ++_lastId;
        var search = new ClientSearch(call, _neighbours.Loops.Length, [.. _sessions.All]);
        _searches.Add(id, search);
        var question = new KillClient(id, socketId);
        foreach (IActorRef loop in _neighbours.Loops)
            loop.Tell(question, Self);
        foreach (IActorRef session in search.Sessions)
            session.Tell(question, Self);

        CompleteSearch(id);
    }

    private void OnAnswer(KillClientAnswered answer)
    {
        if (!_searches.TryGetValue(answer.Id, out ClientSearch? search))
            return;

        if (answer.IsFound)
        {
            _searches.Remove(answer.Id);
            Reply(search.Call, ConsoleReply.Done("KILL_CLIENT"));
            return;
        }

        // The part of a loop that knows the client answers for the loop.
        if (!search.Sessions.Remove(Sender))
            search.LoopAnswers--;
        CompleteSearch(answer.Id);
    }

    private void ForgetInSearches(IActorRef session)
    {
        foreach (long id in _searches.Keys.ToArray())
        {
            if (_searches[id].Sessions.Remove(session))
                CompleteSearch(id);
        }
    }

    private void CompleteSearch(long id)
    {
        if (_searches.TryGetValue(id, out ClientSearch? search) && search.LoopAnswers == 0 && search.Sessions.Count == 0)
        {
            _searches.Remove(id);
            Reply(search.Call, ConsoleReply.Error(PoolerErrors.ClientNotFound));
        }
    }

    private sealed class ClientSearch(long call, int loopAnswers, HashSet<IActorRef> sessions)
    {
        public long Call { get; } = call;

        /// <summary>How many loops have not answered.</summary>
        public int LoopAnswers { get; set; } = loopAnswers;

        /// <summary>The sessions that have not answered.</summary>
        public HashSet<IActorRef> Sessions { get; } = sessions;
    }
}
