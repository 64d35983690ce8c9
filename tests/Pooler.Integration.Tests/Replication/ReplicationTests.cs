using Npgsql;
using Npgsql.Replication;
using Npgsql.Replication.TestDecoding;
using Pooler.Integration.Tests.Fixtures;
using Pooler.Testing;
using Pooler.Testing.Postgres;
using Pooler.Testing.Programs;
using Pooler.Testing.Protocol;

namespace Pooler.Integration.Tests.Replication;

/// <summary>PostgreSQL's own replication programs, a standby, a subscription and Npgsql, all of them through a pooler in transaction mode.</summary>
public sealed class ReplicationTests(WalCluster wal, PostgresFixture shared) : IClassFixture<WalCluster>, IClassFixture<PostgresFixture>
{
    // Workers of PostgreSQL start and come back in their own time.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // A libpq that knows protocol 3.2 is to speak it; an older one does not look.
    private static readonly Dictionary<string, string> NewestProtocol = new() { ["PGMAXPROTOCOLVERSION"] = "3.2" };

    private PostgresCluster Primary => wal.Cluster;

    [SkippableFact]
    public async Task A_standby_made_by_pg_basebackup_follows()
    {
        await using PoolerProcess pooler = await StartAsync();
        await ExecuteAsync("CREATE TABLE copied AS SELECT 'before' AS word");

        // Two connections at a time: the files, and the WAL that comes into being meanwhile.
        await using PostgresCluster standby = await PostgresCluster.StartFromAsync(async directory => (await Command.RunUnprivilegedAsync(
        [
            PostgresBinaries.Client("pg_basebackup"), "-h", pooler.Host, "-p", $"{pooler.Port}", "-U", "bouncer", "-w",
            "-D", directory, "-X", "stream", "-c", "fast", "-R", "--no-sync",
        ])).Succeeded());
        Assert.Equal("before", await standby.ScalarAsync("SELECT word FROM copied"));
        Assert.Equal(true, await standby.ScalarAsync("SELECT pg_is_in_recovery()"));
        await ExecuteAsync("UPDATE copied SET word = 'after'");
        await Wait.UntilAsync(async () => await standby.ScalarAsync("SELECT word FROM copied") is "after", "the standby follows", Patience);
        string[] row = Assert.Single(await RowsAsync(pooler, "SHOW SERVERS", "replication", "physical"));
        Assert.Contains("active", row);

        // It comes back by itself after its server was replaced.
        await pooler.AdminAsync("RECONNECT");
        await pooler.WaitForLogAsync("closing because: database configuration changed");
        await ExecuteAsync("UPDATE copied SET word = 'reconnected'");
        await Wait.UntilAsync(async () => await standby.ScalarAsync("SELECT word FROM copied") is "reconnected", "the standby follows again", Patience);
    }

    [SkippableFact]
    public async Task Pg_receivewal_gets_the_very_bytes_of_the_log()
    {
        await using PoolerProcess pooler = await StartAsync();
        using TestDirectory directory = new("wal");
        await using GuardedProcess receiver = GuardedProcess.Start(
        [
            PostgresBinaries.Client("pg_receivewal"), "-h", pooler.Host, "-p", $"{pooler.Port}", "-U", "bouncer", "-w", "-D", directory.Path, "--no-loop", "--no-sync", "-s", "1",
        ],
        NewestProtocol);
        await Wait.UntilAsync(
            async () => await Primary.ScalarAsync("SELECT count(*) FROM pg_stat_replication WHERE application_name = 'pg_receivewal' AND state = 'streaming'") is 1L, "it streams");
        await ExecuteAsync("CREATE TABLE logged AS SELECT repeat('x', 100) AS t, n FROM generate_series(1, 20000) AS n");
        string segment = (string)(await Primary.ScalarAsync("SELECT pg_walfile_name(pg_current_wal_lsn())"))!;
        await ExecuteAsync("SELECT pg_switch_wal()");
        await Wait.UntilAsync(() => File.Exists(Path.Combine(directory.Path, segment)), $"segment {segment} is whole", Patience);
        (await Command.RunUnprivilegedAsync(["cmp", Path.Combine(directory.Path, segment), Path.Combine(Primary.DataDirectory, "pg_wal", segment)])).Succeeded();

        // The client ends the stream, and takes the server's goodbye.
        await receiver.SignalAsync("INT");
        Assert.Equal(0, await receiver.WaitForExitAsync());
        await pooler.WaitForLogAsync("closing because: replication client was closed");
    }

    [SkippableFact]
    public async Task Pg_recvlogical_gets_the_changes_that_were_made()
    {
        await using PoolerProcess pooler = await StartAsync();
        string[] program = [PostgresBinaries.Client("pg_recvlogical"), "-h", pooler.Host, "-p", $"{pooler.Port}", "-U", "bouncer", "-w", "-d", "app", "--slot", "decoded"];
        await ExecuteAsync("CREATE TABLE decoded (n int PRIMARY KEY, word text)");
        (await Command.RunUnprivilegedAsync([.. program, "--create-slot", "-P", "test_decoding"])).Succeeded();
        await ExecuteAsync("INSERT INTO decoded VALUES (1, 'one'), (2, 'two')");
        await ExecuteAsync("DELETE FROM decoded WHERE n = 1");
        string end = (await Primary.ScalarAsync("SELECT pg_current_wal_insert_lsn()::text"))!.ToString()!;
        await ExecuteAsync("SELECT pg_logical_emit_message(false, 'test', 'so that the end is passed')");
        string output = (await Command.RunUnprivilegedAsync(
        [
            .. program, "--start", "--no-loop", "--endpos", end, "-o", "include-xids=0", "-o", "skip-empty-xacts=1", "-f", "-",
        ],
        NewestProtocol)).Succeeded();
        string[] changes = [.. output.Split('\n').Where(line => line.Contains("decoded", StringComparison.Ordinal))];
        Assert.Equal(
            ["table public.decoded: INSERT: n[integer]:1 word[text]:'one'", "table public.decoded: INSERT: n[integer]:2 word[text]:'two'", "table public.decoded: DELETE: n[integer]:1"],
            changes);
        (await Command.RunUnprivilegedAsync([.. program, "--drop-slot"])).Succeeded();
        Assert.Equal(0L, await Primary.ScalarAsync("SELECT count(*) FROM pg_replication_slots WHERE slot_name = 'decoded'"));
    }

    [SkippableFact]
    public async Task A_subscription_copies_a_table_and_follows_it()
    {
        await using PoolerProcess pooler = await StartAsync();
        await ExecuteAsync("CREATE TABLE published (n int PRIMARY KEY, day date); INSERT INTO published VALUES (1, '2026-02-01')");
        await ExecuteAsync("CREATE PUBLICATION news FOR TABLE published");
        await using NpgsqlConnection subscriber = await shared.Cluster.OpenAsync();
        await ExecuteAsync(subscriber, "CREATE TABLE published (n int PRIMARY KEY, day date)");
        try
        {
            // Its workers send options of their own, a DateStyle among them, which must reach the server as they are.
            await ExecuteAsync(
                subscriber,
                $"CREATE SUBSCRIPTION reader CONNECTION 'host={pooler.Host} port={pooler.Port} user=bouncer dbname=app' PUBLICATION news");
            await CountAsync(1);
            await ExecuteAsync("INSERT INTO published VALUES (2, '2026-12-31')");
            await CountAsync(2);
        }
        finally
        {
            await ExecuteAsync(subscriber, "DROP SUBSCRIPTION IF EXISTS reader");
            await ExecuteAsync(subscriber, "DROP TABLE published");
        }

        async Task CountAsync(long rows) => await Wait.UntilAsync(
            async () => await shared.Cluster.ScalarAsync("SELECT count(*) FROM published") is long count && count == rows, $"{rows} rows have come", Patience);
    }

    [SkippableFact]
    public async Task Npgsql_reads_decoded_changes()
    {
        await using PoolerProcess pooler = await StartAsync();
        await ExecuteAsync("CREATE TABLE watched (n int PRIMARY KEY)");
        await using LogicalReplicationConnection connection = new(pooler.ConnectionString());
        await connection.Open();
        TestDecodingReplicationSlot slot = await connection.CreateTestDecodingReplicationSlot("watched", temporarySlot: true);
        await ExecuteAsync("INSERT INTO watched VALUES (7)");
        using CancellationTokenSource end = new(Patience);
        List<string> changes = [];
        await foreach (TestDecodingData message in connection.StartReplication(slot, end.Token))
        {
            changes.Add(message.Data);
            connection.SetReplicationStatus(message.WalEnd);
            if (message.Data.StartsWith("COMMIT", StringComparison.Ordinal) && changes.Exists(change => change.Contains("watched", StringComparison.Ordinal)))
            {
                break;
            }
        }

        Assert.Contains("table public.watched: INSERT: n[integer]:7", changes);
    }

    [SkippableFact]
    public async Task Who_may_not_replicate_is_refused_and_nobody_else_suffers()
    {
        await using PoolerProcess pooler = await StartAsync();
        using RawClient ordinary = await pooler.LogInAsync("trusty");
        using RawClient replication = await pooler.ConnectAsync();
        ServerErrorException error = await Assert.ThrowsAsync<ServerErrorException>(() => replication.LogInAsync("trusty", "app", null, [("replication", "database")]));
        Assert.Contains("login failed", error.Message, StringComparison.Ordinal);
        await pooler.WaitForLogAsync("S: login failed: FATAL: .*(walsender|WAL sender)");
        Assert.Equal("1", (await ordinary.QueryAsync("SELECT 1")).Scalar);
    }

    [SkippableFact]
    public async Task A_client_that_dies_in_a_stream_takes_its_server_along()
    {
        await using PoolerProcess pooler = await StartAsync();
        using (RawClient client = await pooler.LogInAsync(parameters: ("replication", "true")))
        {
            string lsn = (await client.QueryAsync("IDENTIFY_SYSTEM")).Rows[0][2]!;
            await client.SendAsync(FrontendMessages.Query($"START_REPLICATION PHYSICAL {lsn}"));
            Assert.Equal('W', (await client.ReadAsync())!.Type);
            Assert.Equal('d', (await client.ReadAsync())!.Type);
        }

        await pooler.WaitForLogAsync("closing because: client disconnect");
        await Wait.UntilAsync(async () => (await RowsAsync(pooler, "SHOW SERVERS", "replication", "physical")).Count == 0, "its server is gone");
    }

    private Task<PoolerProcess> StartAsync() => wal.StartPoolerAsync();

    private async Task ExecuteAsync(string sql)
    {
        await using NpgsqlConnection connection = await Primary.OpenAsync();
        await ExecuteAsync(connection, sql);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using NpgsqlCommand command = new(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<List<string[]>> RowsAsync(PoolerProcess pooler, string command, string column, string value)
    {
        QueryResult result = await pooler.AdminAsync(command);
        int index = result.Columns.IndexOf(column);
        return [.. result.Rows.Where(row => row[index] == value).Select(row => row.Select(field => field ?? "").ToArray())];
    }
}
