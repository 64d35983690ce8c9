using Pooler.Actors.Wire;

namespace Pooler.Actors.Admin.Commands;

/// <summary>PAUSE [db]: no query starts any more; answered when none is running.</summary>
internal sealed class PauseCommand : ConsoleCommand
{
    public override string Name => "PAUSE";

    public override IReadOnlyList<string> Usage => ["PAUSE [<db>]"];

    public override void Run(ICommandHost host, long call, AdminRights rights, ParsedCommand command, string text)
    {
        string? database = Scope(command);
        if (host.State != PauseState.Active)
        {
            host.Reply(call, ConsoleReply.Error(PoolerErrors.AlreadyPaused));
        }
        else if (RefuseDatabase(host, database, "pause") is { } refusal)
        {
            host.Reply(call, ConsoleReply.Error(refusal));
        }
        else
        {
            LogIssued(host, database);
            host.Pause(call, database);
        }
    }
}
