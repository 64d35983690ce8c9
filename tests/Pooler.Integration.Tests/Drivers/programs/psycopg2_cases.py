"""psycopg 2: simple queries only, with libpq underneath. The environment (PGHOST, PGPORT, ...) says where to."""

import io
import uuid

import psycopg2
import psycopg2.errorcodes
import psycopg2.extras

from cases import SLEEPING, in_threads, md5, show, wait_until


def connect():
    return psycopg2.connect("")


def fetch(connection, sql, parameters=None):
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


def failure(work):
    """Runs what has to fail and returns SQLSTATE and message."""
    try:
        work()
    except psycopg2.Error as error:
        return f"{error.pgcode} {(error.diag.message_primary or str(error)).strip()}"
    return "no error"


def crud(connection):
    cursor = connection.cursor()
    cursor.execute("CREATE TABLE item (id serial PRIMARY KEY, name text UNIQUE, price numeric(10, 2), made date, tags text[])")
    cursor.execute("INSERT INTO item (name, price, made, tags) VALUES (%s, %s, %s, %s) RETURNING id", ("one", "1.50", "2024-02-29", ["a", "b"]))
    show("crud", "returned", cursor.fetchone())
    cursor.executemany("INSERT INTO item (name, price) VALUES (%s, %s)", [(f"item {i}", i) for i in range(20)])
    cursor.execute("UPDATE item SET price = price * 2 WHERE price > %s", (10,))
    show("crud", "updated", cursor.rowcount)
    cursor.execute("DELETE FROM item WHERE name LIKE %s", ("item 1%",))
    show("crud", "deleted", cursor.rowcount)
    connection.commit()
    cursor.execute("SELECT * FROM item ORDER BY id LIMIT 3")
    show("crud", "columns", [(column.name, column.type_code) for column in cursor.description])
    show("crud", "rows", cursor.fetchall())
    show("crud", "status", cursor.statusmessage)
    connection.rollback()
    show("crud", "several statements", fetch(connection, "SELECT 1; SELECT 2; SELECT count(*) FROM item"))
    connection.commit()


def prepared(connection):
    """Statements that are prepared in SQL live in a transaction of their own."""
    cursor = connection.cursor()
    cursor.execute("PREPARE total (int) AS SELECT $1 * 2, count(*) FROM item")
    for i in range(12):
        cursor.execute("EXECUTE total (%s)", (i,))
    show("prepared", "executed", cursor.fetchone())
    cursor.execute("SELECT name, parameter_types FROM pg_prepared_statements")
    show("prepared", "known", cursor.fetchall())
    cursor.execute("DEALLOCATE total")
    show("prepared", "gone", failure(lambda: cursor.execute("EXECUTE total (1)")))
    connection.rollback()


def pipeline(connection):
    cursor = connection.cursor()
    cursor.execute("CREATE TABLE batch (n int, t text)")
    psycopg2.extras.execute_batch(cursor, "INSERT INTO batch VALUES (%s, %s)", [(i, f"row {i}") for i in range(500)], page_size=100)
    psycopg2.extras.execute_values(cursor, "INSERT INTO batch VALUES %s", [(i, "value") for i in range(500)])
    connection.commit()
    show("pipeline", "batches", fetch(connection, "SELECT count(*), sum(n), md5(string_agg(t, ',' ORDER BY n, t)) FROM batch"))
    broken = failure(lambda: psycopg2.extras.execute_batch(
        cursor, "INSERT INTO batch VALUES (%s, 'late')", [(i if i != 30 else "no number",) for i in range(60)]))
    show("pipeline", "broken batch", broken)
    connection.rollback()

    def work(index):
        own = connect()
        total = 0
        for i in range(20):
            with own, own.cursor() as cursor:
                cursor.execute("INSERT INTO batch VALUES (%s, %s)", (i, f"thread {index}"))
                cursor.execute("SELECT sum(n) FROM batch WHERE t = %s", (f"thread {index}",))
                total += cursor.fetchone()[0]
        own.close()
        return total

    show("pipeline", "connections at once", in_threads(6, work))
    show("pipeline", "rows", fetch(connection, "SELECT count(*), sum(n) FROM batch WHERE t LIKE 'thread%'"))
    connection.commit()


def copy(connection):
    cursor = connection.cursor()
    cursor.execute("CREATE TABLE copied (n int, t text)")
    text = "".join(f"{i}\tline {i} \u20ac\n" for i in range(20000))
    cursor.copy_expert("COPY copied FROM STDIN", io.StringIO(text))
    show("copy", "in", cursor.rowcount)
    connection.commit()
    out = io.StringIO()
    cursor.copy_expert("COPY (SELECT * FROM copied ORDER BY n) TO STDOUT", out)
    show("copy", "out", (cursor.rowcount, out.getvalue() == text))
    binary = io.BytesIO()
    cursor.copy_expert("COPY (SELECT * FROM copied ORDER BY n) TO STDOUT (FORMAT binary)", binary)
    show("copy", "binary out", md5(binary.getvalue()))
    binary.seek(0)
    cursor.copy_expert("COPY copied FROM STDIN (FORMAT binary)", binary)
    show("copy", "binary in", fetch(connection, "SELECT count(*), sum(n) FROM copied"))
    connection.rollback()

    class Broken(io.StringIO):
        def read(self, size=-1):
            if self.tell() > 50000:
                raise RuntimeError("the source is broken")
            return super().read(size)

    try:
        cursor.copy_expert("COPY copied FROM STDIN", Broken(text))
        show("copy", "aborted", "no error")
    except psycopg2.Error as error:
        show("copy", "aborted", error.pgcode)
    connection.rollback()
    show("copy", "wrong data", failure(lambda: cursor.copy_expert("COPY copied FROM STDIN", io.StringIO(text + "x\ty\n" + text))))
    connection.rollback()
    show("copy", "no such table", failure(lambda: cursor.copy_expert("COPY nowhere FROM STDIN", io.StringIO(text))))
    connection.rollback()
    show("copy", "out with an error", failure(lambda: cursor.copy_expert("COPY (SELECT 1 / (5000 - n) FROM copied ORDER BY n) TO STDOUT", io.StringIO())))
    connection.rollback()
    show("copy", "rows", fetch(connection, "SELECT count(*) FROM copied"))
    connection.commit()


def cancel(connection):
    def stop(_):
        with connect() as monitor:
            monitor.autocommit = True
            wait_until(lambda: fetch(monitor, SLEEPING)[0][0] == 1)
            connection.cancel()
        monitor.close()

    show("cancel", "query", in_threads(2, lambda index: stop(index) if index else failure(lambda: fetch(connection, "SELECT pg_sleep(60)"))))
    show("cancel", "transaction", failure(lambda: fetch(connection, "SELECT 1")))
    connection.rollback()
    show("cancel", "afterwards", fetch(connection, "SELECT 'usable'"))
    connection.commit()


def error(connection):
    cursor = connection.cursor()
    cursor.execute("CREATE TABLE strict (n int CONSTRAINT strict_key PRIMARY KEY CHECK (n > 0), t varchar(3) NOT NULL)")
    cursor.execute("INSERT INTO strict VALUES (1, 'a')")
    connection.commit()
    for name, sql in [
        ("duplicate", "INSERT INTO strict VALUES (1, 'b')"), ("check", "INSERT INTO strict VALUES (-1, 'b')"),
        ("null", "INSERT INTO strict VALUES (2, NULL)"), ("long", "INSERT INTO strict VALUES (3, 'four')"),
        ("syntax", "SELEKT 1"), ("no table", "SELECT * FROM nowhere"), ("division", "SELECT 1; SELECT 1 / 0; SELECT 2"),
    ]:
        try:
            cursor.execute(sql)
            show("error", name, "no error")
        except psycopg2.Error as error:
            diag = error.diag
            show("error", name, (error.pgcode, diag.severity, diag.message_primary, diag.message_detail, diag.statement_position, diag.constraint_name))
        show("error", name + " again", failure(lambda: cursor.execute("SELECT 1")))
        connection.rollback()
    cursor.execute("DO $$ BEGIN RAISE WARNING 'look here'; END $$")
    show("error", "notices", [notice for notice in connection.notices if "look" in notice])
    show("error", "rows", fetch(connection, "SELECT count(*) FROM strict"))
    connection.commit()


def reconnect(_):
    connection = connect()
    show("reconnect", "own server", failure(lambda: fetch(connection, "SELECT pg_terminate_backend(pg_backend_pid())")))
    show("reconnect", "closed", connection.closed != 0)
    connection = connect()

    def terminate(_):
        with connect() as monitor:
            monitor.autocommit = True
            wait_until(lambda: fetch(monitor, SLEEPING)[0][0] == 1)
            fetch(monitor, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'")
        monitor.close()

    show("reconnect", "running", in_threads(2, lambda index: terminate(index) if index else failure(lambda: fetch(connection, "SELECT pg_sleep(60)"))))
    show("reconnect", "closed", connection.closed != 0)
    connection = connect()
    show("reconnect", "new connection", fetch(connection, "SELECT count(*) FROM strict"))
    connection.close()


def reset(connection):
    fetch(connection, "SELECT 1")
    connection.reset()
    connection.autocommit = True
    connection.cursor().execute("DISCARD ALL")
    show("reset", "after reset and DISCARD ALL", fetch(connection, "SELECT count(*) FROM pg_prepared_statements"))
    connection.autocommit = False
    connection.set_session(isolation_level="SERIALIZABLE", readonly=True)
    show("reset", "serializable", fetch(connection, "SELECT current_setting('transaction_isolation'), current_setting('transaction_read_only')"))
    connection.rollback()
    connection.set_session(isolation_level="DEFAULT", readonly=False)
    show("reset", "default", fetch(connection, "SELECT current_setting('transaction_isolation'), current_setting('transaction_read_only')"))
    connection.commit()


def notify(connection):
    cursor = connection.cursor()
    cursor.execute("LISTEN news")
    cursor.execute("NOTIFY news, 'to myself'")
    connection.commit()
    connection.poll()
    show("notify", "received", [(notice.channel, notice.payload) for notice in connection.notifies])


def savepoints(connection):
    cursor = connection.cursor()
    cursor.execute("CREATE TEMPORARY TABLE steps (n int) ON COMMIT DROP")
    for i in range(5):
        cursor.execute("SAVEPOINT step")
        cursor.execute("INSERT INTO steps VALUES (%s)", (i,))
        if i % 2:
            failure(lambda: cursor.execute("SELECT 1 / 0"))
            cursor.execute("ROLLBACK TO SAVEPOINT step")
        else:
            cursor.execute("RELEASE SAVEPOINT step")
    show("savepoints", "kept", fetch(connection, "SELECT array_agg(n ORDER BY n) FROM steps"))
    connection.commit()


def cursors(connection):
    with connection.cursor("numbers") as cursor:
        cursor.itersize = 100
        cursor.execute("SELECT n FROM generate_series(1, 1000) n")
        show("cursors", "sum", sum(row[0] for row in cursor))
    with connection.cursor("scrolling", scrollable=True) as cursor:
        cursor.execute("SELECT n FROM generate_series(1, 10) n")
        cursor.scroll(5)
        show("cursors", "scrolled", (cursor.fetchone(), cursor.fetchmany(2)))
        cursor.scroll(-3)
        show("cursors", "back", cursor.fetchone())
    connection.commit()
    show("cursors", "gone", failure(lambda: fetch(connection, "FETCH 1 FROM numbers")))
    connection.rollback()


def large_objects(connection):
    data = bytes(range(256)) * 4000
    large = connection.lobject(0, "wb")
    large.write(data)
    large.close()
    connection.commit()
    again = connection.lobject(large.oid, "rb")
    again.seek(1000)
    show("large_objects", "part", md5(again.read(5000)))
    again.seek(0)
    show("large_objects", "whole", (again.read() == data, again.tell()))
    again.unlink()
    connection.commit()
    show("large_objects", "gone", failure(lambda: connection.lobject(large.oid, "rb")).replace(str(large.oid), "OID"))
    connection.rollback()


def two_phase(connection):
    for end in ("commit", "rollback"):
        transaction = connection.xid(1, uuid.uuid4().hex, end)
        connection.tpc_begin(transaction)
        connection.cursor().execute("INSERT INTO strict VALUES (%s, 'xa')", (100 if end == "commit" else 200,))
        connection.tpc_prepare()
        other = connect()
        show("two_phase", "prepared", [known.bqual for known in other.tpc_recover() if known.gtrid == transaction.gtrid])
        other.rollback()
        show("two_phase", "not yet seen", fetch(other, "SELECT count(*) FROM strict WHERE t = 'xa' AND n <> 100"))
        other.close()
        getattr(connection, "tpc_" + end)()
        show("two_phase", end, fetch(connection, "SELECT array_agg(n) FROM strict WHERE t = 'xa'"))
        connection.commit()


def big_values(connection):
    text = "\u00e4bcdefghij" * 1000000
    show("big_values", "text", [(length, md5(value)) for length, value in fetch(connection, "SELECT length(%s), %s", (text, text))])
    data = bytes(range(256)) * 20000
    show("big_values", "bytea", [(length, md5(value)) for length, value in fetch(connection, "SELECT length(%s), %s::bytea", (data, data))])
    connection.commit()


def unicode(connection):
    text = "\u00e4\u00f6\u00fc \u20ac \u65e5\u672c \U0001f418 'quoted' \\ back"
    show("unicode", "echo", fetch(connection, "SELECT %s, length(%s), octet_length(%s)", (text, text, text)))
    show("unicode", "columns", fetch(connection, "SELECT 1 AS \"spalte \u00e4\", U&'\\0441\\043b\\043e\\043d'"))
    try:
        fetch(connection, "SELECT %s", ("a\0b",))
        show("unicode", "NUL", "no error")
    except ValueError as error:
        show("unicode", "NUL", error)
    connection.rollback()
    connection.set_client_encoding("LATIN1")
    show("unicode", "latin1", fetch(connection, "SELECT %s, current_setting('client_encoding')", ("\u00e4",)))
    connection.commit()
    connection.set_client_encoding("UTF8")
    show("unicode", "encoding", (connection.encoding, fetch(connection, "SHOW client_encoding")))
    connection.commit()


def timezone(connection):
    connection.cursor().execute("SET TIME ZONE 'Asia/Kathmandu'")
    connection.commit()
    show("timezone", "set", fetch(connection, "SELECT '2024-06-01 12:00:00+00'::timestamptz::text, current_setting('TimeZone')"))
    show("timezone", "value", fetch(connection, "SELECT '2024-06-01 12:00:00+00'::timestamptz")[0][0].isoformat())
    show("timezone", "parameter", connection.get_parameter_status("TimeZone"))
    connection.commit()
    connection.cursor().execute("RESET TIME ZONE")
    connection.commit()
    show("timezone", "reset", fetch(connection, "SHOW TimeZone"))
    connection.commit()


def main():
    connection = connect()
    show("connect", "parameters", [connection.get_parameter_status(name) for name in ("client_encoding", "DateStyle", "integer_datetimes", "standard_conforming_strings")])
    for case in (crud, prepared, pipeline, copy, cancel, error, reconnect, reset, notify, savepoints, cursors, large_objects, two_phase, big_values,
                 unicode, timezone):
        case(connection)
    connection.close()


main()
