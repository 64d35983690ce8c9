using System.Collections.Immutable;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Admin;

/// <summary>The answer to one console command, on its way from the admin actor to the session. Immutable once sent.</summary>
/// <param name="Kind">Which of the fields count.</param>
/// <param name="Text">The tag, or the text of the error.</param>
internal sealed record ConsoleReply(ConsoleReplyKind Kind, string Text)
{
    /// <summary>The answer comes later.</summary>
    public static ConsoleReply Waits { get; } = new(ConsoleReplyKind.Waits, "");

    /// <summary>There was nothing to do in the text.</summary>
    public static ConsoleReply Empty { get; } = new(ConsoleReplyKind.Done, "");

    /// <summary>SQLSTATE of an error.</summary>
    public string SqlState { get; init; } = SqlStates.ProtocolViolation;

    /// <summary>DETAIL of an error; null or empty: none.</summary>
    public string? Detail { get; init; }

    /// <summary>What the log's ERROR line says of an error; null: its text.</summary>
    public string? LogText { get; init; }

    /// <summary>Rows that come before the tag.</summary>
    public ResultTable? Table { get; init; }

    /// <summary>Text of a notice that comes before the tag.</summary>
    public string? Notice { get; init; }

    /// <summary>The notice's DETAIL.</summary>
    public string? NoticeDetail { get; init; }

    /// <summary>What it changes in the session.</summary>
    public SessionEffect Effect { get; init; }

    /// <summary>The answers to the statements of one text, in their order, which are given instead of this one.</summary>
    public ImmutableArray<ConsoleReply> Parts { get; init; } = [];

    public static ConsoleReply Batch(ImmutableArray<ConsoleReply> parts) => new(ConsoleReplyKind.Done, "") { Parts = parts };

    public static ConsoleReply Done(string tag) => new(ConsoleReplyKind.Done, tag);

    public static ConsoleReply Rows(ResultTable table) => new(ConsoleReplyKind.Done, table.Tag) { Table = table };

    public static ConsoleReply Error(string text) => new(ConsoleReplyKind.Error, text);

    public static ConsoleReply Fatal(string text) => new(ConsoleReplyKind.Fatal, text);
}
