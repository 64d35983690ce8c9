using System.Text.RegularExpressions;
using Pooler.Integration.Tests.Fixtures;
using Pooler.Testing;
using Pooler.Testing.Programs;
using Pooler.Testing.Protocol;

namespace Pooler.Integration.Tests.Admin;

/// <summary>
/// Every SHOW that an installed PgBouncer has, in the same situation, on the same ini file: the columns that both have stand in the same order and
/// the rows say the same, but for what no two runs have in common.
/// </summary>
public sealed partial class ShowComparisonTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const string Reference = "/usr/sbin/pgbouncer";

    // Ports, process ids, addresses of objects and what depends on the moment: only whether there is one counts.
    private static readonly string[] Different =
        ["port", "local_port", "ptr", "link", "remote_pid", "connect_time", "request_time", "wait", "wait_us", "maxwait", "maxwait_us"];

    // Where in a buffer the bytes lie, and free objects, are inner matters; sizes of objects too.
    private static readonly string[] Inner = ["recv_pos", "pkt_pos", "pkt_remain", "send_pos", "send_remain", "pkt_avail", "send_avail", "size", "used", "free", "memtotal"];

    // Paths and ports of the run, and settings whose default later versions changed.
    private static readonly string[] NewerSettings =
    [
        "auth_file", "conffile", "listen_port", "unix_socket_dir", "client_tls_ciphers", "server_tls_ciphers", "server_tls_sslmode", "server_check_query",
    ];

    private static readonly string[] Commands =
    [
        "SHOW POOLS", "SHOW CLIENTS", "SHOW SERVERS", "SHOW SOCKETS", "SHOW ACTIVE_SOCKETS", "SHOW DATABASES", "SHOW USERS", "SHOW LISTS", "SHOW STATE", "SHOW STATS_TOTALS", "SHOW STATS",
        "SHOW TOTALS", "SHOW MEM", "SHOW CONFIG", "SHOW DNS_HOSTS", "SHOW DNS_ZONES", "SHOW timezone", "SHOW client_encoding",
    ];

    [SkippableFact]
    public async Task Every_table_says_what_the_reference_says()
    {
        await Requires.PoolerAsync();
        Skip.IfNot(File.Exists(Reference), "pgbouncer is not installed");
        Dictionary<string, QueryResult> expected = await AskAsync(Reference);
        Dictionary<string, QueryResult> actual = await AskAsync(null);
        List<string> differences = [];
        foreach (string command in Commands)
            Compare(command, expected[command], actual[command], differences);

        Assert.True(differences.Count == 0, string.Join('\n', differences));
    }

    private static void Compare(string command, QueryResult expected, QueryResult actual, List<string> differences)
    {
        string[] columns = [.. expected.Columns.Where(actual.Columns.Contains)];
        string[] mine = [.. actual.Columns.Where(expected.Columns.Contains)];
        if (!columns.SequenceEqual(mine))
            differences.Add($"{command}: columns {string.Join(',', columns)} against {string.Join(',', mine)}");

        // Of a table that later versions made anew nothing can be compared.
        if (columns.Length == 0)
            return;

        // Rows that only one version has, by their first column.
        string[] rows = Rows(command, expected, columns);
        string[] others = Rows(command, actual, columns);
        if (command is "SHOW LISTS" or "SHOW CONFIG" or "SHOW MEM" or "SHOW TOTALS")
        {
            HashSet<string> common = [.. Names(rows).Intersect(Names(others))];
            rows = [.. rows.Where(row => common.Contains(row.Split('|')[0]))];
            others = [.. others.Where(row => common.Contains(row.Split('|')[0]))];
        }

        for (int i = 0; i < Math.Max(rows.Length, others.Length); i++)
        {
            string row = i < rows.Length ? rows[i] : "no row";
            string other = i < others.Length ? others[i] : "no row";
            if (row != other)
                differences.Add($"{command}: {row} against {other} of {string.Join('|', columns)}");
        }
    }

    private static IEnumerable<string> Names(string[] rows) => rows.Select(row => row.Split('|')[0]);

    private static string[] Rows(string command, QueryResult result, string[] columns) =>
        [.. result.Rows.Select(row => string.Join('|', columns.Select(column => Normal(command, column, row[0], row[result.Columns.IndexOf(column)]))))];

    private static string Normal(string command, string column, string? name, string? value)
    {
        if (value is null)
            return "NULL";
        if (Inner.Contains(column) || (command == "SHOW LISTS" && column == "items" && name!.StartsWith("free_", StringComparison.Ordinal)))
            return "*";
        if (command == "SHOW CONFIG" && NewerSettings.Contains(name))
            return "*";

        // Later versions call a client without a server idle.
        if (command == "SHOW CLIENTS" && column == "state" && value == "idle")
            return "active";
        if (Time().IsMatch(value))
            return "time";
        if (command.StartsWith("SHOW STATS", StringComparison.Ordinal) && Measured().IsMatch(column))
            return "*";
        if (command == "SHOW TOTALS" && column == "value" && Measured().IsMatch(name!))
            return "*";
        if (column is "port" && command == "SHOW DATABASES")
            return name == "pgbouncer" ? "port" : value;

        return Different.Contains(column) ? value is "" or "0" ? value : column is "wait" or "wait_us" or "maxwait" or "maxwait_us" ? "*" : "some" : value;
    }

    private async Task<Dictionary<string, QueryResult>> AskAsync(string? program)
    {
        PoolerOptions options = PoolerOptions.For(
            postgres.Cluster, ("pool_mode", "transaction"), ("default_pool_size", "1"), ("max_client_conn", "90"), ("server_lifetime", "1200"));
        options.Program = program;
        options.Databases["forced"] = options.ConnectionString(postgres.Cluster, "app", "user=bouncer pool_size=3 max_db_connections=4");
        options.Databases["unused"] = options.ConnectionString(postgres.Cluster, "app");
        options.Users["bouncer"] = "pool_mode = transaction max_user_connections = 7";
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(options);

        using RawClient console = await pooler.ConsoleAsync();
        using RawClient active = await pooler.LogInAsync(parameters: ("application_name", "holder"));
        await active.QueryAsync("BEGIN");
        await active.QueryAsync("SELECT 1");
        using RawClient idle = await pooler.LogInAsync("trusty", "postgres");
        await idle.QueryAsync("SELECT 1");
        using RawClient other = await pooler.LogInAsync("trusty");
        await other.QueryAsync("SELECT 1");
        using RawClient forced = await pooler.LogInAsync("trusty", "forced");
        await forced.QueryAsync("SELECT 1");
        using RawClient stats = await pooler.ConsoleAsync("stats");
        using RawClient waiting = await pooler.LogInAsync(parameters: ("application_name", "waiter"));
        await waiting.SendAsync(FrontendMessages.Query("SELECT 1"));
        await Wait.UntilAsync(
            async () =>
            {
                QueryResult pools = await console.QueryAsync("SHOW POOLS");
                int row = pools.Rows.FindIndex(candidate => candidate[0] == "app");
                return pools.Value(row, "cl_waiting") == "1";
            },
            "a client waits");
        Dictionary<string, QueryResult> answers = [];
        foreach (string command in Commands)
            answers[command] = await console.QueryAsync(command);

        return answers;
    }

    [GeneratedRegex(@"\A\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \S+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Time();

    [GeneratedRegex(@"time|^avg|avg_|received|sent|bytes|recv", RegexOptions.CultureInvariant)]
    private static partial Regex Measured();
}
