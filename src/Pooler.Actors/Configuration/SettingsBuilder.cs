namespace Pooler.Actors.Configuration;

/// <summary>Collects the statements of one reading of the file; nothing outside sees them before <see cref="Build"/>. One owner.</summary>
internal sealed class SettingsBuilder
{
    private delegate string? SectionHandler(SettingsBuilder builder, string key, string value, IniLocation location);

    private static readonly Dictionary<string, SectionHandler> Sections = new(StringComparer.Ordinal)
    {
        ["pgbouncer"] = (builder, key, value, location) => builder.AddGlobal(key, value, location),
        ["databases"] = (builder, key, value, location) => builder.AddDatabase(key, value, location),
        ["users"] = (builder, key, value, _) => builder.AddUser(key, value),
        ["peers"] = (builder, key, value, location) => builder.AddPeer(key, value, location),
    };

    /// <summary>Parameters of databases that are accepted and not there yet: what asks for one, and what happens instead.</summary>
    private static readonly (string Key, Func<DatabaseSettings, bool> Asks, string Instead)[] MissingOfDatabases =
    [
        ("auth_user", database => database.AuthUser is not null, SettingTable.NoAuthQuery),
        ("auth_query", database => database.AuthQuery is not null, SettingTable.NoAuthQuery),
        ("auth_dbname", database => database.AuthDbName is not null, SettingTable.NoAuthQuery),
    ];

    private readonly GlobalSettings _baseline;
    private readonly Dictionary<string, DatabaseSettings> _databases = new(StringComparer.Ordinal);
    private readonly Dictionary<string, UserSettings> _users = new(StringComparer.Ordinal);
    private readonly Dictionary<int, PeerSettings> _peers = [];
    private readonly Dictionary<string, IniLocation> _globalLocations = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IniLocation> _databaseLocations = new(StringComparer.Ordinal);
    private readonly List<string> _errors = [];
    private DatabaseSettings? _template;
    private IniLocation? _firstPeer;
    private GlobalSettings _global;
    private bool _hasMainSection;

    /// <param name="baseline">What every [pgbouncer] header restores: the defaults, with what the command line says.</param>
    public SettingsBuilder(GlobalSettings baseline)
    {
        _baseline = baseline;
        _global = baseline;
    }

    /// <summary>The lines for the log after the first error.</summary>
    public IReadOnlyList<string> Errors => _errors;

    /// <summary>Section [pgbouncer] as far as it has been read.</summary>
    public GlobalSettings Global => _global;

    /// <summary>Takes over one statement; false if it is an error.</summary>
    public bool Add(IniEntry entry)
    {
        if (entry.Key is null)
            return AddHeader(entry);

        if (entry.Section is null)
            return Fail(entry, "load_init_file: value without section: " + entry.Key);

        string? cause = Sections[entry.Section](this, entry.Key, entry.Value, entry.Location);
        return cause is null || Fail(entry, cause);
    }

    /// <summary>Checks what only shows at the end of the file.</summary>
    public bool Finish()
    {
        if (_hasMainSection)
            return true;

        _errors.Add("load_init_file: main section missing from config file");
        return false;
    }

    /// <summary>The settings; the builder must not be used after it.</summary>
    public PoolerSettings Build() => new()
    {
        Global = _global,
        Databases = _databases,
        AutoDatabase = _template,
        Users = _users,
        Peers = _peers,
    };

    /// <summary>
    /// Warnings about what is asked for but not there yet. A key with the same value in <paramref name="previous"/> was warned about
    /// already.
    /// </summary>
    public List<string> Warnings(PoolerSettings? previous)
    {
        List<string> warnings = [];
        foreach (Setting setting in SettingTable.All)
        {
            if (_globalLocations.TryGetValue(setting.Name, out IniLocation? location)
                && setting.AsksForWhatIsMissing(_global)
                && (previous is null || !setting.HasSameValue(_global, previous.Global)))
                warnings.Add(MissingText($"{setting.Name} is set", location, setting.Instead));
        }

        if (_template is not null)
            AddDatabaseWarnings(_template, previous?.AutoDatabase, warnings);
        foreach (DatabaseSettings database in _databases.Values.OrderBy(database => database.Name, StringComparer.Ordinal))
            AddDatabaseWarnings(database, previous?.Databases.GetValueOrDefault(database.Name), warnings);

        if (_firstPeer is not null && previous is not { Peers.Count: > 0 })
            warnings.Add(MissingText("[peers] is not empty", _firstPeer, "cancel requests are not forwarded to peers"));
        return warnings;
    }

    private void AddDatabaseWarnings(DatabaseSettings database, DatabaseSettings? previous, List<string> warnings)
    {
        foreach ((string key, Func<DatabaseSettings, bool> asks, string instead) in MissingOfDatabases)
        {
            if (asks(database) && (previous is null || !asks(previous)))
                warnings.Add(MissingText($"{key} of database {database.Name} is set", _databaseLocations[database.Name], instead));
        }
    }

    private static string MissingText(string what, IniLocation location, string? instead) =>
        $"{what} in configuration ({location}), but not available in this version of Pooler: {instead}";

    private bool AddHeader(IniEntry entry)
    {
        if (!Sections.ContainsKey(entry.Section!))
        {
            _errors.Add($"invalid section \"{entry.Section}\" in configuration ({entry.Location})");
            entry.Location.AddIncludeErrors(_errors);
            return false;
        }

        if (entry.Section == "pgbouncer")
        {
            _hasMainSection = true;
            _global = _baseline;
            _globalLocations.Clear();
        }

        return true;
    }

    private string? AddGlobal(string key, string value, IniLocation location)
    {
        if (!SettingTable.TryGet(key, out Setting? setting))
            return "unknown parameter: pgbouncer/" + key;

        if (!setting.TryParse(_global, value, out GlobalSettings? changed, out string? cause))
            return cause ?? "";

        _global = changed;
        _globalLocations[key] = location;
        return null;
    }

    private string? AddDatabase(string name, string value, IniLocation location)
    {
        string? error = DatabaseLine.Parse(name, value, out DatabaseSettings database);
        if (error is not null)
            return error;

        if (name == DatabaseLine.TemplateName)
            _template = database;
        else
            _databases[name] = database;
        _databaseLocations[name] = location;
        return null;
    }

    private string? AddUser(string name, string value)
    {
        string? error = UserLine.Parse(name, value, out UserSettings user);
        if (error is not null)
            return error;

        _users[name] = user;
        return null;
    }

    private string? AddPeer(string name, string value, IniLocation location)
    {
        string? error = PeerLine.Parse(name, value, out PeerSettings peer);
        if (error is not null)
            return error;

        _peers[peer.Id] = peer;
        _firstPeer ??= location;
        return null;
    }

    private bool Fail(IniEntry entry, string cause)
    {
        if (cause.Length > 0)
            _errors.Add(cause);
        _errors.Add($"invalid value \"{entry.Value}\" for parameter {entry.Key} in configuration ({entry.Location})");
        entry.Location.AddIncludeErrors(_errors);
        return false;
    }
}
