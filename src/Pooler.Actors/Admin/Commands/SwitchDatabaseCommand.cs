using Pooler.Actors.Wire;

namespace Pooler.Actors.Admin.Commands;

/// <summary>DISABLE db refuses new logins to a database; ENABLE db lets them in again. Sessions that are open go on.</summary>
internal sealed class SwitchDatabaseCommand(string name, PoolCommandKind kind) : ConsoleCommand
{
    public override string Name => name;

    public override IReadOnlyList<string> Usage => [Name + " <db>"];

    public override void Run(ICommandHost host, long call, AdminRights rights, ParsedCommand command, string text)
    {
        string? database = Scope(command);
        string verb = kind == PoolCommandKind.Enable ? "enable" : "disable";
        string? refusal = database is null ? PoolerErrors.DatabaseRequired : IssueFor(host, database, verb);
        if (refusal is null)
            host.CommandPools(call, kind, Name, database);
        else
            host.Reply(call, ConsoleReply.Error(refusal));
    }
}
