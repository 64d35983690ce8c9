using Pooler.Integration.Tests.Fixtures;
using Pooler.Testing.Programs;
using Pooler.Testing.Protocol;

namespace Pooler.Integration.Tests.Admin;

/// <summary>The admin console: who gets in, what is shown, and the words of its errors.</summary>
public sealed class ConsoleTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task The_welcome_names_the_console()
    {
        await using PoolerProcess pooler = await StartAsync();
        using RawClient console = await pooler.ConsoleAsync();
        Assert.EndsWith("/bouncer", console.Parameters["server_version"], StringComparison.Ordinal);
        Assert.Equal("UTF8", console.Parameters["client_encoding"]);
        Assert.Equal("ISO", console.Parameters["DateStyle"]);
        Assert.Equal("GMT", console.Parameters["TimeZone"]);
        Assert.Equal("on", console.Parameters["is_superuser"]);
        Assert.Equal(8, console.CancelKey.Length);
    }

    [Fact]
    public async Task A_user_of_neither_list_is_not_allowed()
    {
        await using PoolerProcess pooler = await StartAsync();
        using RawClient client = await pooler.ConnectAsync();
        ErrorFields error = (await Assert.ThrowsAsync<ServerErrorException>(() => client.LogInAsync("bouncer", "pgbouncer"))).Fields;
        Assert.Equal(new ErrorFields("FATAL", "08P01", "not allowed", null), error);
    }

    [Fact]
    public async Task A_stats_user_may_look_and_not_touch()
    {
        await using PoolerProcess pooler = await StartAsync();
        using RawClient console = await pooler.ConsoleAsync("stats");
        Assert.Equal("SHOW", Assert.Single((await console.QueryAsync("SHOW POOLS")).Tags));
        foreach (string command in new[] { "PAUSE", "RESUME", "RELOAD", "SHUTDOWN", "SET default_pool_size = 3", "RECONNECT", "KILL app" })
        {
            QueryResult result = await console.QueryAsync(command);
            Assert.Equal(new ErrorFields("ERROR", "08P01", "admin access needed", null), Assert.Single(result.Errors));
            Assert.Equal('I', result.Status);
        }
    }

    [Theory]
    [InlineData("SHOW POOLS", "database,user,cl_active,cl_waiting")]
    [InlineData("show pools;", "database,user,cl_active,cl_waiting")]
    [InlineData("SHOW CLIENTS", "type,user,database,state,addr,port,local_addr,local_port")]
    [InlineData("SHOW SERVERS", "type,user,database,state,addr,port,local_addr,local_port")]
    [InlineData("SHOW DATABASES", "name,host,port,database,force_user,pool_size")]
    [InlineData("SHOW CONFIG", "key,value,default,changeable")]
    [InlineData("SHOW VERSION", "version")]
    [InlineData("SHOW STATS", "database,total_xact_count,total_query_count")]
    [InlineData("SELECT POOLS", "database,user,cl_active,cl_waiting")]
    public async Task Lists_have_their_columns(string command, string columns)
    {
        await using PoolerProcess pooler = await StartAsync();
        using RawClient client = await pooler.LogInAsync();
        await client.QueryAsync("SELECT 1");
        QueryResult result = await pooler.AdminAsync(command);
        string[] expected = columns.Split(',');
        Assert.Empty(result.Errors);
        Assert.Equal("SHOW", Assert.Single(result.Tags));
        // Later versions add columns, some in the middle; these stay in this order.
        Assert.Equal(expected, result.Columns.Where(expected.Contains));
        Assert.NotEmpty(result.Rows);
    }

    [Fact]
    public async Task Lists_show_what_is_there()
    {
        await using PoolerProcess pooler = await StartAsync();
        using RawClient client = await pooler.LogInAsync(parameters: ("application_name", "looked for"));
        await client.QueryAsync("BEGIN");
        string? server = (await client.QueryAsync("SELECT pg_backend_pid()")).Scalar;
        QueryResult clients = await pooler.AdminAsync("SHOW CLIENTS");
        int row = clients.Rows.FindIndex(candidate => candidate[clients.Columns.IndexOf("database")] == "app");
        Assert.Equal("C", clients.Value(row, "type"));
        Assert.Equal("bouncer", clients.Value(row, "user"));
        Assert.Equal("active", clients.Value(row, "state"));
        Assert.Equal("127.0.0.1", clients.Value(row, "addr"));
        Assert.Equal("looked for", clients.Value(row, "application_name"));
        QueryResult servers = await pooler.AdminAsync("SHOW SERVERS");
        Assert.Equal("S", servers.Value(0, "type"));
        Assert.Equal("active", servers.Value(0, "state"));
        Assert.Equal(server, servers.Value(0, "remote_pid"));
        Assert.Equal($"{postgres.Cluster.Port}", servers.Value(0, "port"));
        Assert.Equal(clients.Value(row, "ptr"), servers.Value(0, "link"));
        QueryResult databases = await pooler.AdminAsync("SHOW DATABASES");
        Assert.Contains(databases.Rows, candidate => candidate[0] == "app" && candidate[databases.Columns.IndexOf("port")] == $"{postgres.Cluster.Port}");
        await client.QueryAsync("COMMIT");
        QueryResult stats = await pooler.AdminAsync("SHOW STATS");
        int app = stats.Rows.FindIndex(candidate => candidate[0] == "app");
        Assert.Equal("1", stats.Value(app, "total_xact_count"));
        Assert.Equal("3", stats.Value(app, "total_query_count"));
    }

    [Theory]
    [InlineData("FROBNICATE", "invalid command 'FROBNICATE', use SHOW HELP;")]
    [InlineData("SHOW NOTHING_LIKE_THAT", "invalid command 'SHOW NOTHING_LIKE_THAT', use SHOW HELP;")]
    [InlineData("SHOW POOLS POOLS", "invalid command 'SHOW POOLS POOLS', use SHOW HELP;")]
    [InlineData("SET no_such_key = 1", "SET failed")]
    [InlineData("SET default_pool_size = many", "SET failed")]
    public async Task Errors_have_their_words(string command, string text)
    {
        await using PoolerProcess pooler = await StartAsync();
        QueryResult result = await pooler.AdminAsync(command);
        Assert.Equal(new ErrorFields("ERROR", "08P01", text, null), Assert.Single(result.Errors));
        Assert.Equal("EZ", result.Types);
        Assert.Equal('I', result.Status);
    }

    [Fact]
    public async Task Help_is_a_notice_with_a_detail()
    {
        await using PoolerProcess pooler = await StartAsync();
        QueryResult result = await pooler.AdminAsync("SHOW HELP");
        ErrorFields notice = Assert.Single(result.Notices);
        Assert.Equal(("NOTICE", "00000", "Console usage"), (notice.Severity, notice.SqlState, notice.Message));
        Assert.Contains("SHOW HELP|CONFIG|DATABASES|POOLS|CLIENTS|SERVERS", notice.Detail, StringComparison.Ordinal);
        Assert.Equal("SHOW", Assert.Single(result.Tags));
    }

    [Fact]
    public async Task Set_changes_a_setting_at_once()
    {
        await using PoolerProcess pooler = await StartAsync(("default_pool_size", "1"));
        Assert.Equal("SET", Assert.Single((await pooler.AdminAsync("SET default_pool_size = 2")).Tags).Split(' ')[0]);
        QueryResult config = await pooler.AdminAsync("SHOW CONFIG");
        Assert.Equal("2", config.Rows.Single(row => row[0] == "default_pool_size")[1]);
        using RawClient first = await pooler.LogInAsync();
        using RawClient second = await pooler.LogInAsync();
        await first.QueryAsync("BEGIN");
        Assert.Equal("in", (await second.QueryAsync("SELECT 'in'")).Scalar);
    }

    private Task<PoolerProcess> StartAsync(params (string Key, string? Value)[] settings) =>
        PoolerProcess.StartAsync(postgres.Cluster, [("pool_mode", "transaction"), .. settings]);
}
