using System.Globalization;
using Npgsql;
using Pooler.Testing.Fuzzing;
using Pooler.Testing.Postgres;
using Pooler.Testing.Programs;

namespace Simulate;

/// <summary>Records the conversations that the fuzzing begins with: programs and drivers with a PostgreSQL of their own.</summary>
internal static class RecordCommand
{
    // What is longer is not worth its place.
    private const int LongestConversation = 24_000;

    private const string PsqlScript = """
        CREATE TEMP TABLE t (id int, note text);
        INSERT INTO t SELECT g, 'marker-00000000' FROM generate_series(1, 5) g;
        SELECT * FROM t; SELECT 1/0;
        BEGIN; SELECT 'marker-00000000', now()::date > '2000-01-01'; SAVEPOINT s; SELECT nothing; ROLLBACK TO s; COMMIT;
        LISTEN talk; NOTIFY talk, 'marker-00000000';
        SET TimeZone = 'Asia/Tokyo'; SET application_name = 'other';
        DO $$ BEGIN RAISE NOTICE 'marker-00000000'; END $$;
        PREPARE p AS SELECT $1::text; EXECUTE p('marker-00000000'); DEALLOCATE ALL;
        BEGIN; DECLARE c CURSOR FOR SELECT * FROM t; FETCH 2 FROM c; CLOSE c; ROLLBACK;
        """;

    private const string CopyScript = """
        CREATE TEMP TABLE t (id int, note text);
        COPY t FROM STDIN;
        1	marker-00000000
        2	marker-00000000
        \.
        COPY t TO STDOUT;
        COPY t FROM STDIN;
        not a number	marker-00000000
        \.
        COPY nothing TO STDOUT;
        SELECT count(*) FROM t;
        """;

    private const string PipelineScript = """
        SELECT $1::text, $2::int \parse named
        \bind_named named marker-00000000 1 \g
        \startpipeline
        SELECT 'marker-00000000';
        SELECT $1::text \bind marker-00000000 \sendpipeline
        \flushrequest
        \getresults
        \bind_named named marker-00000000 2 \sendpipeline
        \syncpipeline
        SELECT 1/0;
        SELECT 'never';
        \syncpipeline
        SELECT 'marker-00000000' \parse other
        \bind_named other \sendpipeline
        \close_prepared other
        \endpipeline
        \close_prepared named
        """;

    private const string Psycopg2 = """
        import psycopg2, io
        c = psycopg2.connect('{0}'); k = c.cursor()
        k.execute("select 'marker-00000000', %s", (7,)); k.fetchall()
        k.execute("create temp table t (a text)"); k.copy_expert("copy t from stdin", io.StringIO("marker-00000000\nx\n"))
        o = io.StringIO(); k.copy_expert("copy t to stdout", o); c.commit()
        try: k.execute("select 1/0")
        except Exception: c.rollback()
        n = c.cursor('named'); n.execute("select generate_series(1, 5)"); n.fetchmany(2); c.close()
        """;

    private const string Psycopg3 = """
        import psycopg
        c = psycopg.connect('{0}')
        for i in range(7): c.execute("select 'marker-00000000', %s::int", (i,), prepare=True).fetchall()
        with c.pipeline():
            a = c.execute("select 'marker-00000000', %s::int", (1,)); b = c.execute("select %s::text", ("x",)); a.fetchall(); b.fetchall()
        try:
            with c.pipeline():
                c.execute("select 1/0"); c.execute("select 2")
        except Exception: c.rollback()
        c.commit()
        with c.cursor().copy("copy (select 'marker-00000000') to stdout") as p: [r for r in p]
        c.close()
        """;

    internal static async Task<int> RunAsync(string directory)
    {
        Directory.CreateDirectory(directory);
        var (psql, pgbench) = (PostgresBinaries.Client("psql"), PostgresBinaries.Client("pgbench"));
        await using var postgres = await PostgresCluster.StartAsync();
        await RecordAsync("psql", proxy => Command.RunAsync([psql, Uri(proxy, "trusty"), "-X", "-f", "-"], null, PsqlScript), true);
        await RecordAsync("psql-copy", proxy => Command.RunAsync([psql, Uri(proxy, "trusty"), "-X", "-f", "-"], null, CopyScript), true);
        await RecordAsync("login-scram", proxy => Command.RunAsync([psql, Uri(proxy, "scrammy"), "-X", "-c", "SELECT 'marker-00000000'"]), true);
        await RecordAsync("login-md5", proxy => Command.RunAsync([psql, Uri(proxy, "md5y"), "-X", "-c", "SELECT 'marker-00000000'"]), true);
        await RecordAsync("login-ssl", proxy => Command.RunAsync([psql, Uri(proxy, "trusty", "prefer"), "-X", "-c", "SELECT 'marker-00000000'"]), true);
        if (await PostgresBinaries.ClientVersionAsync("psql") >= 18)
        {
            // The one for pipelines, and the other for how a login goes in protocol 3.2.
            await RecordAsync("psql-pipeline", proxy => Command.RunAsync([psql, NewestProtocol(proxy, "trusty"), "-X", "-f", "-"], null, PipelineScript), true);
            await RecordAsync("login-3.2", proxy => Command.RunAsync([psql, NewestProtocol(proxy, "scrammy"), "-X", "-c", "SELECT 'marker-00000000'"]), true);
        }

        await Command.RunAsync([pgbench, "-i", "-q", $"postgresql://postgres@127.0.0.1:{postgres.Port}/app"]);
        foreach (var mode in new[] { "simple", "extended", "prepared" })
        {
            await RecordAsync($"pgbench-{mode}", proxy => Command.RunAsync([pgbench, "-n", "-M", mode, "-t", "2", Uri(proxy, "postgres")]), false);
        }

        await RecordAsync("npgsql", proxy => UseNpgsqlAsync(proxy, postgres), false);
        await RecordAsync("psycopg2", proxy => Command.RunAsync(["/usr/bin/python3", "-c", string.Format(CultureInfo.InvariantCulture, Psycopg2, Uri(proxy, "trusty"))]), true);
        await RecordAsync("psycopg3", proxy => Command.RunAsync(["/usr/bin/python3", "-c", string.Format(CultureInfo.InvariantCulture, Psycopg3, Uri(proxy, "trusty"))]), true);
        return 0;

        async Task RecordAsync<T>(string name, Func<RecordingProxy, Task<T>> use, bool mayBeEmpty)
        {
            using var proxy = new RecordingProxy(postgres.Port);
            var result = await use(proxy);
            if (result is CommandResult { ExitCode: not 0 } failed && !mayBeEmpty)
            {
                throw new InvalidOperationException($"{name}: {failed}");
            }

            // A program may connect more than once: the last time it works, or cancels.
            var number = 0;
            foreach (var conversation in await proxy.FinishAsync())
            {
                var text = Capture.Write(conversation);
                if (conversation.Count > 0 && text.Length < LongestConversation * 2)
                {
                    var path = Path.Combine(directory, $"{name}{(number == 0 ? "" : $"-{number}")}.txt");
                    await File.WriteAllTextAsync(path, text);
                    Console.WriteLine($"{path}: {text.Length / 2} bytes");
                    number++;
                }
            }
        }
    }

    private static string Uri(RecordingProxy proxy, string user, string encryption = "disable") =>
        $"postgresql://{user}:{PostgresCluster.Password}@127.0.0.1:{proxy.Port}/app?sslmode={encryption}&gssencmode={encryption}";

    private static string NewestProtocol(RecordingProxy proxy, string user) => $"{Uri(proxy, user)}&max_protocol_version=latest";

    private static async Task<int> UseNpgsqlAsync(RecordingProxy proxy, PostgresCluster postgres)
    {
        var target = new NpgsqlConnectionStringBuilder(postgres.ConnectionString("trusty"))
        {
            Port = proxy.Port,
            MaxAutoPrepare = 5,
            AutoPrepareMinUsages = 2,
        };
        var builder = new NpgsqlDataSourceBuilder(target.ConnectionString);
        builder.ConfigureTypeLoading(loading => loading.EnableTypeLoading(false));
        await using var source = builder.Build();
        await using var connection = await source.OpenConnectionAsync();
        for (var i = 0; i < 4; i++)
        {
            await using var command = new NpgsqlCommand("SELECT 'marker-00000000', $1", connection) { Parameters = { new() { Value = i } } };
            await command.ExecuteScalarAsync();
        }

        await using (var batch = new NpgsqlBatch(connection) { BatchCommands = { new("SELECT 'marker-00000000'"), new("SELECT 1/0"), new("SELECT 3") } })
        {
            await IgnoreAsync(batch.ExecuteNonQueryAsync());
        }

        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await using var prepared = new NpgsqlCommand("SELECT generate_series(1, $1)", connection) { Parameters = { new() { Value = 3 } } };
            await prepared.PrepareAsync();
            await prepared.ExecuteNonQueryAsync();
            await prepared.UnprepareAsync();
            await transaction.CommitAsync();
        }

        await using (var table = new NpgsqlCommand("CREATE TEMP TABLE t (id int, note text)", connection))
        {
            await table.ExecuteNonQueryAsync();
        }

        await using (var writer = await connection.BeginBinaryImportAsync("COPY t FROM STDIN (FORMAT binary)"))
        {
            await writer.WriteRowAsync(default, 1, "marker-00000000");
            await writer.CompleteAsync();
        }

        await using (var writer = await connection.BeginBinaryImportAsync("COPY t FROM STDIN (FORMAT binary)"))
        {
            await writer.WriteRowAsync(default, 1, "never");
        }

        using (var reader = await connection.BeginTextExportAsync("COPY t TO STDOUT"))
        {
            await reader.ReadToEndAsync();
        }

        await using var slow = new NpgsqlCommand("SELECT pg_sleep(10)", connection);
        var running = slow.ExecuteNonQueryAsync();
        await Task.Yield();
        slow.Cancel();
        await IgnoreAsync(running);
        return 0;

        static async Task IgnoreAsync(Task task)
        {
            try
            {
                await task;
            }
            catch (Exception exception) when (exception is PostgresException or OperationCanceledException)
            {
                // It is meant to fail.
            }
        }
    }
}
