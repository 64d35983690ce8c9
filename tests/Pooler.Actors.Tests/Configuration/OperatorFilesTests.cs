using Pooler.Actors.Configuration;

namespace Pooler.Actors.Tests.Configuration;

/// <summary>Configuration files as operators have them.</summary>
public sealed class OperatorFilesTests
{
    [Fact]
    public void TheShortOneLoadsWithoutAWord()
    {
        LoadResult result = Load(TestData.Read("docker.ini"));

        Assert.Empty(result.Errors);
        Assert.Empty(result.Warnings);
        PoolerSettings settings = result.Settings!;
        Assert.Equal(
            new DatabaseSettings { Name = "db", DbName = "postgres", Host = "localhost", Port = 5432 }, Assert.Single(settings.Databases).Value);
        Assert.Equal(
            new GlobalSettings
            {
                ListenAddr = "*",
                AuthFile = "/etc/pgbouncer/userlist.txt",
                PoolMode = PoolMode.Transaction,
                MaxClientConn = 200,
                IgnoreStartupParameters = "extra_float_digits",
                AdminUsers = "postgres",
                Conffile = "pgbouncer.ini",
            },
            settings.Global);
        Assert.Equal(["admin", "user"], settings.UserList.Names.Order());
        Assert.Equal("pgbouncer.ini", settings.ConfigFile);
    }

    [Fact]
    public void TheLongOneLoadsWithOneWarning()
    {
        LoadResult result = Load(TestData.Read("large.ini"));

        Assert.Empty(result.Errors);
        Assert.Equal(
            ["auth_user of database * is set in configuration (pgbouncer.ini:13), but not available in this version of Pooler: users come from auth_file alone"],
            result.Warnings);
        PoolerSettings settings = result.Settings!;
        Assert.Empty(settings.Databases);
        Assert.True(settings.TryGetDatabase("anything", out DatabaseSettings? database));
        Assert.Equal(
            ("anything", "postgres", "127.0.0.1", 5416, "UTF8", "ISO"),
            (database.Name, database.DbName, database.Host, database.Port, database.ClientEncoding, database.DateStyle));
        Assert.Equal(40000, settings.Global.MaxClientConn);
        Assert.Equal(2000, settings.Global.DefaultPoolSize);
        Assert.Equal(TimeSpan.FromSeconds(1200), settings.Global.IdleTransactionTimeout);
        Assert.True(NameList.Contains(settings.Global.StatsUsers, "sysnagios"));
        Assert.True(NameList.Contains(settings.Global.IgnoreStartupParameters, "lc_monetary"));
        Assert.True(settings.Global.ApplicationNameAddHost);
        Assert.False(settings.Global.LogConnections);
    }

    [Fact]
    public void HostBasedAuthenticationIsRefusedByName()
    {
        const string Lines = "auth_type = hba\nauth_hba_file = /sysx/data/pg_hba.conf\nauth_query = SELECT * FROM pgbouncer.get_auth($1)\n";
        string text = TestData.Read("large.ini").Replace("auth_type = md5\n", Lines, StringComparison.Ordinal);

        LoadResult result = Load(text);
        Assert.False(result.Succeeded);
        Assert.Equal(2, result.Errors.Count);
        Assert.StartsWith("auth_type hba is not available in this version of Pooler", result.Errors[0], StringComparison.Ordinal);
        Assert.StartsWith("invalid value \"hba\" for parameter auth_type in configuration (pgbouncer.ini:", result.Errors[1], StringComparison.Ordinal);

        result = Load(text.Replace("auth_type = hba", "auth_type = md5", StringComparison.Ordinal));
        Assert.True(result.Succeeded);
        Assert.Equal(3, result.Warnings.Count);
        Assert.Contains(result.Warnings, line => line.StartsWith("auth_hba_file is set in configuration", StringComparison.Ordinal));
        Assert.Contains(result.Warnings, line => line.StartsWith("auth_query is set in configuration", StringComparison.Ordinal));
    }

    private static LoadResult Load(string text)
    {
        MemoryFiles files = new() { ["pgbouncer.ini"] = text, ["/etc/pgbouncer/userlist.txt"] = TestData.Read("userlist.txt") };
        return new SettingsLoader(files).Load("pgbouncer.ini");
    }
}
