using System.Globalization;
using System.Text;
using Pooler.Actors.Configuration;

namespace Pooler.Actors.Tests.Configuration;

public sealed class SettingTableTests
{
    public static TheoryData<string> GlobalKeys => [.. SettingRow.OfScope("global").Select(row => row.Key)];

    [Fact]
    public void HasEveryKeyOnceInTheOrderOfShowConfig()
    {
        List<string> expected = SettingRow.OfScope("global").Select(row => row.Key).ToList();
        expected.Insert(expected.IndexOf("job_name"), "io_threads");
        expected.Insert(expected.IndexOf("reserve_pool_size"), "replan_prepared_statements");
        expected.Insert(expected.IndexOf("server_reset_query"), "server_protocol_version");
        expected.Insert(expected.IndexOf("so_reuseport"), "session_state_tracking");

        Assert.Equal(expected, SettingTable.All.Select(setting => setting.Name));
        Assert.True(expected.IndexOf("pool_mode") < expected.IndexOf("pool_idle_timeout"));
    }

    [Theory]
    [MemberData(nameof(GlobalKeys))]
    public void StatesDefaultAndChangeability(string key)
    {
        SettingRow row = SettingRow.OfScope("global").Single(row => row.Key == key);
        Assert.True(SettingTable.TryGet(key, out Setting? setting));

        string? expected = row.Default switch
        {
            "NULL" or "NULL (0)" or "command line value" => null,
            "(empty)" => "",
            "/tmp (empty on Windows)" => "/tmp",
            "1 on Linux else 0" => "1",
            _ => row.Default,
        };
        Assert.Equal(expected, setting.DefaultText);
        Assert.Equal(row.Runtime != "restart", setting.IsChangeable);
    }

    [Theory]
    [MemberData(nameof(GlobalKeys))]
    public void DefaultTextParsesToTheDefaultOfTheRecord(string key)
    {
        Assert.True(SettingTable.TryGet(key, out Setting? setting));
        if (setting.DefaultText is null)
        {
            Assert.Equal(key == "verbose" ? "0" : null, setting.Format(GlobalSettings.Default));
            return;
        }

        Assert.True(setting.TryParse(GlobalSettings.Default, setting.DefaultText, out GlobalSettings? parsed, out _));
        Assert.Equal(GlobalSettings.Default, parsed);
        Assert.Equal(key == "unix_socket_mode" ? "511" : setting.DefaultText, setting.Format(GlobalSettings.Default));
    }

    [Theory]
    [MemberData(nameof(GlobalKeys))]
    public void KeyIsBoundToThePropertyOfItsName(string key)
    {
        SettingRow row = SettingRow.OfScope("global").Single(row => row.Key == key);
        (string text, object expected) = SampleOf(row);
        Assert.True(SettingTable.TryGet(key, out Setting? setting));
        Assert.True(setting.TryParse(GlobalSettings.Default, text, out GlobalSettings? changed, out _));

        object? value = typeof(GlobalSettings).GetProperty(PropertyName(key))?.GetValue(changed);
        Assert.Equal(expected, value is Enum ? value.ToString() : value);
        foreach (Setting other in SettingTable.All)
            Assert.Equal(other.Name != key, other.HasSameValue(changed, GlobalSettings.Default));
        Assert.Equal(changed, setting.Copy(changed, GlobalSettings.Default));
    }

    [Theory]
    [InlineData("default_pool_size", "20", "20")]
    [InlineData("default_pool_size", "0x1F", "31")]
    [InlineData("default_pool_size", "010", "8")]
    [InlineData("default_pool_size", "+5", "5")]
    [InlineData("default_pool_size", "-5", "-5")]
    [InlineData("default_pool_size", "99999999999", "2147483647")]
    [InlineData("unix_socket_mode", "0750", "488")]
    [InlineData("log_connections", "7", "1")]
    [InlineData("log_connections", "0", "0")]
    [InlineData("query_timeout", "1.5", "1.5")]
    [InlineData("query_timeout", "1e3", "1000")]
    [InlineData("query_timeout", "1234567", "1.23457e+06")]
    [InlineData("query_timeout", "0.00001", "1e-05")]
    [InlineData("query_timeout", "0.25", "0.25")]
    [InlineData("query_timeout", "1e300", "3.1536e+09")]
    [InlineData("query_wait_notify", "7", "7")]
    [InlineData("stats_period", "90", "90")]
    [InlineData("pool_mode", "Transaction", "transaction")]
    [InlineData("auth_type", "SCRAM-SHA-256", "scram-sha-256")]
    [InlineData("server_check_query", "", "")]
    [InlineData("auth_file", "", "")]
    public void ReadsAndPrints(string key, string text, string printed)
    {
        Assert.True(SettingTable.TryGet(key, out Setting? setting));
        Assert.True(setting.TryParse(GlobalSettings.Default, text, out GlobalSettings? changed, out _));
        Assert.Equal(printed, setting.Format(changed));
    }

    [Theory]
    [InlineData("default_pool_size", "")]
    [InlineData("default_pool_size", "abc")]
    [InlineData("default_pool_size", "08")]
    [InlineData("default_pool_size", "0x")]
    [InlineData("default_pool_size", "5 ")]
    [InlineData("default_pool_size", "1.5")]
    [InlineData("default_pool_size", "٣")]
    [InlineData("log_connections", "on")]
    [InlineData("log_connections", "true")]
    [InlineData("query_timeout", "")]
    [InlineData("query_timeout", "-1")]
    [InlineData("query_timeout", "1s")]
    [InlineData("query_timeout", "nan")]
    [InlineData("query_timeout", "1,5")]
    [InlineData("pool_mode", "foo")]
    [InlineData("auth_type", "peer")]
    public void RefusesWithoutFurtherCause(string key, string text)
    {
        Assert.True(SettingTable.TryGet(key, out Setting? setting));
        Assert.False(setting.TryParse(GlobalSettings.Default, text, out GlobalSettings? changed, out string? cause));
        Assert.Null(changed);
        Assert.Null(cause);
    }

    [Theory]
    [InlineData("auth_type", "hba")]
    [InlineData("auth_type", "cert")]
    [InlineData("auth_type", "pam")]
    [InlineData("auth_type", "ldap")]
    [InlineData("client_tls_sslmode", "require")]
    [InlineData("server_tls_sslmode", "verify-ca")]
    [InlineData("server_tls_sslmode", "verify-full")]
    public void SaysClearlyWhatIsNotAvailable(string key, string text)
    {
        Assert.True(SettingTable.TryGet(key, out Setting? setting));
        Assert.False(setting.TryParse(GlobalSettings.Default, text, out _, out string? cause));
        Assert.Contains("not available in this version of Pooler", cause, StringComparison.Ordinal);
        Assert.Contains(text, cause, StringComparison.Ordinal);
    }

    [Fact]
    public void SetChangesOneKeyOfTheSnapshot()
    {
        Assert.True(SettingTable.TrySet(PoolerSettings.Default, "query_timeout", "1.5", out PoolerSettings? changed, out string? error));
        Assert.Null(error);
        Assert.Equal(TimeSpan.FromSeconds(1.5), changed.Global.QueryTimeout);
        Assert.Equal(TimeSpan.Zero, PoolerSettings.Default.Global.QueryTimeout);
    }

    [Theory]
    [InlineData("listen_port", "7000")]
    [InlineData("listen_port", "x")]
    [InlineData("io_threads", "65")]
    public void SetAcceptsKeysThatNeedARestartWithoutEffect(string key, string value)
    {
        Assert.True(SettingTable.TrySet(PoolerSettings.Default, key, value, out PoolerSettings? changed, out _));
        Assert.Same(PoolerSettings.Default, changed);
    }

    [Theory]
    [InlineData("nonsense", "1", "unknown parameter: pgbouncer/nonsense")]
    [InlineData("Default_Pool_Size", "1", "unknown parameter: pgbouncer/Default_Pool_Size")]
    [InlineData("default_pool_size", "x", "invalid value \"x\" for parameter default_pool_size")]
    [InlineData("auth_dbname", "pgbouncer", "cannot use the reserved \"pgbouncer\" database as an auth_dbname")]
    public void SetSaysWhatIsWrong(string key, string value, string expected)
    {
        Assert.False(SettingTable.TrySet(PoolerSettings.Default, key, value, out PoolerSettings? changed, out string? error));
        Assert.Null(changed);
        Assert.Equal(expected, error);
    }

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(0, 4, 4)]
    [InlineData(0, 64, 8)]
    [InlineData(12, 2, 12)]
    public void CountsIoLoops(int ioThreads, int processors, int expected)
    {
        Assert.Equal(expected, new GlobalSettings { IoThreads = ioThreads }.IoLoopCount(processors));
    }

    private static (string Text, object Value) SampleOf(SettingRow row)
    {
        string type = row.Type;
        if (row.Key == "auth_type")
            return ("plain", "Plain");
        if (type.StartsWith("enum", StringComparison.Ordinal))
        {
            return row.Key switch
            {
                "pool_mode" => ("statement", "Statement"),
                "client_tls_dheparams" => ("none", "None"),
                _ => ("allow", "Allow"),
            };
        }

        if (type == "int-bool")
            return row.Default == "1" ? ("0", false) : ("1", true);
        if (type == "seconds")
            return ("3.5", TimeSpan.FromSeconds(3.5));
        if (row.Key is "query_wait_notify" or "stats_period")
            return ("77", TimeSpan.FromSeconds(77));
        if (type.StartsWith("int", StringComparison.Ordinal) || type == "uint")
            return (77.ToString(CultureInfo.InvariantCulture), 77);
        return ("some text", "some text");
    }

    private static string PropertyName(string key)
    {
        if (key == "auth_dbname")
            return nameof(GlobalSettings.AuthDbName);

        StringBuilder name = new();
        foreach (string part in key.Split('_'))
            name.Append(char.ToUpperInvariant(part[0])).Append(part.AsSpan(1));
        return name.ToString();
    }
}
