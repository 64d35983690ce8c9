namespace Pooler.Actors.Admin;

/// <summary>What a <see cref="ConsoleReply"/> says.</summary>
internal enum ConsoleReplyKind
{
    /// <summary>The command is done: an optional notice, an optional result, the tag.</summary>
    Done,

    /// <summary>The command is refused; the session goes on.</summary>
    Error,

    /// <summary>The session ends with this error.</summary>
    Fatal,

    /// <summary>The answer comes later; meanwhile the session takes other commands.</summary>
    Waits,
}
