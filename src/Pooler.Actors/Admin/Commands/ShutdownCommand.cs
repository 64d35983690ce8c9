namespace Pooler.Actors.Admin.Commands;

/// <summary>SHUTDOWN [WAIT_FOR_SERVERS | WAIT_FOR_CLIENTS].</summary>
internal sealed class ShutdownCommand : ConsoleCommand
{
    public override string Name => "SHUTDOWN";

    public override IReadOnlyList<string> Usage => ["SHUTDOWN", "SHUTDOWN WAIT_FOR_SERVERS|WAIT_FOR_CLIENTS"];

    public override bool Takes(ParsedCommand command) => ModeOf(command) is not null;

    public override void Run(ICommandHost host, long call, AdminRights rights, ParsedCommand command, string text)
    {
        ShutdownMode mode = ModeOf(command)!.Value;
        host.Log(mode switch
        {
            ShutdownMode.WaitForServers => "SHUTDOWN WAIT_FOR_SERVERS command issued",
            ShutdownMode.WaitForClients => "SHUTDOWN WAIT_FOR_CLIENTS command issued",
            _ => "SHUTDOWN command issued",
        });
        host.ShutDown(call, mode);
    }

    private static ShutdownMode? ModeOf(ParsedCommand command) => command.Argument.ToUpperInvariant() switch
    {
        "" => ShutdownMode.Immediate,
        "WAIT_FOR_SERVERS" => ShutdownMode.WaitForServers,
        "WAIT_FOR_CLIENTS" => ShutdownMode.WaitForClients,
        _ => null,
    };
}
