namespace Pooler.Actors.Admin;

/// <summary>One step of a console session.</summary>
/// <param name="Kind">What is to be done.</param>
/// <param name="Text">The command's text, or that of the error.</param>
/// <param name="Request">The prepared statement to run; null: the text is that of a simple query.</param>
internal readonly record struct DialogueStep(DialogueStepKind Kind, string Text = "", ConsoleRequest? Request = null);
