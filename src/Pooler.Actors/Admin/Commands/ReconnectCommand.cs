namespace Pooler.Actors.Admin.Commands;

/// <summary>RECONNECT [db]: every server is replaced, each as soon as it is free; answered at once.</summary>
internal sealed class ReconnectCommand : ConsoleCommand
{
    public override string Name => "RECONNECT";

    public override IReadOnlyList<string> Usage => ["RECONNECT [<db>]"];

    public override void Run(ICommandHost host, long call, AdminRights rights, ParsedCommand command, string text)
    {
        string? database = Scope(command);
        if (IssueFor(host, database, "reconnect") is { } refusal)
            host.Reply(call, ConsoleReply.Error(refusal));
        else
            host.CommandPools(call, PoolCommandKind.Reconnect, Name, database);
    }
}
