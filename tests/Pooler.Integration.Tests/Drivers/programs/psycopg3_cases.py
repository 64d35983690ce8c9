"""psycopg 3: parameters on the server, automatic preparing, libpq's pipeline mode. The environment (PGHOST, PGPORT, ...) says where to."""

import uuid

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from cases import SLEEPING, in_threads, md5, show, wait_until


def connect(**options):
    return psycopg.connect("", **options)


def fetch(connection, query, parameters=None, **options):
    return connection.execute(query, parameters, **options).fetchall()


def failure(work):
    """Runs what has to fail and returns SQLSTATE and message."""
    try:
        work()
    except psycopg.Error as error:
        return f"{error.sqlstate} {error.diag.message_primary or error}"
    return "no error"


def loss(work):
    """Runs what has to lose its server and returns whether the reason came through; what libpq adds depends on how the connection ends."""
    return "terminating connection due to administrator command" in failure(work)


def crud(connection):
    connection.execute("CREATE TABLE item (id serial PRIMARY KEY, name text UNIQUE, price numeric(10, 2), made date, tags text[], more jsonb)")
    row = connection.execute(
        "INSERT INTO item (name, price, made, tags, more) VALUES (%s, %s, %s, %s, %s) RETURNING id",
        ("one", "1.50", "2024-02-29", ["a", "b"], '{"k": [1, null]}')).fetchone()
    show("crud", "returned", row)
    cursor = connection.cursor()
    cursor.executemany("INSERT INTO item (name, price) VALUES (%s, %s)", [(f"item {i}", i) for i in range(20)])
    show("crud", "inserted", cursor.rowcount)
    show("crud", "updated", connection.execute("UPDATE item SET price = price * 2 WHERE price > %s", (10,)).rowcount)
    show("crud", "deleted", connection.execute("DELETE FROM item WHERE name LIKE %s", ("item 1%",)).rowcount)
    connection.commit()
    for binary in (False, True):
        cursor = connection.cursor(binary=binary, row_factory=dict_row)
        cursor.execute("SELECT * FROM item WHERE id > %s ORDER BY id LIMIT 3", (0,))
        show("crud", "columns", [(column.name, column.type_code) for column in cursor.description])
        show("crud", "rows", cursor.fetchall())
    show("crud", "status", cursor.statusmessage)
    cursor = connection.execute("SELECT 1; SELECT 2, 3; SELECT count(*) FROM item")
    results = [cursor.fetchall()]
    while cursor.nextset():
        results.append(cursor.fetchall())
    show("crud", "several statements", results)
    connection.rollback()
    with connection.transaction(), psycopg.ClientCursor(connection) as client:
        show("crud", "parameters in the text", client.execute("SELECT %s, %s", (1, "it's")).fetchall())


def prepared(connection):
    connection.execute("CREATE TABLE counted (n int)")
    connection.commit()
    for i in range(12):
        connection.execute("INSERT INTO counted VALUES (%s)", (i,))
        connection.commit()
    show("prepared", "automatic", fetch(connection, "SELECT count(*), sum(n) FROM counted"))
    totals = [0] * 30
    for _ in range(3):
        for i in range(30):
            totals[i] += fetch(connection, f"SELECT sum(n) + {i} FROM counted WHERE n > %s", (i % 7,), prepare=True)[0][0]
            if i % 10 == 9:
                connection.commit()
    show("prepared", "thirty statements", totals)

    def work(index):
        total = 0
        with connect(autocommit=index % 2 == 0) as own:
            for i in range(40):
                total += fetch(own, f"SELECT %s + %s + {i % 10}", (index, i), prepare=True)[0][0]
                if index % 2 and i % 4 == 3:
                    own.commit()
        return total

    show("prepared", "connections at once", in_threads(6, work))
    for i in range(3):
        show("prepared", "failed", failure(lambda: fetch(connection, "SELECT nothing FROM counted WHERE n = %s", (i,), prepare=True)))
        connection.rollback()
    show("prepared", "failed in execution", [failure(lambda: fetch(connection, "SELECT 1 / %s::int", (i,), prepare=True)) for i in (1, 0, 1)])
    connection.rollback()
    show("prepared", "after the rollback", fetch(connection, "SELECT sum(n) FROM counted WHERE n > %s", (1,), prepare=True))
    connection.commit()
    show("prepared", "types", fetch(connection, "SELECT %s, %s::int, %s::text, %s::timestamptz, %s::float8", (1, 2, "three", "2024-01-01 00:00Z", 0.1), prepare=True))
    with connect(autocommit=True) as few:
        few.prepared_max = 3
        show("prepared", "given up by the driver", [fetch(few, f"SELECT {i % 8} + %s", (i,), prepare=True)[0][0] for i in range(24)])
        with few.pipeline():
            results = [few.execute(f"SELECT {i % 8} * %s", (i,), prepare=True) for i in range(24)]
        show("prepared", "given up in a pipeline", [cursor.fetchone()[0] for cursor in results])
    show("prepared", "forgotten", fetch(connection, "SELECT 1 + %s", (1,), prepare=True))
    connection.execute("ALTER TABLE counted ADD COLUMN t text")
    connection.commit()
    show("prepared", "after DDL", fetch(connection, "SELECT * FROM counted WHERE n = %s", (3,), prepare=True))
    connection.commit()


def pipeline(connection):
    connection.execute("CREATE TABLE batch (n int PRIMARY KEY, t text)")
    connection.commit()
    with connection.pipeline() as pipe:
        cursors = [connection.execute("INSERT INTO batch VALUES (%s, %s) RETURNING n * 2", (i, f"row {i}")) for i in range(200)]
        pipe.sync()
        cursors += [connection.execute("SELECT count(*) FROM batch WHERE n < %s", (i,)) for i in range(100)]
    show("pipeline", "results", sum(cursor.fetchone()[0] for cursor in cursors))
    connection.commit()
    connection.autocommit = True
    with connection.pipeline() as pipe:
        results = []
        for i in range(30):
            results.append(connection.execute("SELECT %s + %s", (i, 1)))
            pipe.sync()
    show("pipeline", "several Syncs", [cursor.fetchone()[0] for cursor in results])

    def broken():
        with connection.pipeline() as pipe:
            connection.execute("INSERT INTO batch VALUES (1000, 'kept')")
            pipe.sync()
            connection.execute("INSERT INTO batch VALUES (1001, 'undone')")
            connection.execute("INSERT INTO batch VALUES (1, 'duplicate')")
            connection.execute("INSERT INTO batch VALUES (1002, 'skipped')")
            pipe.sync()

    show("pipeline", "broken", failure(broken))
    with connection.pipeline() as pipe:
        connection.execute("INSERT INTO batch VALUES (1003, 'before')")
        pipe.sync()
        show("pipeline", "in the middle", failure(lambda: connection.execute("SELECT 1 / %s", (0,)).fetchone()))
        pipe.sync()
        connection.execute("INSERT INTO batch VALUES (1004, 'after')")
    show("pipeline", "rows", fetch(connection, "SELECT n, t FROM batch WHERE n >= 1000 ORDER BY n"))
    with connection.pipeline(), connection.transaction():
        connection.execute("INSERT INTO batch VALUES (1005, 'in a block')")
        inner = failure(lambda: savepoint(connection))
    show("pipeline", "transactions", (inner, fetch(connection, "SELECT count(*) FROM batch WHERE n >= 1005")))
    cursor = connection.cursor()
    cursor.executemany("INSERT INTO batch VALUES (%s, %s) RETURNING n", [(i, "many") for i in range(2000, 2300)], returning=True)
    total = cursor.fetchone()[0]
    while cursor.nextset():
        total += cursor.fetchone()[0]
    show("pipeline", "executemany", total)
    show("pipeline", "executemany with an error", failure(lambda: cursor.executemany("INSERT INTO batch VALUES (%s, 'x')", [(i,) for i in (3000, 3001, 2000, 3002)])))

    def work(index):
        with connect(autocommit=True) as own:
            total = 0
            for _ in range(5):
                with own.pipeline() as pipe:
                    part = []
                    for i in range(10):
                        part.append(own.execute("SELECT %s * %s", (index, i), prepare=i % 2 == 0))
                        if i % 3 == 0:
                            pipe.sync()
                total += sum(cursor.fetchone()[0] for cursor in part)
            return total

    show("pipeline", "connections at once", in_threads(6, work))
    show("pipeline", "all rows", fetch(connection, "SELECT count(*), sum(n) FROM batch"))
    connection.autocommit = False


def savepoint(connection):
    with connection.transaction():
        connection.execute("INSERT INTO batch VALUES (1006, 'in a savepoint')")
        connection.execute("SELECT 1 / 0").fetchone()


def copy(connection):
    connection.execute("CREATE TABLE copied (n int, t text, d timestamptz)")
    cursor = connection.cursor()
    with cursor.copy("COPY copied (n, t) FROM STDIN") as target:
        for i in range(5000):
            target.write_row((i, f"line {i} \u20ac"))
    show("copy", "in", cursor.rowcount)
    connection.commit()
    with cursor.copy("COPY copied (n, t) FROM STDIN (FORMAT binary)") as target:
        target.set_types(["int4", "text"])
        for i in range(5000, 10000):
            target.write_row((i, f"line {i}"))
    show("copy", "binary in", (cursor.rowcount, cursor.statusmessage))
    connection.commit()
    with cursor.copy("COPY (SELECT n, t FROM copied ORDER BY n) TO STDOUT") as source:
        source.set_types(["int4", "text"])
        show("copy", "out", sum(row[0] + len(row[1]) for row in source.rows()))
    with cursor.copy("COPY (SELECT n, t FROM copied ORDER BY n) TO STDOUT (FORMAT binary)") as source:
        show("copy", "binary out", md5(b"".join(bytes(part) for part in source)))
    connection.commit()

    def write(table, rows, stop=None, options=""):
        with cursor.copy(f"COPY {table} FROM STDIN{options}") as target:
            for i in range(rows):
                if i == stop:
                    raise RuntimeError("no more")
                target.write(f"{i}\tline\n")

    show("copy", "aborted", failure(lambda: write("copied (n, t)", 20000, stop=15000)))
    show("copy", "after the abort", failure(lambda: fetch(connection, "SELECT 1")))
    connection.rollback()
    show("copy", "wrong data", failure(lambda: write("copied (n)", 50000)))
    connection.rollback()
    show("copy", "no such table", failure(lambda: write("nowhere", 10)))
    connection.rollback()
    try:
        # The driver cancels the query and reads what is left of it.
        with cursor.copy("COPY (SELECT n FROM generate_series(1, 500000) n) TO STDOUT") as source:
            first = bytes(source.read())
            raise RuntimeError("enough")
    except RuntimeError as error:
        show("copy", "left early", (first, error))
    connection.rollback()
    show("copy", "rows", fetch(connection, "SELECT count(*), sum(n) FROM copied"))
    connection.commit()


def cancel(connection):
    def stop(victim, how):
        with connect(autocommit=True) as monitor:
            wait_until(lambda: fetch(monitor, SLEEPING)[0][0] == 1)
            if how == "driver":
                victim.cancel()
            else:
                fetch(monitor, "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'")

    for how in ("driver", "server"):
        show("cancel", how, in_threads(2, lambda index: stop(connection, how) if index else failure(lambda: fetch(connection, "SELECT pg_sleep(%s)", (60,)))))
        show("cancel", "transaction", failure(lambda: fetch(connection, "SELECT 1")))
        connection.rollback()
        show("cancel", "afterwards", fetch(connection, "SELECT 'usable'"))
        connection.commit()


def error(connection):
    connection.execute("CREATE TABLE strict (n int CONSTRAINT strict_key PRIMARY KEY CHECK (n > 0), t varchar(3) NOT NULL)")
    connection.execute("INSERT INTO strict VALUES (1, 'a')")
    connection.commit()
    for name, query, parameters in [
        ("duplicate", "INSERT INTO strict VALUES (%s, 'b')", (1,)), ("check", "INSERT INTO strict VALUES (%s, 'b')", (-1,)),
        ("null", "INSERT INTO strict VALUES (2, %s)", (None,)), ("long", "INSERT INTO strict VALUES (3, %s)", ("four",)),
        ("syntax", "SELEKT 1", None), ("no table", "SELECT * FROM nowhere WHERE n = %s", (1,)), ("division", "SELECT 1; SELECT 1 / 0; SELECT 2", None),
        ("wrong type", "SELECT %s::int", ("x",)), ("two statements", "SELECT 1; SELECT %s", (1,)),
    ]:
        try:
            connection.execute(query, parameters)
            show("error", name, "no error")
        except psycopg.Error as error:
            diag = error.diag
            show("error", name, (error.sqlstate, diag.severity, diag.message_primary, diag.message_detail, diag.statement_position, diag.constraint_name))
        show("error", name + " again", failure(lambda: connection.execute("SELECT 1")))
        connection.rollback()
    notices = []
    connection.add_notice_handler(lambda diag: notices.append((diag.severity, diag.message_primary)))
    connection.execute("DO $$ BEGIN RAISE WARNING 'look here'; END $$")
    show("error", "notices", notices)
    show("error", "rows", fetch(connection, "SELECT count(*) FROM strict"))
    connection.commit()


def reconnect(_):
    connection = connect()
    show("reconnect", "own server", loss(lambda: fetch(connection, "SELECT pg_terminate_backend(pg_backend_pid())")))
    show("reconnect", "closed", (connection.closed, connection.broken))
    connection = connect()

    def terminate():
        with connect(autocommit=True) as monitor:
            wait_until(lambda: fetch(monitor, SLEEPING)[0][0] == 1)
            fetch(monitor, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'")

    show("reconnect", "running", in_threads(2, lambda index: terminate() if index else loss(lambda: fetch(connection, "SELECT pg_sleep(%s)", (60,)))))
    show("reconnect", "closed", (connection.closed, connection.broken))
    with connect() as connection:
        show("reconnect", "new connection", fetch(connection, "SELECT count(*) FROM strict"))


def reset(connection):
    connection.commit()
    connection.autocommit = True
    connection.execute("DISCARD ALL")
    show("reset", "DISCARD ALL", [fetch(connection, "SELECT %s + 1", (i,), prepare=False)[0][0] for i in range(3)])
    connection.autocommit = False
    connection.isolation_level = psycopg.IsolationLevel.SERIALIZABLE
    connection.read_only = True
    show("reset", "serializable", fetch(connection, "SELECT current_setting('transaction_isolation'), current_setting('transaction_read_only')"))
    connection.rollback()
    connection.isolation_level = connection.read_only = None
    show("reset", "default", fetch(connection, "SELECT current_setting('transaction_isolation'), current_setting('transaction_read_only')"))
    connection.commit()


def notify(connection):
    received = []
    connection.add_notify_handler(lambda notice: received.append((notice.channel, notice.payload)))
    connection.execute("LISTEN news")
    connection.execute("SELECT pg_notify(%s, %s)", ("news", "to myself"))
    connection.commit()
    connection.execute("SELECT 1")
    connection.commit()
    show("notify", "received", received)


def savepoints(connection):
    with connection.transaction():
        connection.execute("CREATE TEMPORARY TABLE steps (n int) ON COMMIT DROP")
        for i in range(5):
            try:
                with connection.transaction():
                    connection.execute("INSERT INTO steps VALUES (%s)", (i,))
                    if i % 2:
                        connection.execute("SELECT 1 / 0")
            except psycopg.errors.DivisionByZero:
                pass
        show("savepoints", "kept", fetch(connection, "SELECT array_agg(n ORDER BY n) FROM steps"))


def cursors(connection):
    with connection.cursor("numbers") as cursor:
        cursor.itersize = 100
        cursor.execute("SELECT n FROM generate_series(1, %s) n", (1000,))
        show("cursors", "sum", sum(row[0] for row in cursor))
    with connection.cursor("scrolling", scrollable=True) as cursor:
        cursor.execute("SELECT n FROM generate_series(1, 10) n")
        cursor.scroll(5)
        show("cursors", "scrolled", (cursor.fetchone(), cursor.fetchmany(2)))
        cursor.scroll(-3)
        show("cursors", "back", cursor.fetchone())
    with connection.cursor() as cursor:
        show("cursors", "row by row", sum(row[0] for row in cursor.stream("SELECT n FROM generate_series(1, %s) n", (1000,))))
    connection.commit()
    show("cursors", "gone", failure(lambda: fetch(connection, "FETCH 1 FROM numbers")))
    connection.rollback()


def large_objects(connection):
    data = bytes(range(256)) * 400
    (oid,) = connection.execute("SELECT lo_from_bytea(0, %s)", (data,)).fetchone()
    connection.commit()
    show("large_objects", "whole", fetch(connection, "SELECT lo_get(%s)", (oid,))[0][0] == data)
    show("large_objects", "part", fetch(connection, "SELECT loread(lo_open(%s, 262144), 10)", (oid,)))
    show("large_objects", "unlinked", fetch(connection, "SELECT lo_unlink(%s)", (oid,)))
    connection.commit()


def two_phase(connection):
    for end in ("commit", "rollback"):
        transaction = connection.xid(1, uuid.uuid4().hex, end)
        connection.tpc_begin(transaction)
        connection.execute("INSERT INTO strict VALUES (%s, 'xa')", (100 if end == "commit" else 200,))
        connection.tpc_prepare()
        with connect() as other:
            show("two_phase", "prepared", [known.bqual for known in other.tpc_recover() if known.gtrid == transaction.gtrid])
            other.rollback()
        getattr(connection, "tpc_" + end)()
        show("two_phase", end, fetch(connection, "SELECT array_agg(n) FROM strict WHERE t = 'xa'"))
        connection.commit()


def big_values(connection):
    text = "\u00e4bcdefghij" * 1000000
    show("big_values", "text", [(length, md5(value)) for length, value in fetch(connection, "SELECT length(%(t)s), %(t)s", {"t": text})])
    data = bytes(range(256)) * 40000
    for binary in (False, True):
        show("big_values", "bytea", [(length, md5(value)) for length, value in fetch(connection, "SELECT length(%(d)s), %(d)s", {"d": data}, binary=binary)])
    connection.commit()


def unicode(connection):
    text = "\u00e4\u00f6\u00fc \u20ac \u65e5\u672c \U0001f418 'quoted' \\ back"
    show("unicode", "echo", fetch(connection, "SELECT %(t)s, length(%(t)s), octet_length(%(t)s)", {"t": text}))
    show("unicode", "column", fetch(connection, sql.SQL("SELECT 1 AS {}").format(sql.Identifier("spalte \u00e4"))))
    show("unicode", "NUL", failure(lambda: fetch(connection, "SELECT %s", ("a\0b",))))
    connection.rollback()
    connection.execute("SET client_encoding TO LATIN1")
    connection.commit()
    show("unicode", "latin1", (connection.info.encoding, fetch(connection, "SELECT %s, current_setting('client_encoding')", ("\u00e4",))))
    connection.execute("SET client_encoding TO UTF8")
    connection.commit()
    show("unicode", "encoding", (connection.info.encoding, fetch(connection, "SHOW client_encoding")))
    connection.commit()


def timezone(connection):
    connection.execute("SET TIME ZONE 'Asia/Kathmandu'")
    connection.commit()
    show("timezone", "set", fetch(connection, "SELECT '2024-06-01 12:00:00+00'::timestamptz::text, current_setting('TimeZone')"))
    show("timezone", "value", fetch(connection, "SELECT %s::timestamptz", ("2024-06-01 12:00:00+00",), binary=True)[0][0].isoformat())
    show("timezone", "parameter", connection.info.timezone)
    connection.commit()
    connection.execute("RESET TIME ZONE")
    connection.commit()
    show("timezone", "reset", fetch(connection, "SHOW TimeZone"))
    connection.commit()


def main():
    connection = connect()
    show("connect", "parameters", [connection.info.parameter_status(name) for name in ("client_encoding", "DateStyle", "integer_datetimes", "IntervalStyle")])
    for case in (crud, prepared, pipeline, copy, cancel, error, reconnect, reset, notify, savepoints, cursors, large_objects, two_phase, big_values,
                 unicode, timezone):
        case(connection)
    connection.close()


main()
