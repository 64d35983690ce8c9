using Pooler.Actors.Servers;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Pools;

/// <content>Replication clients: each gets a server that is opened for it with what it asks for, holds it for its whole session, and takes it along when it goes.</content>
internal sealed partial class Pool
{
    /// <summary>Those without their server, oldest first; the first may be the one whose server is being opened.</summary>
    private readonly List<ReplicationWaiter> _replication = [];

    /// <summary>The replication client for which the next server is to be opened; null: somebody else, who waits for any, came before it.</summary>
    private ReplicationWaiter? NextReplication
    {
        get
        {
            if (_replication.Count == 0)
            {
                return null;
            }

            var first = _replication[0];
            var isBehindQueue = _queue.Count > _servers.Count(ServerState.Tested) && _queue.First!.Since < first.Acquire.Since;
            var isBehindLogin = _joining.Count > 0 && _joining[0].Since < first.Acquire.Since;
            return isBehindQueue || isBehindLogin ? null : first;
        }
    }

    private void JoinReplication(ReplicationWaiter waiter)
    {
        _replication.Add(waiter);
        ServeQueue();
    }

    /// <summary>Its server is there: the login of the client ends with what that server reports, and the lease goes with it.</summary>
    private void LendForReplication(PooledServer server, ReplicationWaiter waiter, ServerLoggedIn message)
    {
        _replication.Remove(waiter);
        _record.Statistics.ClientLoginCount++;
        Assign(server, waiter.Acquire);
        waiter.Acquire.Client.Tell(new Welcome(_record, message.Parameters, message.Link.Parameters.Clone(), server.Lease), _self);
        ServeQueue();
    }

    /// <summary>The attempt to open its server has failed, which is nobody else's matter.</summary>
    private void RefuseReplication(ReplicationWaiter waiter, string text)
    {
        _replication.Remove(waiter);
        Refuse(waiter.Acquire, text);
    }

    /// <summary>The client is gone before its server was there.</summary>
    private void LeaveReplication(Acquire acquire)
    {
        _replication.RemoveAll(waiter => waiter.Acquire == acquire);
        if (_connecting is { Replication: { } waiter } connecting && waiter.Acquire == acquire)
        {
            _connecting = null;
            Close(connecting, PoolerErrors.ReplicationClientDisconnected);
            ServeQueue();
        }
    }

    /// <summary>A full pool does without a free server, so that the place is there when that one has gone.</summary>
    private void EvictForReplication()
    {
        if (LongestUnused is { } server)
        {
            Close(server, PoolerErrors.Evicted);
        }
    }
}
