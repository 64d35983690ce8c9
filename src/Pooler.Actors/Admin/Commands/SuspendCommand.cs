using Pooler.Actors.Wire;

namespace Pooler.Actors.Admin.Commands;

/// <summary>SUSPEND: all traffic stops between two messages; answered when it has. RESUME lets it go on.</summary>
internal sealed class SuspendCommand : ConsoleCommand
{
    public override string Name => "SUSPEND";

    public override bool Takes(ParsedCommand command) => Scope(command) is null;

    public override void Run(ICommandHost host, long call, AdminRights rights, ParsedCommand command, string text)
    {
        if (host.State != PauseState.Active)
        {
            host.Reply(call, ConsoleReply.Error(PoolerErrors.AlreadyPaused));
        }
        else
        {
            LogIssued(host, null);
            host.Suspend(call);
        }
    }
}
