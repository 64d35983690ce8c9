using System.Text;
using Pooler.Actors.Relay.State;

namespace Pooler.Actors.Tests.Relay.State;

public sealed class StatementScannerTests
{
    [Theory]
    [InlineData("")]
    [InlineData(" ; ; -- LISTEN a")]
    [InlineData("SELECT abalance FROM pgbench_accounts WHERE aid = 1;")]
    [InlineData("SELECT 'LISTEN a; SET b = 1'; SELECT $$; LISTEN a; $$, $x$ ; SET c = 2 $$ $x$, \"; LISTEN d\"")]
    [InlineData("/* ; LISTEN a /* nested; */ ; SET b = 1 */ SELECT 1 -- ; LISTEN c\n + 2")]
    [InlineData(@"SELECT E'a\'; LISTEN b; SELECT \'c'")]
    [InlineData("SELECT U&'x; LISTEN a', b'01; LISTEN', N'; LISTEN', x';LISTEN a'")]
    [InlineData("BEGIN; SET LOCAL work_mem = '1MB'; SET TRANSACTION READ ONLY; SET SESSION TRANSACTION READ ONLY; SET CONSTRAINTS ALL DEFERRED; COMMIT")]
    [InlineData("SET transaction_isolation = 'serializable'; RESET TRANSACTION ISOLATION LEVEL")]
    [InlineData("SELECT pg_advisory_xact_lock(1), pg_try_advisory_xact_lock_shared(2)")]
    [InlineData("SELECT set_config('work_mem', '1MB', true)")]
    [InlineData("SELECT pg_advisory_lock FROM locks; SELECT 'pg_advisory_lock(1)'")]
    [InlineData("CREATE TABLE t (id int); CREATE UNLOGGED TABLE u (id int); CREATE INDEX ON pg_temp.x (id); INSERT INTO t SELECT 1")]
    [InlineData("CREATE TEMP TABLE t (id int) ON COMMIT DROP; CREATE TEMP TABLE u ON COMMIT DROP AS SELECT 1")]
    [InlineData("SELECT 1 INTO t; WITH x AS (SELECT 1) SELECT * INTO UNLOGGED t FROM x")]
    [InlineData("DECLARE c CURSOR FOR SELECT 1; DECLARE d CURSOR WITHOUT HOLD FOR SELECT 1")]
    [InlineData("EXPLAIN SELECT pg_advisory_lock(1); EXPLAIN (COSTS off) SELECT pg_advisory_lock(1)")]
    [InlineData("CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT pg_advisory_lock(1); END; SELECT 1")]
    [InlineData("CREATE VIEW v AS SELECT 1; CREATE RULE r AS ON INSERT TO t DO (NOTIFY a; NOTIFY b)")]
    [InlineData("DO 'BEGIN PERFORM 1; END'; DISCARD PLANS; PREPARE TRANSACTION 'x'; NOTIFY a, 'LISTEN b'")]
    public void FindsNothingInWhatLeavesNothing(string text) => Assert.Equal("", Scan(text));

    [Theory]
    [InlineData("LISTEN jobs", "0 Add Listen jobs")]
    [InlineData("listen Jobs; LISTEN \"My \"\"Jobs\"", "0 Add Listen jobs|1 Add Listen My \"Jobs")]
    [InlineData("SELECT 1;\n/* x */ UNLISTEN jobs; unlisten *", "1 Remove Listen jobs|2 RemoveAll Listen")]
    [InlineData("LISTEN U&\"x\"", "0 Add Listen")]
    [InlineData("LOAD 'auto_explain'", "0 Add Library")]
    [InlineData("PREPARE q (int) AS SELECT $1; DEALLOCATE q; DEALLOCATE PREPARE q; DEALLOCATE ALL",
        "0 Add PreparedStatement q|1 Remove PreparedStatement q|2 Remove PreparedStatement q|3 RemoveAll PreparedStatement")]
    [InlineData("PREPARE q AS SELECT pg_advisory_lock($1); EXECUTE q(1)", "0 Add PreparedStatement q {0 LockPerRow AdvisoryLock}|1 Execute PreparedStatement q")]
    [InlineData("DECLARE c NO SCROLL CURSOR WITH HOLD FOR SELECT 1; CLOSE c; CLOSE ALL", "0 Add HeldCursor c|1 Remove HeldCursor c|2 RemoveAll HeldCursor")]
    [InlineData("SAVEPOINT a; ROLLBACK TO a; ROLLBACK WORK TO SAVEPOINT a; RELEASE a; RELEASE SAVEPOINT A; ABORT; ROLLBACK",
        "0 Savepoint Setting a|1 RollbackToSavepoint Setting a|2 RollbackToSavepoint Setting a|3 ReleaseSavepoint Setting a|4 ReleaseSavepoint Setting a")]
    [InlineData("DISCARD TEMP; DISCARD TEMPORARY", "0 RemoveAll TemporaryObject|1 RemoveAll TemporaryObject")]
    [InlineData("DISCARD ALL",
        "0 RemoveAll Setting|0 RemoveAll Listen|0 RemoveAll AdvisoryLock|0 RemoveAll TemporaryObject|0 RemoveAll HeldCursor|0 RemoveAll PreparedStatement")]
    public void SeesWhatCommandsDo(string text, string expected) => Assert.Equal(expected, Scan(text));

    [Theory]
    [InlineData("SET work_mem = '64MB'", "0 Add Setting work_mem = SET work_mem = '64MB'")]
    [InlineData("set session Work_Mem to 64 ;", "0 Add Setting work_mem = set session Work_Mem to 64")]
    [InlineData("SET search_path TO a, \"B\", c -- end", "0 Add Setting search_path = SET search_path TO a, \"B\", c")]
    [InlineData("SET my.var = 'a;b'", "0 Add Setting my.var = SET my.var = 'a;b'")]
    [InlineData(@"SET my.var = 'a\b'", "0 Add Setting my.var")]
    [InlineData(@"SET my.var = E'a\nb'", @"0 Add Setting my.var = SET my.var = E'a\nb'")]
    [InlineData("SET my.var = '\u00e9'", "0 Add Setting my.var")]
    [InlineData("SET \"Odd name\".x = 1", "0 Add Setting odd name.x")]
    [InlineData("SET work_mem = DEFAULT; SET work_mem TO DEFAULT; RESET work_mem", "0 Remove Setting work_mem|1 Remove Setting work_mem|2 Remove Setting work_mem")]
    [InlineData("RESET ALL", "0 ResetAll Setting")]
    [InlineData("SET local.a = 1; SET session.b TO 2; SET LOCAL . \"c\" = 3", "0 Add Setting local.a = SET local.a = 1|1 Add Setting session.b = SET session.b TO 2|2 Add Setting local.c")]
    [InlineData("SET transaction.a = 1; SET constraints.b = 2; SET time.c = 3; SET role.d = 4; SET names.e = 5; SET schema.f = 6; SET xml.g = 7; SET SESSION local.h = 8",
        "0 Add Setting transaction.a = SET transaction.a = 1|1 Add Setting constraints.b = SET constraints.b = 2|2 Add Setting time.c = SET time.c = 3"
        + "|3 Add Setting role.d = SET role.d = 4|4 Add Setting names.e = SET names.e = 5|5 Add Setting schema.f = SET schema.f = 6|6 Add Setting xml.g = SET xml.g = 7"
        + "|7 Add Setting local.h = SET SESSION local.h = 8")]
    [InlineData("RESET session.a; RESET transaction.b; RESET time.c", "0 Remove Setting session.a|1 Remove Setting transaction.b|2 Remove Setting time.c")]
    [InlineData("SET TIME ZONE 'UTC'; RESET TIME ZONE", "0 Add Setting timezone = SET TIME ZONE 'UTC'|1 Remove Setting timezone")]
    [InlineData("SET NAMES 'UTF8'; SET SCHEMA 'x'", "0 Add Setting client_encoding = SET NAMES 'UTF8'|1 Add Setting search_path = SET SCHEMA 'x'")]
    [InlineData("SET ROLE app; SET ROLE NONE; RESET ROLE", "0 Add Setting role = SET ROLE app|1 Remove Setting role|2 Remove Setting role")]
    [InlineData("SET SESSION AUTHORIZATION app",
        "0 Remove Setting role|0 Add Setting session_authorization = SET SESSION AUTHORIZATION app")]
    [InlineData("SET SESSION AUTHORIZATION DEFAULT", "0 Remove Setting role|0 Remove Setting session_authorization")]
    [InlineData("RESET SESSION AUTHORIZATION", "0 Remove Setting role|0 Remove Setting session_authorization")]
    [InlineData("SET SEED TO 0.5", "0 Add Setting seed")]
    [InlineData("SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY, NOT DEFERRABLE; SELECT 1",
        "0 Add Setting default_transaction_isolation = SET default_transaction_isolation = 'repeatable read'"
        + "|0 Add Setting default_transaction_read_only = SET default_transaction_read_only = 'on'"
        + "|0 Add Setting default_transaction_deferrable = SET default_transaction_deferrable = 'off'")]
    [InlineData("SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE ISOLATION LEVEL READ COMMITTED",
        "0 Add Setting default_transaction_read_only = SET default_transaction_read_only = 'off'"
        + "|0 Add Setting default_transaction_isolation = SET default_transaction_isolation = 'read committed'")]
    [InlineData("SELECT pg_catalog.set_config('search_path', '', false);",
        "0 Add Setting search_path = SELECT pg_catalog.set_config('search_path', '', false)")]
    [InlineData("SELECT set_config('a.b', 'x', false) AS one, set_config('c.d','y',FALSE)",
        "0 Add Setting a.b = SELECT pg_catalog.set_config('a.b', 'x', false)|0 Add Setting c.d = SELECT pg_catalog.set_config('c.d','y',FALSE)")]
    [InlineData("SELECT set_config('work_mem', $1, false)", "0 Add Setting work_mem")]
    [InlineData("SELECT set_config($1, $2, false)", "0 Add Setting")]
    [InlineData("SELECT set_config('work_mem', '1MB', $1)", "0 Add Setting work_mem")]
    [InlineData("SELECT set_config('work_mem', '1MB', false) FROM t WHERE false", "0 Add Setting work_mem")]
    [InlineData("SELECT set_config(name, '1MB' || 'x', is_local) FROM t", "0 Add Setting")]
    [InlineData("UPDATE t SET a = set_config('b.c', set_config('d.e', '1', false), true)", "0 Add Setting d.e")]
    [InlineData("SELECT set_config('a.b', set_config('c.d', '1', false), true)", "0 Add Setting c.d")]
    [InlineData("SELECT \"set_config\"('a.b', '1', false)", "0 Add Setting a.b")]
    [InlineData("SELECT set_config('my.x; SET y = 1', '1', false)", "0 Add Setting my.x; set y = 1")]
    public void SeesSettings(string text, string expected) => Assert.Equal(expected, Scan(text));

    [Theory]
    [InlineData("SELECT pg_advisory_lock(1)", "0 LockPerRow AdvisoryLock")]
    [InlineData("select pg_catalog.PG_ADVISORY_LOCK_SHARED($1, hashtext('x')) as got /* rails */ ;", "0 LockPerRow AdvisoryLock")]
    [InlineData("SELECT pg_try_advisory_lock(1) got", "0 TryLockPerRow AdvisoryLock")]
    [InlineData("SELECT pg_advisory_unlock(1); SELECT pg_advisory_unlock_shared(1)", "0 UnlockPerRow AdvisoryLock|1 UnlockPerRow AdvisoryLock")]
    [InlineData("SELECT pg_advisory_unlock_all()", "0 RemoveAll AdvisoryLock")]
    [InlineData("SELECT pg_advisory_lock(id) FROM t", "0 Add AdvisoryLock")]
    [InlineData("SELECT 1, pg_advisory_lock(2)", "0 Add AdvisoryLock")]
    [InlineData("SELECT pg_advisory_lock(1), 2", "0 Add AdvisoryLock")]
    [InlineData("SELECT pg_advisory_unlock(1) FROM t", "")]
    [InlineData("SELECT pg_try_advisory_lock(1)::int", "0 Add AdvisoryLock")]
    [InlineData("SELECT pg_advisory_lock((SELECT max(id) FROM t))", "0 Add AdvisoryLock")]
    [InlineData("WITH x AS (SELECT pg_try_advisory_lock(1) AS ok) SELECT * FROM x", "0 Add AdvisoryLock")]
    [InlineData("UPDATE t SET a = 1 WHERE pg_try_advisory_lock(a)", "0 Add AdvisoryLock")]
    [InlineData("EXPLAIN ANALYZE SELECT 1, pg_advisory_lock(1); EXPLAIN (BUFFERS, ANALYZE) SELECT 1, pg_advisory_lock(1)", "0 Add AdvisoryLock|1 Add AdvisoryLock")]
    [InlineData("SELECT \"pg_catalog\".\"pg_advisory_lock\"(1); SELECT \"pg_advisory_lock\" FROM t", "0 Add AdvisoryLock")]
    [InlineData("SELECT set_config('a.b', pg_try_advisory_lock(1)::text, true)", "0 Add AdvisoryLock")]
    [InlineData("EXPLAIN ANALYZE SELECT pg_try_advisory_lock(1)", "0 Add AdvisoryLock")]
    [InlineData("SELECT pg_advisory_lock(1), set_config('a.b', '1', false)", "0 Add AdvisoryLock|0 Add Setting a.b")]
    public void SeesAdvisoryLocks(string text, string expected) => Assert.Equal(expected, Scan(text));

    [Theory]
    [InlineData("CREATE TEMP TABLE t (id int)", "0 Add TemporaryObject t")]
    [InlineData("create local temporary table if not exists T as select 1", "0 Add TemporaryObject t")]
    [InlineData("CREATE OR REPLACE TEMP VIEW v AS SELECT 1; CREATE TEMP SEQUENCE s", "0 Add TemporaryObject v|1 Add TemporaryObject s")]
    [InlineData("CREATE TEMP RECURSIVE VIEW v(n) AS SELECT 1", "0 Add TemporaryObject v")]
    [InlineData("CREATE TABLE pg_temp.t (id int); CREATE FUNCTION pg_temp.f() RETURNS int AS 'SELECT 1;' LANGUAGE sql",
        "0 Add TemporaryObject t|1 Add TemporaryObject f")]
    [InlineData("CREATE TEMP TABLE t (id int) ON COMMIT DELETE ROWS", "0 Add TemporaryObject t")]
    [InlineData("SELECT 1 AS a INTO TEMP t; SELECT 1 INTO TEMPORARY TABLE u; SELECT 1 INTO LOCAL TEMP v; SELECT 1 INTO pg_temp.w",
        "0 Add TemporaryObject t|1 Add TemporaryObject u|2 Add TemporaryObject v|3 Add TemporaryObject w")]
    [InlineData("WITH x AS (SELECT 1) SELECT * INTO TEMP t FROM x", "0 Add TemporaryObject t")]
    [InlineData("DROP TABLE IF EXISTS a, pg_temp.b, public.c CASCADE; DROP VIEW v", "0 Remove TemporaryObject a|0 Remove TemporaryObject b|1 Remove TemporaryObject v")]
    [InlineData("DROP FUNCTION pg_temp.f(int, text), pg_temp.g()", "0 Remove TemporaryObject f|0 Remove TemporaryObject g")]
    [InlineData("DROP FUNCTION t(int); DROP SCHEMA t; DROP TRIGGER t ON u; DROP INDEX t; DROP EXTENSION IF EXISTS t; DROP TABLE u", "5 Remove TemporaryObject u")]
    [InlineData("CREATE TEMP TABLE t AS SELECT pg_advisory_lock(1)", "0 Add TemporaryObject t|0 Add AdvisoryLock")]
    public void SeesTemporaryObjects(string text, string expected) => Assert.Equal(expected, Scan(text));

    [Fact]
    public void ABackslashEscapesWhereTheServerSaysSo()
    {
        const string Text = @"SELECT '\'; LISTEN a; --'";
        Assert.Equal("1 Add Listen a", Scan(Text));
        Assert.Null(StatementScanner.Scan(Encoding.UTF8.GetBytes(Text), escapes: true));
    }

    [Fact]
    public void OfATextThatGoesOnOnlyWhatIsSureIsBelieved()
    {
        var scan = StatementScanner.Scan("LISTEN a; UNLISTEN a; UNLISTEN *"u8, isWhole: false)!;
        Assert.Equal("0 Add Listen a|1 Remove Listen a", Describe(scan));
        Assert.Equal(2, scan.Known);
        Assert.Same(StatementScan.Unread, StatementScanner.Scan("INSERT INTO t VALUES ('"u8, isWhole: false));
        Assert.Equal("", Describe(StatementScanner.Scan("SELECT 1; SELECT pg_advisory_unlock(1"u8, isWhole: false)));
    }

    [Fact]
    public void NoTextBreaksIt()
    {
        string[] pieces =
        [
            "SELECT", "set_config", "(", ")", ",", "'", "\"", "$$", "$a$", "/*", "*/", "--", "\n", ";", "SET", "PREPARE", "AS", "EXPLAIN", "ANALYZE", "pg_advisory_lock",
            "CREATE", "TEMP", "TABLE", "INTO", "E'", "\\", ".", "DROP", "U&", "BEGIN", "ATOMIC", "FUNCTION", "END", "1", "x", "\u00e9", "DECLARE", "WITH", "HOLD", " ",
        ];
        var random = new Random(4711);
        for (var i = 0; i < 20_000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 25)).Select(_ => pieces[random.Next(pieces.Length)] + (random.Next(2) == 0 ? " " : "")));
            var bytes = Encoding.UTF8.GetBytes(text);
            StatementScanner.Scan(bytes, random.Next(2) == 0, random.Next(2) == 0);
        }

        StatementScanner.Scan(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("PREPARE a AS ", 100_000))));
        StatementScanner.Scan(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("EXPLAIN ANALYZE ", 100_000))));
        StatementScanner.Scan(Encoding.UTF8.GetBytes(new string('(', 100_000)));
    }

    [Fact]
    public void CallsWithinCallsAreNotFollowedForEver()
    {
        // As many arguments that are calls themselves as a text can hold: followed through, each would be read once more for every one around it.
        var scan = StatementScanner.Scan(Encoding.UTF8.GetBytes("TABLE " + string.Concat(Enumerable.Repeat("set_config(", 5_000))));
        Assert.Contains(scan!.Effects, effect => effect is { Action: StateAction.Add, Kind: StateKind.Setting, Name: null });
    }

    [Fact]
    public void ATextWithoutStateCostsNoMemory()
    {
        byte[] text = Encoding.UTF8.GetBytes("BEGIN; SELECT a, 'b' FROM t WHERE id = $1 /* x */ AND c IN (1, 2); UPDATE t SET b = 2; COMMIT");
        StatementScanner.Scan(text);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            StatementScanner.Scan(text);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static string Scan(string text) => Describe(StatementScanner.Scan(Encoding.UTF8.GetBytes(text)));

    private static string Describe(StatementScan? scan) => string.Join('|', scan?.Effects.Select(Describe) ?? []);

    private static string Describe(StateEffect effect)
    {
        var name = effect.Name is null ? "" : $" {effect.Name}";
        var replay = effect.Replay is null ? "" : $" = {Encoding.UTF8.GetString(effect.Replay)}";
        var inner = effect.Inner is null ? "" : $" {{{Describe(effect.Inner)}}}";
        return $"{effect.Statement} {effect.Action} {effect.Kind}{name}{replay}{inner}";
    }
}
