using Pooler.Actors.Wire;

namespace Pooler.Actors.Relay.State;

/// <summary>
/// Parameters that were SET, in the order of their last SET: those of a client, or those that a server has. Of one connection, on the loop's thread.
/// </summary>
internal sealed class SessionSettings
{
    // Who sets more than this is better off with a server of its own.
    private const int Most = 200;
    private const int LongestStatement = 4096;
    private const int Shown = 3;

    private readonly List<SessionSetting> _settings = [];

    public int Count => _settings.Count;

    /// <summary>Some cannot be carried to another server.</summary>
    public bool HasUnreplayable { get; private set; }

    /// <summary>Enters a setting in place of what was there of its name.</summary>
    public void Set(string? name, byte[]? statement)
    {
        if (name is not null)
        {
            Remove(name);
        }
        else if (HasUnknownName)
        {
            return;
        }

        if (_settings.Count >= Most)
        {
            // Nothing of it is forgotten, and nothing can take it back but everything.
            HasTooMany = true;
        }
        else
        {
            // What another role has set may be more than the login user may set, or take back.
            var isCarried = statement is { Length: <= LongestStatement } && (IsIdentity(name) || !HasIdentity);
            _settings.Add(new SessionSetting(name, isCarried ? statement : null));
        }

        Look();
    }

    public void Remove(string name)
    {
        if (_settings.RemoveAll(setting => setting.Name == name) > 0)
        {
            Look();
        }
    }

    public void Clear()
    {
        _settings.Clear();
        HasTooMany = false;
        HasUnreplayable = false;
    }

    /// <summary>RESET ALL.</summary>
    public void ClearResettable()
    {
        _settings.RemoveAll(setting => !IsIdentity(setting.Name));
        HasTooMany = false;
        Look();
    }

    /// <summary>Takes the other's place; null: has none any more.</summary>
    public void CopyFrom(SessionSettings? other)
    {
        _settings.Clear();
        _settings.AddRange(other?._settings ?? []);
        Look();
    }

    /// <summary>The server that has them is being reset by this text. If that is not seen to take them back, nobody knows what it leaves.</summary>
    public void OnReset(string query)
    {
        if (_settings.Count == 0)
        {
            return;
        }

        foreach (var effect in StatementScanner.Scan(WireText.Encode(query))?.Effects ?? [])
        {
            if (effect is { Kind: StateKind.Setting, Action: StateAction.RemoveAll })
            {
                Clear();
            }
            else if (effect is { Kind: StateKind.Setting, Action: StateAction.ResetAll })
            {
                ClearResettable();
            }
        }

        for (var i = 0; i < _settings.Count; i++)
        {
            _settings[i] = _settings[i] with { Statement = null };
        }

        Look();
    }

    /// <summary>Drops those that no other server could be given; their server has been reset.</summary>
    public void DropUnreplayable()
    {
        _settings.RemoveAll(setting => setting.Statement is null);
        HasTooMany = false;
        HasUnreplayable = false;
    }

    /// <summary>True if a server with <paramref name="applied"/> is what a client with <paramref name="wanted"/> needs.</summary>
    public static bool Matches(SessionSettings? wanted, SessionSettings? applied)
    {
        var count = wanted?.Count ?? 0;
        if (count != (applied?.Count ?? 0))
        {
            return false;
        }

        for (var i = 0; i < count; i++)
        {
            if (!applied!.Has(wanted!._settings[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Appends the statements that make a server with <paramref name="applied"/> what a client with <paramref name="wanted"/> needs.</summary>
    public static void AppendDifferences(MessageWriter writer, SessionSettings? wanted, SessionSettings? applied)
    {
        // Who one is decides what one may set: then everything is taken back as the login user, and made again in the client's order.
        var anew = wanted is { HasIdentity: true } || applied is { HasIdentity: true };
        if (anew)
        {
            writer.AppendBytes("RESET SESSION AUTHORIZATION;RESET ROLE;"u8);
        }

        foreach (var setting in applied?._settings ?? [])
        {
            if (!IsIdentity(setting.Name) && (anew || wanted?.Find(setting.Name) is null))
            {
                // A part of the name may be a key word.
                writer.AppendBytes("RESET \""u8);
                writer.AppendText(setting.Name!.Replace("\"", "\"\"", StringComparison.Ordinal));
                writer.AppendBytes("\";"u8);
            }
        }

        foreach (var setting in wanted?._settings ?? [])
        {
            if (anew || applied is null || !applied.Has(setting))
            {
                writer.AppendBytes(setting.Statement);
                writer.AppendByte((byte)';');
            }
        }
    }

    /// <summary>SET with the first names behind it; of all, or only of those that cannot be carried.</summary>
    public string Describe(bool unreplayable)
    {
        var names = _settings.Where(setting => setting.Name is not null && (!unreplayable || setting.Statement is null)).Select(setting => setting.Name).ToList();
        var more = names.Count > Shown || HasTooMany ? ", ..." : "";
        return names.Count == 0 ? "SET" : $"SET {string.Join(", ", names.Take(Shown))}{more}";
    }

    private bool HasTooMany { get; set; }

    private bool HasIdentity => _settings.Exists(setting => IsIdentity(setting.Name));

    private bool HasUnknownName => _settings.Exists(setting => setting.Name is null);

    private static bool IsIdentity(string? name) => name is "role" or "session_authorization";

    private void Look() => HasUnreplayable = HasTooMany || _settings.Exists(setting => setting.Statement is null);

    private bool Has(SessionSetting setting) => setting.Statement is not null
        && Find(setting.Name) is { } found
        && (ReferenceEquals(found, setting.Statement) || found.AsSpan().SequenceEqual(setting.Statement));

    private byte[]? Find(string? name)
    {
        foreach (var setting in _settings)
        {
            if (setting.Name == name)
            {
                return setting.Statement ?? [];
            }
        }

        return null;
    }
}
