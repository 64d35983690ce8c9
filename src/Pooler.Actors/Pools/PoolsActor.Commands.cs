using Pooler.Actors.Admin;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Pools;

/// <content>Commands of the console other than PAUSE and RESUME, and which databases there are for them.</content>
internal sealed partial class PoolsActor
{
    private readonly SortedSet<string> _disabled = new(StringComparer.Ordinal);

    private void OnCommand(CommandPools command)
    {
        // Only ENABLE names nothing into being: what is not there cannot be disabled.
        var isThere = command.Database is null
            || (command.Kind == PoolCommandKind.Enable ? IsRegistered(command.Database) : TryRegister(command.Database));
        if (!isThere)
        {
            Sender.Tell(new PoolCommandFailed(command.Id, PoolerErrors.NoSuchDatabaseOnConsole(command.Database!)), _self);
            return;
        }

        if (command.Kind == PoolCommandKind.Suspend && _pauses.Databases.Count > 0)
        {
            Sender.Tell(new PoolCommandFailed(command.Id, PoolerErrors.CannotSuspendPausedDatabases), _self);
            return;
        }

        var awaited = _awaited.Add(command.Id, Sender);
        switch (command.Kind)
        {
            case PoolCommandKind.Reconnect:
                TellPools(command.Database, ReconnectPool.Instance);
                break;
            case PoolCommandKind.Kill:
                Kill(command, awaited);
                break;
            case PoolCommandKind.Disable:
                _disabled.Add(command.Database!);
                TellPools(command.Database, new SetPoolDisabled(true));
                break;
            case PoolCommandKind.Enable:
                _disabled.Remove(command.Database!);
                TellPools(command.Database, new SetPoolDisabled(false));
                break;
            case PoolCommandKind.WaitClose:
                TellPools(command.Database, new AwaitReplacedServers(awaited.Ticket), awaited);
                break;
            case PoolCommandKind.Suspend:
                break;
        }

        AnswerDone();
    }

    /// <summary>Ends the pools, and with them their clients and servers; the databases stay paused, so that whoever comes waits for RESUME.</summary>
    private void Kill(CommandPools command, AwaitedPools.Entry awaited)
    {
        if (command.Database is not null)
        {
            _pauses.Add(Sender, command.Id, command.Database);
        }

        foreach (var (key, entry) in _pools)
        {
            if (command.Database is null || key.Database == command.Database)
            {
                _pauses.Add(Sender, command.Id, key.Database);
                _pools.Remove(key);
                ReviewAutoDatabase(key.Database);
                awaited.Pools.Add(entry.Actor);
                entry.Actor.Tell(DropPool.Instance, _self);
            }
        }
    }

    /// <summary>False if there is no such database. One of the template comes into being by being named.</summary>
    private bool TryRegister(string name)
    {
        if (!_settings.TryGetDatabase(name, out var database))
        {
            return false;
        }

        Register(database);
        return true;
    }

    /// <summary>True for a database of the file, and for one of the template that has been named and not dropped since.</summary>
    private bool IsRegistered(string name) =>
        _settings.Databases.ContainsKey(name)
        || (_settings.TryGetDatabase(name, out _) && _autoDatabases.ContainsKey(name));

    /// <summary>What was ordered for a database ends with it.</summary>
    private void ForgetRemovedDatabases()
    {
        _disabled.RemoveWhere(name => !IsThere(name));
        foreach (var name in _pauses.Databases.Where(name => !IsThere(name)).ToArray())
        {
            _pauses.Release(name);
        }
    }

    /// <summary>Listed, or in use through "*". One that was listed before is neither.</summary>
    private bool IsThere(string name) =>
        _settings.TryGetDatabase(name, out var database) && (!database.IsAutoDatabase || _autoDatabases.ContainsKey(name));

    /// <summary>What no settings say about databases: those that are paused or disabled by name, and those of the template that are in use.</summary>
    private IEnumerable<DatabaseSnapshot> DatabaseStates() =>
        _pauses.Databases
            .Concat(_disabled)
            .Concat(_autoDatabases.Keys.Where(IsActive))
            .Distinct()
            .Select(name => new DatabaseSnapshot(name, _pauses.IsPausedByName(name), _disabled.Contains(name)));

    /// <summary>Tells the pools of a database, or all with null; with <paramref name="awaited"/> their answers are awaited.</summary>
    private void TellPools(string? database, object message, AwaitedPools.Entry? awaited = null)
    {
        foreach (var (key, entry) in _pools)
        {
            if (database is null || key.Database == database)
            {
                awaited?.Pools.Add(entry.Actor);
                entry.Actor.Tell(message, _self);
            }
        }
    }
}
