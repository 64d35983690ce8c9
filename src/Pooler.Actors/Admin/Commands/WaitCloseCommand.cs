using Pooler.Actors.Configuration;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Admin.Commands;

/// <summary>WAIT_CLOSE [db]: answered when no server is left that RECONNECT or new settings want replaced.</summary>
internal sealed class WaitCloseCommand : ConsoleCommand
{
    public override string Name => "WAIT_CLOSE";

    public override IReadOnlyList<string> Usage => ["WAIT_CLOSE [<db>]"];

    public override void Run(ICommandHost host, long call, AdminRights rights, ParsedCommand command, string text)
    {
        string? database = Scope(command);
        string? refusal = IssueFor(host, database, "");
        if (database == PoolerSettings.ConsoleDatabase)
            refusal = PoolerErrors.CannotWaitInAdminDatabase;
        if (refusal is null)
            host.CommandPools(call, PoolCommandKind.WaitClose, Name, database, mayWait: true);
        else
            host.Reply(call, ConsoleReply.Error(refusal));
    }
}
