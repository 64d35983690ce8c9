using Pooler.Integration.Tests.Drivers;
using Pooler.Integration.Tests.Fixtures;
using Pooler.Testing;
using Pooler.Testing.Postgres;
using Pooler.Testing.Programs;

namespace Pooler.Integration.Tests.Programs;

/// <summary>Drivers of other languages and psql on the console, where the machine has them.</summary>
public sealed class ConsoleDriverTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [SkippableFact]
    public async Task Psql_queries_and_describes()
    {
        await using PoolerProcess pooler = await StartAsync();
        string output = await PsqlAsync(pooler, "SELECT name, port IS NULL FROM databases;\n", expectedError: "invalid command");
        Assert.Empty(output);
        output = await PsqlAsync(pooler, "SELECT count(*) FROM lists;\nBEGIN;\nSHOW timezone;\nCOMMIT;\nSHOW LISTS WHERE list = 'databases';\n");
        Assert.Equal("14\nBEGIN\nGMT\nCOMMIT\ndatabases|3\n", output);
        output = await PsqlAsync(pooler, "SELECT name, port, 1.5 AS f FROM databases \\gdesc\n");
        Assert.Equal("name|text\nport|integer\nf|numeric\n", output);
    }

    [SkippableFact]
    public async Task Psycopg2_runs_commands()
    {
        Skip.IfNot(await DriverPrograms.HasPythonModuleAsync("psycopg2"), "python3-psycopg2 is not installed");
        await using PoolerProcess pooler = await StartAsync();
        string output = await RunAsync(
            [DriverPrograms.Python, "-"],
            $"""
            import psycopg2
            connection = psycopg2.connect("{ConnectionString(pooler)}")
            cursor = connection.cursor()
            cursor.execute("SHOW DATABASES")
            print([column.name for column in cursor.description][:3], len(cursor.fetchall()))
            cursor.execute("SELECT name, port FROM databases WHERE name = %s AND port > %s", ("app", 0))
            print([(name, type(port).__name__) for name, port in cursor.fetchall()], cursor.rowcount)
            connection.commit()
            try:
                cursor.execute("SELECT foo FROM databases")
            except psycopg2.errors.UndefinedColumn as error:
                print("no column")
            connection.rollback()
            with connection:
                cursor.execute("SELECT count(*), avg(items) FROM lists WHERE list IN ('users', 'it''s')")
                print(cursor.fetchone()[0])
            connection.close()
            """);
        Assert.Equal("['name', 'host', 'port'] 3\n[('app', 'int')] 1\nno column\n1\n", output);
    }

    [SkippableFact]
    public async Task Psycopg3_runs_prepared_and_binary()
    {
        Skip.IfNot(await DriverPrograms.HasPythonModuleAsync("psycopg"), "python3-psycopg is not installed");
        await using PoolerProcess pooler = await StartAsync();
        string output = await RunAsync(
            [DriverPrograms.Python, "-"],
            $"""
            import psycopg
            with psycopg.connect("{ConnectionString(pooler)}") as connection:
                for binary in (False, True):
                    for i in range(8):
                        row = connection.execute(
                            "SELECT name, port FROM databases WHERE name = %s AND port < %s ORDER BY 1",
                            ("app", 70000 + i), binary=binary).fetchone()
                    print(row[0], type(row[1]).__name__)
                print(connection.execute("SELECT sum(value) FROM totals WHERE name = %s", ["nothing"], binary=True).fetchone())
                print(connection.execute("SELECT count(*) FROM lists WHERE items >= %s", [0], prepare=True).fetchone())
                connection.commit()
                with connection.transaction():
                    print(connection.execute("SHOW timezone").fetchone())
                try:
                    connection.execute("SHOW foo", prepare=True)
                except psycopg.errors.ProtocolViolation as error:
                    print(error.diag.message_primary)
                connection.rollback()
                with connection.pipeline():
                    first = connection.execute("SELECT count(*) FROM state")
                    second = connection.execute("SELECT key FROM state WHERE value = %s", ["yes"])
                    print(first.fetchone(), second.fetchone())
                with connection.cursor() as cursor:
                    print(len(list(cursor.stream("SELECT list FROM lists LIMIT %s", [5]))))
            """);
        Assert.Equal(
            "app int\napp int\n(None,)\n(14,)\n('GMT',)\ninvalid command 'SHOW foo', use SHOW HELP;\n(3,) ('active',)\n5\n", output);
    }

    [SkippableFact]
    public async Task Jdbc_runs_prepared_statements()
    {
        Skip.IfNot(await DriverPrograms.HasJdbcAsync(), "libpostgresql-jdbc-java or a JDK is not installed");
        await using PoolerProcess pooler = await StartAsync(("ignore_startup_parameters", "extra_float_digits"));
        using TestDirectory directory = new("jdbc");
        string source = directory.Write("Console.java", $$"""
            import java.sql.*;

            public class Console {
                public static void main(String[] arguments) throws Exception {
                    try (Connection connection = DriverManager.getConnection("jdbc:postgresql://{{pooler.Host}}:{{pooler.Port}}/pgbouncer", "admin", "adminsecret")) {
                        try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery("SHOW DATABASES")) {
                            while (rows.next()) System.out.println(rows.getString("name") + " " + (rows.getInt("port") > 0) + " " + rows.getMetaData().getColumnTypeName(3));
                        }
                        try (PreparedStatement statement = connection.prepareStatement("SELECT count(*), sum(port) FROM databases WHERE name LIKE ? AND port > ?")) {
                            for (int i = 0; i < 12; i++) {
                                statement.setString(1, "p%");
                                statement.setInt(2, i);
                                try (ResultSet rows = statement.executeQuery()) {
                                    rows.next();
                                    if (i % 11 == 0) System.out.println(rows.getLong(1) + " " + (rows.getBigDecimal(2).signum()));
                                }
                            }
                        }
                        connection.setAutoCommit(false);
                        try (Statement statement = connection.createStatement()) {
                            statement.setFetchSize(2);
                            int count = 0;
                            try (ResultSet rows = statement.executeQuery("SELECT list FROM lists")) {
                                while (rows.next()) count++;
                            }
                            System.out.println(count);
                            try {
                                statement.executeQuery("SELECT foo FROM lists");
                            } catch (SQLException error) {
                                System.out.println(error.getSQLState());
                            }
                        }
                        connection.rollback();
                        System.out.println(connection.isValid(5));
                    }
                }
            }
            """);
        string output = await RunAsync(["java", "-cp", DriverPrograms.JdbcDriver, source]);
        Assert.Equal("app true int4\npgbouncer true int4\npostgres true int4\n2 1\n2 1\n14\n42703\ntrue\n", output);
    }

    private static string ConnectionString(PoolerProcess pooler) =>
        $"host={pooler.Host} port={pooler.Port} user=admin password={pooler.Options.UserList["admin"]} dbname=pgbouncer";

    private static async Task<string> PsqlAsync(PoolerProcess pooler, string script, string? expectedError = null)
    {
        CommandResult result = await Command.RunAsync(
            [PostgresBinaries.Client("psql"), "-X", "-At", "-d", ConnectionString(pooler)], input: script);
        if (expectedError is null)
            Assert.Empty(result.Error);
        else
            Assert.Contains(expectedError, result.Error, StringComparison.Ordinal);
        return result.Output;
    }

    private static async Task<string> RunAsync(string[] command, string? input = null) => (await Command.RunAsync(command, input: input)).Succeeded();

    private async Task<PoolerProcess> StartAsync(params (string Key, string? Value)[] settings)
    {
        await Requires.PoolerAsync();
        return await PoolerProcess.StartAsync(postgres.Cluster, settings);
    }
}
