using Pooler.Actors.Admin;
using Pooler.Actors.Configuration;
using Pooler.Actors.Logging;
using Pooler.Actors.Wire;
using Serilog.Events;

namespace Pooler.Actors.Pools;

/// <content>Commands of the console other than PAUSE and RESUME.</content>
internal sealed partial class PoolsActor
{
    private void OnCommand(CommandPools command)
    {
        if (command.Database is not null && !TryRegister(command.Database))
        {
            Sender.Tell(new PoolCommandFailed(command.Id, PoolerErrors.NoSuchDatabaseOnConsole(command.Database)), _self);
            return;
        }

        switch (command.Kind)
        {
            case PoolCommandKind.Reconnect:
                TellPools(command.Database, ReconnectPool.Instance);
                Sender.Tell(new PoolCommandCompleted(command.Id), _self);
                break;
            default:
                Unhandled(command);
                break;
        }
    }

    /// <summary>False if there is no such database. One of the template comes into being by being named.</summary>
    private bool TryRegister(string name)
    {
        if (!_settings.TryGetDatabase(name, out var database))
        {
            return false;
        }

        NoteNewAutoDatabase(database);
        return true;
    }

    private void NoteNewAutoDatabase(DatabaseSettings database)
    {
        if (database.IsAutoDatabase && !_pausedDatabases.Contains(database.Name) && !_pools.Keys.Any(key => key.Database == database.Name))
        {
            _log.Line(LogEventLevel.Information, $"registered new auto-database: {database.Name}");
        }
    }

    private void TellPools(string? database, object message)
    {
        foreach (var (key, entry) in _pools)
        {
            if (database is null || key.Database == database)
            {
                entry.Actor.Tell(message, _self);
            }
        }
    }
}
