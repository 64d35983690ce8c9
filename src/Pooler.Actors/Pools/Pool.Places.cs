using System.Diagnostics.CodeAnalysis;
using Akka.Actor;
using Pooler.Actors.Supervision;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Pools;

/// <content>The pool among the others under max_db_connections and max_user_connections: it takes places, waits for them, and does without idle servers that others need.</content>
internal sealed partial class Pool
{
    private PlaceRequest? _placeRequest;
    private ServerPlace? _keptPlace;
    private bool _isInLine;
    private bool _isLineDue;

    private PooledServer? LongestUnused => _servers.LongestUnused(all: _queue.Count == 0);

    private bool TryTakePlace(LaunchCause cause, [NotNullWhen(true)] out ServerPlace? place)
    {
        place = _keptPlace;
        _keptPlace = null;
        if (place is not null)
        {
            return true;
        }

        // Who stands in line hears of its turn; asking again for every waiter would only cost.
        if (_isInLine && !_isLineDue)
        {
            return false;
        }

        if (_placeRequest is null || _placeRequest.User != LoginUser)
        {
            // The settings may name another user for new servers than before.
            GiveUpPlace();
            _placeRequest = new PlaceRequest(_record.Key.Database, LoginUser, () => _self.Tell(PlaceGranted.Instance, ActorRefs.NoSender));
        }

        var limits = new PlaceLimits(Settings.MaxDbConnections(Database), Settings.MaxUserConnections(LoginUser));
        var waits = cause == LaunchCause.Waiters;
        if (_context.Counters.Servers.TryTake(_placeRequest, limits, waits, out place))
        {
            _isInLine = false;
            return true;
        }

        if (waits)
        {
            _isInLine = true;
            Context.Parent.Tell(new MakeRoom(new PoolKey(_record.Key.Database, LoginUser), _placeRequest), _self);
        }

        return false;
    }

    private void OnPlaceGranted()
    {
        if (_placeRequest is null || !_context.Counters.Servers.Claim(_placeRequest, out _keptPlace))
        {
            return;
        }

        _isInLine = false;
        ServeQueue();
        GiveUpPlace();
    }

    /// <summary>Nobody waits any more, or no server may be opened: the place is for the next pool in line.</summary>
    private void GiveUpPlace()
    {
        if (_isInLine)
        {
            _isInLine = false;
            _context.Counters.Servers.Withdraw(_placeRequest!);
        }

        _keptPlace?.Return();
        _keptPlace = null;
    }

    /// <summary>A server has become free: another pool may have looked for one in vain.</summary>
    private void YieldIdle()
    {
        if (_context.Counters.Servers.HasStarved)
        {
            EvictFor(starved: true);
        }
    }

    private bool EvictFor(bool starved)
    {
        if (_context.IsSuspended || LongestUnused is not { } server || !_context.Counters.Servers.TryEvict(server.Place, starved))
        {
            return false;
        }

        Close(server, PoolerErrors.Evicted);
        return true;
    }
}
