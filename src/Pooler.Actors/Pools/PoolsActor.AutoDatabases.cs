using Akka.Actor;
using Pooler.Actors.Configuration;
using Pooler.Actors.Logging;
using Pooler.Actors.Stats;
using Pooler.Actors.Supervision;
using Serilog.Events;

namespace Pooler.Actors.Pools;

/// <content>Databases made from "*": when they come to be, when nobody uses them, and when they go.</content>
internal sealed partial class PoolsActor
{
    private static readonly TimeSpan AutoDatabaseCheckPeriod = TimeSpan.FromSeconds(1);

    /// <summary>Those there are, with the time since which nobody uses them, microseconds of the clock; null: somebody does.</summary>
    private readonly Dictionary<string, long?> _autoDatabases = [];

    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>Somebody names a database; one from "*" comes to be with that.</summary>
    private void Register(DatabaseSettings database)
    {
        if (database.IsAutoDatabase && _autoDatabases.TryAdd(database.Name, null))
        {
            _log.Line(LogEventLevel.Information, $"registered new auto-database: {database.Name}");
            ReviewAutoDatabase(database.Name);
        }
    }

    private bool IsActive(string autoDatabase) => _autoDatabases.TryGetValue(autoDatabase, out var inactiveSince) && inactiveSince is null;

    private void ReviewAutoDatabase(string name)
    {
        if (!_autoDatabases.TryGetValue(name, out var inactiveSince))
        {
            return;
        }

        if (_pools.Any(pool => pool.Key.Database == name && pool.Value.IsActive))
        {
            _autoDatabases[name] = null;
        }
        else if (inactiveSince is null)
        {
            _autoDatabases[name] = _time.Microseconds();
            if (!Timers.IsTimerActive(AutoDatabaseCheck.Instance))
            {
                Timers.StartPeriodicTimer(AutoDatabaseCheck.Instance, AutoDatabaseCheck.Instance, AutoDatabaseCheckPeriod);
            }
        }
    }

    private void OnPoolActivity(PoolActivity activity)
    {
        if (_pools.TryGetValue(activity.Key, out var entry) && entry.Actor.Equals(Sender))
        {
            entry.IsActive = activity.IsActive;
            ReviewAutoDatabase(activity.Key.Database);
        }
    }

    private void OnPoolEnding(PoolEnding ending)
    {
        if (_pools.TryGetValue(ending.Key, out var entry) && entry.Actor.Equals(Sender))
        {
            _pools.Remove(ending.Key);
        }

        Sender.Tell(StopPool.Instance, _self);
        ReviewAutoDatabase(ending.Key.Database);
    }

    /// <summary>Ends the pools of databases that nobody has used for autodb_idle_timeout; a database without pools is gone.</summary>
    private void CheckAutoDatabases()
    {
        var now = _time.Microseconds();
        var anyInactive = false;
        foreach (var (name, inactiveSince) in _autoDatabases.ToArray())
        {
            if (inactiveSince is not { } since)
            {
                continue;
            }

            anyInactive = true;
            if (_pauses.IsPausedByName(name) || !TimeLimit.IsOver(_settings.Global.AutodbIdleTimeout, now - since))
            {
                continue;
            }

            var pools = _pools.Where(pool => pool.Key.Database == name).Select(pool => pool.Value.Actor).ToArray();
            foreach (var pool in pools)
            {
                pool.Tell(RetirePool.Instance, _self);
            }

            if (pools.Length == 0)
            {
                _autoDatabases.Remove(name);
                _disabled.Remove(name);
                LogDropped(name);
            }
        }

        if (!anyInactive)
        {
            Timers.Cancel(AutoDatabaseCheck.Instance);
        }
    }

    /// <summary>New settings: some names may be listed now, or "*" be gone.</summary>
    private void ReviewAutoDatabases(HashSet<string> dropped)
    {
        foreach (var name in _autoDatabases.Keys.ToArray())
        {
            if (!_settings.TryGetDatabase(name, out var database))
            {
                if (dropped.Add(name))
                {
                    LogDropped(name);
                }

                _autoDatabases.Remove(name);
            }
            else if (!database.IsAutoDatabase)
            {
                _autoDatabases.Remove(name);
            }
        }
    }

    private void LogDropped(string database) =>
        _log.Line(LogEventLevel.Warning, $"dropping database '{database}' as it does not exist anymore or inactive auto-database");

    private sealed class AutoDatabaseCheck : INoSerializationVerificationNeeded
    {
        public static readonly AutoDatabaseCheck Instance = new();
    }
}
