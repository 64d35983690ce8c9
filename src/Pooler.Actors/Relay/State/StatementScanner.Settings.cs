using System.Text;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Relay.State;

/// <content>SET and RESET in all their forms, and DISCARD.</content>
internal ref partial struct StatementScanner
{
    private const string Role = "role";
    private const string SessionAuthorization = "session_authorization";

    private void ScanSet()
    {
        var start = _token.Start;
        Advance();
        if (IsKey("LOCAL"u8) || IsKey("TRANSACTION"u8) || IsKey("CONSTRAINTS"u8))
        {
            // Over with the transaction.
            return;
        }

        if (SkipKey("SESSION"u8))
        {
            if (SkipKey("CHARACTERISTICS"u8))
            {
                ScanCharacteristics();
                return;
            }

            if (SkipKey("AUTHORIZATION"u8))
            {
                // It takes the role back too.
                Add(StateAction.Remove, StateKind.Setting, Role);
                AddSetting(SessionAuthorization, start);
                return;
            }
        }

        if (IsKey("TRANSACTION"u8))
        {
            return;
        }

        if (SkipKey("TIME"u8))
        {
            Skip("ZONE"u8);
            AddSetting("timezone", start);
        }
        else if (SkipKey("NAMES"u8))
        {
            AddSetting("client_encoding", start);
        }
        else if (SkipKey("SCHEMA"u8))
        {
            AddSetting("search_path", start);
        }
        else if (SkipKey("XML"u8))
        {
            Skip("OPTION"u8);
            AddSetting("xmloption", start);
        }
        else if (SkipKey("ROLE"u8))
        {
            Take("TO"u8, '=');
            AddSetting(Role, start, isResetByNone: true);
        }
        else
        {
            var isPlain = TakeSettingName(out var name);
            Take("TO"u8, '=');
            AddSetting(name, isPlain ? start : -1);
        }
    }

    private void Take(ReadOnlySpan<byte> word, char symbol)
    {
        if (!Skip(word))
        {
            Skip(symbol);
        }
    }

    /// <summary>The value is next; <paramref name="start"/>: where the statement begins, -1 if it is not to be made again.</summary>
    private void AddSetting(string? name, int start, bool isResetByNone = false)
    {
        if (name is "transaction_isolation" or "transaction_read_only" or "transaction_deferrable")
        {
            return;
        }

        if (Is("DEFAULT"u8) || (isResetByNone && Is("NONE"u8)))
        {
            Add(StateAction.Remove, StateKind.Setting, name);
            return;
        }

        // It sows and keeps no value: there is nothing to take back.
        var canReplay = start >= 0 && name is not (null or "seed");
        while (!AtEnd)
        {
            canReplay &= CanReplay(_token);
            Advance();
        }

        // Other bytes would stand for another text after a change of client_encoding.
        canReplay = canReplay && Ascii.IsValid(_text[start.._end]);
        Add(StateAction.Add, StateKind.Setting, name, canReplay ? _text[start.._end].ToArray() : null);
    }

    /// <summary>A backslash may mean one thing on this server and another on the next, unless it stands in the form that always escapes.</summary>
    private readonly bool CanReplay(SqlToken token) =>
        token.Kind is not (SqlTokenKind.Parameter or SqlTokenKind.End)
        && (token.Kind != SqlTokenKind.Text || (_text[token.Start] | 0x20) == 'e' || !Bytes(token).Contains((byte)'\\'));

    /// <summary>False if the name is one that cannot be written again as it is.</summary>
    private bool TakeSettingName(out string? name)
    {
        var isPlain = _token.Kind == SqlTokenKind.Word;
        name = TakeName();
        while (name is not null && Skip('.'))
        {
            isPlain &= _token.Kind == SqlTokenKind.Word;
            var part = TakeName();
            name = part is null ? null : $"{name}.{part}";
        }

        // Names of settings have no case, quoted or not.
        name = name?.ToLowerInvariant();
        return isPlain && name is not null;
    }

    /// <summary>SET SESSION CHARACTERISTICS AS TRANSACTION is another way to write three settings.</summary>
    private void ScanCharacteristics()
    {
        while (!AtEnd)
        {
            if (Skip("ISOLATION"u8))
            {
                Skip("LEVEL"u8);
                var level = Is("SERIALIZABLE"u8) ? "serializable"
                    : Skip("REPEATABLE"u8) ? "repeatable read"
                    : Skip("READ"u8) && Is("COMMITTED"u8) ? "read committed"
                    : "read uncommitted";
                AddDefault("default_transaction_isolation", level);
            }
            else if (Skip("READ"u8))
            {
                AddDefault("default_transaction_read_only", Is("ONLY"u8) ? "on" : "off");
            }
            else if (Is("DEFERRABLE"u8) || Is("NOT"u8))
            {
                AddDefault("default_transaction_deferrable", Skip("NOT"u8) ? "off" : "on");
            }

            Advance();
        }
    }

    private void AddDefault(string name, string value) =>
        Add(StateAction.Add, StateKind.Setting, name, WireText.Encode($"SET {name} = '{value}'"));

    private void ScanReset()
    {
        Advance();
        if (Is("ALL"u8))
        {
            Add(StateAction.ResetAll, StateKind.Setting);
        }
        else if (SkipKey("SESSION"u8))
        {
            Add(StateAction.Remove, StateKind.Setting, Role);
            Add(StateAction.Remove, StateKind.Setting, SessionAuthorization);
        }
        else if (IsKey("TRANSACTION"u8))
        {
            return;
        }
        else if (IsKey("TIME"u8))
        {
            Add(StateAction.Remove, StateKind.Setting, "timezone");
        }
        else
        {
            TakeSettingName(out var name);
            if (name is not null)
            {
                Add(StateAction.Remove, StateKind.Setting, name);
            }
        }
    }

    private void ScanDiscard()
    {
        Advance();
        if (Is("TEMP"u8) || Is("TEMPORARY"u8))
        {
            Add(StateAction.RemoveAll, StateKind.TemporaryObject);
        }
        else if (Is("ALL"u8))
        {
            Add(StateAction.RemoveAll, StateKind.Setting);
            Add(StateAction.RemoveAll, StateKind.Listen);
            Add(StateAction.RemoveAll, StateKind.AdvisoryLock);
            Add(StateAction.RemoveAll, StateKind.TemporaryObject);
            Add(StateAction.RemoveAll, StateKind.HeldCursor);
            Add(StateAction.RemoveAll, StateKind.PreparedStatement);
        }
    }
}
