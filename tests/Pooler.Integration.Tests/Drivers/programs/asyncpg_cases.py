"""asyncpg: the extended protocol in binary, every statement prepared. The environment (PGHOST, PGPORT, ...) says where to."""

import asyncio
import datetime
import decimal

import asyncpg

from cases import SLEEPING, md5, show


async def failure(work):
    """Awaits what has to fail and returns SQLSTATE and message."""
    try:
        await work
    except asyncpg.PostgresError as error:
        return f"{error.sqlstate} {error}"
    except (asyncpg.InterfaceError, ConnectionError) as error:
        return type(error).__name__
    return "no error"


def rows(records):
    return [tuple(record) for record in records]


async def wait_for_sleep(monitor):
    while await monitor.fetchval(SLEEPING) == 0:
        await asyncio.sleep(0.01)


async def crud(connection):
    await connection.execute("CREATE TABLE item (id serial PRIMARY KEY, name text UNIQUE, price numeric(10, 2), made date, tags text[])")
    show("crud", "returned", await connection.fetchval(
        "INSERT INTO item (name, price, made, tags) VALUES ($1, $2, $3, $4) RETURNING id", "one", decimal.Decimal("1.50"), datetime.date(2024, 2, 29), ["a", "b"]))
    await connection.executemany("INSERT INTO item (name, price) VALUES ($1, $2)", [(f"item {i}", i) for i in range(20)])
    show("crud", "updated", await connection.execute("UPDATE item SET price = price * 2 WHERE price > $1", 10))
    show("crud", "deleted", await connection.execute("DELETE FROM item WHERE name LIKE $1", "item 1%"))
    show("crud", "rows", rows(await connection.fetch("SELECT * FROM item ORDER BY id LIMIT 3")))
    show("crud", "several statements", await connection.execute("SELECT 1; SELECT 2; DELETE FROM item WHERE id = 3"))
    show("crud", "count", await connection.fetchval("SELECT count(*) FROM item"))


async def types(connection):
    """Types that the driver does not know make it ask for them: large queries of its own, with settings around them."""
    await connection.execute("CREATE TYPE mood AS ENUM ('sad', 'fine'); CREATE TYPE pair AS (a int, m mood); CREATE DOMAIN positive AS int CHECK (VALUE > 0)")
    show("types", "enum", await connection.fetchval("SELECT $1::mood", "fine"))
    show("types", "composite", tuple(await connection.fetchval("SELECT $1::pair", (1, "sad"))))
    show("types", "arrays", await connection.fetchval("SELECT ARRAY[ROW(1, 'sad')::pair, ROW(2, 'fine')::pair]"))
    show("types", "domain", await connection.fetchval("SELECT $1::positive", 5))
    show("types", "wrong", await failure(connection.fetchval("SELECT $1::positive", -5)))
    await connection.execute("CREATE TYPE size AS ENUM ('s', 'm')")
    async with connection.transaction():
        show("types", "in a transaction", await connection.fetchval("SELECT array_agg(x) FROM unnest($1::size[]) x", ["s", "m"]))


async def prepared(connection):
    await connection.execute("CREATE TABLE counted (n int)")
    insert = await connection.prepare("INSERT INTO counted VALUES ($1)")
    for i in range(12):
        await insert.fetch(i)
    statements = [await connection.prepare(f"SELECT sum(n) + {i} FROM counted WHERE n > $1") for i in range(30)]
    show("prepared", "thirty statements", [await statement.fetchval(i % 7) for statement in statements for i in range(3)])
    show("prepared", "described", [(parameter.name) for parameter in insert.get_parameters()] + [column.name for column in statements[0].get_attributes()])

    async def work(index):
        own = await asyncpg.connect(statement_cache_size=4 if index % 2 else 100)
        total = 0
        for i in range(40):
            total += await own.fetchval(f"SELECT $1::int + $2::int + {i % 10}", index, i)
            if i % 8 == 0:
                async with own.transaction():
                    total += await own.fetchval(f"SELECT $1::int - {i % 10}", i)
        await own.close()
        return total

    show("prepared", "connections at once", await asyncio.gather(*(work(index) for index in range(6))))
    show("prepared", "failed", [await failure(connection.prepare("SELECT nothing FROM counted")) for _ in range(3)])
    show("prepared", "failed in execution", [await failure(connection.fetchval("SELECT 1 / $1::int", i)) for i in (1, 0, 1)])
    star = "SELECT * FROM counted WHERE n = $1"
    show("prepared", "before DDL", rows(await connection.fetch(star, 3)))
    others = [await asyncpg.connect() for _ in range(4)]
    for other in others:
        await other.fetch(star, 3)
    for change in ("ADD COLUMN t text", "ALTER COLUMN n TYPE bigint", "RENAME COLUMN t TO u", "DROP COLUMN u", "ALTER COLUMN n TYPE int"):
        await connection.execute(f"ALTER TABLE counted {change}")
        show("prepared", change, [rows(await other.fetch(star, 3)) for other in [connection, *others] for _ in range(3)])
    for other in others:
        await other.close()


async def pipeline(connection):
    await connection.execute("CREATE TABLE batch (n int PRIMARY KEY, t text)")
    await connection.executemany("INSERT INTO batch VALUES ($1, $2)", [(i, f"row {i}") for i in range(5000)])
    show("pipeline", "executemany", rows(await connection.fetch("SELECT count(*), sum(n) FROM batch")))
    show("pipeline", "with an error", await failure(connection.executemany("INSERT INTO batch VALUES ($1, 'late')", [(i % 5500,) for i in range(5000, 6000)])))
    show("pipeline", "undone", await connection.fetchval("SELECT count(*) FROM batch"))
    async with connection.transaction():
        show("pipeline", "in a transaction", await failure(connection.executemany("INSERT INTO batch VALUES ($1, 'kept')", [(i,) for i in range(6000, 6100)])))
    show("pipeline", "kept", await connection.fetchval("SELECT count(*) FROM batch"))

    async def work(index):
        own = await asyncpg.connect()
        for i in range(10):
            await own.executemany("INSERT INTO batch VALUES ($1, $2)", [(10000 + 1000 * index + 20 * i + j, f"task {index}") for j in range(20)])
        total = await own.fetchval("SELECT sum(n) FROM batch WHERE t = $1", f"task {index}")
        await own.close()
        return total

    show("pipeline", "connections at once", await asyncio.gather(*(work(index) for index in range(6))))


async def copy(connection):
    await connection.execute("CREATE TABLE copied (n int, t text)")
    records = [(i, f"line {i} \u20ac") for i in range(20000)]
    show("copy", "binary in", await connection.copy_records_to_table("copied", records=records))
    parts = []

    async def keep(data):
        parts.append(bytes(data))

    show("copy", "out", await connection.copy_from_query("SELECT * FROM copied ORDER BY n LIMIT $1", 10000, output=keep))
    text = b"".join(parts)
    show("copy", "text", (len(text), md5(text)))

    async def source(last=None):
        for i in range(0, len(text), 10000):
            if i == last:
                raise RuntimeError("the source is broken")
            yield text[i:i + 10000]

    show("copy", "in", await connection.copy_to_table("copied", source=source()))
    try:
        await connection.copy_to_table("copied", source=source(last=50000))
    except RuntimeError as error:
        show("copy", "aborted", error)
    except asyncpg.PostgresError as error:
        show("copy", "aborted", error.sqlstate)

    async def wrong():
        yield text + b"x\ty\n"
        yield text

    show("copy", "wrong data", await failure(connection.copy_to_table("copied", source=wrong())))
    show("copy", "no such table", await failure(connection.copy_to_table("nowhere", source=source())))
    parts.clear()
    show("copy", "out with an error", await failure(connection.copy_from_query("SELECT 1 / (5000 - n) FROM copied ORDER BY n", output=keep)))
    show("copy", "rows", rows(await connection.fetch("SELECT count(*), sum(n) FROM copied")))


async def cancel(connection):
    monitor = await asyncpg.connect()
    for how in ("task", "timeout", "server"):
        running = asyncio.create_task(connection.fetchval("SELECT pg_sleep(60)", timeout=0.2 if how == "timeout" else None))
        if how != "timeout":
            await wait_for_sleep(monitor)
        if how == "task":
            running.cancel()
        elif how == "server":
            await monitor.fetch("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'")
        try:
            await running
        except (asyncio.CancelledError, asyncio.TimeoutError, asyncpg.QueryCanceledError) as error:
            show("cancel", how, type(error).__name__)
        show("cancel", "afterwards", await connection.fetchval("SELECT 'usable'"))
    await monitor.close()


async def error(connection):
    await connection.execute("CREATE TABLE strict (n int CONSTRAINT strict_key PRIMARY KEY CHECK (n > 0), t varchar(3) NOT NULL)")
    await connection.execute("INSERT INTO strict VALUES (1, 'a')")
    for name, query, arguments in [
        ("duplicate", "INSERT INTO strict VALUES ($1, 'b')", (1,)), ("check", "INSERT INTO strict VALUES ($1, 'b')", (-1,)),
        ("null", "INSERT INTO strict VALUES (2, $1)", (None,)), ("long", "INSERT INTO strict VALUES (3, $1)", ("four",)),
        ("syntax", "SELEKT $1", (1,)), ("no table", "SELECT * FROM nowhere WHERE n = $1", (1,)), ("division", "SELECT 1; SELECT 1 / 0; SELECT 2", ()),
    ]:
        for _ in range(2):
            try:
                await connection.execute(query, *arguments)
                show("error", name, "no error")
            except asyncpg.PostgresError as error:
                show("error", name, (error.sqlstate, error.message, error.detail, error.position, error.constraint_name))
        transaction = connection.transaction()
        await transaction.start()
        await failure(connection.execute(query, *arguments))
        show("error", name + " again", await failure(connection.execute("SELECT 1")))
        await transaction.rollback()
    notices = []
    connection.add_log_listener(lambda _, message: notices.append((message.severity, message.message)))
    await connection.execute("DO $$ BEGIN RAISE WARNING 'look here'; END $$")
    show("error", "rows", await connection.fetchval("SELECT count(*) FROM strict"))
    await asyncio.sleep(0)
    show("error", "notices", notices)


async def reconnect(_):
    connection = await asyncpg.connect()
    show("reconnect", "own server", await failure(connection.fetchval("SELECT pg_terminate_backend(pg_backend_pid())")))
    show("reconnect", "again", await failure(connection.fetchval("SELECT 1")))
    connection = await asyncpg.connect()
    monitor = await asyncpg.connect()
    running = asyncio.create_task(failure(connection.fetchval("SELECT pg_sleep(60)")))
    await wait_for_sleep(monitor)
    await monitor.fetch("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'")
    show("reconnect", "running", await running)
    await monitor.close()
    connection = await asyncpg.connect()
    show("reconnect", "new connection", await connection.fetchval("SELECT count(*) FROM strict"))
    await connection.close()


async def reset(_):
    """The driver's own pool resets a connection when it comes back."""
    async with asyncpg.create_pool(min_size=2, max_size=4) as pool:
        async def work(index):
            total = 0
            for i in range(10):
                async with pool.acquire() as connection:
                    total += await connection.fetchval("SELECT $1::int * $2::int", index, i)
                    async with connection.transaction(isolation="serializable", readonly=True):
                        total += len(await connection.fetchval("SELECT current_setting('transaction_isolation') || current_setting('transaction_read_only')"))
            return total

        show("reset", "pool", await asyncio.gather(*(work(index) for index in range(8))))


async def notify(connection):
    received = asyncio.Queue()
    async with connection.transaction():
        await connection.add_listener("news", lambda _, pid, channel, payload: received.put_nowait((channel, payload)))
        await connection.execute("SELECT pg_notify('news', $1)", "to myself")
    show("notify", "received", await asyncio.wait_for(received.get(), 30))


async def savepoints(connection):
    async with connection.transaction():
        await connection.execute("CREATE TEMPORARY TABLE steps (n int) ON COMMIT DROP")
        for i in range(5):
            try:
                async with connection.transaction():
                    await connection.execute("INSERT INTO steps VALUES ($1)", i)
                    if i % 2:
                        await connection.execute("SELECT 1 / 0")
            except asyncpg.DivisionByZeroError:
                pass
        show("savepoints", "kept", await connection.fetchval("SELECT array_agg(n ORDER BY n) FROM steps"))


async def cursors(connection):
    async with connection.transaction():
        show("cursors", "sum", sum([record[0] async for record in connection.cursor("SELECT n FROM generate_series(1, $1::int) n", 1000, prefetch=70)]))
        cursor = await connection.cursor("SELECT n FROM generate_series(1, 10) n")
        await cursor.forward(5)
        show("cursors", "moved", (await cursor.fetchrow(), rows(await cursor.fetch(2))))


async def big_values(connection):
    text = "\u00e4bcdefghij" * 1000000
    length, value = await connection.fetchrow("SELECT length($1::text), $1::text", text)
    show("big_values", "text", (length, md5(value)))
    data = bytes(range(256)) * 40000
    length, value = await connection.fetchrow("SELECT length($1::bytea), $1::bytea", data)
    show("big_values", "bytea", (length, md5(value)))


async def unicode(connection):
    text = "\u00e4\u00f6\u00fc \u20ac \u65e5\u672c \U0001f418 'quoted' \\ back"
    show("unicode", "echo", tuple(await connection.fetchrow("SELECT $1::text, length($1), octet_length($1)", text)))
    show("unicode", "NUL", await failure(connection.fetchval("SELECT $1::text", "a\0b")))
    show("unicode", "afterwards", await connection.fetchval("SELECT $1::text", "usable"))


async def timezone(connection):
    await connection.execute("SET TIME ZONE 'Asia/Kathmandu'")
    show("timezone", "set", tuple(await connection.fetchrow("SELECT '2024-06-01 12:00:00+00'::timestamptz::text, current_setting('TimeZone')")))
    show("timezone", "parameter", connection.get_settings().TimeZone)
    await connection.execute("RESET TIME ZONE")
    show("timezone", "reset", await connection.fetchval("SHOW TimeZone"))


async def main():
    connection = await asyncpg.connect()
    show("connect", "parameters", (connection.get_settings().DateStyle, connection.get_settings().integer_datetimes))
    for case in (crud, types, prepared, pipeline, copy, cancel, error, reconnect, reset, notify, savepoints, cursors, big_values, unicode, timezone):
        await case(connection)
    await connection.close()


asyncio.run(main())
