using System.Globalization;
using Npgsql;
using Pooler.Testing.Programs;

namespace Pooler.Testing.Postgres;

/// <summary>
/// A throw-away PostgreSQL server on a free loopback port and a unix socket, without fsync. It has the database `app` and these users, each
/// with the password `secret` and the authentication that its name says: `postgres` and `bouncer` (superusers, trust), `trusty` (trust),
/// `plainy` (cleartext), `md5y` (md5), `scrammy` (SCRAM-SHA-256) and `caged` (its logins are rejected).
/// </summary>
public sealed class PostgresCluster : IAsyncDisposable
{
    public const string Password = "secret";
    public const string Database = "app";

    private const string HostBasedAuthentication = """
        local all all trust
        host all,replication postgres,bouncer,trusty all trust
        host all plainy all password
        host all md5y all md5
        host all scrammy all scram-sha-256
        host all caged all reject
        host all all all scram-sha-256

        """;

    private const string Users = """
        CREATE ROLE bouncer LOGIN SUPERUSER PASSWORD 'secret';
        CREATE ROLE trusty LOGIN PASSWORD 'secret';
        CREATE ROLE plainy LOGIN PASSWORD 'secret';
        CREATE ROLE scrammy LOGIN PASSWORD 'secret';
        CREATE ROLE caged LOGIN PASSWORD 'secret';
        SET password_encryption = 'md5';
        CREATE ROLE md5y LOGIN PASSWORD 'secret';
        """;

    // initdb and the users are made once per test process; every cluster is a copy of that directory.
    private static readonly Lazy<Task<string>> Template = new(CreateTemplateAsync);
    private static readonly TestDirectory TemplateDirectory = new("pg-template");

    private readonly TestDirectory _directory;
    private GuardedProcess? _server;

    private PostgresCluster(TestDirectory directory, int port)
    {
        _directory = directory;
        Port = port;
    }

    public string Host => "127.0.0.1";

    /// <summary>More addresses that it listens on, at the same port.</summary>
    public static IReadOnlyList<string> OtherHosts { get; } = ["127.0.0.2", "127.0.0.3"];

    public int Port { get; }

    /// <summary>The directory of the unix socket.</summary>
    public string SocketDirectory => _directory.Path;

    /// <summary>Where its files are, which belong to the unprivileged user.</summary>
    public string DataDirectory => Path.Combine(_directory.Path, "data");

    /// <summary>Starts a new cluster; <paramref name="settings"/> are lines for postgresql.conf.</summary>
    public static async Task<PostgresCluster> StartAsync(params string[] settings)
    {
        string template = await Template.Value;
        TestDirectory directory = new("pg");
        PostgresCluster cluster = new(directory, FreePort.Next());
        (await Command.RunUnprivilegedAsync(["cp", "-a", template, cluster.DataDirectory])).Succeeded();
        await File.AppendAllLinesAsync(Path.Combine(cluster.DataDirectory, "postgresql.conf"), settings);
        await cluster.StartServerAsync();
        return cluster;
    }

    /// <summary>Starts a server on a data directory that <paramref name="fill"/> makes, such as a copy of another cluster's.</summary>
    public static async Task<PostgresCluster> StartFromAsync(Func<string, Task> fill)
    {
        PostgresCluster cluster = new(new TestDirectory("pg"), FreePort.Next());
        await fill(cluster.DataDirectory);
        await cluster.StartServerAsync();
        return cluster;
    }

    /// <summary>Deletes what all clusters were copied from; a test assembly calls it when its last test is done.</summary>
    public static void DeleteTemplate() => TemplateDirectory.Dispose();

    /// <summary>The connection string of a connection that does not go through the pooler.</summary>
    public string ConnectionString(string user = "postgres", string database = Database) => string.Create(
        CultureInfo.InvariantCulture,
        $"Host={Host};Port={Port};Username={user};Password={Password};Database={database};Pooling=false;SSL Mode=Disable;Timeout=15;Command Timeout=30");

    public async Task<NpgsqlConnection> OpenAsync(string user = "postgres", string database = Database)
    {
        NpgsqlConnection connection = new(ConnectionString(user, database));
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>Runs one statement directly on the server and returns the first value.</summary>
    public async Task<object?> ScalarAsync(string sql, string database = Database)
    {
        await using NpgsqlConnection connection = await OpenAsync(database: database);
        await using NpgsqlCommand command = new(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    /// <summary>Replaces pg_hba.conf and waits until it is in force.</summary>
    public async Task SetHostBasedAuthenticationAsync(string text)
    {
        await File.WriteAllTextAsync(Path.Combine(DataDirectory, "pg_hba.conf"), text);
        int before = _server!.Lines().Count(line => line.Contains("received SIGHUP", StringComparison.Ordinal));
        await _server.SignalAsync("HUP");
        await _server.WaitForLineAsync("received SIGHUP", occurrence: before + 1);
    }

    /// <summary>Stops the server at once, as a crash of the machine would, keeping its data and port.</summary>
    public Task StopServerAsync() => StopServerAsync("QUIT");

    /// <summary>Stops the server in order, as `pg_ctl stop -m fast` does: sessions are cut off, what was committed is kept.</summary>
    public Task ShutDownServerAsync() => StopServerAsync("INT");

    public async Task StartServerAsync()
    {
        _server = GuardedProcess.Start(
        [
            PostgresBinaries.Server("postgres"), "-D", DataDirectory, "-p", Port.ToString(CultureInfo.InvariantCulture), "-h", string.Join(',', [Host, .. OtherHosts]), "-k", SocketDirectory,
        ]);
        await _server.WaitForLineAsync("ready to accept (read-only )?connections", TimeSpan.FromSeconds(60));
    }

    public async ValueTask DisposeAsync()
    {
        await StopServerAsync();
        await Command.RunUnprivilegedAsync(["rm", "-rf", DataDirectory]);
        _directory.Dispose();
    }

    private async Task StopServerAsync(string signal)
    {
        if (_server is { } server)
        {
            _server = null;

            // The postmaster takes its children along; killing it alone would leave them behind.
            await server.SignalAsync(signal);
            await server.WaitForExitAsync();
            await server.DisposeAsync();
        }
    }

    private static async Task<string> CreateTemplateAsync()
    {
        string data = Path.Combine(TemplateDirectory.Path, "data");
        (await Command.RunUnprivilegedAsync(
        [
            PostgresBinaries.Server("initdb"), "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync",
        ])).Succeeded();
        await File.WriteAllTextAsync(Path.Combine(data, "pg_hba.conf"), HostBasedAuthentication);
        await File.AppendAllTextAsync(
            Path.Combine(data, "postgresql.conf"),
            """

            fsync = off
            synchronous_commit = off
            full_page_writes = off
            max_connections = 300
            max_prepared_transactions = 20
            shared_buffers = 64MB
            password_encryption = 'scram-sha-256'
            log_min_messages = warning
            autovacuum = off
            timezone = 'UTC'

            """);
        await RunSingleUserAsync(data, "postgres", Users + "\nCREATE DATABASE app;\n");
        return data;
    }

    private static async Task RunSingleUserAsync(string data, string database, string sql)
    {
        CommandResult result = await Command.RunAsync(
            UnprivilegedUser.Wrap([PostgresBinaries.Server("postgres"), "--single", "-D", data, database]),
            input: sql);
        if (result.ExitCode != 0 || result.Error.Contains("ERROR", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"preparing the cluster failed: {result.Error}");
        }
    }
}
