using System.Text;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Relay.State;

/// <content>Queries: functions that change the session, and SELECT INTO.</content>
internal ref partial struct StatementScanner
{
    // More tokens than a text can have: only calls within calls within calls come to this.
    private const int MostLookedAhead = 2 * LongestText;

    private void ScanSelect()
    {
        var start = this;
        Advance();
        var before = _effects?.Count ?? 0;
        if (TryScanCallsOnly())
        {
            return;
        }

        // Something else than a list of calls: whatever is called in it is found once more, with less known of it.
        if (_effects is { } effects)
        {
            effects.RemoveRange(before, effects.Count - before);
            start._effects = effects.Count > 0 ? effects : null;
        }

        this = start;
        Advance();
        ScanBody(mayBeInto: true);
    }

    /// <summary>
    /// Takes a SELECT that is one call of a lock function, or nothing but calls of set_config: such a one is understood. False: it is another one, and what was taken
    /// or added means nothing.
    /// </summary>
    private bool TryScanCallsOnly()
    {
        var count = 0;
        var others = 0;
        do
        {
            if (Skip("PG_CATALOG"u8) && !Skip('.'))
            {
                return false;
            }

            if (_token.Kind != SqlTokenKind.Word)
            {
                return false;
            }

            var name = _token;
            if (Is("SET_CONFIG"u8))
            {
                if (!TryScanSetConfig(alone: true))
                {
                    return false;
                }
            }
            else if (!IsLockFunction(Bytes(name), out var action) || !TrySkipArguments(allArePlain: true))
            {
                return false;
            }
            else
            {
                others++;
                Add(action, StateKind.AdvisoryLock);
            }

            count++;
            if (Skip("AS"u8) || (!AtEnd && !IsSymbol(',')))
            {
                if (TakeName() is null)
                {
                    return false;
                }
            }
        }
        while (Skip(','));

        return AtEnd && (others == 0 || count == 1);
    }

    private static bool IsLockFunction(ReadOnlySpan<byte> name, out StateAction action)
    {
        action = default;
        if (name.Length < "pg_advisory_lock".Length || (name[0] | 0x20) != 'p' || (name[1] | 0x20) != 'g')
        {
            return false;
        }

        if (Equals(name, "pg_advisory_lock"u8) || Equals(name, "pg_advisory_lock_shared"u8))
        {
            action = StateAction.LockPerRow;
        }
        else if (Equals(name, "pg_try_advisory_lock"u8) || Equals(name, "pg_try_advisory_lock_shared"u8))
        {
            action = StateAction.TryLockPerRow;
        }
        else if (Equals(name, "pg_advisory_unlock"u8) || Equals(name, "pg_advisory_unlock_shared"u8))
        {
            action = StateAction.UnlockPerRow;
        }
        else if (Equals(name, "pg_advisory_unlock_all"u8))
        {
            action = StateAction.RemoveAll;
        }
        else
        {
            return false;
        }

        return true;
    }

    private static bool Equals(ReadOnlySpan<byte> word, ReadOnlySpan<byte> name) => Ascii.EqualsIgnoreCase(word, name);

    /// <summary>The name of the function is next. False: it is no call, or one whose arguments call something that matters here.</summary>
    private bool TrySkipArguments(bool allArePlain)
    {
        Advance();
        if (!IsSymbol('('))
        {
            return false;
        }

        var outside = _depth;
        Advance();
        while (_token.Kind != SqlTokenKind.End && !(IsSymbol(')') && _depth == outside + 1))
        {
            if (allArePlain && (Is("SELECT"u8) || Equals(NameOf(_token), "set_config"u8) || IsLockFunction(NameOf(_token), out _)))
            {
                return false;
            }

            Advance();
        }

        return Skip(')');
    }

    /// <summary>Reads the rest of a statement for calls and, in a query, for INTO.</summary>
    private void ScanBody(bool mayBeInto)
    {
        while (!AtEnd)
        {
            if (mayBeInto && _depth == 0 && Is("INTO"u8))
            {
                Advance();
                ScanInto();
                continue;
            }

            LookAtCall();
            Advance();
        }
    }

    private void ScanInto()
    {
        if (!Skip("GLOBAL"u8))
        {
            Skip("LOCAL"u8);
        }

        var isTemporary = Skip("TEMP"u8) || Skip("TEMPORARY"u8);
        Skip("UNLOGGED"u8);
        Skip("TABLE"u8);
        var name = TakeQualifiedName(out var schema);
        AddTemporary(isTemporary || IsTemporarySchema(schema), name);
    }

    /// <summary>A call inside a larger statement: whether it is made, and how often, nobody knows.</summary>
    private void LookAtCall()
    {
        var name = NameOf(_token);
        if (name.Length < "set_config".Length)
        {
            return;
        }

        if (Equals(name, "set_config"u8))
        {
            if (_lookedAhead > MostLookedAhead)
            {
                Add(StateAction.Add, StateKind.Setting);
                return;
            }

            // What follows is looked at once more: an argument may be a call itself.
            var here = this;
            TryScanSetConfig(alone: false);
            here._effects = _effects;
            here._lookedAhead = _lookedAhead;
            this = here;
        }
        else if (IsLockFunction(name, out var action) && action is StateAction.LockPerRow or StateAction.TryLockPerRow && IsBefore('('))
        {
            Add(StateAction.Add, StateKind.AdvisoryLock);
        }
    }

    /// <summary>A name without its quotes; empty: the token is none, or one with escapes.</summary>
    private readonly ReadOnlySpan<byte> NameOf(SqlToken token) => token.Kind switch
    {
        SqlTokenKind.Word => Bytes(token),
        SqlTokenKind.QuotedName when _text[token.Start] == '"' => Bytes(token)[1..^1],
        _ => default,
    };

    /// <summary>
    /// set_config is next. <paramref name="alone"/>: it is certain to be called, so that it can be called again on another server; then no argument may be more than one token, which
    /// could be a call. False: it is no such call of three arguments.
    /// </summary>
    private bool TryScanSetConfig(bool alone)
    {
        var start = _token.Start;
        Advance();
        if (!Skip('('))
        {
            return false;
        }

        var inside = _depth;
        var name = _token.Kind == SqlTokenKind.Text ? TextOf(_token) : null;
        var canReplay = alone && name is not null && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.') && CanReplay(_token);
        var isPlain = SkipArgument(inside);
        name = isPlain ? name : null;
        if (!Skip(','))
        {
            return false;
        }

        canReplay &= _token.Kind == SqlTokenKind.Text && CanReplay(_token);
        isPlain &= SkipArgument(inside);
        if (!Skip(','))
        {
            return false;
        }

        var isLocal = Is("TRUE"u8);
        var isSession = Is("FALSE"u8);
        var isOne = SkipArgument(inside);
        var isConstant = isOne && (isLocal || isSession);
        isPlain &= isOne;
        if (!IsSymbol(')') || (alone && !isPlain))
        {
            return false;
        }

        Advance();
        if (!(isLocal && isConstant))
        {
            canReplay &= isConstant;
            Add(StateAction.Add, StateKind.Setting, name?.ToLowerInvariant(), canReplay ? [.. "SELECT pg_catalog."u8, .. _text[start.._end]] : null);
        }

        return true;
    }

    /// <summary>Goes on to the comma or parenthesis behind an argument; false if it is more than one token.</summary>
    private bool SkipArgument(int inside)
    {
        var length = 0;
        for (; _token.Kind != SqlTokenKind.End && (_depth > inside || !(IsSymbol(',') || IsSymbol(')'))); length++)
        {
            Advance();
        }

        _lookedAhead += length;
        return length <= 1;
    }

    /// <summary>The value of a string constant in its plain form; null: it is in another one.</summary>
    private readonly string? TextOf(SqlToken token)
    {
        var bytes = Bytes(token);
        return bytes[0] == '\'' && !bytes.Contains((byte)'\\') ? WireText.Decode(bytes[1..^1]).Replace("''", "'", StringComparison.Ordinal) : null;
    }
}
