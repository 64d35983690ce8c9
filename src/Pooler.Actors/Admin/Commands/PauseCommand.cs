using System.Globalization;
using Pooler.Actors.Configuration;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Admin.Commands;

/// <summary>
/// PAUSE [db] [TIMEOUT seconds]: no query starts any more; answered when none is running. With TIMEOUT it takes itself back if that takes longer.
/// </summary>
internal sealed class PauseCommand : ConsoleCommand
{
    private const double LongestLimit = 1_000_000;

    public override string Name => "PAUSE";

    public override IReadOnlyList<string> Usage => ["PAUSE [<db>] [TIMEOUT <seconds>]"];

    public override void Run(ICommandHost host, long call, AdminRights rights, ParsedCommand command, string text)
    {
        string? database = Scope(command);
        string? refusal = !TryReadLimit(command.Value, out TimeSpan? limit) || LacksLimit(host, database, command.Value) ? PoolerErrors.BadArguments
            : host.State != PauseState.Active ? PoolerErrors.AlreadyPaused
            : IssueFor(host, database, "pause");
        if (refusal is null)
            host.Pause(call, database, limit);
        else
            host.Reply(call, ConsoleReply.Error(refusal));
    }

    // Who forgets the number must not pause a database of that name that "*" makes up.
    private static bool LacksLimit(ICommandHost host, string? database, string limit) =>
        limit.Length == 0
        && database is not null
        && database.Equals("timeout", StringComparison.OrdinalIgnoreCase)
        && host.Settings.TryGetDatabase(database, out DatabaseSettings? settings)
        && settings.IsAutoDatabase;

    private static bool TryReadLimit(string text, out TimeSpan? limit)
    {
        limit = null;
        if (text.Length == 0)
            return true;

        bool isValid = double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds)
            && seconds is > 0 and <= LongestLimit;
        if (isValid)
            limit = TimeSpan.FromSeconds(seconds);
        return isValid;
    }
}
