using Pooler.Actors.Wire;

namespace Pooler.Actors.Admin.Commands;

/// <summary>SHUTDOWN [WAIT_FOR_SERVERS | WAIT_FOR_CLIENTS].</summary>
internal sealed class ShutdownCommand : ConsoleCommand
{
    public override string Name => "SHUTDOWN";

    public override IReadOnlyList<string> Usage => ["SHUTDOWN", "SHUTDOWN WAIT_FOR_SERVERS|WAIT_FOR_CLIENTS"];

    public override void Run(ICommandHost host, long call, AdminRights rights, ParsedCommand command, string text)
    {
        ShutdownMode? mode = command.Argument.ToUpperInvariant() switch
        {
            "" => ShutdownMode.Immediate,
            "WAIT_FOR_SERVERS" => ShutdownMode.WaitForServers,
            "WAIT_FOR_CLIENTS" => ShutdownMode.WaitForClients,
            _ => null,
        };
        if (mode is not { } known)
        {
            host.Reply(call, ConsoleReply.Error(PoolerErrors.InvalidCommand(text)));
            return;
        }

        host.Log(known switch
        {
            ShutdownMode.WaitForServers => "SHUTDOWN WAIT_FOR_SERVERS command issued",
            ShutdownMode.WaitForClients => "SHUTDOWN WAIT_FOR_CLIENTS command issued",
            _ => "SHUTDOWN command issued",
        });
        host.ShutDown(call, known);
    }
}
