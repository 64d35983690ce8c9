using System.Collections.Frozen;
using Pooler.Actors.Admin.Commands;
using Pooler.Actors.Admin.Query;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Admin;

/// <summary>
/// Every command of the console, one line each, and the way from a text to its answer: grammar, then table, then rights, then the command
/// itself.
/// </summary>
internal static class CommandTable
{
    private static readonly ConsoleCommand[] Commands =
    [
        new ShowCommand("SHOW"),
        new ShowCommand("SELECT"),
        new SetCommand(),
        new ReloadCommand(),
        new PauseCommand(),
        new ResumeCommand(),
        new SwitchDatabaseCommand("DISABLE", PoolCommandKind.Disable),
        new SwitchDatabaseCommand("ENABLE", PoolCommandKind.Enable),
        new ReconnectCommand(),
        new KillCommand(),
        new KillClientCommand(),
        new SuspendCommand(),
        new ShutdownCommand(),
        new WaitCloseCommand(),
    ];

    private static readonly FrozenDictionary<string, ConsoleCommand> ByName =
        Commands.ToFrozenDictionary(command => command.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>The commands in the order of SHOW HELP.</summary>
    public static IReadOnlyList<ConsoleCommand> All => Commands;

    /// <summary>The command of this name in any case; null: there is none.</summary>
    public static ConsoleCommand? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>Runs a text of a session with these rights; the answer goes to the host under the call's number.</summary>
    public static void Run(ICommandHost host, long call, AdminRights rights, string text)
    {
        if (StatementReader.ReadQuery(text, out ConsoleReply? error) is { } statement)
            Run(host, call, rights, statement, []);
        else
            host.Reply(call, error!);
    }

    /// <summary>Runs a statement with values for its parameters.</summary>
    public static void Run(
        ICommandHost host, long call, AdminRights rights, ConsoleStatement statement, IReadOnlyList<QueryValue> parameters)
    {
        if (rights == AdminRights.None)
            host.Reply(call, ConsoleReply.Error(PoolerErrors.AdminAccessNeeded));
        else if (statement.Answer is { } answer)
            host.Reply(call, answer);
        else
            statement.Run!(host, call, rights, parameters);
    }
}
