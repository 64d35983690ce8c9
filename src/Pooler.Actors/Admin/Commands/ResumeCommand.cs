using Pooler.Actors.Configuration;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Admin.Commands;

/// <summary>RESUME [db]: takes back PAUSE of the same scope.</summary>
internal sealed class ResumeCommand : ConsoleCommand
{
    public override string Name => "RESUME";

    public override IReadOnlyList<string> Usage => ["RESUME [<db>]"];

    public override void Run(ICommandHost host, long call, AdminRights rights, ParsedCommand command, string text)
    {
        string? database = Scope(command);
        LogIssued(host, database);
        if (Refusal(host, database) is { } refusal)
            host.Reply(call, ConsoleReply.Error(refusal));
        else
            host.Resume(call, database);
    }

    // Whether a database is paused only the pools know; they refuse by themselves.
    private static string? Refusal(ICommandHost host, string? database)
    {
        if (database is null && host.IsShuttingDown)
            return PoolerErrors.PoolerShuttingDown;
        if (database is null)
            return host.State == PauseState.Active ? PoolerErrors.NotPaused : null;
        if (database == PoolerSettings.ConsoleDatabase)
            return PoolerErrors.DatabaseNotPaused(database);

        return host.Settings.TryGetDatabase(database, out _) ? null : PoolerErrors.NoSuchDatabaseOnConsole(database);
    }
}
