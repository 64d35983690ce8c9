using Pooler.Actors.Configuration;

namespace Pooler.Actors.Tests.Configuration;

public sealed class LoadErrorTests
{
    [Theory]
    [InlineData("nonsense = 1", "unknown parameter: pgbouncer/nonsense", "1", "nonsense")]
    [InlineData("Verbose = 1", "unknown parameter: pgbouncer/Verbose", "1", "Verbose")]
    [InlineData("default_pool_size = abc", null, "abc", "default_pool_size")]
    [InlineData("query_timeout = -1", null, "-1", "query_timeout")]
    [InlineData("auth_type = peer", null, "peer", "auth_type")]
    [InlineData("pkt_buf = 0", "pkt_buf must be between 1 and 67108864", "0", "pkt_buf")]
    [InlineData("pkt_buf = 2147483647", "pkt_buf must be between 1 and 67108864", "2147483647", "pkt_buf")]
    [InlineData("auth_dbname = pgbouncer", "cannot use the reserved \"pgbouncer\" database as an auth_dbname", "pgbouncer", "auth_dbname")]
    [InlineData(
        "auth_type = hba",
        "auth_type hba is not available in this version of Pooler, use any, trust, plain, md5 or scram-sha-256", "hba", "auth_type")]
    [InlineData(
        "client_tls_sslmode = require",
        "TLS is not available in this version of Pooler, so connections cannot be held to sslmode require", "require", "client_tls_sslmode")]
    public void InMainSection(string line, string? cause, string value, string key)
    {
        AssertErrors("[pgbouncer]\n" + line, cause, $"invalid value \"{value}\" for parameter {key} in configuration (test.ini:2)");
    }

    [Theory]
    [InlineData("foo=1", "unrecognized connection parameter: foo")]
    [InlineData("HOST=x", "unrecognized connection parameter: HOST")]
    [InlineData("host=x foo", "syntax error in connection string")]
    [InlineData("host", "syntax error in connection string")]
    [InlineData("host=", "syntax error in connection string")]
    [InlineData("host=''", "syntax error in connection string")]
    [InlineData("=x", "syntax error in connection string")]
    [InlineData("host='x", "syntax error in connection string")]
    [InlineData("host='x'port=1", "syntax error in connection string")]
    [InlineData("foo=1 host", "unrecognized connection parameter: foo")]
    [InlineData("port=abc", "invalid port: abc")]
    [InlineData("port=0", "invalid port: 0")]
    [InlineData("port=65536", "invalid port: 65536")]
    [InlineData("pool_mode=foo", "invalid pool mode: foo")]
    [InlineData("load_balance_hosts=foo", "invalid load_balance_hosts: foo")]
    public void InDatabases(string value, string cause)
    {
        AssertErrors("[databases]\na = " + value, cause, $"invalid value \"{value}\" for parameter a in configuration (test.ini:2)");
    }

    [Fact]
    public void InNamesOfDatabases()
    {
        AssertErrors(
            "[databases]\npgbouncer = host=x",
            "database name \"pgbouncer\" is reserved",
            "invalid value \"host=x\" for parameter pgbouncer in configuration (test.ini:2)");

        string name = new('n', 64);
        AssertErrors(
            $"[databases]\n{name} =", "too long db name: " + name, $"invalid value \"\" for parameter {name} in configuration (test.ini:2)");
    }

    [Theory]
    [InlineData("foo=1", "unrecognized user parameter: foo")]
    [InlineData("pool_mode", "syntax error in user settings")]
    [InlineData("pool_mode=x", "invalid pool mode: x")]
    [InlineData("min_pool_size=1", "unrecognized user parameter: min_pool_size")]
    public void InUsers(string value, string cause)
    {
        AssertErrors("[users]\nbob = " + value, cause, $"invalid value \"{value}\" for parameter bob in configuration (test.ini:2)");
    }

    [Theory]
    [InlineData("0", "host=x", "ids of peers must be a number larger than 0 and at most 65536")]
    [InlineData("65536", "host=x", "ids of peers must be a number larger than 0 and at most 65536")]
    [InlineData("one", "host=x", "ids of peers must be a number larger than 0 and at most 65536")]
    [InlineData("1", "port=5", "host was not provided for peer 1")]
    [InlineData("1", "", "host was not provided for peer 1")]
    [InlineData("1", "dbname=x", "unrecognized connection parameter: dbname")]
    public void InPeers(string id, string value, string cause)
    {
        AssertErrors($"[peers]\n{id} = {value}", cause, $"invalid value \"{value}\" for parameter {id} in configuration (test.ini:2)");
    }

    [Theory]
    [InlineData("foo")]
    [InlineData("Databases")]
    [InlineData("databases ")]
    [InlineData("")]
    public void InSectionNames(string name)
    {
        AssertErrors($"[{name}]", $"invalid section \"{name}\" in configuration (test.ini:1)");
    }

    [Theory]
    [InlineData("")]
    [InlineData("; nothing")]
    [InlineData("[databases]\na = host=x\n")]
    public void WithoutMainSection(string text)
    {
        AssertErrors(text, "load_init_file: main section missing from config file");
    }

    [Fact]
    public void WithAKeyBeforeAnySection()
    {
        AssertErrors("a = 1\n[pgbouncer]", "load_init_file: value without section: a", "invalid value \"1\" for parameter a in configuration (test.ini:1)");
    }

    [Fact]
    public void WithoutAFile()
    {
        LoadResult result = new SettingsLoader(new MemoryFiles()).Load("/none.ini");
        Assert.Equal(["could not load file \"/none.ini\": No such file or directory"], result.Errors);
    }

    [Fact]
    public void OnTheRealDisk()
    {
        string directory = Directory.CreateTempSubdirectory("pooler-settings-").FullName;
        try
        {
            string path = Path.Combine(directory, "a.ini");
            SettingsLoader loader = new(DiskSettingsFiles.Instance);
            Assert.Equal([$"could not load file \"{path}\": No such file or directory"], loader.Load(path).Errors);
            Assert.Equal([$"could not load file \"{directory}\": Is a directory"], loader.Load(directory).Errors);
            Assert.Equal(["could not load file \"\": No such file or directory"], loader.Load("").Errors);

            File.WriteAllText(path, "[pgbouncer]\nverbose = 2\n");
            Assert.Equal(2, loader.Load(path).Settings!.Global.Verbose);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static void AssertErrors(string text, params string?[] expected)
    {
        LoadResult result = new SettingsLoader(new MemoryFiles { ["test.ini"] = text }).Load("test.ini");
        Assert.False(result.Succeeded);
        Assert.Equal(expected.Where(line => line is not null), result.Errors);
    }
}
