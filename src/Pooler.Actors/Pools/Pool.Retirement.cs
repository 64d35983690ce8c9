using Pooler.Actors.Logging;
using Pooler.Actors.Supervision;
using Pooler.Actors.Wire;
using Serilog.Events;

namespace Pooler.Actors.Pools;

/// <content>The end of a pool that nobody needs, and of one whose database is gone.</content>
internal sealed partial class Pool
{
    private long _emptySince;

    private bool IsEmpty => _record.Clients.Count == 0 && _servers.Total == 0 && _carriers.Count == 0;

    /// <summary>Looks, without a message, whether <see cref="RetireIfIdle"/> has something to do.</summary>
    private bool IsRetirementDue(long now)
    {
        if (!IsEmpty)
        {
            _emptySince = 0;
            return false;
        }

        if (_emptySince == 0)
        {
            _emptySince = now;
        }

        return IsIdleTooLong(now) || (Database.IsAutoDatabase && _record.IsActive);
    }

    private bool IsIdleTooLong(long now) =>
        _emptySince > 0
        && (Database.User is null || MinPoolSize == 0)
        && TimeLimit.IsOver(Settings.Global.PoolIdleTimeout, now - _emptySince);

    private void RetireIfIdle(long now)
    {
        ReportActivity(!IsEmpty);
        if (IsEmpty && IsIdleTooLong(now))
        {
            var age = (now - _emptySince) / 1_000_000;
            _context.Log.Line(
                LogEventLevel.Information, $"cleaning up idle pool for user {User} on db {_record.Key.Database} because: pool idle timeout (age= {age}s)");
            AnnounceEnd();
        }
    }

    private void OnRetire()
    {
        if (!_record.IsEnded && IsEmpty)
        {
            AnnounceEnd();
        }
    }

    /// <summary>Nobody finds this pool on its loop any more; a successor may have the place already.</summary>
    private void Unregister()
    {
        if (_context.Pools.TryGetValue(_record.Key, out var pool) && pool.Equals(_self))
        {
            _context.Pools.Remove(_record.Key);
        }
    }

    private void AnnounceEnd()
    {
        _record.IsEnded = true;
        Unregister();
        Context.Parent.Tell(new PoolEnding(_record.Key), _self);
    }

    private void OnDrop()
    {
        _isDropped = true;
        _record.IsEnded = true;
        Unregister();

        // Behind those who are joining at this moment: nobody finds this pool any more, so these are the last.
        _self.Tell(StopPool.Instance, _self);
    }

    /// <summary>True if the pool takes nobody in any more; the client has been told where to turn.</summary>
    private bool IsTurnedAway(JoinPool join)
    {
        if (_isDropped)
        {
            Refuse(join.Acquire, PoolerErrors.DatabaseRemoved);
            return true;
        }

        if (_record.IsEnded)
        {
            join.Acquire.Client.Tell(PoolRetired.Instance, _self);
            return true;
        }

        _emptySince = 0;
        ReportActivity(isActive: true);
        return false;
    }

    /// <summary>Automatic databases live as long as one of their pools is in use.</summary>
    private void ReportActivity(bool isActive)
    {
        if (Database.IsAutoDatabase && _record.IsActive != isActive)
        {
            _record.IsActive = isActive;
            Context.Parent.Tell(new PoolActivity(_record.Key, isActive), _self);
        }
    }
}
