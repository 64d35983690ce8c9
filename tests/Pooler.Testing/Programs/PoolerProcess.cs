using System.Globalization;
using Npgsql;
using Pooler.Testing.Postgres;
using Pooler.Testing.Protocol;

namespace Pooler.Testing.Programs;

/// <summary>A running pooler with an ini file and a user list of its own, on a free port and a unix socket in its own directory.</summary>
public sealed class PoolerProcess : IAsyncDisposable
{
    private readonly TestDirectory _directory;
    private readonly GuardedProcess _process;

    private PoolerProcess(TestDirectory directory, PoolerOptions options, int port, GuardedProcess process)
    {
        _directory = directory;
        Options = options;
        Port = port;
        _process = process;
    }

    public string Host => "127.0.0.1";

    public int Port { get; }

    /// <summary>The directory of the ini file, the user list and the unix socket.</summary>
    public string Directory => _directory.Path;

    public string IniFile => Path.Combine(Directory, "pooler.ini");

    public PoolerOptions Options { get; }

    public int ProcessId => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Starts the pooler and returns when it says `process up`.</summary>
    public static async Task<PoolerProcess> StartAsync(PoolerOptions options)
    {
        PoolerProcess pooler = await LaunchAsync(options);
        try
        {
            await pooler.WaitForLogAsync("process up: PgBouncer ");
            return pooler;
        }
        catch
        {
            await pooler.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the pooler with the usual options for <paramref name="cluster"/> changed by <paramref name="settings"/>.</summary>
    public static Task<PoolerProcess> StartAsync(PostgresCluster cluster, params (string Key, string? Value)[] settings) =>
        StartAsync(PoolerOptions.For(cluster, settings));

    /// <summary>Starts the program without waiting: for tests of starts that fail.</summary>
    public static async Task<PoolerProcess> LaunchAsync(PoolerOptions options)
    {
        string program = options.Program ?? await PoolerProgram.PathAsync();
        TestDirectory directory = new("pooler");
        int port = FreePort.Next();
        options.Settings.TryAdd("listen_port", port.ToString(CultureInfo.InvariantCulture));
        options.Settings.TryAdd("unix_socket_dir", directory.Path);
        options.Settings.TryAdd("auth_file", Path.Combine(directory.Path, "userlist.txt"));
        WriteFiles(directory, options, port);
        string[] limit = options.OpenFiles is { } files ? ["prlimit", string.Create(CultureInfo.InvariantCulture, $"--nofile={files}:{files}")] : [];
        GuardedProcess process = GuardedProcess.Start(
            [.. limit, program, .. options.Arguments, Path.Combine(directory.Path, "pooler.ini")],
            new Dictionary<string, string>([.. PoolerProgram.Environment, .. options.Environment]));
        return new PoolerProcess(directory, options, port, process);
    }

    /// <summary>Writes the ini file and the user list anew from <see cref="Options"/>; RELOAD or SIGHUP makes the pooler read them.</summary>
    public void RewriteFiles() => WriteFiles(_directory, Options, Port);

    /// <summary>The connection string for Npgsql with its own pool, type loading side effects and reset off.</summary>
    public string ConnectionString(string user = "bouncer", string database = "app", string password = PostgresCluster.Password, string more = "") =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"Host={Host};Port={Port};Username={user};Password={password};Database={database};Pooling=false;SSL Mode=Disable;Timeout=15;Command Timeout=30;{more}");

    public async Task<NpgsqlConnection> OpenAsync(
        string user = "bouncer", string database = "app", string password = PostgresCluster.Password, string more = "")
    {
        NpgsqlConnection connection = new(ConnectionString(user, database, password, more));
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>A logged-in raw connection.</summary>
    public async Task<RawClient> LogInAsync(
        string user = "bouncer", string database = "app", string? password = PostgresCluster.Password, params (string Name, string Value)[] parameters)
    {
        RawClient client = await ConnectAsync();
        try
        {
            await client.LogInAsync(user, database, password, parameters);
            return client;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <summary>A raw connection before its startup packet.</summary>
    public Task<RawClient> ConnectAsync() => RawClient.ConnectAsync(Host, Port);

    /// <summary>A raw connection over the unix socket.</summary>
    public Task<RawClient> ConnectUnixAsync() =>
        RawClient.ConnectUnixAsync(Path.Combine(Directory, string.Create(CultureInfo.InvariantCulture, $".s.PGSQL.{Port}")));

    /// <summary>An admin console session.</summary>
    public Task<RawClient> ConsoleAsync(string user = "admin") => LogInAsync(user, "pgbouncer", Options.UserList[user]);

    /// <summary>Runs one console command in a session of its own.</summary>
    public async Task<QueryResult> AdminAsync(string command)
    {
        using RawClient console = await ConsoleAsync();
        return await console.QueryAsync(command);
    }

    /// <summary>One value of SHOW POOLS for a database and user, such as cl_waiting.</summary>
    public async Task<int> PoolCountAsync(string column, string user = "bouncer", string database = "app")
    {
        QueryResult pools = await AdminAsync("SHOW POOLS");
        int name = pools.Columns.IndexOf("database");
        int owner = pools.Columns.IndexOf("user");
        string?[]? row = pools.Rows.FirstOrDefault(candidate => candidate[name] == database && candidate[owner] == user);
        return row is null ? 0 : int.Parse(row[pools.Columns.IndexOf(column)] ?? "0", CultureInfo.InvariantCulture);
    }

    public IReadOnlyList<string> Log() => _process.Lines();

    /// <summary>Waits for a log line that matches the regular expression, the n-th one if asked.</summary>
    public Task<string> WaitForLogAsync(string pattern, TimeSpan? timeout = null, int occurrence = 1) =>
        _process.WaitForLineAsync(pattern, timeout, occurrence);

    /// <summary>Sends a signal by its name without SIG.</summary>
    public Task SignalAsync(string signal) => _process.SignalAsync(signal);

    public Task<int> WaitForExitAsync(TimeSpan? timeout = null) => _process.WaitForExitAsync(timeout);

    /// <summary>The most memory that the process ever had resident, in bytes (VmHWM).</summary>
    public long PeakMemory() => MemoryLine("VmHWM:");

    /// <summary>The memory that the process has resident, in bytes (VmRSS).</summary>
    public long Memory() => MemoryLine("VmRSS:");

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _directory.Dispose();
    }

    private static void WriteFiles(TestDirectory directory, PoolerOptions options, int port)
    {
        directory.Write("pooler.ini", options.IniText(directory.Path, port));
        directory.Write("userlist.txt", options.UserListText());
    }

    private long MemoryLine(string name)
    {
        string line = File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{ProcessId}/status"))
            .First(candidate => candidate.StartsWith(name, StringComparison.Ordinal));
        string[] words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return long.Parse(words[1], CultureInfo.InvariantCulture) * 1024;
    }
}
