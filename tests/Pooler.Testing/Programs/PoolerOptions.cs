using System.Globalization;
using System.Text;
using Pooler.Testing.Postgres;

namespace Pooler.Testing.Programs;

/// <summary>
/// The ini file and user list of a pooler under test. The defaults trust everybody, know the console users `admin` and `stats`, and send the
/// database `app` to a cluster; tests change what they are about.
/// </summary>
public sealed class PoolerOptions
{
    /// <summary>Keys of the section [pgbouncer]; a null value leaves a default of this class out.</summary>
    public Dictionary<string, string?> Settings { get; } = new()
    {
        ["listen_addr"] = "127.0.0.1",
        ["auth_type"] = "trust",
        ["admin_users"] = "admin",
        ["stats_users"] = "stats",
        ["pool_mode"] = "session",
        ["max_client_conn"] = "200",
        ["server_login_retry"] = "1",
    };

    /// <summary>Lines of [databases]: name to connection string.</summary>
    public Dictionary<string, string> Databases { get; } = [];

    /// <summary>Lines of [users]: name to settings.</summary>
    public Dictionary<string, string> Users { get; } = [];

    /// <summary>Entries of the user list: name to secret.</summary>
    public Dictionary<string, string> UserList { get; } = new()
    {
        ["postgres"] = PostgresCluster.Password,
        ["bouncer"] = PostgresCluster.Password,
        ["trusty"] = PostgresCluster.Password,
        ["plainy"] = PostgresCluster.Password,
        ["md5y"] = PostgresCluster.Password,
        ["scrammy"] = PostgresCluster.Password,
        ["admin"] = "adminsecret",
        ["stats"] = "statssecret",
    };

    /// <summary>
    /// A whole ini file instead of the sections above; {port} and {directory} stand for the TCP port and for the directory of the socket and the
    /// user list (userlist.txt).
    /// </summary>
    public string? IniFile { get; set; }

    /// <summary>The limit of open files that the program gets (RLIMIT_NOFILE, soft and hard); null: that of the tests.</summary>
    public int? OpenFiles { get; set; }

    /// <summary>Another program than the one under test, for comparisons with it.</summary>
    public string? Program { get; set; }

    /// <summary>Variables of the program's environment.</summary>
    public Dictionary<string, string> Environment { get; } = [];

    /// <summary>Arguments before the ini file.</summary>
    public List<string> Arguments { get; } = [];

    /// <summary>Options whose database `app` (and `postgres`) is that cluster's, reached by TCP.</summary>
    public static PoolerOptions For(PostgresCluster cluster, params (string Key, string? Value)[] settings)
    {
        PoolerOptions options = new();
        options.Databases["app"] = options.ConnectionString(cluster, "app");
        options.Databases["postgres"] = options.ConnectionString(cluster, "postgres");
        foreach ((string key, string? value) in settings)
        {
            options.Settings[key] = value;
        }

        return options;
    }

    /// <summary>A [databases] value that leads to <paramref name="database"/> of that cluster, followed by <paramref name="more"/> keys.</summary>
    public string ConnectionString(PostgresCluster cluster, string database, string more = "") => string.Create(
        CultureInfo.InvariantCulture, $"host={cluster.Host} port={cluster.Port} dbname={database} {more}").TrimEnd();

    internal string IniText(string directory, int port)
    {
        if (IniFile is not null)
        {
            return IniFile.Replace("{port}", port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
                .Replace("{directory}", directory, StringComparison.Ordinal);
        }

        StringBuilder text = new();
        Section(text, "databases", Databases);
        Section(text, "users", Users);
        text.Append("[pgbouncer]\n");
        foreach ((string key, string? value) in Settings)
        {
            if (value is not null)
            {
                text.Append(CultureInfo.InvariantCulture, $"{key} = {value}\n");
            }
        }

        return text.ToString();
    }

    internal string UserListText()
    {
        StringBuilder text = new();
        foreach ((string name, string secret) in UserList)
        {
            text.Append('"').Append(Quoted(name)).Append("\" \"").Append(Quoted(secret)).Append("\"\n");
        }

        return text.ToString();
    }

    private static string Quoted(string value) => value.Replace("\"", "\"\"", StringComparison.Ordinal);

    private static void Section(StringBuilder text, string name, Dictionary<string, string> lines)
    {
        if (lines.Count == 0)
        {
            return;
        }

        text.Append('[').Append(name).Append("]\n");
        foreach ((string key, string value) in lines)
        {
            text.Append(CultureInfo.InvariantCulture, $"{key} = {value}\n");
        }
    }
}
