using System.Globalization;
using Pooler.Integration.Tests.Fixtures;
using Pooler.Testing.Postgres;
using Pooler.Testing.Programs;
using Pooler.Testing.Protocol;

namespace Pooler.Integration.Tests.Startup;

/// <summary>Unix sockets on both sides, and the console that its own operating-system user may enter without a password.</summary>
public sealed class UnixSocketTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task Clients_may_come_over_the_unix_socket()
    {
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(postgres.Cluster, ("pool_mode", "transaction"));
        using RawClient client = await pooler.ConnectUnixAsync();
        await client.LogInAsync("bouncer", "app");
        Assert.Equal("1", (await client.QueryAsync("SELECT 1")).Scalar);
        QueryResult clients = await pooler.AdminAsync("SHOW CLIENTS");
        Assert.Contains(clients.Rows, row => row[clients.Columns.IndexOf("addr")] == "unix" && row[clients.Columns.IndexOf("database")] == "app");
        await pooler.WaitForLogAsync(@"app/bouncer@unix(\(\d+\))?:\d+ login attempt: db=app user=bouncer tls=no");
    }

    [Fact]
    public async Task Encryption_is_declined_on_the_unix_socket()
    {
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(postgres.Cluster);
        using RawClient client = await pooler.ConnectUnixAsync();
        await client.SendAsync(FrontendMessages.SslRequest());
        Assert.Equal('N', await client.ReadByteAsync());
        await client.LogInAsync("bouncer", "app");
    }

    [Fact]
    public async Task Servers_may_be_reached_over_their_unix_socket()
    {
        PoolerOptions options = PoolerOptions.For(postgres.Cluster, ("pool_mode", "transaction"));
        options.Databases["local"] = string.Create(
            CultureInfo.InvariantCulture, $"host={postgres.Cluster.SocketDirectory} port={postgres.Cluster.Port} dbname=app");
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(options);
        using RawClient client = await pooler.LogInAsync(database: "local");
        Assert.Null((await client.QueryAsync("SELECT inet_server_addr()")).Scalar);
        await pooler.WaitForLogAsync(@"S-0x[0-9a-f]+: local/bouncer@unix(\(\d+\))?:\d+ new connection to server");
    }

    [Fact]
    public async Task The_own_user_enters_the_console_as_pgbouncer_without_a_password()
    {
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(postgres.Cluster, ("auth_type", "scram-sha-256"));
        CommandResult result = await Command.RunUnprivilegedAsync(
        [
            PostgresBinaries.Client("psql"), "-X", "-At", "-w", "-h", pooler.Directory, "-p", $"{pooler.Port}", "-U", "pgbouncer", "-d", "pgbouncer",
            "-c", "SHOW VERSION", "-c", "PAUSE", "-c", "RESUME",
        ]);
        Assert.StartsWith("PgBouncer ", result.Succeeded(), StringComparison.Ordinal);
        Assert.EndsWith("PAUSE\nRESUME\n", result.Output, StringComparison.Ordinal);
        await pooler.WaitForLogAsync("pgbouncer access from unix socket");
    }
}
