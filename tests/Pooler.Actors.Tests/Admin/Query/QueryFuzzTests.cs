using System.Collections.Immutable;
using Pooler.Actors.Admin;
using Pooler.Actors.Admin.Query;

namespace Pooler.Actors.Tests.Admin.Query;

/// <summary>Whatever is sent as a query gets an answer or an error, never an exception, and soon.</summary>
public sealed class QueryFuzzTests
{
    private static readonly string[] Pieces =
    [
        "SELECT ", "SHOW ", "FROM ", "clients", "pools", "pg_type", "WHERE ", "state", "id", "user", "count(*)", "count(", "sum(id)", "avg(port)", "*", ",", "(", ")",
        "=", "<>", "<=", ">", " LIKE ", " ILIKE ", " IN ", " IS ", " NOT ", " NULL ", " AND ", " OR ", "GROUP BY ", "ORDER BY ", " DESC", " LIMIT ", " OFFSET ", "1", "-",
        "99999999999999999999999999999", "1.5", ".", "'x'", "'", "\"", "\"id\"", "$1", "$2", "$99999", ";", "--", "/*", "*/", "E'\\", " ", "\n", "é", "\0", "\uD800", "::", "c.",
        "BEGIN", "DISCARD ALL", "version()", "[", "%",
    ];

    private static readonly string[] Seeds =
    [
        "SELECT user, count(*) AS n, avg(port) FROM clients c WHERE c.state IN ('idle', $1) AND NOT (id < 5 OR addr LIKE '127.%') GROUP BY user ORDER BY n DESC, 1 LIMIT 5 OFFSET 1",
        "SHOW CLIENTS WHERE state = 'waiting' ORDER BY wait_us DESC LIMIT 20;",
        "SELECT typ.oid, att.attname, att.atttypid FROM pg_type AS typ JOIN pg_namespace AS ns ON (ns.oid = typ.typnamespace)",
        "BEGIN TRANSACTION ISOLATION LEVEL READ COMMITTED; DISCARD ALL;",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Random_and_mutated_texts_do_no_harm(int seed)
    {
        Task<(int Read, int Run)> work = Task.Run(() => Fuzz(seed));
        (int read, int run) = await work.WaitAsync(TimeSpan.FromMinutes(1));
        Assert.InRange(read, 10, 20000);
        Assert.InRange(run, 10, read);
    }

    private static (int Read, int Run) Fuzz(int seed)
    {
        var random = new Random(seed);
        int read = 0;
        int run = 0;
        for (int i = 0; i < 5000; i++)
        {
            string text = i % 2 == 0 ? Build(random) : Mutate(random, Seeds[random.Next(Seeds.Length)]);
            StatementReader.ReadQuery(text, out _);
            ImmutableArray<int> types = random.Next(3) switch { 0 => [], 1 => [23], _ => [0, 25, 1700] };
            ConsoleStatement? statement = StatementReader.ReadPrepared(text, types, out ConsoleReply? error);
            Assert.True(statement is null != error is null);
            if (statement is null)
                continue;

            read++;
            if (statement.Run is null)
                continue;

            var host = Samples.Host();
            QueryValue[] values = [.. statement.ParameterTypes.Select(type => QueryTypes.IsNumber(type) ? QueryValue.Of(random.Next(-1, 9)) : QueryValue.Of("idle"))];
            statement.Run(host, 1, AdminRights.ReadOnly, values);
            Assert.NotNull(host.LastReply);
            run++;
        }

        return (read, run);
    }

    private static string Build(Random random)
    {
        string start = random.Next(3) switch { 0 => "SELECT id FROM clients WHERE ", 1 => "SHOW CLIENTS ", _ => "" };
        return start + string.Concat(Enumerable.Range(0, random.Next(1, 12)).Select(_ => Pieces[random.Next(Pieces.Length)]));
    }

    private static string Mutate(Random random, string text)
    {
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            int position = random.Next(text.Length);
            int length = random.Next(0, Math.Min(4, text.Length - position));
            text = text[..position] + (random.Next(2) == 0 ? Pieces[random.Next(Pieces.Length)] : "") + text[(position + length)..];
            if (text.Length == 0)
                return " ";
        }

        return text;
    }
}
