using System.Globalization;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Admin.Commands;

/// <summary>KILL_CLIENT id: ends one client or console session; the id is that of SHOW CLIENTS.</summary>
internal sealed class KillClientCommand : ConsoleCommand
{
    public override string Name => "KILL_CLIENT";

    public override IReadOnlyList<string> Usage => [Name + " <client_id>"];

    public override void Run(ICommandHost host, long call, AdminRights rights, ParsedCommand command, string text)
    {
        // What follows the digits does not count.
        string digits = string.Concat(command.Argument.TakeWhile(char.IsAsciiDigit));
        if (digits.Length == 0)
        {
            host.Reply(call, ConsoleReply.Error(PoolerErrors.InvalidClientPointer));
            return;
        }

        // A number beyond all that are given out is no client's.
        host.KillClient(call, long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long id) ? id : long.MaxValue);
    }
}
