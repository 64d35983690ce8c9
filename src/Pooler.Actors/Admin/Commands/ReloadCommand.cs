using Pooler.Actors.Wire;

namespace Pooler.Actors.Admin.Commands;

/// <summary>RELOAD: reads the configuration again.</summary>
internal sealed class ReloadCommand : ConsoleCommand
{
    public override string Name => "RELOAD";

    public override void Run(ICommandHost host, long call, AdminRights rights, ParsedCommand command, string text)
    {
        if (Scope(command) is not null)
        {
            host.Reply(call, ConsoleReply.Error(PoolerErrors.InvalidCommand(text)));
            return;
        }

        LogIssued(host, null);
        host.Reload(call);
    }
}
