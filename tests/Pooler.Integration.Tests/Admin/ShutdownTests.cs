using Pooler.Integration.Tests.Fixtures;
using Pooler.Testing.Programs;
using Pooler.Testing.Protocol;

namespace Pooler.Integration.Tests.Admin;

/// <summary>The ways to end: SHUTDOWN in its three forms and the signals.</summary>
public sealed class ShutdownTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task Shutdown_ends_at_once()
    {
        await using PoolerProcess pooler = await StartAsync();
        using RawClient client = await pooler.LogInAsync();
        await client.QueryAsync("BEGIN");
        using RawClient console = await pooler.ConsoleAsync();
        await console.SendAsync(FrontendMessages.Query("SHUTDOWN"));
        Assert.Equal(0, await pooler.WaitForExitAsync());
        Assert.Contains(pooler.Log(), line => line.Contains("SHUTDOWN command issued", StringComparison.Ordinal));
        Assert.Null((await client.ReadResultAsync()).Status);
    }

    [SkippableFact]
    public async Task Sigquit_ends_at_once()
    {
        await Requires.VersionAsync(1, 23);
        await using PoolerProcess pooler = await StartAsync();
        await pooler.SignalAsync("QUIT");
        Assert.Equal(0, await pooler.WaitForExitAsync());
    }

    [SkippableFact]
    public async Task Sigterm_waits_for_the_clients()
    {
        await Requires.VersionAsync(1, 23);
        await using PoolerProcess pooler = await StartAsync();
        using RawClient client = await pooler.LogInAsync();
        await client.QueryAsync("SELECT 1");
        await pooler.SignalAsync("TERM");
        await pooler.WaitForLogAsync("got SIGTERM, shutting down, waiting for all clients disconnect");
        Assert.Equal("still", (await client.QueryAsync("SELECT 'still'")).Scalar);
        Assert.False(pooler.HasExited);
        client.Dispose();
        Assert.Equal(0, await pooler.WaitForExitAsync());
        Assert.Contains(pooler.Log(), line => line.Contains("client connections dropped, exiting", StringComparison.Ordinal));
    }

    [SkippableFact]
    public async Task A_second_sigterm_ends_at_once()
    {
        await Requires.VersionAsync(1, 23);
        await using PoolerProcess pooler = await StartAsync();
        using RawClient client = await pooler.LogInAsync();
        await client.QueryAsync("SELECT 1");
        await pooler.SignalAsync("TERM");
        await pooler.WaitForLogAsync("got SIGTERM");
        await pooler.SignalAsync("TERM");
        Assert.Equal(0, await pooler.WaitForExitAsync());
        Assert.Contains(pooler.Log(), line => line.Contains("got SIGTERM while shutting down, fast exit", StringComparison.Ordinal));
    }

    [SkippableFact]
    public async Task Shutdown_wait_for_clients_does_as_sigterm()
    {
        await Requires.VersionAsync(1, 23);
        await using PoolerProcess pooler = await StartAsync();
        using RawClient client = await pooler.LogInAsync();
        await client.QueryAsync("SELECT 1");
        using (RawClient console = await pooler.ConsoleAsync())
        {
            Assert.Equal("SHUTDOWN", Assert.Single((await console.QueryAsync("SHUTDOWN WAIT_FOR_CLIENTS")).Tags));
        }

        Assert.Equal("still", (await client.QueryAsync("SELECT 'still'")).Scalar);
        client.Dispose();
        Assert.Equal(0, await pooler.WaitForExitAsync());
    }

    [Fact]
    public async Task Sigint_waits_for_the_servers_and_refuses_new_work()
    {
        await using PoolerProcess pooler = await StartAsync();
        using RawClient client = await pooler.LogInAsync();
        await client.QueryAsync("BEGIN");
        await pooler.SignalAsync("INT");
        await pooler.WaitForLogAsync("got SIGINT, shutting down");
        Assert.Equal("still", (await client.QueryAsync("SELECT 'still'")).Scalar);
        Assert.False(pooler.HasExited);
        await client.QueryAsync("COMMIT");
        Assert.Equal(0, await pooler.WaitForExitAsync());
        Assert.Contains(pooler.Log(), line => line.Contains("server connections dropped, exiting", StringComparison.Ordinal));
    }

    [SkippableFact]
    public async Task Shutdown_wait_for_servers_cuts_the_queue_off()
    {
        await Requires.VersionAsync(1, 23);
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(
            postgres.Cluster, ("pool_mode", "transaction"), ("default_pool_size", "1"));
        using RawClient holder = await pooler.LogInAsync();
        await holder.QueryAsync("BEGIN");
        using RawClient waiting = await pooler.LogInAsync();
        await waiting.SendAsync(FrontendMessages.Query("SELECT 'never'"));
        using RawClient console = await pooler.ConsoleAsync();
        await console.QueryAsync("SHUTDOWN WAIT_FOR_SERVERS");
        Assert.Equal("server shutting down", Assert.Single((await waiting.ReadResultAsync()).Errors).Message);
        await holder.QueryAsync("COMMIT");
        Assert.Equal(0, await pooler.WaitForExitAsync());
    }

    [Fact]
    public async Task The_unix_socket_and_the_pid_file_are_gone_afterwards()
    {
        PoolerOptions options = PoolerOptions.For(postgres.Cluster);
        string pidFile = Path.Combine(Path.GetTempPath(), $"pooler-test-{Guid.NewGuid():N}.pid");
        options.Settings["pidfile"] = pidFile;
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(options);
        string socket = Path.Combine(pooler.Directory, $".s.PGSQL.{pooler.Port}");
        Assert.Equal($"{pooler.ProcessId}", (await File.ReadAllTextAsync(pidFile)).Trim());
        Assert.True(File.Exists(socket));
        await pooler.SignalAsync("INT");
        Assert.Equal(0, await pooler.WaitForExitAsync());
        Assert.False(File.Exists(pidFile));
        Assert.False(File.Exists(socket));
    }

    private Task<PoolerProcess> StartAsync() => PoolerProcess.StartAsync(postgres.Cluster, ("pool_mode", "transaction"));
}
