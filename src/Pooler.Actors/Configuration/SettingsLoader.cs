namespace Pooler.Actors.Configuration;

/// <summary>
/// Reads the configuration file, what it includes, and auth_file. A load gives either complete new settings or none. It keeps no
/// state between loads, and any thread may load.
/// </summary>
public sealed class SettingsLoader
{
    private readonly ISettingsFiles _files;
    private readonly GlobalSettings _baseline;

    /// <param name="files">Where files come from.</param>
    /// <param name="baseline">What counts for keys that the file does not set: the defaults, with what the command line says (-v).</param>
    public SettingsLoader(ISettingsFiles files, GlobalSettings? baseline = null)
    {
        _files = files;
        _baseline = baseline ?? GlobalSettings.Default;
    }

    /// <summary>
    /// Reads <paramref name="path"/>. With <paramref name="previous"/>, the settings in force, it is a reload: keys that need a restart keep
    /// their value and are listed in <see cref="PoolerSettings.PendingRestart"/>, and an auth_file that cannot be read keeps its users.
    /// </summary>
    public LoadResult Load(string path, PoolerSettings? previous = null)
    {
        (IReadOnlyList<IniEntry> entries, IReadOnlyList<string> syntaxErrors) = IniParser.Parse(_files, path);
        SettingsBuilder builder = new(_baseline with { Conffile = path });
        for (int i = 0; i < entries.Count; i++)
        {
            if (!builder.Add(entries[i]))
                return Failed(builder.Errors, builder, entries.Skip(i + 1));
        }

        if (syntaxErrors.Count > 0)
            return Failed(syntaxErrors, builder, []);
        if (!builder.Finish())
            return Failed(builder.Errors, builder, []);

        List<string> errors = [];
        List<string> warnings = builder.Warnings(previous);
        PoolerSettings settings = builder.Build();
        if (previous is not null)
        {
            settings = KeepUntilRestart(settings, previous);
            AddRestartWarnings(settings, previous, warnings);
        }

        settings = settings with { UserList = LoadUserList(settings.Global, previous, errors) };
        return new LoadResult(settings, errors, warnings);
    }

    private static LoadResult Failed(IReadOnlyList<string> errors, SettingsBuilder builder, IEnumerable<IniEntry> rest)
    {
        string[] lines = [.. errors];

        // The log is where the errors are looked for, so it does not matter whether its keys come before them.
        foreach (IniEntry entry in rest)
        {
            if (entry is { Section: "pgbouncer", Key: "logfile" or "syslog" or "syslog_ident" or "syslog_facility" or "user" })
                builder.Add(entry);
        }

        return new LoadResult(null, lines, []) { ForLog = builder.Global };
    }

    private static PoolerSettings KeepUntilRestart(PoolerSettings fresh, PoolerSettings previous)
    {
        GlobalSettings global = fresh.Global;
        List<PendingSetting> pending = [];
        foreach (Setting setting in SettingTable.All)
        {
            if (setting.IsChangeable || setting.HasSameValue(fresh.Global, previous.Global))
                continue;

            pending.Add(new PendingSetting(setting.Name, setting.Format(previous.Global), setting.Format(fresh.Global)));
            global = setting.Copy(previous.Global, global);
        }

        return fresh with { Global = global, PendingRestart = pending };
    }

    private static void AddRestartWarnings(PoolerSettings fresh, PoolerSettings previous, List<string> warnings)
    {
        foreach (PendingSetting pending in fresh.PendingRestart)
        {
            if (!previous.PendingRestart.Contains(pending))
            {
                warnings.Add(
                    $"{pending.Key} needs a restart to change from \"{pending.InForce}\" to \"{pending.InFile}\", it stays as it is until then");
            }
        }
    }

    private UserList LoadUserList(GlobalSettings global, PoolerSettings? previous, List<string> errors)
    {
        if (string.IsNullOrEmpty(global.AuthFile))
            return UserList.Empty;

        if (!_files.TryRead(global.AuthFile, out string? text, out string? error))
        {
            // With auth_type any nobody needs the file.
            if (global.AuthType != AuthType.Any)
            {
                errors.Add($"could not open auth_file {global.AuthFile}: {error}");
                SayWhoStays(global, previous, errors);
            }

            return previous?.UserList ?? UserList.Empty;
        }

        Dictionary<string, string> secrets = new(StringComparer.Ordinal);
        string? problem = UserListParser.Parse(text, secrets);
        if (problem is null)
            return Same(new UserList(secrets), previous?.UserList);

        errors.Add(problem);
        SayWhoStays(global, previous, errors);
        return previous?.UserList ?? new UserList(secrets);
    }

    private static void SayWhoStays(GlobalSettings global, PoolerSettings? previous, List<string> errors)
    {
        if (previous is not null)
            errors.Add($"auth_file {global.AuthFile} is not taken over, the former users stay in force");
    }

    /// <summary>Keeps the object when the content did not change, so that comparing snapshots is cheap.</summary>
    private static UserList Same(UserList fresh, UserList? previous) => fresh.Equals(previous) ? previous : fresh;
}
