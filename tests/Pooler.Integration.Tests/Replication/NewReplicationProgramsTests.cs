using Npgsql;
using Pooler.Integration.Tests.Fixtures;
using Pooler.Testing;
using Pooler.Testing.Postgres;
using Pooler.Testing.Programs;

namespace Pooler.Integration.Tests.Replication;

/// <summary>What PostgreSQL's replication learnt after version 15, in protocol 3.2 where the programs know it, through a pooler in transaction mode.</summary>
public sealed class NewReplicationProgramsTests(WalCluster wal, PostgresFixture shared) : IClassFixture<WalCluster>, IClassFixture<PostgresFixture>
{
    // Workers of PostgreSQL start and come back in their own time.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private PostgresCluster Primary => wal.Cluster;

    [SkippableTheory]
    [InlineData("3.0")]
    [InlineData("3.2")]
    public async Task A_backup_and_what_changed_since_make_a_cluster(string protocolVersion)
    {
        await Requires.PostgresAsync(18);
        await Requires.ClientAsync("pg_basebackup", 18);
        await using PoolerProcess pooler = await StartAsync(protocolVersion);
        string table = "saved_" + protocolVersion.Replace('.', '_');
        await Primary.ScalarAsync($"CREATE TABLE {table} AS SELECT n, 'before' AS word FROM generate_series(1, 5000) n");
        using TestDirectory directory = new("backup");
        string full = Path.Combine(directory.Path, "full");
        string changed = Path.Combine(directory.Path, "changed");
        await BackUpAsync(pooler, protocolVersion, full);
        await Primary.ScalarAsync($"UPDATE {table} SET word = 'after' WHERE n = 7");

        // The manifest of the first one goes up to the server, in COPY.
        await BackUpAsync(pooler, protocolVersion, changed, "--incremental", Path.Combine(full, "backup_manifest"));
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(changed, "base"), "INCREMENTAL.*", SearchOption.AllDirectories));
        await using PostgresCluster copy = await PostgresCluster.StartFromAsync(async data => (await Command.RunUnprivilegedAsync(
            [PostgresBinaries.Client("pg_combinebackup"), full, changed, "-o", data, "--no-sync"])).Succeeded());
        Assert.Equal("5000 7", await copy.ScalarAsync($"SELECT count(*) || ' ' || string_agg(n::text, ' ') FILTER (WHERE word = 'after') FROM {table}"));
    }

    [SkippableFact]
    public async Task A_standby_becomes_a_subscriber()
    {
        await Requires.PostgresAsync(18);
        await Requires.ClientAsync("pg_createsubscriber", 18);
        await using PoolerProcess pooler = await StartAsync("3.2");
        await Primary.ScalarAsync("CREATE DATABASE moved");
        await Primary.ScalarAsync("CREATE TABLE item (n int PRIMARY KEY); INSERT INTO item VALUES (1)", "moved");
        await using PostgresCluster subscriber = await PostgresCluster.StartFromAsync(async data =>
        {
            await BackUpAsync(pooler, "3.2", data, "-R");
            (await Command.RunUnprivilegedAsync(
            [
                PostgresBinaries.Client("pg_createsubscriber"), "-D", data, "-P", $"host={pooler.Host} port={pooler.Port} user=bouncer dbname=moved max_protocol_version=3.2",
                "-d", "moved", "-U", "bouncer", "-p", $"{FreePort.Next()}", "-s", Path.GetDirectoryName(data)!, "-t", "60",
            ])).Succeeded();
        });
        try
        {
            await Primary.ScalarAsync("INSERT INTO item VALUES (2)", "moved");
            await Wait.UntilAsync(async () => await subscriber.ScalarAsync("SELECT count(*) FROM item", "moved") is 2L, "the subscriber follows", Patience);
            Assert.Equal(false, await subscriber.ScalarAsync("SELECT pg_is_in_recovery()"));
        }
        finally
        {
            // It takes its slot along.
            string name = (string)(await subscriber.ScalarAsync("SELECT subname::text FROM pg_subscription"))!;
            await subscriber.ScalarAsync($"DROP SUBSCRIPTION \"{name}\"", "moved");
        }

        Assert.Equal(0L, await Primary.ScalarAsync("SELECT count(*) FROM pg_replication_slots WHERE database = 'moved'"));
    }

    [SkippableFact]
    public async Task A_large_transaction_is_streamed_while_it_is_open()
    {
        await Requires.PostgresAsync(16);
        await using PoolerProcess pooler = await StartAsync("3.2");
        const string Table = "CREATE TABLE streamed (n int PRIMARY KEY, t text)";
        await Primary.ScalarAsync(Table);
        await Primary.ScalarAsync("CREATE PUBLICATION stream FOR TABLE streamed");
        await shared.Cluster.ScalarAsync(Table);
        string version = await PostgresBinaries.ServerVersionAsync() >= 18 ? "max_protocol_version=3.2" : "";
        try
        {
            await shared.Cluster.ScalarAsync(
                $"CREATE SUBSCRIPTION streaming CONNECTION 'host={pooler.Host} port={pooler.Port} user=bouncer dbname=app {version}' PUBLICATION stream WITH (streaming = parallel)");

            // What is large while the table is still being copied is not streamed.
            await Wait.UntilAsync(async () => await shared.Cluster.ScalarAsync("SELECT string_agg(srsubstate::text, '') FROM pg_subscription_rel WHERE srrelid = 'streamed'::regclass") is "r", "the table is copied", Patience);
            await using NpgsqlConnection writer = await Primary.OpenAsync();
            await using NpgsqlTransaction transaction = await writer.BeginTransactionAsync();
            await using NpgsqlCommand insert = new("INSERT INTO streamed SELECT n, repeat('x', 100) FROM generate_series(1, 20000) n", writer, transaction);
            await insert.ExecuteNonQueryAsync();
            await Wait.UntilAsync(
                async () => await Primary.ScalarAsync("SELECT stream_txns > 0 FROM pg_stat_replication_slots WHERE slot_name = 'streaming'") is true, "it is streamed", Patience);
            Assert.Equal(0L, await CountAsync());
            await transaction.CommitAsync();
            await Wait.UntilAsync(async () => await CountAsync() is 20000L, "all rows have come", Patience);
        }
        finally
        {
            await shared.Cluster.ScalarAsync("DROP SUBSCRIPTION IF EXISTS streaming");
            await shared.Cluster.ScalarAsync("DROP TABLE streamed");
        }

        async Task<object?> CountAsync() => await shared.Cluster.ScalarAsync("SELECT count(*) FROM streamed");
    }

    /// <summary>A pooler that speaks this version of the protocol with its servers.</summary>
    private async Task<PoolerProcess> StartAsync(string protocolVersion)
    {
        await Requires.PoolerAsync();
        return await wal.StartPoolerAsync(("server_protocol_version", protocolVersion));
    }

    private static async Task BackUpAsync(PoolerProcess pooler, string protocolVersion, string directory, params string[] more) => (await Command.RunUnprivilegedAsync(
        [
            PostgresBinaries.Client("pg_basebackup"), "-h", pooler.Host, "-p", $"{pooler.Port}", "-U", "bouncer", "-w", "-D", directory, "-X", "stream", "-c", "fast", "--no-sync", .. more,
        ],
        new Dictionary<string, string> { ["PGMINPROTOCOLVERSION"] = protocolVersion, ["PGMAXPROTOCOLVERSION"] = protocolVersion })).Succeeded();
}
