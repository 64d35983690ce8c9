using System.Text;

namespace Pooler.Actors.Wire;

/// <summary>What a client's StartupMessage asks for, after the rules on which parameters are kept, dropped or refused.</summary>
/// <param name="User">The user name as sent, never empty.</param>
/// <param name="Database">The database name; the user name when the client gave none.</param>
/// <param name="Replication">Whether the client wants a replication connection.</param>
/// <param name="Values">The tracked parameters that the client gave; the client's own copy from here on.</param>
/// <param name="Options">The parameter options of a replication connection, which goes to the server as it is.</param>
/// <param name="UnsupportedProtocolOptions">Names of <c>_pq_.</c> options in the client's order, for NegotiateProtocolVersion.</param>
public sealed record StartupParameters(
    string User,
    string Database,
    ReplicationMode Replication,
    ParameterValues Values,
    string? Options,
    IReadOnlyList<string> UnsupportedProtocolOptions)
{
    /// <summary>The most bytes of a user name.</summary>
    public const int MaxUserNameBytes = 127;

    private const string DefaultApplicationName = "app";

    /// <summary>Applies the rules to the bytes behind the protocol version. The first parameter that breaks one decides the error.</summary>
    /// <param name="body"><see cref="StartupRequest.Body"/>.</param>
    /// <param name="tracked">The parameters that are kept.</param>
    /// <param name="ignored">The names that are dropped without an error, in exact case (setting ignore_startup_parameters).</param>
    /// <param name="host">
    /// What is added to application_name behind " - " (setting application_name_add_host), like <c>192.0.2.1:5000</c>; null adds nothing.
    /// </param>
    /// <param name="result">The outcome when the result is true.</param>
    /// <param name="error">The fatal text for the client when it is false.</param>
    /// <param name="warning">A line for the log where it says more than the error.</param>
    public static bool TryRead(
        ReadOnlySpan<byte> body,
        TrackedParameters tracked,
        IReadOnlyList<string> ignored,
        string? host,
        out StartupParameters? result,
        out string? error,
        out string? warning)
    {
        result = null;
        warning = null;
        ReadOnlySpan<byte> user = default;
        ReadOnlySpan<byte> database = default;
        string? options = null;
        List<string>? unsupported = null;
        var replication = FindReplication(body);
        var values = new ParameterValues(tracked);
        var reader = new MessageReader(body);
        var terminated = false;
        while (!terminated && reader.TryReadCString(out var name))
        {
            if (name.IsEmpty)
            {
                terminated = true;
                continue;
            }

            if (!reader.TryReadCString(out var value))
            {
                break;
            }

            if (name.SequenceEqual("user"u8))
            {
                user = value;
            }
            else if (name.SequenceEqual("database"u8))
            {
                database = value;
            }
            else if (name.SequenceEqual("replication"u8))
            {
                continue;
            }
            else if (name.SequenceEqual("options"u8))
            {
                if (replication != ReplicationMode.None)
                {
                    options = WireText.Decode(value);
                }
                else if (!StartupOptions.TryApply(value, values, ignored, out error, out warning))
                {
                    return false;
                }
            }
            else if (name.StartsWith("_pq_."u8))
            {
                (unsupported ??= []).Add(WireText.Decode(name));
            }
            else if (!values.TrySet(name, value) && !ContainsExactly(ignored, name))
            {
                error = PoolerErrors.UnsupportedStartupParameter(WireText.Decode(name));
                warning = $"{error}={WireText.Decode(value)}";
                return false;
            }
        }

        error = !terminated || !reader.AtEnd ? PoolerErrors.InvalidStartupLayout
            : user.IsEmpty ? PoolerErrors.NoUserName
            : user.Length > MaxUserNameBytes ? PoolerErrors.UserNameTooLong
            : null;
        if (error is not null)
        {
            return false;
        }

        if (host is not null)
        {
            var index = tracked.ApplicationNameIndex;
            values[index] = $"{values[index] ?? DefaultApplicationName} - {host}";
        }

        var userName = tracked.Share(user);
        result = new StartupParameters(
            userName,
            database.IsEmpty ? userName : tracked.Share(database),
            replication,
            values,
            options,
            unsupported is null ? [] : unsupported);
        return true;
    }

    internal static bool ContainsExactly(IReadOnlyList<string> names, ReadOnlySpan<byte> name)
    {
        var text = WireText.Decode(name);
        for (var i = 0; i < names.Count; i++)
        {
            if (string.Equals(names[i], text, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    // Looked for first, since it decides what becomes of options before it in the list.
    private static ReplicationMode FindReplication(ReadOnlySpan<byte> body)
    {
        var mode = ReplicationMode.None;
        var reader = new MessageReader(body);
        while (reader.TryReadCString(out var name) && !name.IsEmpty && reader.TryReadCString(out var value))
        {
            if (name.SequenceEqual("replication"u8) && TryParseReplication(value, out var parsed))
            {
                mode = parsed;
            }
        }

        return mode;
    }

    private static bool TryParseReplication(ReadOnlySpan<byte> value, out ReplicationMode mode)
    {
        if (value.SequenceEqual("database"u8))
        {
            mode = ReplicationMode.Logical;
            return true;
        }

        var on = IsPrefix(value, "true"u8, 1) || IsPrefix(value, "yes"u8, 1) || IsPrefix(value, "on"u8, 2) || value.SequenceEqual("1"u8);
        var off = IsPrefix(value, "false"u8, 1) || IsPrefix(value, "no"u8, 1) || IsPrefix(value, "off"u8, 2) || value.SequenceEqual("0"u8);
        mode = on ? ReplicationMode.Physical : ReplicationMode.None;
        return on || off;
    }

    // A beginning of the word in any case, as PostgreSQL reads booleans; "o" alone says neither on nor off.
    private static bool IsPrefix(ReadOnlySpan<byte> value, ReadOnlySpan<byte> word, int minimum) =>
        value.Length >= minimum && value.Length <= word.Length && Ascii.EqualsIgnoreCase(value, word[..value.Length]);
}
