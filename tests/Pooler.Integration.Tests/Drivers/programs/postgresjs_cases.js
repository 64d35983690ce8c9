'use strict';

// postgres.js: every statement prepared and pipelined, its own pool. The environment (PGHOST, PGPORT, ...) says where to.

const net = require('net');
const { once } = require('events');
const { Readable } = require('stream');
const { pipeline: connect } = require('stream/promises');
const postgres = require('postgres');
const { failure, md5, range, run, show, sleeping, waitUntil } = require('./cases');

const notices = [];

// One connection unless more are asked for, so that queries are pipelined on it.
const open = (options) => postgres({ max: 1, onnotice: (notice) => notices.push([notice.severity, notice.message]), ...options });

async function crud(sql) {
  await sql`CREATE TABLE item (id serial PRIMARY KEY, name text UNIQUE, price numeric(10, 2), made date, tags text[], more jsonb)`;
  const item = { name: 'one', price: '1.50', made: '2024-02-29', tags: ['a', 'b'], more: { k: [1, null] } };
  show('crud', 'returned', await sql`INSERT INTO item ${sql(item)} RETURNING id`);
  show('crud', 'inserted', (await sql`INSERT INTO item ${sql(range(20).map((i) => ({ name: `item ${i}`, price: i })))}`).count);
  show('crud', 'updated', (await sql`UPDATE item SET price = price * 2 WHERE price > ${10}`).count);
  show('crud', 'deleted', (await sql`DELETE FROM item WHERE name LIKE ${'item 1%'}`).count);
  const rows = await sql`SELECT id, name, price, made::text, tags, more FROM item ORDER BY id LIMIT 3`;
  show('crud', 'columns', rows.columns.map((column) => [column.name, column.type]));
  show('crud', 'rows', rows);
  show('crud', 'several statements', await sql`SELECT 1 AS one; SELECT 2 AS two; SELECT count(*) FROM item`.simple());
}

async function prepared(sql) {
  await sql`CREATE TABLE counted (n int)`;
  for (const i of range(12)) {
    await sql`INSERT INTO counted VALUES (${i})`;
  }
  const totals = [];
  for (const i of range(60)) {
    const text = `SELECT sum(n)::int + ${i % 30} AS total FROM counted WHERE n > $1`;
    totals.push((await sql.unsafe(text, [i % 7], { prepare: true }))[0].total);
  }
  show('prepared', 'thirty statements', totals);
  show('prepared', 'connections at once', await Promise.all(range(6).map(async (index) => {
    const own = open();
    const results = await Promise.all(range(40).map((i) => own.unsafe(`SELECT $1::int + $2::int + ${i % 10} AS total`, [index, i], { prepare: true })));
    await own.end();
    return results.reduce((total, rows) => total + rows[0].total, 0);
  })));
  show('prepared', 'described', (await sql`SELECT n, n * 2.5 AS more FROM counted WHERE n > ${1}`.describe()).columns.map((column) => [column.name, column.type]));
  for (const i of range(3)) {
    show('prepared', 'failed', await failure(sql`SELECT nothing FROM counted WHERE n = ${i}`));
  }
  for (const i of [1, 0, 1]) {
    show('prepared', 'failed in execution', await failure(sql`SELECT 1 / ${i}::int`));
  }
  const star = (own) => own`SELECT * FROM counted WHERE n = ${3}`;
  show('prepared', 'before DDL', await star(sql));
  await sql.unsafe('ALTER TABLE counted ADD COLUMN t text');
  for (const _ of range(3)) {
    show('prepared', 'after DDL', await star(sql));
  }
}

async function pipeline(sql) {
  await sql`CREATE TABLE batch (n int PRIMARY KEY, t text)`;
  const inserted = await Promise.all(range(200).map((i) => sql`INSERT INTO batch VALUES (${i}, ${`row ${i}`}) RETURNING n`));
  show('pipeline', 'results', inserted.reduce((sum, rows) => sum + rows[0].n, 0));
  show('pipeline', 'with errors', await Promise.all(range(9).map((i) => failure(sql`INSERT INTO batch VALUES (${i % 3 === 1 ? 0 : 1000 + i}, 'mixed')`))));
  show('pipeline', 'rows', await sql`SELECT count(*), sum(n) FROM batch`);
  const block = (fails) => failure(sql.begin((own) => [
    own`INSERT INTO batch VALUES (${fails ? 3000 : 3001}, 'block')`, own`SELECT 1 / ${fails ? 0 : 1}::int`, own`INSERT INTO batch VALUES (${fails ? 3002 : 3003}, 'block')`,
  ]));
  show('pipeline', 'in a block', [await block(true), await block(false), await sql`SELECT n FROM batch WHERE t = 'block' ORDER BY n`]);
  const pool = open({ max: 6 });
  const mixed = await Promise.all(range(120).map((i) => pool`SELECT ${i}::int * 2 AS n`));
  show('pipeline', 'pool', mixed.reduce((sum, rows) => sum + rows[0].n, 0));
  await Promise.all(range(12).map((i) => failure(pool.begin(async (own) => {
    await own`INSERT INTO batch VALUES (${2000 + i}, 'pool')`;
    await own`SELECT 1 / ${i % 3}::int`;
  }))));
  show('pipeline', 'transactions of the pool', await pool`SELECT count(*), sum(n) FROM batch WHERE t = 'pool'`);
  await pool.end();
}

async function copy(sql) {
  await sql`CREATE TABLE copied (n int, t text)`;
  const text = range(20000).map((i) => `${i}\tline ${i} \u20ac\n`).join('');
  const source = () => Readable.from(range(Math.ceil(text.length / 10000)).map((i) => text.slice(i * 10000, (i + 1) * 10000)));
  // A connection for each: the driver begins its next query before the COPY has ended.
  const alone = async (work, options) => {
    const own = open(options);
    const result = await work(own);
    await own.end();
    return result;
  };
  const write = (parts, options) => alone(async (own) => connect(parts, await own`COPY copied FROM STDIN ${own.unsafe(options)}`.writable()));
  const read = (options) => {
    let socket;
    const connected = async ({ host, port }) => {
      socket = net.connect(port[0], host[0]);
      await once(socket, 'connect');
      return socket;
    };
    return alone(async (own) => {
      const parts = [];
      for await (const part of await own`COPY (SELECT * FROM copied ORDER BY n) TO STDOUT ${own.unsafe(options)}`.readable()) {
        parts.push(part);
      }
      // The driver leaves its socket paused where the last rows come without what ends the query.
      socket.resume();
      return Buffer.concat(parts);
    }, { socket: connected });
  };
  await write(source(), '');
  show('copy', 'in', await sql`SELECT count(*), sum(n) FROM copied`);
  show('copy', 'out', (await read('')).equals(Buffer.from(text)));
  const binary = await read('(FORMAT binary)');
  show('copy', 'binary out', md5(binary));
  await write(Readable.from([binary]), '(FORMAT binary)');
  show('copy', 'binary in', await sql`SELECT count(*), sum(n) FROM copied`);
  show('copy', 'no such table', await failure(sql`COPY nowhere FROM STDIN`.writable()));
  show('copy', 'rows', await sql`SELECT count(*), sum(n) FROM copied`);
}

async function cancel(sql) {
  const monitor = open();
  for (const how of ['driver', 'server']) {
    const query = sql`SELECT pg_sleep(${60})`;
    const running = failure(query);
    await waitUntil(async () => (how === 'driver' ? await monitor`SELECT 1 ${monitor.unsafe(sleeping)}` : await monitor`SELECT pg_cancel_backend(pid) ${monitor.unsafe(sleeping)}`).count === 1);
    if (how === 'driver') {
      query.cancel();
    }
    show('cancel', how, await running);
    show('cancel', 'afterwards', await sql`SELECT 'usable' AS it`);
  }
  await monitor.end();
}

async function error(sql) {
  await sql`CREATE TABLE strict (n int CONSTRAINT strict_key PRIMARY KEY CHECK (n > 0), t varchar(3) NOT NULL)`;
  await sql`INSERT INTO strict VALUES (1, 'a')`;
  for (const [name, query] of [
    ['duplicate', (own) => own`INSERT INTO strict VALUES (${1}, 'b')`], ['check', (own) => own`INSERT INTO strict VALUES (${-1}, 'b')`],
    ['null', (own) => own`INSERT INTO strict VALUES (2, ${null})`], ['long', (own) => own`INSERT INTO strict VALUES (3, ${'four'})`],
    ['syntax', (own) => own`SELEKT 1`], ['no table', (own) => own`SELECT * FROM nowhere WHERE n = ${1}`],
    ['division', (own) => own`SELECT 1; SELECT 1 / 0; SELECT 2`.simple()],
  ]) {
    try {
      await query(sql);
      show('error', name, 'no error');
    } catch (error) {
      show('error', name, [error.code, error.severity, error.message, error.detail, error.position, error.constraint_name]);
    }
    await sql.begin(async (own) => {
      await failure(query(own));
      show('error', `${name} again`, await failure(own`SELECT 1`));
      throw new Error('roll it back');
    }).catch(() => {});
  }
  await sql`DO $$ BEGIN RAISE WARNING 'look here'; END $$`;
  show('error', 'notices', notices);
  show('error', 'rows', await sql`SELECT count(*) FROM strict`);
}

async function reconnect() {
  const sql = open();
  // Whether the query or the next one gets the server's last words is the driver's own race; then it connects anew by itself.
  const usable = () => waitUntil(async () => (await failure(sql`SELECT 1`)) === 'no error');
  show('reconnect', 'own server', (await failure(sql`SELECT pg_terminate_backend(pg_backend_pid())`)) !== 'no error');
  await usable();
  show('reconnect', 'by itself', await sql`SELECT 'again' AS it`);
  const monitor = open();
  const running = failure(sql`SELECT pg_sleep(${60})`);
  await waitUntil(async () => (await monitor`SELECT pg_terminate_backend(pid) ${monitor.unsafe(sleeping)}`).count === 1);
  show('reconnect', 'running', (await running) !== 'no error');
  await monitor.end();
  await usable();
  show('reconnect', 'by itself', await sql`SELECT count(*) FROM strict`);
  await sql.end();
}

async function notify(sql) {
  await sql.begin(async (own) => {
    await own`LISTEN news`;
    await own`SELECT pg_notify('news', ${'to myself'})`;
  });
  show('notify', 'afterwards', await sql`SELECT 'usable' AS it`);
}

async function savepoints(sql) {
  await sql.begin(async (own) => {
    await own`CREATE TEMPORARY TABLE steps (n int) ON COMMIT DROP`;
    for (const i of range(5)) {
      await failure(own.savepoint(async (step) => {
        await step`INSERT INTO steps VALUES (${i})`;
        await step`SELECT 1 / ${1 - (i % 2)}::int`;
      }));
    }
    show('savepoints', 'kept', await own`SELECT array_agg(n ORDER BY n) FROM steps`);
  });
}

async function cursors(sql) {
  let sum = 0;
  for await (const rows of sql`SELECT n FROM generate_series(1, ${1000}) n`.cursor(70)) {
    sum += rows.reduce((total, row) => total + row.n, 0);
  }
  show('cursors', 'sum', sum);
  for await (const rows of sql`SELECT n FROM generate_series(1, ${1000}) n`.cursor(3)) {
    show('cursors', 'first rows', rows);
    break;
  }
  const each = [];
  await sql`SELECT n FROM generate_series(1, ${5}) n`.forEach((row) => each.push(row.n));
  show('cursors', 'row by row', each);
}

async function twoPhase(sql) {
  const own = await sql.reserve();
  for (const end of ['COMMIT', 'ROLLBACK']) {
    await own`BEGIN`;
    await own`INSERT INTO strict VALUES (${end === 'COMMIT' ? 100 : 200}, 'xa')`;
    await own.unsafe(`PREPARE TRANSACTION 'postgres.js ${end}'`);
    show('two_phase', 'prepared', await own`SELECT gid FROM pg_prepared_xacts WHERE gid LIKE 'postgres.js %' AND database = current_database()`);
    await own.unsafe(`${end} PREPARED 'postgres.js ${end}'`);
    show('two_phase', end, await own`SELECT array_agg(n) FROM strict WHERE t = 'xa'`);
  }
  own.release();
}

async function bigValues(sql) {
  const text = '\u00e4bcdefghij'.repeat(1000000);
  const [big] = await sql`SELECT length(${text}::text) AS length, ${text}::text AS value`;
  show('big_values', 'text', [big.length, md5(big.value)]);
  const data = Buffer.alloc(5000000, Buffer.from(range(256)));
  const [binary] = await sql`SELECT length(${data}::bytea) AS length, ${data}::bytea AS value`;
  show('big_values', 'bytea', [binary.length, md5(binary.value)]);
}

async function unicode(sql) {
  const text = "\u00e4\u00f6\u00fc \u20ac \u65e5\u672c \u{1f418} 'quoted' \\ back";
  show('unicode', 'echo', await sql`SELECT ${text}::text AS "spalte \u00e4", length(${text}), octet_length(${text})`);
  show('unicode', 'NUL', await failure(sql`SELECT ${'a\0b'}::text`));
  show('unicode', 'afterwards', await sql`SELECT 'usable' AS it`);
}

async function timezone(sql) {
  await sql`SET TIME ZONE 'Asia/Kathmandu'`;
  show('timezone', 'set', await sql`SELECT '2024-06-01 12:00:00+00'::timestamptz::text AS t, current_setting('TimeZone') AS zone`);
  show('timezone', 'value', (await sql`SELECT '2024-06-01 12:00:00+00'::timestamptz AS t`)[0].t.toISOString());
  show('timezone', 'parameter', sql.parameters.TimeZone);
  await sql`RESET TIME ZONE`;
  show('timezone', 'reset', await sql`SHOW TimeZone`);
}

run(async () => {
  const sql = open();
  for (const work of [crud, prepared, pipeline, copy, cancel, error, reconnect, notify, savepoints, cursors, twoPhase, bigValues, unicode, timezone]) {
    await work(sql);
  }
  await sql.end();
});
