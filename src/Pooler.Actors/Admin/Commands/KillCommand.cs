using Pooler.Actors.Wire;

namespace Pooler.Actors.Admin.Commands;

/// <summary>KILL [db]: ends clients and servers at once and pauses the database; new clients wait for RESUME db.</summary>
internal sealed class KillCommand : ConsoleCommand
{
    public override string Name => "KILL";

    public override IReadOnlyList<string> Usage => ["KILL [<db>]"];

    public override void Run(ICommandHost host, long call, AdminRights rights, ParsedCommand command, string text)
    {
        string? database = Scope(command);
        string? refusal = host.State != PauseState.Active ? PoolerErrors.AlreadyPaused : IssueFor(host, database, "kill");
        if (refusal is null)
            host.CommandPools(call, PoolCommandKind.Kill, Name, database);
        else
            host.Reply(call, ConsoleReply.Error(refusal));
    }
}
