namespace Pooler.Actors.Admin;

/// <summary>What <see cref="ConsoleDialogue.Next"/> found.</summary>
internal enum DialogueStepKind
{
    /// <summary>Nothing can be done before more bytes or an answer come.</summary>
    Nothing,

    /// <summary>A command is to be run; its answer goes to <see cref="ConsoleDialogue.Answer"/>.</summary>
    Run,

    /// <summary>An error was answered and is to be logged; the dialogue goes on.</summary>
    Refused,

    /// <summary>The client has ended the session in good order.</summary>
    Terminated,

    /// <summary>The session is beyond repair; its last message is in the output.</summary>
    Broken,
}
