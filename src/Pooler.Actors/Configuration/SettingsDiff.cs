namespace Pooler.Actors.Configuration;

/// <summary>
/// What differs between two snapshots of the settings, sorted out by who has to act. Lists are in ordinal order of names. Pure.
/// </summary>
public sealed record SettingsDiff
{
    /// <summary>Keys of section [pgbouncer] whose value in force changed.</summary>
    public required IReadOnlyList<string> GlobalKeys { get; init; }

    /// <summary>New lines of section [databases], "*" not among them.</summary>
    public required IReadOnlyList<string> DatabasesAdded { get; init; }

    /// <summary>Databases whose line is gone: their connections are dropped, unless "*" takes the name over.</summary>
    public required IReadOnlyList<string> DatabasesRemoved { get; init; }

    /// <summary>Databases with any change, those of <see cref="DatabasesDirty"/> among them.</summary>
    public required IReadOnlyList<string> DatabasesChanged { get; init; }

    /// <summary>Databases whose server connections must be replaced.</summary>
    public required IReadOnlyList<string> DatabasesDirty { get; init; }

    /// <summary>The template "*" appeared, changed or went away.</summary>
    public required bool AutoDatabaseChanged { get; init; }

    /// <summary>Server connections of databases made from "*" must be replaced, or dropped when "*" is gone.</summary>
    public required bool AutoDatabaseDirty { get; init; }

    /// <summary>Users whose [users] line was added, changed or removed.</summary>
    public required IReadOnlyList<string> UsersChanged { get; init; }

    /// <summary>Users whose secret in auth_file was added or changed.</summary>
    public required IReadOnlyList<string> SecretsChanged { get; init; }

    /// <summary>Users that auth_file no longer lists.</summary>
    public required IReadOnlyList<string> SecretsRemoved { get; init; }

    /// <summary>Ids of peers that were added, changed or removed.</summary>
    public required IReadOnlyList<int> PeersChanged { get; init; }

    /// <summary>Nothing differs.</summary>
    public bool IsEmpty => GlobalKeys.Count == 0
        && DatabasesAdded.Count == 0
        && DatabasesRemoved.Count == 0
        && DatabasesChanged.Count == 0
        && !AutoDatabaseChanged
        && UsersChanged.Count == 0
        && SecretsChanged.Count == 0
        && SecretsRemoved.Count == 0
        && PeersChanged.Count == 0;

    /// <summary>Options of sockets (tcp_*) changed: listeners apply tcp_defer_accept, new sockets the others.</summary>
    public bool SocketOptionsChanged { get; private init; }

    /// <summary>The log's targets or level changed.</summary>
    public bool LoggingChanged { get; private init; }

    /// <summary>What changed from <paramref name="old"/> to <paramref name="fresh"/>.</summary>
    public static SettingsDiff Between(PoolerSettings old, PoolerSettings fresh)
    {
        List<string> keys = [];
        foreach (Setting setting in SettingTable.All)
        {
            if (!setting.HasSameValue(old.Global, fresh.Global))
                keys.Add(setting.Name);
        }

        List<string> added = [];
        List<string> removed = [];
        List<string> changed = [];
        List<string> dirty = [];
        foreach ((string name, DatabaseSettings before) in old.Databases)
        {
            if (!fresh.Databases.TryGetValue(name, out DatabaseSettings? after))
            {
                removed.Add(name);
                continue;
            }

            if (after == before)
                continue;

            changed.Add(name);
            if (after.IsDirtyAgainst(before))
                dirty.Add(name);
        }

        foreach (string name in fresh.Databases.Keys)
        {
            if (!old.Databases.ContainsKey(name))
                added.Add(name);
        }

        List<string> secretsChanged = [];
        List<string> secretsRemoved = [];
        if (!ReferenceEquals(old.UserList, fresh.UserList))
        {
            foreach (string user in fresh.UserList.Names)
            {
                fresh.UserList.TryGetSecret(user, out string? secret);
                if (!old.UserList.TryGetSecret(user, out string? before) || before != secret)
                    secretsChanged.Add(user);
            }

            foreach (string user in old.UserList.Names)
            {
                if (!fresh.UserList.Contains(user))
                    secretsRemoved.Add(user);
            }
        }

        return new SettingsDiff
        {
            GlobalKeys = keys,
            DatabasesAdded = Sorted(added),
            DatabasesRemoved = Sorted(removed),
            DatabasesChanged = Sorted(changed),
            DatabasesDirty = Sorted(dirty),
            AutoDatabaseChanged = old.AutoDatabase != fresh.AutoDatabase,
            AutoDatabaseDirty = IsAutoDatabaseDirty(old.AutoDatabase, fresh.AutoDatabase),
            UsersChanged = Sorted(Differences(old.Users, fresh.Users)),
            SecretsChanged = Sorted(secretsChanged),
            SecretsRemoved = Sorted(secretsRemoved),
            PeersChanged = [.. Differences(old.Peers, fresh.Peers).Order()],
            SocketOptionsChanged = keys.Exists(key => key.StartsWith("tcp_", StringComparison.Ordinal)),
            LoggingChanged = keys.Exists(key => key is "logfile" or "verbose" || key.StartsWith("syslog", StringComparison.Ordinal)),
        };
    }

    private static bool IsAutoDatabaseDirty(DatabaseSettings? old, DatabaseSettings? fresh)
    {
        if (old is null)
            return false;

        return fresh is null || fresh.IsDirtyAgainst(old);
    }

    private static List<TKey> Differences<TKey, TValue>(IReadOnlyDictionary<TKey, TValue> old, IReadOnlyDictionary<TKey, TValue> fresh)
        where TValue : class
    {
        List<TKey> keys = [];
        foreach ((TKey key, TValue before) in old)
        {
            if (!fresh.TryGetValue(key, out TValue? after) || !after.Equals(before))
                keys.Add(key);
        }

        foreach (TKey key in fresh.Keys)
        {
            if (!old.ContainsKey(key))
                keys.Add(key);
        }

        return keys;
    }

    private static List<string> Sorted(List<string> names)
    {
        names.Sort(StringComparer.Ordinal);
        return names;
    }
}
