using System.Text;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Relay.State;

/// <summary>
/// Reads from the text of a query what its statements do to the state of their session, as far as words tell: what functions, DO blocks and procedures do inside
/// is not seen. Pure; takes hostile text, and allocates only when it finds something. This part goes from statement to statement; the others know the commands.
/// </summary>
internal ref partial struct StatementScanner
{
    /// <summary>What a longer text does beyond this many bytes is not read.</summary>
    public const int LongestText = 1 << 16;

    // More than that nobody nests.
    private const int DeepestExplain = 4;

    private readonly ReadOnlySpan<byte> _text;
    private SqlTokenizer _tokens;
    private SqlToken _token;
    private int _end;
    private int _depth;
    private int _statement;
    private int _lookedAhead;
    private bool _isRoutine;
    private List<StateEffect>? _effects;

    private StatementScanner(ReadOnlySpan<byte> text, bool escapes)
    {
        _text = text;
        _tokens = new SqlTokenizer(text, escapes);
    }

    /// <summary>What the text does; null: nothing.</summary>
    /// <param name="text">The text, or its beginning.</param>
    /// <param name="isWhole">Nothing of it is missing.</param>
    /// <param name="escapes">standard_conforming_strings is off.</param>
    public static StatementScan? Scan(ReadOnlySpan<byte> text, bool isWhole = true, bool escapes = false)
    {
        if (text.Length > LongestText)
        {
            text = text[..LongestText];
            isWhole = false;
        }

        var scanner = new StatementScanner(text, escapes);
        scanner.ScanAll();
        if (isWhole)
        {
            return scanner._effects is null ? null : new StatementScan(scanner._effects, int.MaxValue);
        }

        return ReadInPart(scanner._effects ?? [], scanner._statement - 1);
    }

    /// <summary>The last statement may go on behind what is here: what it takes back is not believed.</summary>
    private static StatementScan ReadInPart(List<StateEffect> effects, int last)
    {
        effects.RemoveAll(effect => effect.Statement == last && effect.Action is not StateAction.Add);
        return effects.Count == 0 && last <= 0 ? StatementScan.Unread : new StatementScan(effects, Math.Max(last, 0));
    }

    private readonly bool AtEnd => _token.Kind == SqlTokenKind.End || (_depth == 0 && IsSymbol(';'));

    private void ScanAll()
    {
        Advance();
        while (_token.Kind != SqlTokenKind.End)
        {
            if (IsSymbol(';'))
            {
                Advance();
                continue;
            }

            _isRoutine = false;
            ScanStatement(0);
            SkipToEnd();
            _depth = 0;
            _statement++;
        }
    }

    private void ScanStatement(int nested)
    {
        switch (_token.Kind == SqlTokenKind.Word ? _text[_token.Start] | 0x20 : 0)
        {
            case 's' when Is("SELECT"u8):
                ScanSelect();
                return;
            case 's' when Is("SET"u8):
                ScanSet();
                return;
            case 's' when Is("SAVEPOINT"u8):
                Advance();
                Add(StateAction.Savepoint, default, TakeName());
                return;
            case 'r' when Is("RESET"u8):
                ScanReset();
                return;
            case 'r' when Is("ROLLBACK"u8):
            case 'a' when Is("ABORT"u8):
                ScanRollback();
                return;
            case 'r' when Is("RELEASE"u8):
                Advance();
                Skip("SAVEPOINT"u8);
                Add(StateAction.ReleaseSavepoint, default, TakeName());
                return;
            case 'd' when Is("DISCARD"u8):
                ScanDiscard();
                return;
            case 'd' when Is("DEALLOCATE"u8):
                ScanDeallocate();
                return;
            case 'd' when Is("DECLARE"u8):
                ScanDeclare();
                return;
            case 'd' when Is("DROP"u8):
                ScanDrop();
                return;
            case 'd' when Is("DO"u8):
                return;
            case 'l' when Is("LISTEN"u8):
                Advance();
                Add(StateAction.Add, StateKind.Listen, TakeName());
                return;
            case 'l' when Is("LOAD"u8):
                Add(StateAction.Add, StateKind.Library);
                return;
            case 'u' when Is("UNLISTEN"u8):
                Advance();
                AddRemoval(StateKind.Listen, IsSymbol('*'));
                return;
            case 'p' when Is("PREPARE"u8):
                ScanPrepare();
                return;
            case 'c' when Is("CREATE"u8):
                ScanCreate();
                return;
            case 'c' when Is("CLOSE"u8):
                Advance();
                AddRemoval(StateKind.HeldCursor, Is("ALL"u8));
                return;
            case 'e' when Is("EXECUTE"u8):
                Advance();
                Add(StateAction.Execute, StateKind.PreparedStatement, TakeName());
                ScanBody(mayBeInto: false);
                return;
            case 'e' when Is("EXPLAIN"u8):
                ScanExplain(nested);
                return;
            default:
                ScanBody(mayBeInto: Is("WITH"u8));
                return;
        }
    }

    private void ScanRollback()
    {
        Advance();
        if (!Skip("WORK"u8))
        {
            Skip("TRANSACTION"u8);
        }

        if (Skip("TO"u8))
        {
            Skip("SAVEPOINT"u8);
            Add(StateAction.RollbackToSavepoint, default, TakeName());
        }
    }

    /// <summary>What is only planned does nothing; what is analyzed is run.</summary>
    private void ScanExplain(int nested)
    {
        Advance();
        var isRun = false;
        if (IsSymbol('('))
        {
            while (!AtEnd && !(IsSymbol(')') && _depth == 1))
            {
                isRun |= Is("ANALYZE"u8) || Is("ANALYSE"u8);
                Advance();
            }

            Advance();
        }

        while (Is("ANALYZE"u8) || Is("ANALYSE"u8) || Is("VERBOSE"u8))
        {
            isRun |= !Is("VERBOSE"u8);
            Advance();
        }

        if (isRun && Skip("SELECT"u8))
        {
            // The rows that come are those of the plan, and tell nothing of the call's result.
            ScanBody(mayBeInto: true);
        }
        else if (isRun && nested < DeepestExplain)
        {
            ScanStatement(nested + 1);
        }
    }

    private void SkipToEnd()
    {
        while (!AtEnd)
        {
            if (!_isRoutine || !SkipBlock())
            {
                Advance();
            }
        }
    }

    /// <summary>The body of a routine that is not quoted has semicolons of its own.</summary>
    private bool SkipBlock()
    {
        if (!Skip("BEGIN"u8))
        {
            return false;
        }

        for (var open = Is("ATOMIC"u8) ? 1 : 0; open > 0 && _token.Kind != SqlTokenKind.End; Advance())
        {
            open += Is("CASE"u8) ? 1 : Is("END"u8) ? -1 : 0;
        }

        return true;
    }

    private void Advance()
    {
        _end = _token.End;
        if (IsSymbol('('))
        {
            _depth++;
        }
        else if (IsSymbol(')') && _depth > 0)
        {
            _depth--;
        }

        _token = _tokens.Next();
    }

    private readonly ReadOnlySpan<byte> Bytes(SqlToken token) => _text.Slice(token.Start, token.Length);

    private readonly bool Is(ReadOnlySpan<byte> word) =>
        _token.Kind == SqlTokenKind.Word && _token.Length == word.Length && Ascii.EqualsIgnoreCase(Bytes(_token), word);

    private readonly bool IsSymbol(char symbol) => _token.Kind == SqlTokenKind.Symbol && _text[_token.Start] == symbol;

    /// <summary>The word is there as a key word: with a point behind it, it is the first part of a name.</summary>
    private readonly bool IsKey(ReadOnlySpan<byte> word) => Is(word) && !IsBefore('.');

    /// <summary>The sign comes behind the token that is next.</summary>
    private readonly bool IsBefore(char symbol)
    {
        var ahead = _tokens;
        return ahead.Next() is { Kind: SqlTokenKind.Symbol } sign && _text[sign.Start] == symbol;
    }

    private bool SkipKey(ReadOnlySpan<byte> word) => IsKey(word) && Skip(word);

    private bool Skip(ReadOnlySpan<byte> word)
    {
        if (!Is(word))
        {
            return false;
        }

        Advance();
        return true;
    }

    private bool Skip(char symbol)
    {
        if (!IsSymbol(symbol))
        {
            return false;
        }

        Advance();
        return true;
    }

    /// <summary>Takes a name as PostgreSQL understands it; null, and nothing taken: there is none.</summary>
    private string? TakeName()
    {
        var bytes = Bytes(_token);
        string? name = null;
        if (_token.Kind == SqlTokenKind.Word)
        {
            name = WireText.Decode(bytes).ToLowerInvariant();
        }
        else if (_token.Kind == SqlTokenKind.QuotedName && bytes[0] == '"')
        {
            name = WireText.Decode(bytes[1..^1]).Replace("\"\"", "\"", StringComparison.Ordinal);
        }

        if (name is not null || _token.Kind == SqlTokenKind.QuotedName)
        {
            Advance();
        }

        return name;
    }

    private void AddRemoval(StateKind kind, bool isAll)
    {
        if (isAll)
        {
            Add(StateAction.RemoveAll, kind);
        }
        else if (TakeName() is { } name)
        {
            Add(StateAction.Remove, kind, name);
        }
    }

    private void Add(StateAction action, StateKind kind, string? name = null, byte[]? replay = null, StatementScan? inner = null) =>
        (_effects ??= []).Add(new StateEffect(_statement, action, kind, name, replay, inner));
}
