namespace Pooler.Actors.Admin;

/// <summary>
/// A console session asks the admin actor, as the sender, to run a command. Answered with <see cref="ConsoleAnswered"/>, twice if the command
/// waits.
/// </summary>
/// <param name="Command">The session's number for it.</param>
/// <param name="Rights">What the session may do.</param>
/// <param name="Text">The command as typed.</param>
/// <param name="Request">The prepared statement to run; null: the text is that of a simple query.</param>
internal sealed record RunConsoleCommand(long Command, AdminRights Rights, string Text, ConsoleRequest? Request = null);
