namespace Pooler.Actors.Admin;

/// <summary>One step of a console session.</summary>
/// <param name="Kind">What is to be done.</param>
/// <param name="Text">The command's text, or that of the error.</param>
internal readonly record struct DialogueStep(DialogueStepKind Kind, string Text = "");
