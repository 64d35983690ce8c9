using Pooler.Actors.Configuration;

namespace Pooler.Actors.Tests.Configuration;

public sealed class ReloadTests
{
    private readonly MemoryFiles _files = new()
    {
        ["test.ini"] = "[databases]\na = host=x\n[users]\nu = pool_size=1\n[pgbouncer]\nauth_file = users\ndefault_pool_size = 7\n[peers]\n1 = host=p\n",
        ["users"] = "\"joe\" \"secret\"\n",
    };

    [Fact]
    public void RemovedKeysRevert()
    {
        PoolerSettings first = Load();
        Assert.Equal(7, first.Global.DefaultPoolSize);

        _files["test.ini"] = "[pgbouncer]\n";
        PoolerSettings second = Load(first);
        Assert.Equal(GlobalSettings.Default with { Conffile = "test.ini" }, second.Global);
        Assert.Empty(second.Databases);
        Assert.Empty(second.Users);
        Assert.Empty(second.Peers);
        Assert.Equal(UserList.Empty, second.UserList);
    }

    [Fact]
    public void TheCommandLineStaysTheBaseline()
    {
        SettingsLoader loader = new(_files, new GlobalSettings { Verbose = 2 });
        Assert.Equal(2, loader.Load("test.ini").Settings!.Global.Verbose);

        _files["test.ini"] = "[pgbouncer]\nverbose = 0\n";
        Assert.Equal(0, loader.Load("test.ini").Settings!.Global.Verbose);
    }

    [Fact]
    public void EachMainHeaderStartsAnew()
    {
        _files["test.ini"] = "[pgbouncer]\ndefault_pool_size = 7\nclient_tls_ciphers = fast\n[databases]\n[pgbouncer]\nverbose = 1\n";
        LoadResult result = new SettingsLoader(_files).Load("test.ini");
        Assert.Equal(new GlobalSettings { Verbose = 1, Conffile = "test.ini" }, result.Settings!.Global);
        Assert.Empty(result.Warnings);
    }

    [Fact]
    public void ABadFileGivesNothingAtAll()
    {
        PoolerSettings first = Load();
        _files["test.ini"] = "[databases]\nb = host=y\n[pgbouncer]\ndefault_pool_size = 9\nverbose = x\n";

        LoadResult result = new SettingsLoader(_files).Load("test.ini", first);
        Assert.Null(result.Settings);
        Assert.Equal(["invalid value \"x\" for parameter verbose in configuration (test.ini:5)"], result.Errors);
        Assert.Equal(7, first.Global.DefaultPoolSize);
    }

    [Fact]
    public void KeysThatNeedARestartKeepTheirValueAndAreWarnedAboutOnce()
    {
        PoolerSettings first = Load();
        _files["test.ini"] = "[pgbouncer]\nlisten_port = 7000\nverbose = 1\n";

        LoadResult second = new SettingsLoader(_files).Load("test.ini", first);
        Assert.Equal(6432, second.Settings!.Global.ListenPort);
        Assert.Equal(1, second.Settings.Global.Verbose);
        Assert.Equal([new PendingSetting("listen_port", "6432", "7000")], second.Settings.PendingRestart);
        Assert.Equal(["listen_port needs a restart to change from \"6432\" to \"7000\", it stays as it is until then"], second.Warnings);

        LoadResult third = new SettingsLoader(_files).Load("test.ini", second.Settings);
        Assert.Equal(6432, third.Settings!.Global.ListenPort);
        Assert.Empty(third.Warnings);
    }

    [Fact]
    public void ValuesSetOnTheConsoleAreLost()
    {
        PoolerSettings first = Load();
        Assert.True(SettingTable.TrySet(first, "default_pool_size", "99", out PoolerSettings? changed, out _));
        Assert.Equal(7, Load(changed).Global.DefaultPoolSize);
    }

    [Fact]
    public void ConffileNamesTheFileOfTheNextReload()
    {
        PoolerSettings first = Load();
        Assert.True(SettingTable.TrySet(first, "conffile", "other.ini", out PoolerSettings? changed, out _));
        Assert.Equal("other.ini", changed.ConfigFile);
    }

    [Fact]
    public void TheUserListIsReadAgain()
    {
        PoolerSettings first = Load();
        Assert.Same(first.UserList, Load(first).UserList);

        _files["users"] = "\"jane\" \"secret\"\n";
        PoolerSettings second = Load(first);
        Assert.Equal(["jane"], second.UserList.Names);
        Assert.False(second.IsKnownUser("joe"));
    }

    [Theory]
    [InlineData(null, "could not open auth_file users: No such file or directory")]
    [InlineData("\"jane\" \"secret\"\nbroken", "broken auth file")]
    public void AUserListThatCannotBeReadKeepsTheFormerUsers(string? content, string error)
    {
        PoolerSettings first = Load();
        if (content is null)
            _files.Remove("users");
        else
            _files["users"] = content;

        LoadResult reload = new SettingsLoader(_files).Load("test.ini", first);
        Assert.Equal([error, "auth_file users is not taken over, the former users stay in force"], reload.Errors);
        Assert.Same(first.UserList, reload.Settings!.UserList);

        LoadResult start = new SettingsLoader(_files).Load("test.ini");
        Assert.True(start.Succeeded);
        Assert.Equal([error], start.Errors);
        Assert.Equal(content is null ? [] : ["jane"], start.Settings.UserList.Names);
    }

    [Fact]
    public void NobodyMissesTheUserListWithAuthTypeAny()
    {
        _files.Remove("users");
        _files["test.ini"] = "[pgbouncer]\nauth_file = users\nauth_type = any\n";
        Assert.Empty(new SettingsLoader(_files).Load("test.ini").Errors);
    }

    [Theory]
    [InlineData("client_tls_sslmode = prefer", "client_tls_sslmode")]
    [InlineData("peer_id = 1", "peer_id")]
    [InlineData("auth_user = x", "auth_user")]
    public void WhatIsNotThereYetIsWarnedAboutOnce(string line, string key)
    {
        _files["test.ini"] = "[pgbouncer]\n" + line + "\n";
        LoadResult start = new SettingsLoader(_files).Load("test.ini");
        string warning = Assert.Single(start.Warnings);
        Assert.StartsWith($"{key} is set in configuration (test.ini:2), but not available in this version of Pooler: ", warning, StringComparison.Ordinal);

        LoadResult again = new SettingsLoader(_files).Load("test.ini", start.Settings);
        Assert.Empty(again.Warnings);
    }

    [Theory]
    [InlineData("max_prepared_statements = 200")]
    [InlineData("server_tls_sslmode = allow")]
    [InlineData("server_tls_sslmode = prefer")]
    [InlineData("server_tls_sslmode = disable")]
    [InlineData("auth_query = " + GlobalSettings.DefaultAuthQuery)]
    [InlineData("job_name = x")]
    public void WhatChangesNothingIsNotWarnedAbout(string line)
    {
        _files["test.ini"] = "[pgbouncer]\n" + line + "\n";
        Assert.Empty(new SettingsLoader(_files).Load("test.ini").Warnings);
    }

    [Fact]
    public void PeersAreWarnedAboutOnce()
    {
        LoadResult result = new SettingsLoader(_files).Load("test.ini");
        Assert.StartsWith("[peers] is not empty in configuration (test.ini:9), but", Assert.Single(result.Warnings), StringComparison.Ordinal);
        Assert.Empty(new SettingsLoader(_files).Load("test.ini", result.Settings).Warnings);
    }

    private PoolerSettings Load(PoolerSettings? previous = null)
    {
        LoadResult result = new SettingsLoader(_files).Load("test.ini", previous);
        Assert.Empty(result.Errors);
        return result.Settings!;
    }
}
