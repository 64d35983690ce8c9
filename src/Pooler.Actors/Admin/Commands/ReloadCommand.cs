namespace Pooler.Actors.Admin.Commands;

/// <summary>RELOAD: reads the configuration again.</summary>
internal sealed class ReloadCommand : ConsoleCommand
{
    public override string Name => "RELOAD";

    public override bool Takes(ParsedCommand command) => Scope(command) is null;

    public override void Run(ICommandHost host, long call, AdminRights rights, ParsedCommand command, string text)
    {
        LogIssued(host, null);
        host.Reload(call);
    }
}
