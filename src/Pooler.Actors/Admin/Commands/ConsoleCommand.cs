using System.Collections.Immutable;
using Pooler.Actors.Configuration;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Admin.Commands;

/// <summary>One command of the console: a line of <see cref="CommandTable"/>. Has no state, so that any number of sessions may run it.</summary>
internal abstract class ConsoleCommand
{
    /// <summary>The word, upper case.</summary>
    public abstract string Name { get; }

    /// <summary>Who may run it. A command that does not say otherwise is for admins alone.</summary>
    public virtual AdminRights Needed => AdminRights.Admin;

    /// <summary>How SHOW HELP lists it; empty: not at all.</summary>
    public virtual IReadOnlyList<string> Usage => [Name];

    /// <summary>The columns of the rows that it answers with; null: it has none.</summary>
    public virtual ImmutableArray<ColumnDescription>? Columns(ParsedCommand command) => null;

    /// <summary>False: it is no command with this argument, whoever gives it.</summary>
    public virtual bool Takes(ParsedCommand command) => true;

    /// <summary>Runs it.</summary>
    /// <param name="host">What it works on.</param>
    /// <param name="call">The call's number, for the answer.</param>
    /// <param name="rights">What the session may do.</param>
    /// <param name="command">The command taken apart.</param>
    /// <param name="text">The command as typed.</param>
    public abstract void Run(ICommandHost host, long call, AdminRights rights, ParsedCommand command, string text);

    /// <summary>
    /// True if <paramref name="rights"/> are enough where <paramref name="needed"/> are asked for; nothing is open to sessions without rights.
    /// </summary>
    public static bool IsAllowed(AdminRights rights, AdminRights needed) =>
        rights == AdminRights.Admin || (rights == AdminRights.ReadOnly && needed == AdminRights.ReadOnly);

    /// <summary>The scope of a command that takes a database: null for everything.</summary>
    private protected static string? Scope(ParsedCommand command) => command.Argument.Length == 0 ? null : command.Argument;

    /// <summary>
    /// Notes in the log that a command was given for a database or all, also if it cannot have this one. Why not, or null; <paramref name="verb"/>
    /// is what it does to a database, in the words of the refusal.
    /// </summary>
    private protected string? IssueFor(ICommandHost host, string? database, string verb)
    {
        LogIssued(host, database);
        if (database == PoolerSettings.ConsoleDatabase)
            return PoolerErrors.CannotTouchAdminDatabase(verb);

        return database is null || host.Settings.TryGetDatabase(database, out _) ? null : PoolerErrors.NoSuchDatabaseOnConsole(database);
    }

    /// <summary>The log line that a command was given, with its database if there is one.</summary>
    private protected void LogIssued(ICommandHost host, string? database) =>
        host.Log(database is null ? $"{Name} command issued" : $"{Name} '{database}' command issued");
}
