using System.Collections.Frozen;
using Pooler.Actors.Admin.Commands;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Admin;

/// <summary>
/// Every command of the console, one line each, and the way from a text to the command: grammar, then table, then rights, then the command
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

    /// <summary>Runs a text of a session with these rights; the answer goes to the host under the call's number.</summary>
    public static void Run(ICommandHost host, long call, AdminRights rights, string text)
    {
        ParsedCommand parsed = AdminParser.Parse(text);
        if (parsed.Kind == ParsedCommandKind.BadArguments)
        {
            host.Reply(call, ConsoleReply.Error(PoolerErrors.BadArguments));
        }
        else if (parsed.Kind == ParsedCommandKind.Invalid || !ByName.TryGetValue(parsed.Word, out ConsoleCommand? command))
        {
            host.Reply(call, ConsoleReply.Error(PoolerErrors.InvalidCommand(text)));
        }
        else if (!ConsoleCommand.IsAllowed(rights, command.Needed))
        {
            host.Reply(call, ConsoleReply.Error(PoolerErrors.AdminAccessNeeded));
        }
        else
        {
            command.Run(host, call, rights, parsed, text);
        }
    }
}
