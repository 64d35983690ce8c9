using Pooler.Actors.Admin.Query;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Admin;

/// <summary>
/// What drivers and their connection pools send by themselves: transaction blocks, the reset of a session, and the functions they call then. The
/// console has no transactions and no session state besides prepared statements, so most of it has nothing to do and says that it is done.
/// </summary>
internal static class SessionStatement
{
    /// <summary>The answer to such a statement, without its semicolon; null: it is none.</summary>
    public static ConsoleReply? Answer(ReadOnlySpan<QueryToken> tokens)
    {
        if (tokens.IsEmpty || tokens[0].Kind != QueryTokenKind.Word)
            return null;

        string first = tokens[0].Text;
        ReadOnlySpan<QueryToken> rest = tokens[1..];
        switch (first)
        {
            case "begin":
                return Done(AreModes(WithoutWork(rest)), "BEGIN", SessionEffectKind.BeginTransaction);
            case "start" when Starts(rest, "transaction"):
                return Done(AreModes(rest[1..]), "START TRANSACTION", SessionEffectKind.BeginTransaction);
            case "commit" or "end":
                return Done(WithoutWork(rest).IsEmpty, "COMMIT", SessionEffectKind.EndTransaction);
            case "rollback" or "abort":
                return Done(WithoutWork(rest).IsEmpty, "ROLLBACK", SessionEffectKind.EndTransaction);
            case "discard":
                return Discard(rest);
            case "close":
                return Done(Are(rest, "all"), "CLOSE CURSOR ALL", SessionEffectKind.CloseAll);
            case "deallocate":
                return Deallocate(Starts(rest, "prepare") ? rest[1..] : rest);
            case "unlisten":
                return Done(rest.Length == 1 && rest[0].IsSymbol("*"), "UNLISTEN");
            case "reset":
                return Done(Are(rest, "all"), "RESET");
            case "set":
                return Done(Are(rest, "session", "authorization", "default"), "SET");
            case "select":
                return CallFunction(rest);
            default:
                return null;
        }
    }

    private static ConsoleReply? Discard(ReadOnlySpan<QueryToken> what)
    {
        if (what.Length != 1)
            return null;

        return what[0].Text switch
        {
            "all" => Done(true, "DISCARD ALL", SessionEffectKind.DiscardAll),
            "plans" => Done(true, "DISCARD PLANS"),
            "sequences" => Done(true, "DISCARD SEQUENCES"),
            "temp" or "temporary" => Done(true, "DISCARD TEMP"),
            _ => null,
        };
    }

    private static ConsoleReply? Deallocate(ReadOnlySpan<QueryToken> what)
    {
        if (what.Length != 1 || what[0].Kind is not (QueryTokenKind.Word or QueryTokenKind.QuotedName))
            return null;

        return what[0].IsWord("all")
            ? Done(true, "DEALLOCATE ALL", SessionEffectKind.DeallocateAll)
            : ConsoleReply.Done("DEALLOCATE") with { Effect = new SessionEffect(SessionEffectKind.Deallocate, what[0].Text) };
    }

    // SELECT [pg_catalog.]name()
    private static ConsoleReply? CallFunction(ReadOnlySpan<QueryToken> call)
    {
        if (call.Length == 5 && call[0].IsWord("pg_catalog") && call[1].IsSymbol("."))
            call = call[2..];
        if (call.Length != 3 || call[0].Kind != QueryTokenKind.Word || !call[1].IsSymbol("(") || !call[2].IsSymbol(")"))
            return null;

        string name = call[0].Text;
        (int Type, string Value)? result = name switch
        {
            "version" => (PostgresTypes.Text, PoolerVersion.Text),
            "pg_advisory_unlock_all" => (PostgresTypes.Void, ""),
            _ => null,
        };
        return result is { } known
            ? ConsoleReply.Rows(new ResultTable(new ColumnDescription(name, known.Type)) { IsSelect = true }.Add(known.Value))
            : null;
    }

    private static ConsoleReply? Done(bool isMeant, string tag, SessionEffectKind effect = SessionEffectKind.None) =>
        isMeant ? ConsoleReply.Done(tag) with { Effect = new SessionEffect(effect) } : null;

    private static bool Starts(ReadOnlySpan<QueryToken> tokens, string word) => !tokens.IsEmpty && tokens[0].IsWord(word);

    private static bool Are(ReadOnlySpan<QueryToken> tokens, params ReadOnlySpan<string> words)
    {
        if (tokens.Length != words.Length)
            return false;

        for (int i = 0; i < words.Length; i++)
        {
            if (!tokens[i].IsWord(words[i]))
                return false;
        }

        return true;
    }

    private static ReadOnlySpan<QueryToken> WithoutWork(ReadOnlySpan<QueryToken> tokens) =>
        Starts(tokens, "work") || Starts(tokens, "transaction") ? tokens[1..] : tokens;

    // Modes of a transaction, which have nothing to act on.
    private static bool AreModes(ReadOnlySpan<QueryToken> tokens)
    {
        foreach (QueryToken token in tokens)
        {
            bool isMode = token.IsSymbol(",") || (token.Kind == QueryTokenKind.Word && token.Text is "isolation" or "level" or "serializable"
                or "repeatable" or "read" or "committed" or "uncommitted" or "write" or "only" or "not" or "deferrable");
            if (!isMode)
                return false;
        }

        return true;
    }
}
