using System.Diagnostics.CodeAnalysis;

namespace Pooler.Actors.Configuration;

/// <summary>
/// The users and secrets of auth_file. A secret is a plain password, "md5" and 32 hex digits, or a SCRAM-SHA-256 verifier; an empty
/// one is a known user who cannot log in with a password. Immutable; equal lists have equal content.
/// </summary>
public sealed class UserList : IEquatable<UserList>
{
    private readonly Dictionary<string, string> _secrets;

    public UserList(IEnumerable<KeyValuePair<string, string>> secrets)
    {
        _secrets = new Dictionary<string, string>(secrets, StringComparer.Ordinal);
    }

    /// <summary>No users: auth_file is not set or not readable.</summary>
    public static UserList Empty { get; } = new([]);

    public int Count => _secrets.Count;

    /// <summary>The names, in no order.</summary>
    public IReadOnlyCollection<string> Names => _secrets.Keys;

    public bool Contains(string user) => _secrets.ContainsKey(user);

    public bool TryGetSecret(string user, [NotNullWhen(true)] out string? secret) => _secrets.TryGetValue(user, out secret);

    public bool Equals(UserList? other)
    {
        if (ReferenceEquals(this, other))
            return true;
        if (other is null || other.Count != Count)
            return false;

        foreach ((string user, string secret) in _secrets)
        {
            if (!other.TryGetSecret(user, out string? others) || secret != others)
                return false;
        }

        return true;
    }

    public override bool Equals(object? obj) => Equals(obj as UserList);

    public override int GetHashCode() => Count;
}
