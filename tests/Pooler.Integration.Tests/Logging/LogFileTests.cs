using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Pooler.Integration.Tests.Fixtures;
using Pooler.Testing;
using Pooler.Testing.Programs;

namespace Pooler.Integration.Tests.Logging;

/// <summary>The log outside stderr: a file that is moved away, and syslog.</summary>
public sealed class LogFileTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Theory]
    [InlineData("HUP")]
    [InlineData("RELOAD")]
    public async Task A_file_that_is_moved_away_is_made_anew_and_no_line_is_lost(string by)
    {
        using TestDirectory directory = new("log");
        string file = Path.Combine(directory.Path, "pooler.log");
        PoolerOptions options = PoolerOptions.For(postgres.Cluster, ("pool_mode", "transaction"), ("logfile", file));
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(options);
        using CancellationTokenSource stop = new();
        Task<int> logins = LogInOverAndOverAsync(pooler, stop.Token);
        List<string> moved = [];
        for (int i = 1; i <= 3; i++)
        {
            string old = $"{file}.{i}";
            File.Move(file, old);
            moved.Add(old);
            if (by == "HUP")
            {
                await pooler.SignalAsync("HUP");
            }
            else
            {
                await pooler.AdminAsync("RELOAD");
            }

            await Wait.UntilAsync(() => File.Exists(file) && new FileInfo(file).Length > 0, "a new log file with lines");
        }

        await stop.CancelAsync();
        int expected = await logins;
        int Count() => moved.Append(file).Sum(path => File.ReadLines(path).Count(line => line.Contains("login attempt: db=app ", StringComparison.Ordinal)));
        await Wait.UntilAsync(() => Count() >= expected, $"{expected} logins in the files");
        Assert.Equal(expected, Count());
    }

    [SkippableFact]
    public async Task Syslog_gets_facility_severity_ident_and_text()
    {
        const string Device = "/dev/log";
        Skip.IfNot(Environment.UserName == "root" && !Path.Exists(Device), $"{Device} can only be made by root where there is none");
        using Socket daemon = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 15_000, ReceiveBufferSize = 1 << 20 };
        daemon.Bind(new UnixDomainSocketEndPoint(Device));
        try
        {
            (await Command.RunAsync(["chmod", "666", Device])).Succeeded();
            PoolerOptions options = PoolerOptions.For(postgres.Cluster, ("syslog", "1"), ("syslog_facility", "local3"), ("syslog_ident", "mine"));
            await using PoolerProcess pooler = await PoolerProcess.StartAsync(options);
            await pooler.AdminAsync("NONSENSE 100%s");

            // local3 is 19: with the severity of LOG 158, of WARNING 156, of ERROR 155.
            ReceiveUntil(daemon, $@"^<158>.* mine\[{pooler.ProcessId}\]: process up: PgBouncer ");
            ReceiveUntil(daemon, $@"^<158>.* mine\[{pooler.ProcessId}\]: C-0x[0-9a-f]+: pgbouncer/admin@127\.0\.0\.1:\d+ login attempt: ");
            ReceiveUntil(daemon, $@"^<155>.* mine\[{pooler.ProcessId}\]: invalid command 'NONSENSE 100%s', use SHOW HELP;$");
            ReceiveUntil(daemon, $@"^<156>.* mine\[{pooler.ProcessId}\]: C-0x[0-9a-f]+: .* pooler error: invalid command 'NONSENSE 100%s'");
            await pooler.AdminAsync("SET syslog_ident = other");
            await pooler.AdminAsync("SET syslog_facility = user");
            await pooler.AdminAsync("NONSENSE again");
            ReceiveUntil(daemon, $@"^<11>.* other\[{pooler.ProcessId}\]: invalid command 'NONSENSE again'");
        }
        finally
        {
            File.Delete(Device);
        }
    }

    private static void ReceiveUntil(Socket daemon, string pattern)
    {
        byte[] buffer = new byte[4096];
        Regex regex = new(pattern, RegexOptions.CultureInvariant);
        while (!regex.IsMatch(Encoding.UTF8.GetString(buffer, 0, daemon.Receive(buffer)).TrimEnd('\n', '\0')))
        {
        }
    }

    private static async Task<int> LogInOverAndOverAsync(PoolerProcess pooler, CancellationToken stop)
    {
        int count = 0;
        while (!stop.IsCancellationRequested)
        {
            (await pooler.LogInAsync()).Dispose();
            count++;
        }

        return count;
    }
}
