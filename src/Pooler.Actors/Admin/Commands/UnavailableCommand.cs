using Pooler.Actors.Wire;

namespace Pooler.Actors.Admin.Commands;

/// <summary>A command of PgBouncer that this version does not have. It says so: nobody shall believe that it had an effect.</summary>
internal sealed class UnavailableCommand(string name) : ConsoleCommand
{
    public override string Name => name;

    public override IReadOnlyList<string> Usage => [];

    public static ConsoleReply Refusal(string name) =>
        ConsoleReply.Error($"command \"{name}\" is not available in this version of Pooler") with { SqlState = SqlStates.FeatureNotSupported };

    public override void Run(ICommandHost host, long call, AdminRights rights, ParsedCommand command, string text) =>
        host.Reply(call, Refusal(Name));
}
