namespace Pooler.Actors.Admin;

/// <summary>One console command, taken apart.</summary>
/// <param name="Kind">Which of the fields count.</param>
/// <param name="Word">The command word as typed, unquoted; "SET" for a setting.</param>
/// <param name="Argument">The argument or the key of a setting, unquoted; empty when there is none.</param>
/// <param name="Value">The value of a setting, or of TIMEOUT behind PAUSE, unquoted; empty when there is none.</param>
internal readonly record struct ParsedCommand(ParsedCommandKind Kind, string Word = "", string Argument = "", string Value = "");
