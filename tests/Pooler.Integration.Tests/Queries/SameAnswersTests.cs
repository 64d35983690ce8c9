using System.Text;
using Pooler.Integration.Tests.Fixtures;
using Pooler.Testing.Protocol;
using static Pooler.Testing.Protocol.FrontendMessages;

namespace Pooler.Integration.Tests.Queries;

/// <summary>
/// What drivers say, and what they should not say: through the pooler in transaction mode, with one server for all clients, the answers are the ones that PostgreSQL
/// itself gives, in whatever pieces the bytes come, and the server is another client's afterwards.
/// </summary>
public sealed class SameAnswersTests(SameAnswersFixture fixture) : IClassFixture<SameAnswersFixture>
{
    private static readonly byte[] BadRow = CopyData("not a number\n"u8);
    private static readonly byte[] Rows = CopyData("1\n2\n"u8);

    // How many pieces a dialogue is cut into at most; each is a packet of its own.
    private const int PiecesAtMost = 600;

    private static readonly Dictionary<string, byte[][]> Dialogues = new()
    {
        ["three batches, an error in the second"] = [Run("1"), Sync(), Run("2"), Run("1/0"), Run("3"), Sync(), Run("4"), Sync()],
        ["an error in each batch"] = [Run("1/0"), Sync(), Parse("", "SELEKT"), Bind("", ""), Execute(""), Sync(), DescribePortal("nosuch"), Sync(), Execute("nosuch"), Sync()],
        ["an error at the first request of a pipeline"] = [Parse("", "SELEKT"), Run("2"), Run("3"), Sync(), Run("4"), Sync()],
        ["Flush instead of Sync, Sync at last"] = [Parse("", "SELECT 7"), DescribeStatement(""), Flush(), Bind("", ""), Flush(), Execute(""), Flush(), Sync()],
        ["Flush, an error, Flush, Sync"] = [Run("1"), Flush(), Run("1/0"), Flush(), Run("2"), Flush(), Sync()],
        ["several Flushes alone"] = [Flush(), Flush(), Sync(), Flush(), Query("SELECT 1"), Flush()],
        ["a query behind requests without Sync"] = [Run("1"), Query("SELECT 2"), Run("3"), Sync()],
        ["a query behind a failed request without Sync"] = [Run("1/0"), Query("SELECT 'skipped'"), Run("2"), Sync(), Run("3"), Sync()],
        ["many queries at once, some fail"] = [Query("SELECT 1"), Query("SELECT 1/0"), Query("SELECT 2; SELECT 1/0; SELECT 3"), Query("SELECT 4")],
        ["nothing to do"] = [Query(""), Query(";;"), Parse("", ""), Bind("", ""), Execute(""), Sync(), Sync(), Sync()],
        ["a function call"] = [FunctionCall(177, "20", "22"), FunctionCall(177, "x", "1"), FunctionCall(2_000_000_000), FunctionCall(177, "1", "2")],
        ["a function call behind requests without Sync"] = [Run("1"), FunctionCall(177, "20", "22"), Run("1/0"), FunctionCall(177, "1", "2"), Sync(), FunctionCall(177, "1", "3")],
        ["portals"] =
        [
            Query("BEGIN"), Parse("", "SELECT generate_series(1, 5)"), Bind("p", ""), DescribePortal("p"), Execute("p", 2), Execute("p", 2), Sync(),
            Execute("p", 2), Execute("p", 2), ClosePortal("p"), Execute("p"), Sync(), Query("ROLLBACK"),
        ],
        ["a portal ends with its batch"] = [Parse("", "SELECT generate_series(1, 5)"), Bind("p", ""), Execute("p", 2), Sync(), Execute("p", 2), Sync()],
        ["a transaction in the extended protocol"] =
        [
            RunText("BEGIN"), Sync(), RunText("INSERT INTO {table} VALUES (1)"), Sync(), RunText("SELECT 1/0"), Sync(), Run("2"), Sync(), Query("SELECT 3"), RunText("ROLLBACK"),
            Sync(), Query("SELECT count(*) FROM {table}"),
        ],
        ["a transaction in one batch"] = [RunText("BEGIN"), RunText("INSERT INTO {table} VALUES (1)"), RunText("COMMIT"), Sync(), Query("SELECT count(*) FROM {table}")],
        ["a batch is a transaction"] = [RunText("INSERT INTO {table} VALUES (1)"), Run("1/0"), Sync(), Query("SELECT count(*) FROM {table}")],
        ["a query of several statements is a transaction"] = [Query("INSERT INTO {table} VALUES (1); SELECT 1/0"), Query("SELECT count(*) FROM {table}")],
        ["a transaction within a query"] = [Query("BEGIN; INSERT INTO {table} VALUES (1); COMMIT; INSERT INTO {table} VALUES (2); SELECT 1/0"), Query("SELECT * FROM {table}")],
        ["savepoints"] =
        [
            Query("BEGIN; INSERT INTO {table} VALUES (1); SAVEPOINT a"), Query("INSERT INTO {table} VALUES (2); SELECT 1/0"), Query("SELECT 1"), Query("ROLLBACK TO a"),
            RunText("INSERT INTO {table} VALUES (3)"), RunText("RELEASE a"), Sync(), Query("COMMIT"), Query("SELECT * FROM {table}"),
        ],
        ["a cursor"] =
        [
            Query("BEGIN; DECLARE c CURSOR FOR SELECT generate_series(1, 10)"), Query("FETCH 2 FROM c"), RunText("FETCH 2 FROM c"), Sync(), Query("MOVE 2 FROM c; FETCH ALL FROM c; CLOSE c"),
            Query("FETCH 1 FROM c"), Query("COMMIT"),
        ],
        ["a constraint that fails at the end of a batch"] = [RunText("INSERT INTO {table}_deferred VALUES (1), (1)"), Sync(), Query("INSERT INTO {table}_deferred VALUES (1), (1)"), Run("1"), Sync()],
        ["notices"] = [Query("DO $$BEGIN RAISE NOTICE 'one'; END$$; SELECT 1"), RunText("DO $$BEGIN RAISE NOTICE 'two'; RAISE EXCEPTION 'three'; END$$"), Sync()],
        ["a large object"] =
        [
            Query("BEGIN"), Query("SELECT lo_create(4711)"), Query("SELECT lo_put(4711, 0, repeat('x', 10000)::bytea)"), FunctionCall(952, "4711", "131072"), Query("SELECT length(lo_get(4711))"),
            Query("SELECT lo_unlink(4711)"), Query("COMMIT"),
        ],
        ["named statements"] =
        [
            Parse("s", "SELECT $1::int"), DescribeStatement("s"), Sync(), Bind("", "s", "1"), Execute(""), Bind("", "s", "x"), Execute(""), Sync(), Bind("", "s", "2"), Execute(""), CloseStatement("s"),
            Parse("s", "SELECT 'again'"), Bind("", "s"), Execute(""), Sync(), CloseStatement("nosuch"), Sync(),
        ],
        ["a name is free after its Parse has failed"] = [Parse("f", "SELEKT"), Sync(), Parse("f", "SELECT 5"), Bind("", "f"), Execute(""), Sync()],
        ["a Parse behind an error gives no name"] = [Run("1/0"), Parse("g", "SELECT 5"), Sync(), Parse("g", "SELECT 6"), Bind("", "g"), Execute(""), Sync()],
        ["everything is forgotten in a pipeline"] =
            [Parse("d", "DISCARD ALL"), Sync(), Bind("", "d"), Execute(""), Sync(), Parse("h", "SELECT 1"), Bind("", "h"), Execute(""), Sync(), Parse("d", "SELECT 2"), Bind("", "d"), Execute(""), Sync()],
        ["SQL's own prepared statements in a transaction"] = [Query("BEGIN; PREPARE q AS SELECT 8"), Query("EXECUTE q"), Query("DEALLOCATE q; COMMIT")],
        ["settings in a pipeline"] =
            [Query("SET TimeZone = 'Asia/Tokyo'"), RunText("SET DateStyle = 'German'"), RunText("SHOW DateStyle"), Sync(), Query("SHOW TimeZone"), Query("RESET TimeZone; RESET DateStyle")],
        ["a setting that is taken back"] = [Query("BEGIN; SET TimeZone = 'Asia/Tokyo'"), Query("SHOW TimeZone"), Query("ROLLBACK"), Query("SHOW TimeZone")],
        ["a setting by a function"] = [Query("SELECT set_config('TimeZone', 'Asia/Tokyo', false)"), Query("SHOW TimeZone"), Query("RESET TimeZone")],
        ["many small requests"] = [.. Enumerable.Range(0, 2000).SelectMany(i => (byte[][])[Run($"{i}"), Flush(), .. i % 50 == 0 ? [Sync()] : Array.Empty<byte[]>()]), Sync()],

        ["COPY in"] = [Query("COPY {table} FROM STDIN"), Rows, CopyDone(), Query("SELECT sum(n) FROM {table}")],
        ["COPY in, given up"] = [Query("COPY {table} FROM STDIN"), Rows, CopyFail("no more"), Query("SELECT sum(n) FROM {table}")],
        ["COPY in, refused before it begins"] = [Query("COPY nosuch FROM STDIN"), Rows, CopyDone(), Query("SELECT 1")],
        ["COPY in, refused in the middle"] = [Query("COPY {table} FROM STDIN"), Rows, BadRow, Rows, CopyDone(), Query("SELECT sum(n) FROM {table}")],
        ["COPY in, refused in the middle, given up too late"] = [Query("COPY {table} FROM STDIN"), BadRow, Rows, CopyFail("no more"), Query("SELECT sum(n) FROM {table}")],
        ["COPY in, refused at its end"] = [Query("COPY {table}_deferred FROM STDIN"), Rows, Rows, CopyDone(), Query("SELECT sum(n) FROM {table}_deferred")],
        ["COPY in, refused by the last row"] = [Query("COPY {table} FROM STDIN"), CopyData("1\nx"u8), CopyDone(), Query("SELECT sum(n) FROM {table}")],
        ["COPY data for nobody"] = [Rows, CopyDone(), Query("SELECT 1"), Rows, CopyFail(""), Run("2"), Rows, CopyDone(), Sync(), CopyDone(), Rows],
        ["Flush and Sync within COPY in"] = [Query("COPY {table} FROM STDIN"), Rows, Flush(), Sync(), Rows, CopyDone(), Query("SELECT sum(n) FROM {table}")],
        ["COPY in by the extended protocol"] = [RunText("COPY {table} FROM STDIN"), Rows, CopyDone(), Sync(), Query("SELECT sum(n) FROM {table}")],
        ["COPY in by the extended protocol, Sync before"] = [RunText("COPY {table} FROM STDIN"), Sync(), Rows, CopyDone(), Sync(), Query("SELECT sum(n) FROM {table}")],
        ["COPY in by the extended protocol, refused before"] = [RunText("COPY nosuch FROM STDIN"), Rows, CopyDone(), Sync(), Query("SELECT 1")],
        ["COPY in by the extended protocol, refused in the middle"] = [RunText("COPY {table} FROM STDIN"), Rows, BadRow, Rows, CopyDone(), Sync(), Query("SELECT count(*) FROM {table}")],
        ["COPY in by the extended protocol, refused in the middle, Sync before"] =
            [RunText("COPY {table} FROM STDIN"), Sync(), Rows, BadRow, Rows, CopyDone(), Sync(), Query("SELECT count(*) FROM {table}")],
        ["COPY in by the extended protocol, given up"] = [RunText("COPY {table} FROM STDIN"), Rows, CopyFail("no more"), Run("1"), Sync(), Query("SELECT count(*) FROM {table}")],
        ["COPY in by the extended protocol, requests behind"] = [RunText("COPY {table} FROM STDIN"), Rows, CopyDone(), RunText("SELECT sum(n) FROM {table}"), Run("1/0"), Sync(), Run("2"), Sync()],
        ["several COPYs in one query"] = [Query("COPY {table} FROM STDIN; COPY {table} FROM STDIN; SELECT sum(n) FROM {table}"), Rows, CopyDone(), Rows, CopyDone()],
        ["several COPYs in one query, the first one fails"] = [Query("COPY {table} FROM STDIN; COPY {table} FROM STDIN"), BadRow, CopyDone(), Rows, CopyDone(), Query("SELECT count(*) FROM {table}")],
        ["several COPYs in one query, the second one fails"] = [Query("COPY {table} FROM STDIN; COPY {table} FROM STDIN"), Rows, CopyDone(), BadRow, CopyDone(), Query("SELECT count(*) FROM {table}")],
        ["several COPYs in a pipeline"] =
            [Query("COPY {table} FROM STDIN"), Rows, CopyDone(), Query("COPY {table} FROM STDIN"), BadRow, CopyDone(), Query("COPY {table} FROM STDIN"), Rows, CopyDone(), Query("COPY {table} TO STDOUT")],
        ["COPY in a transaction"] = [Query("BEGIN"), Query("COPY {table} FROM STDIN"), Rows, CopyDone(), Query("COPY {table} FROM STDIN"), BadRow, CopyDone(), Query("SELECT 1"), Query("ROLLBACK")],
        ["COPY out"] = [Query("COPY (SELECT generate_series(1, 3)) TO STDOUT"), Query("COPY (SELECT generate_series(1, 2)) TO STDOUT; COPY (SELECT 9) TO STDOUT; SELECT 1")],
        ["COPY out, refused in the middle"] = [Query("COPY (SELECT 10 / (500 - n) FROM generate_series(1, 1000) n) TO STDOUT"), Query("SELECT 1")],
        ["COPY out by the extended protocol"] =
            [RunText("COPY (SELECT generate_series(1, 3)) TO STDOUT"), Run("1"), Sync(), RunText("COPY (SELECT 10 / (500 - n) FROM generate_series(1, 1000) n) TO STDOUT"), Run("1"), Sync()],
        ["COPY out, and data from the client"] = [Query("COPY (SELECT generate_series(1, 3)) TO STDOUT"), Rows, CopyDone(), Query("SELECT 1")],
        ["COPY both ways in one query"] = [Query("COPY {table} FROM STDIN; COPY {table} TO STDOUT; COPY {table} FROM STDIN"), Rows, CopyDone(), Rows, CopyDone(), Query("SELECT sum(n) FROM {table}")],
    };

    public static TheoryData<string> Names() => [.. Dialogues.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_answers_are_the_ones_of_the_server_itself(string name)
    {
        byte[][] messages = Dialogues[name];
        IReadOnlyList<string> expected;
        using (RawClient direct = await fixture.ConnectDirectlyAsync())
        {
            await fixture.EmptyTablesAsync();
            expected = await Dialogue.RunAsync(direct, messages);
            Assert.NotEqual("closed", expected[^1]);
        }

        int length = messages.Sum(message => message.Length);
        foreach (int pieceSize in new[] { int.MaxValue, Math.Max(7, length / PiecesAtMost) })
        {
            using RawClient client = await fixture.Pooler.LogInAsync();
            using RawClient other = await fixture.Pooler.LogInAsync();
            await fixture.EmptyTablesAsync();
            Assert.Equal(expected, await Dialogue.RunAsync(client, messages, pieceSize));
            Assert.Equal(name, (await other.QueryAsync($"SELECT '{name.Replace("'", "''", StringComparison.Ordinal)}'")).Scalar);
        }

        Assert.DoesNotContain(fixture.Pooler.Log(), line => line.Contains("nobody asked for", StringComparison.Ordinal));
    }

    private static byte[] Run(string expression) => RunText("SELECT " + expression);

    private static byte[] RunText(string sql) => [.. Parse("", sql), .. Bind("", ""), .. Execute("")];

    private static byte[] Query(string sql) => FrontendMessages.Query(sql.Replace("{table}", SameAnswersFixture.Table, StringComparison.Ordinal));

    private static byte[] Parse(string name, string sql) => FrontendMessages.Parse(name, sql.Replace("{table}", SameAnswersFixture.Table, StringComparison.Ordinal));

    private static byte[] ClosePortal(string name) => Message('C', [(byte)'P', .. Encoding.UTF8.GetBytes(name), 0]);

    /// <summary>Arguments and result in text format.</summary>
    private static byte[] FunctionCall(int function, params string[] arguments) => Message('F',
    [
        .. Int32(function), 0, 0, 0, (byte)arguments.Length, .. arguments.SelectMany(argument => (byte[])[.. Int32(argument.Length), .. Encoding.UTF8.GetBytes(argument)]), 0, 0,
    ]);

    private static byte[] Int32(int value) => [(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];
}
