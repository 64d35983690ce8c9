using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;
using Pooler.Integration.Tests.Fixtures;
using Pooler.Testing.Postgres;
using Pooler.Testing.Programs;
using Pooler.Testing.Protocol;

namespace Pooler.Integration.Tests.Configuration;

/// <summary>Configuration files as operators have them run unchanged, but for hosts, ports and paths.</summary>
public sealed class OperatorFilesTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task The_short_one_serves_its_database()
    {
        await using PoolerProcess pooler = await StartAsync("docker.ini");
        await using NpgsqlConnection connection = await pooler.OpenAsync("md5y", "db", more: "No Reset On Close=true;Max Auto Prepare=0;");
        await using NpgsqlCommand command = new("SELECT current_database()::text", connection);
        Assert.Equal("postgres", await command.ExecuteScalarAsync());

        // As operators do after the move: only the port in the URL changes, and the console is asked how it goes.
        CommandResult psql = await Command.RunAsync(
            [PostgresBinaries.Client("psql"), "-X", "-At", $"postgres://md5y:secret@{pooler.Host}:{pooler.Port}/db", "-c", "SELECT 'moved'"]);
        Assert.Equal("moved\n", psql.Succeeded());
        using RawClient console = await pooler.LogInAsync("postgres", "pgbouncer");
        QueryResult pools = await console.QueryAsync("show pools;");
        Assert.Contains(pools.Rows, row => row[0] == "db" && row[1] == "md5y");
        using RawClient stranger = await pooler.ConnectAsync();
        Assert.Equal(
            "no such database: nowhere",
            (await Assert.ThrowsAsync<ServerErrorException>(() => stranger.LogInAsync("md5y", "nowhere", "secret"))).Fields.Message);
    }

    [Fact]
    public async Task The_long_one_serves_any_database_name()
    {
        await using PoolerProcess pooler = await StartAsync("large.ini");
        foreach (string database in new[] { "anything", "else" })
        {
            using RawClient client = await pooler.LogInAsync(
                "md5y", database, parameters: [("extra_float_digits", "2"), ("geqo", "on"), ("lc_monetary", "C"), ("application_name", "operator")]);
            Assert.Equal("postgres", (await client.QueryAsync("SELECT current_database()")).Scalar);

            // application_name_add_host
            Assert.StartsWith("operator - 127.0.0.1:", (await client.QueryAsync("SHOW application_name")).Scalar, StringComparison.Ordinal);
            Assert.Equal("UTF8", (await client.QueryAsync("SHOW client_encoding")).Scalar);
        }

        await pooler.WaitForLogAsync("registered new auto-database: (db=)?anything");
        using RawClient stats = await pooler.LogInAsync("stats", "pgbouncer", "statssecret");
        Assert.Contains((await stats.QueryAsync("SHOW DATABASES")).Rows, row => row[0] == "else");
        Assert.Equal("admin access needed", Assert.Single((await stats.QueryAsync("RELOAD")).Errors).Message);
        Assert.DoesNotContain(pooler.Log(), line => line.Contains("login attempt", StringComparison.Ordinal));
    }

    private async Task<PoolerProcess> StartAsync(string file)
    {
        await using Stream stream = typeof(OperatorFilesTests).Assembly.GetManifestResourceStream(file)!;
        using StreamReader reader = new(stream);
        string text = await reader.ReadToEndAsync();
        text = Regex.Replace(
            text, @"host=\S+ port=\d+", string.Create(CultureInfo.InvariantCulture, $"host={postgres.Cluster.Host} port={postgres.Cluster.Port}"));
        text = SetLine(text, "listen_addr", "127.0.0.1");
        text = SetLine(text, "listen_port", "{port}");
        text = SetLine(text, "auth_file", "{directory}/userlist.txt");
        text = SetLine(text, "logfile", "{directory}/pgbouncer.log");
        text = SetLine(text, "pidfile", "{directory}/pgbouncer.pid");
        text = SetLine(text, "unix_socket_dir", "{directory}");
        return await PoolerProcess.StartAsync(new PoolerOptions { IniFile = text });
    }

    private static string SetLine(string text, string key, string value) =>
        Regex.Replace(text, $@"^{key} *=.*$", $"{key} = {value}", RegexOptions.Multiline);
}
