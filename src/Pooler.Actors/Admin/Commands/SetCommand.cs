using Pooler.Actors.Admin.Show;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Admin.Commands;

/// <summary>SET key = value: changes a setting until the next reload. What drivers set by themselves is taken from everyone and ignored.</summary>
internal sealed class SetCommand : ConsoleCommand
{
    public override string Name => "SET";

    /// <summary>Open to all for the driver's keys; other keys ask for more below.</summary>
    public override AdminRights Needed => AdminRights.ReadOnly;

    public override IReadOnlyList<string> Usage => ["SET key = arg"];

    public override void Run(ICommandHost host, long call, AdminRights rights, ParsedCommand command, string text)
    {
        if (command.Kind != ParsedCommandKind.Set)
        {
            host.Reply(call, ConsoleReply.Error(PoolerErrors.InvalidCommand(text)));
        }
        else if (ShowConstant.IsKnown(command.Argument))
        {
            host.Reply(call, ConsoleReply.Done("SET") with { Notice = PoolerErrors.SetIgnoredNotice });
        }
        else if (!IsAllowed(rights, AdminRights.Admin))
        {
            host.Reply(call, ConsoleReply.Error(PoolerErrors.AdminAccessNeeded));
        }
        else
        {
            host.ChangeSetting(call, command.Argument, command.Value);
        }
    }
}
