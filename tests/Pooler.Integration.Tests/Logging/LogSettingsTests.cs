using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Pooler.Integration.Tests.Fixtures;
using Pooler.Testing;
using Pooler.Testing.Programs;
using Pooler.Testing.Protocol;

namespace Pooler.Integration.Tests.Logging;

/// <summary>The settings that say what is logged, changed by SET and by RELOAD while the pooler runs.</summary>
public sealed class LogSettingsTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Theory]
    [InlineData("log_connections", "login attempt: db=app|new connection to server|login failed")]
    [InlineData("log_disconnections", "closing because: ")]
    [InlineData("log_pooler_errors", "pooler error: ")]
    public async Task A_kind_of_line_goes_and_comes_back(string setting, string pattern)
    {
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(postgres.Cluster, ("pool_mode", "transaction"));
        Regex kind = new(pattern, RegexOptions.CultureInvariant);
        int atStart = await LinesAsync(pooler, kind, "first");
        Assert.True(atStart > 0, "logged by default");
        await pooler.AdminAsync($"SET {setting} = 0");
        Assert.Equal(0, await LinesAsync(pooler, kind, "second"));
        await pooler.AdminAsync("RELOAD");
        Assert.True(await LinesAsync(pooler, kind, "third") > 0, "RELOAD goes back to the file");
        pooler.Options.Settings[setting] = "0";
        pooler.RewriteFiles();
        await pooler.AdminAsync("RELOAD");
        Assert.Equal(0, await LinesAsync(pooler, kind, "fourth"));
        await pooler.AdminAsync($"SET {setting} = 1");
        Assert.True(await LinesAsync(pooler, kind, "fifth") > 0, "SET");
    }

    [Theory]
    [InlineData("ini")]
    [InlineData("SET")]
    [InlineData("-v")]
    public async Task Verbose_adds_lines(string by)
    {
        PoolerOptions options = PoolerOptions.For(postgres.Cluster);
        if (by == "ini")
        {
            options.Settings["verbose"] = "1";
        }
        else if (by == "-v")
        {
            options.Arguments.Add("-v");
        }

        await using PoolerProcess pooler = await PoolerProcess.StartAsync(options);
        if (by == "SET")
        {
            (await pooler.LogInAsync()).Dispose();
            await pooler.AdminAsync("SET verbose = 1");
            Assert.DoesNotContain(pooler.Log(), line => line.Contains(" DEBUG ", StringComparison.Ordinal));
        }

        (await pooler.LogInAsync()).Dispose();
        await pooler.WaitForLogAsync(" DEBUG C-0x[0-9a-f]+: app/bouncer@.* logged in$");
    }

    [Fact]
    public async Task The_periods_line_comes_by_the_period_and_by_log_stats()
    {
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(postgres.Cluster, ("stats_period", "3600"));
        await pooler.AdminAsync("SET stats_period = 1");
        await pooler.WaitForLogAsync(" LOG stats: ", occurrence: 2);
        await pooler.AdminAsync("SET log_stats = 0");
        int before = Stats(pooler);

        // A login line is as good as a clock: were the statistics still logged, some would stand before the last of these.
        await ThreePeriodsAsync(pooler);
        Assert.InRange(Stats(pooler), before, before + 1);
        pooler.Options.Settings["stats_period"] = "1";
        pooler.RewriteFiles();
        await pooler.AdminAsync("RELOAD");
        await pooler.WaitForLogAsync(" LOG stats: ", occurrence: before + 3);
    }

    [Fact]
    public async Task The_line_says_what_the_period_has_seen()
    {
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(postgres.Cluster, ("pool_mode", "transaction"), ("stats_period", "2"));
        using RawClient client = await pooler.LogInAsync();
        await pooler.WaitForLogAsync(" LOG stats: ");
        for (int i = 0; i < 400; i++)
        {
            await client.QueryAsync("SELECT 1");
        }

        // The queries fall into one or two periods.
        double queries = 0;
        await Wait.UntilAsync(
            () => (queries = pooler.Log().Select(line => Regex.Match(line, @" (\d+) queries/s", RegexOptions.CultureInvariant))
                .Where(match => match.Success).Sum(match => 2 * double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))) >= 350,
            "the statistics line has the queries");
        Assert.InRange(queries, 350, 420);
    }

    [SkippableFact]
    public async Task Systemd_gets_the_same_figures()
    {
        await Requires.VersionAsync(1, 25);
        using TestDirectory directory = new("notify");
        string path = Path.Combine(directory.Path, "socket");
        using Socket manager = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 15_000 };
        manager.Bind(new UnixDomainSocketEndPoint(path));
        (await Command.RunAsync(["chmod", "666", path])).Succeeded();
        PoolerOptions options = PoolerOptions.For(postgres.Cluster, ("stats_period", "1"));
        options.Environment["NOTIFY_SOCKET"] = path;
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(options);
        Assert.Equal("READY=1", Receive(manager));
        const string Figures =
            @"^STATUS=stats: \d+ xacts/s, \d+ queries/s, \d+ client parses/s, \d+ server parses/s, \d+ binds/s, \d+ client logins/s, "
            + @"in \d+ B/s, out \d+ B/s, xact \d+ μs, query \d+ μs, wait \d+ μs$";
        Assert.Matches(Figures, Receive(manager));
        Assert.Matches(Figures, Receive(manager));
    }

    private static string Receive(Socket socket)
    {
        byte[] buffer = new byte[1000];
        return Encoding.UTF8.GetString(buffer, 0, socket.Receive(buffer));
    }

    private static int Stats(PoolerProcess pooler) => pooler.Log().Count(line => line.Contains(" LOG stats: ", StringComparison.Ordinal));

    private static async Task ThreePeriodsAsync(PoolerProcess pooler)
    {
        using RawClient client = await pooler.LogInAsync();
        await client.QueryAsync("SELECT pg_sleep(3)");
    }

    // One client that works and one that is refused; a line that nothing turns off tells that those before it have been read.
    private static async Task<int> LinesAsync(PoolerProcess pooler, Regex kind, string stranger)
    {
        int before = pooler.Log().Count;
        using (RawClient client = await pooler.LogInAsync())
        {
            await client.QueryAsync("SELECT 1");
            await client.SendAsync(FrontendMessages.Terminate());
            Assert.Null(await client.ReadAsync());
        }

        await Assert.ThrowsAsync<ServerErrorException>(() => pooler.LogInAsync(database: "gone"));
        await Assert.ThrowsAsync<ServerErrorException>(() => pooler.LogInAsync(stranger));
        await Assert.ThrowsAsync<ServerErrorException>(() => pooler.LogInAsync(stranger + "_end"));
        await pooler.WaitForLogAsync($"no such user: {stranger}_end$");

        // The line is written before the client's end, so only what came before it counts.
        return pooler.Log().Skip(before).TakeWhile(line => !line.EndsWith($"no such user: {stranger}_end", StringComparison.Ordinal)).Count(kind.IsMatch);
    }
}
