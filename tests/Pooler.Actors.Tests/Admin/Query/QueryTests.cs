using Pooler.Actors.Admin;
using Pooler.Actors.Admin.Query;

namespace Pooler.Actors.Tests.Admin.Query;

/// <summary>Queries over the sample tables, from text to rows.</summary>
public sealed class QueryTests
{
    [Theory]
    [InlineData("SELECT user, count(*) FROM clients GROUP BY user", "ann|3")]
    [InlineData("SELECT id, state FROM clients", "1|active; 2|idle; 3|waiting")]
    [InlineData("select ID, State from CLIENTS", "1|active; 2|idle; 3|waiting")]
    [InlineData("SELECT \"id\" FROM \"clients\"", "1; 2; 3")]
    [InlineData("SELECT c.id FROM clients AS c WHERE c.state = 'idle'", "2")]
    [InlineData("SELECT clients.id FROM clients WHERE clients.state = 'idle'", "2")]
    [InlineData("SELECT id FROM clients c WHERE state = 'idle'", "2")]
    [InlineData("SELECT id FROM clients WHERE state <> 'idle'", "1; 3")]
    [InlineData("SELECT id FROM clients WHERE state != 'idle'", "1; 3")]
    [InlineData("SELECT id FROM clients WHERE id < 2", "1")]
    [InlineData("SELECT id FROM clients WHERE id <= 2", "1; 2")]
    [InlineData("SELECT id FROM clients WHERE id > 1.5", "2; 3")]
    [InlineData("SELECT id FROM clients WHERE id >= '2'", "2; 3")]
    [InlineData("SELECT id FROM clients WHERE id > -1 AND id < +2", "1")]
    [InlineData("SELECT id FROM clients WHERE 2 = id", "2")]
    [InlineData("SELECT id FROM clients WHERE wait_us <> wait", "1")]
    [InlineData("SELECT id FROM clients WHERE id IN (1, 3)", "1; 3")]
    [InlineData("SELECT id FROM clients WHERE id NOT IN (1, 3)", "2")]
    [InlineData("SELECT id FROM clients WHERE id NOT IN (1, NULL)", "")]
    [InlineData("SELECT id FROM clients WHERE id IN (1, wait)", "1")]
    [InlineData("SELECT id FROM clients WHERE NOT (id = 1 OR id = 3)", "2")]
    [InlineData("SELECT id FROM clients WHERE NOT NOT id = 1", "1")]
    [InlineData("SELECT id FROM clients WHERE id = 1 OR id = 2 AND state = 'waiting'", "1")]
    [InlineData("SELECT id FROM clients WHERE (id = 1 OR id = 2) AND state = 'idle'", "2")]
    [InlineData("SELECT id FROM clients WHERE id = NULL", "")]
    [InlineData("SELECT id FROM clients WHERE NOT id = NULL", "")]
    [InlineData("SELECT id FROM clients WHERE state LIKE '%ing'", "3")]
    [InlineData("SELECT id FROM clients WHERE state NOT LIKE '%i%e'", "3")]
    [InlineData("SELECT id FROM clients WHERE state ILIKE 'ID_E'", "2")]
    [InlineData("SELECT id FROM clients WHERE state LIKE 'ID_E'", "")]
    [InlineData("SELECT id FROM clients WHERE state = E'id\\x6ce'", null)]
    [InlineData("SELECT id FROM clients WHERE state <> E'it\\'s' AND id = 1", "1")]
    [InlineData("SELECT name FROM databases WHERE host IS NULL", "auto; log; pgbouncer")]
    [InlineData("SELECT name FROM databases WHERE host IS NOT NULL", "shop")]
    [InlineData("SELECT name FROM databases ORDER BY port DESC, name", "pgbouncer; shop; auto; log")]
    [InlineData("SELECT name FROM databases ORDER BY host, name DESC", "shop; pgbouncer; log; auto")]
    [InlineData("SELECT name FROM databases ORDER BY host NULLS FIRST, 1 DESC LIMIT 1", "pgbouncer")]
    [InlineData("SELECT name FROM databases ORDER BY host DESC, name LIMIT 1", "auto")]
    [InlineData("SELECT name AS n FROM databases ORDER BY n DESC LIMIT 2 OFFSET 1", "pgbouncer; log")]
    [InlineData("SELECT name n FROM databases OFFSET 2 LIMIT 1", "pgbouncer")]
    [InlineData("SELECT name FROM databases LIMIT ALL OFFSET 3", "shop")]
    [InlineData("SELECT name FROM databases LIMIT 0", "")]
    [InlineData("SELECT count(*), count(host), min(name), max(port), sum(port), avg(port) FROM databases", "4|1|auto|6432|22729|5682.2500000000000000")]
    [InlineData("SELECT count(*), sum(port), avg(port), min(port) FROM databases WHERE name = 'nobody'", "0|||")]
    [InlineData("SELECT port, count(*) FROM databases GROUP BY port ORDER BY count(*) DESC, port", "5432|2; 5433|1; 6432|1")]
    [InlineData("SELECT port AS p, count(*) AS n FROM databases GROUP BY p ORDER BY n DESC, p LIMIT 1", "5432|2")]
    [InlineData("SELECT port, count(*) FROM databases GROUP BY 1 ORDER BY 2 DESC, 1 DESC", "5432|2; 6432|1; 5433|1")]
    [InlineData("SELECT count(1) FROM databases GROUP BY host ORDER BY 1", "1; 3")]
    [InlineData("SELECT sum(total_query_count), avg(total_query_count) FROM stats", "80|26.6666666666666667")]
    [InlineData("SELECT 'x', 1, 2.50, NULL, name FROM databases LIMIT 1", "x|1|2.50||auto")]
    [InlineData("SELECT list, items FROM lists WHERE items > 2 -- many\n ORDER BY items DESC /* first /* ones */ */ LIMIT 1", "databases|4")]
    [InlineData("SELECT typname FROM pg_type WHERE oid = 25", "text")]
    [InlineData("SELECT typname FROM pg_catalog.pg_type WHERE typname LIKE 'int%' ORDER BY typlen", "int2; int4; int8")]
    public void Gives(string sql, string? expected) => Assert.Equal(expected, Samples.Query(sql));

    [Theory]
    [InlineData("SHOW CLIENTS WHERE state = 'waiting' ORDER BY wait_us DESC LIMIT 20", "3")]
    [InlineData("SHOW CLIENTS ORDER BY id DESC", "3; 2; 1")]
    [InlineData("SHOW CLIENTS LIMIT 1;", "1")]
    public void Show_takes_the_same_clauses(string sql, string ids)
    {
        ResultTable table = Samples.Table(sql)!;
        Assert.Equal(21, table.Columns.Length);
        Assert.Equal(ids, string.Join("; ", table.Rows.Select(row => row[20])));
        Assert.Equal("SHOW", table.Tag);
    }

    [Fact]
    public void Columns_have_the_types_that_postgres_gives_them()
    {
        ResultTable table = Samples.Table(
            "SELECT count(*), count(host), sum(port), avg(port), min(port), max(name), 1 AS one FROM databases")!;
        Assert.Equal(
            [("count", 20), ("count", 20), ("sum", 20), ("avg", 1700), ("min", 23), ("max", 25), ("one", 23)],
            table.Columns.Select(column => (column.Name, column.TypeOid)));
        Assert.Equal([1700, 1700, 1700], Samples.Table("SELECT sum(value), avg(value), max(value) FROM totals")!.Columns.Select(c => c.TypeOid));
        Assert.Equal([23, 20, 1700, 25], Samples.Table("SELECT 1, 99999999999, 1.5, 'x' FROM state")!.Columns.Select(c => c.TypeOid));
        Assert.Equal("SELECT 1", table.Tag);
    }

    [Fact]
    public void A_star_gives_all_columns()
    {
        Assert.Equal(["key", "value"], Samples.Table("SELECT * FROM state")!.Columns.Select(column => column.Name));
        Assert.Equal(["key", "value", "k"], Samples.Table("SELECT s.*, key AS k FROM state s")!.Columns.Select(column => column.Name));
    }

    [Theory]
    [InlineData("SELECT foo FROM clients", "42703", "column \"foo\" does not exist")]
    [InlineData("SELECT \"State\" FROM clients", "42703", "column \"State\" does not exist")]
    [InlineData("SHOW CLIENTS WHERE foo = 1", "42703", "column \"foo\" does not exist")]
    [InlineData("SELECT id FROM clients ORDER BY foo", "42703", "column \"foo\" does not exist")]
    [InlineData("SELECT id FROM clients GROUP BY foo", "42703", "column \"foo\" does not exist")]
    [InlineData("SELECT sum(foo) FROM clients", "42703", "column \"foo\" does not exist")]
    [InlineData("SELECT c.foo FROM clients c", "42703", "column c.foo does not exist")]
    [InlineData("SELECT d.id FROM clients c", "42P01", "missing FROM-clause entry for table \"d\"")]
    [InlineData("SELECT d.* FROM clients c", "42P01", "missing FROM-clause entry for table \"d\"")]
    [InlineData("SELECT id FROM clients WHERE id = 'x'", "22P02", "invalid input syntax for type integer: \"x\"")]
    [InlineData("SELECT id FROM clients WHERE id IN (1, '')", "22P02", "invalid input syntax for type integer: \"\"")]
    [InlineData("SELECT id FROM clients WHERE state = 1", "42883", "operator does not exist: text = integer")]
    [InlineData("SELECT id FROM clients WHERE state >= id", "42883", "operator does not exist: text >= integer")]
    [InlineData("SELECT id FROM clients WHERE id LIKE 'x'", "42883", "operator does not exist: integer ~~ text")]
    [InlineData("SELECT id FROM clients WHERE id = $1", "42P02", "there is no parameter $1")]
    [InlineData("SELECT sum(state) FROM clients", "42883", "function sum(text) does not exist")]
    [InlineData("SELECT state, count(*) FROM clients", "42803", "column \"clients.state\" must appear in the GROUP BY clause or be used in an aggregate function")]
    [InlineData("SELECT * FROM clients c GROUP BY type", "42803", "column \"c.user\" must appear in the GROUP BY clause or be used in an aggregate function")]
    [InlineData("SELECT count(*) FROM clients ORDER BY id", "42803", "column \"clients.id\" must appear in the GROUP BY clause or be used in an aggregate function")]
    [InlineData("SELECT count(*) FROM clients GROUP BY 1", "42803", "aggregate functions are not allowed in GROUP BY")]
    [InlineData("SELECT id FROM clients GROUP BY 2", "42P10", "GROUP BY position 2 is not in select list")]
    [InlineData("SELECT id FROM clients ORDER BY 0", "42P10", "ORDER BY position 0 is not in select list")]
    [InlineData("SELECT id FROM clients LIMIT -1", "2201W", "LIMIT must not be negative")]
    [InlineData("SELECT id FROM clients OFFSET -1", "2201X", "OFFSET must not be negative")]
    public void Says_what_does_not_fit(string sql, string sqlState, string text)
    {
        Assert.Null(StatementReader.ReadQuery(sql, out ConsoleReply? error));
        Assert.Equal((sqlState, text), (error!.SqlState, error.Text));
    }

    [Theory]
    [InlineData("SELECT 1 + 1")]
    [InlineData("SELECT * FROM nothing")]
    [InlineData("SELECT * FROM pg_class")]
    [InlineData("SHOW pg_type WHERE oid = 1")]
    [InlineData("SELECT * FROM help")]
    [InlineData("SELECT id FROM clients, servers")]
    [InlineData("SELECT id FROM clients JOIN servers ON true")]
    [InlineData("SELECT id FROM clients WHERE")]
    [InlineData("SELECT id FROM clients WHERE id")]
    [InlineData("SELECT id FROM clients WHERE (id = 1")]
    [InlineData("SELECT id FROM clients WHERE id IN ()")]
    [InlineData("SELECT id FROM clients WHERE count(*) > 1")]
    [InlineData("SELECT id FROM clients WHERE state = 'x")]
    [InlineData("SELECT id FROM clients LIMIT x")]
    [InlineData("SELECT id FROM clients LIMIT 1.5")]
    [InlineData("SELECT id FROM clients LIMIT 1 LIMIT 1")]
    [InlineData("SELECT id FROM clients ORDER BY id ASC DESC")]
    [InlineData("SELECT id FROM clients; SELECT id FROM clients")]
    [InlineData("SELECT id, FROM clients")]
    [InlineData("SELECT FROM clients")]
    [InlineData("SELECT DISTINCT id FROM clients")]
    [InlineData("SELECT id FROM clients /* x")]
    [InlineData("SELECT id FROM clients x y")]
    [InlineData("SELECT \"\" FROM clients")]
    [InlineData("SHOW CLIENTS; SHOW SERVERS")]
    [InlineData("DELETE FROM clients")]
    public void What_is_not_understood_gets_the_usual_error(string sql)
    {
        Assert.Null(StatementReader.ReadQuery(sql, out ConsoleReply? error));
        Assert.Equal(("08P01", $"invalid command '{sql}', use SHOW HELP;"), (error!.SqlState, error.Text));
    }

    [Fact]
    public void Parentheses_may_nest_only_so_far()
    {
        Assert.Equal("1", Samples.Query("SELECT id FROM clients WHERE " + new string('(', 60) + "id = 1" + new string(')', 60)));
        Assert.Null(Samples.Query("SELECT id FROM clients WHERE " + new string('(', 30000) + "id = 1" + new string(')', 30000)));
    }

    [Fact]
    public async Task Hard_patterns_take_no_long_time()
    {
        string pattern = string.Concat(Enumerable.Repeat("%a", 499));
        string text = new('a', 5000);
        Task<bool> matching = Task.Run(() => LikePattern.Matches(text + "b", pattern + "c", ignoresCase: false));
        Assert.False(await matching.WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.Null(Samples.Query("SELECT id FROM clients WHERE state LIKE '" + new string('%', 1001) + "'"));
    }

    [Theory]
    [InlineData("", "", true)]
    [InlineData("", "%", true)]
    [InlineData("", "_", false)]
    [InlineData("abc", "a%c", true)]
    [InlineData("abc", "%b", false)]
    [InlineData("aab", "%ab", true)]
    [InlineData("a%c", "a\\%c", true)]
    [InlineData("abc", "a\\%c", false)]
    [InlineData("a_c", "a\\_c", true)]
    [InlineData("abc", "abc%%", true)]
    [InlineData("abcabd", "%abd", true)]
    public void Patterns_match(string text, string pattern, bool expected) => Assert.Equal(expected, LikePattern.Matches(text, pattern, ignoresCase: false));
}
