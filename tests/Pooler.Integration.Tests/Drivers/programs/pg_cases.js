'use strict';

// node-postgres: simple queries, the extended protocol with parameters, named statements, its pool, cursors and COPY streams.
// The environment (PGHOST, PGPORT, ...) says where to.

const { Readable, Writable } = require('stream');
const { pipeline: connect } = require('stream/promises');
const { Client, Pool } = require('pg');
const Cursor = require('pg-cursor');
const { from: copyFrom, to: copyTo } = require('pg-copy-streams');
const { failure, md5, range, run, show, sleeping, waitUntil } = require('./cases');

async function open() {
  const client = new Client();
  // A connection that is lost says so here as well.
  client.on('error', () => {});
  await client.connect();
  return client;
}

async function crud(client) {
  await client.query('CREATE TABLE item (id serial PRIMARY KEY, name text UNIQUE, price numeric(10, 2), made date, tags text[], more jsonb)');
  const inserted = await client.query(
    'INSERT INTO item (name, price, made, tags, more) VALUES ($1, $2, $3, $4, $5) RETURNING id', ['one', '1.50', '2024-02-29', ['a', 'b'], { k: [1, null] }]);
  show('crud', 'returned', inserted.rows);
  for (const i of range(20)) {
    await client.query('INSERT INTO item (name, price) VALUES ($1, $2)', [`item ${i}`, i]);
  }
  show('crud', 'updated', (await client.query('UPDATE item SET price = price * 2 WHERE price > $1', [10])).rowCount);
  show('crud', 'deleted', (await client.query('DELETE FROM item WHERE name LIKE $1', ['item 1%'])).rowCount);
  const rows = await client.query({ text: 'SELECT id, name, price, made::text, tags, more FROM item ORDER BY id LIMIT 3', rowMode: 'array' });
  show('crud', 'columns', rows.fields.map((field) => [field.name, field.dataTypeID]));
  show('crud', 'rows', rows.rows);
  const several = await client.query('SELECT 1 AS one; SELECT 2 AS two, 3 AS three; SELECT count(*) FROM item');
  show('crud', 'several statements', several.map((result) => result.rows));
  show('crud', 'empty', (await client.query('')).rows);
}

async function prepared(client) {
  await client.query('CREATE TABLE counted (n int)');
  for (const i of range(12)) {
    await client.query({ name: 'insert', text: 'INSERT INTO counted VALUES ($1)', values: [i] });
  }
  const totals = [];
  for (const i of range(60)) {
    const result = await client.query({ name: `total ${i % 30}`, text: `SELECT sum(n)::int + ${i % 30} AS total FROM counted WHERE n > $1`, values: [i % 7] });
    totals.push(result.rows[0].total);
  }
  show('prepared', 'thirty statements', totals);
  show('prepared', 'connections at once', await Promise.all(range(6).map(async (index) => {
    const own = await open();
    let total = 0;
    for (const i of range(40)) {
      const result = await own.query({ name: `sum ${i % 10}`, text: `SELECT $1::int + $2::int + ${i % 10} AS total`, values: [index, i] });
      total += result.rows[0].total;
    }
    await own.end();
    return total;
  })));
  for (const i of range(3)) {
    show('prepared', 'failed', await failure(client.query({ name: 'broken', text: 'SELECT nothing FROM counted WHERE n = $1', values: [i] })));
  }
  for (const i of [1, 0, 1]) {
    show('prepared', 'failed in execution', await failure(client.query({ name: 'division', text: 'SELECT 1 / $1::int', values: [i] })));
  }
  const star = { name: 'star', text: 'SELECT * FROM counted WHERE n = $1', values: [3] };
  show('prepared', 'before DDL', (await client.query(star)).rows);
  await client.query('ALTER TABLE counted ADD COLUMN t text');
  const other = await open();
  show('prepared', 'after DDL', (await other.query(star)).rows);
  await other.end();
}

// The client queues queries and sends one after the other; several connections of a pool share few servers.
async function pipeline(client) {
  await client.query('CREATE TABLE batch (n int PRIMARY KEY, t text)');
  const queued = range(200).map((i) => client.query('INSERT INTO batch VALUES ($1, $2) RETURNING n', [i, `row ${i}`]));
  show('pipeline', 'queued', (await Promise.all(queued)).reduce((sum, result) => sum + result.rows[0].n, 0));
  const mixed = await Promise.all(range(9).map((i) => failure(client.query('INSERT INTO batch VALUES ($1, $2)', [i % 3 === 1 ? 0 : 1000 + i, 'mixed']))));
  show('pipeline', 'with errors', mixed);
  show('pipeline', 'rows', (await client.query('SELECT count(*), sum(n) FROM batch')).rows);
  const pool = new Pool({ max: 6 });
  show('pipeline', 'pool', await Promise.all(range(60).map(async (i) => (await pool.query('SELECT $1::int * 2 AS n', [i])).rows[0].n)));
  await Promise.all(range(12).map(async (i) => {
    const own = await pool.connect();
    await own.query('BEGIN');
    await own.query('INSERT INTO batch VALUES ($1, $2)', [2000 + i, 'pool']);
    await own.query(i % 3 ? 'COMMIT' : 'ROLLBACK');
    own.release();
  }));
  show('pipeline', 'transactions of the pool', (await pool.query("SELECT count(*), sum(n) FROM batch WHERE t = 'pool'")).rows);
  await pool.end();
}

async function copy(client) {
  await client.query('CREATE TABLE copied (n int, t text)');
  const text = range(20000).map((i) => `${i}\tline ${i} \u20ac\n`).join('');
  const source = () => Readable.from(range(Math.ceil(text.length / 10000)).map((i) => text.slice(i * 10000, (i + 1) * 10000)));
  const target = client.query(copyFrom('COPY copied FROM STDIN'));
  await connect(source(), target);
  show('copy', 'in', target.rowCount);
  const read = async (query) => {
    const parts = [];
    await connect(client.query(copyTo(query)), new Writable({ write(chunk, _, done) { parts.push(chunk); done(); } }));
    return Buffer.concat(parts);
  };
  show('copy', 'out', (await read('COPY (SELECT * FROM copied ORDER BY n) TO STDOUT')).equals(Buffer.from(text)));
  const binary = await read('COPY (SELECT * FROM copied ORDER BY n) TO STDOUT (FORMAT binary)');
  show('copy', 'binary out', md5(binary));
  await connect(Readable.from([binary]), client.query(copyFrom('COPY copied FROM STDIN (FORMAT binary)')));
  show('copy', 'binary in', (await client.query('SELECT count(*), sum(n) FROM copied')).rows);
  const broken = Readable.from((function* () { yield text; throw new Error('the source is broken'); })());
  show('copy', 'aborted', await failure(connect(broken, client.query(copyFrom('COPY copied FROM STDIN')))));
  const wrong = (table, more) => failure(connect(Readable.from([text, more, text]), client.query(copyFrom(`COPY ${table} FROM STDIN`))));
  show('copy', 'wrong data', await wrong('copied', 'x\ty\n'));
  show('copy', 'no such table', await wrong('nowhere', text));
  show('copy', 'out with an error', await failure(read('COPY (SELECT 1 / (5000 - n) FROM copied ORDER BY n) TO STDOUT')));
  show('copy', 'rows', (await client.query('SELECT count(*), sum(n) FROM copied')).rows);
}

async function cancel(client) {
  const monitor = await open();
  const running = failure(client.query('SELECT pg_sleep($1)', [60]));
  await waitUntil(async () => (await monitor.query(`SELECT 1 ${sleeping}`)).rowCount === 1);
  // What Client.cancel() sends, with the key that the login gave.
  const { Connection } = require('pg');
  const connection = new Connection();
  connection.on('error', () => {});
  const gone = new Promise((done) => connection.stream.on('close', done));
  connection.on('connect', () => connection.cancel(client.processID, client.secretKey));
  connection.connect(client.port, client.host);
  show('cancel', 'query', await running);
  await gone;
  show('cancel', 'afterwards', (await client.query("SELECT 'usable' AS it")).rows);
  await client.query('BEGIN');
  const other = failure(client.query('SELECT pg_sleep(60)'));
  await waitUntil(async () => (await monitor.query(`SELECT pg_cancel_backend(pid) ${sleeping}`)).rowCount === 1);
  show('cancel', 'server', await other);
  show('cancel', 'transaction', await failure(client.query('SELECT 1')));
  await client.query('ROLLBACK');
  await monitor.end();
}

async function error(client) {
  await client.query('CREATE TABLE strict (n int CONSTRAINT strict_key PRIMARY KEY CHECK (n > 0), t varchar(3) NOT NULL)');
  await client.query("INSERT INTO strict VALUES (1, 'a')");
  for (const [name, text, values] of [
    ['duplicate', "INSERT INTO strict VALUES ($1, 'b')", [1]], ['check', "INSERT INTO strict VALUES ($1, 'b')", [-1]],
    ['null', 'INSERT INTO strict VALUES (2, $1)', [null]], ['long', 'INSERT INTO strict VALUES (3, $1)', ['four']],
    ['syntax', 'SELEKT 1'], ['no table', 'SELECT * FROM nowhere WHERE n = $1', [1]], ['division', 'SELECT 1; SELECT 1 / 0; SELECT 2'],
  ]) {
    await client.query('BEGIN');
    try {
      await client.query(text, values);
      show('error', name, 'no error');
    } catch (error) {
      show('error', name, [error.code, error.severity, error.message, error.detail, error.position, error.constraint]);
    }
    show('error', `${name} again`, await failure(client.query('SELECT 1')));
    await client.query('ROLLBACK');
    show('error', `${name} outside`, await failure(client.query(text, values)));
  }
  const notices = [];
  client.on('notice', (notice) => notices.push([notice.severity, notice.message]));
  await client.query("DO $$ BEGIN RAISE WARNING 'look here'; END $$");
  show('error', 'notices', notices);
  show('error', 'rows', (await client.query('SELECT count(*) FROM strict')).rows);
}

async function reconnect() {
  let client = await open();
  show('reconnect', 'own server', await failure(client.query('SELECT pg_terminate_backend(pg_backend_pid())')));
  show('reconnect', 'again', (await failure(client.query('SELECT 1'))) !== 'no error');
  client = await open();
  const monitor = await open();
  const running = failure(client.query('SELECT pg_sleep($1)', [60]));
  await waitUntil(async () => (await monitor.query(`SELECT pg_terminate_backend(pid) ${sleeping}`)).rowCount === 1);
  show('reconnect', 'running', await running);
  await monitor.end();
  client = await open();
  show('reconnect', 'new connection', (await client.query('SELECT count(*) FROM strict')).rows);
  await client.end();
}

async function notify(client) {
  const received = new Promise((done) => client.on('notification', (notice) => done([notice.channel, notice.payload])));
  await client.query('BEGIN');
  await client.query('LISTEN news');
  await client.query("SELECT pg_notify('news', $1)", ['to myself']);
  await client.query('COMMIT');
  show('notify', 'received', await received);
}

async function savepoints(client) {
  await client.query('BEGIN');
  await client.query('CREATE TEMPORARY TABLE steps (n int) ON COMMIT DROP');
  for (const i of range(5)) {
    await client.query('SAVEPOINT step');
    await client.query('INSERT INTO steps VALUES ($1)', [i]);
    if (i % 2) {
      await failure(client.query('SELECT 1 / 0'));
      await client.query('ROLLBACK TO SAVEPOINT step');
    } else {
      await client.query('RELEASE SAVEPOINT step');
    }
  }
  show('savepoints', 'kept', (await client.query('SELECT array_agg(n ORDER BY n) FROM steps')).rows);
  await client.query('COMMIT');
}

async function cursors(client) {
  // A portal that is read in parts, held open by Flush outside a transaction.
  const cursor = client.query(new Cursor('SELECT n FROM generate_series(1, $1) n', [1000]));
  let sum = 0;
  for (let rows = await cursor.read(70); rows.length > 0; rows = await cursor.read(70)) {
    sum += rows.reduce((total, row) => total + row.n, 0);
  }
  show('cursors', 'sum', sum);
  await cursor.close();
  const early = client.query(new Cursor('SELECT n FROM generate_series(1, 1000) n'));
  show('cursors', 'first rows', await early.read(3));
  await early.close();
  await client.query('BEGIN');
  await client.query('DECLARE numbers CURSOR FOR SELECT generate_series(1, 10) AS n');
  show('cursors', 'fetched', (await client.query('MOVE 5 FROM numbers; FETCH 2 FROM numbers'))[1].rows);
  await client.query('COMMIT');
  show('cursors', 'gone', await failure(client.query('FETCH 1 FROM numbers')));
}

async function twoPhase(client) {
  for (const end of ['COMMIT', 'ROLLBACK']) {
    await client.query('BEGIN');
    await client.query("INSERT INTO strict VALUES ($1, 'xa')", [end === 'COMMIT' ? 100 : 200]);
    await client.query(`PREPARE TRANSACTION 'node ${end}'`);
    show('two_phase', 'prepared', (await client.query("SELECT gid FROM pg_prepared_xacts WHERE gid LIKE 'node %' AND database = current_database()")).rows);
    await client.query(`${end} PREPARED 'node ${end}'`);
    show('two_phase', end, (await client.query("SELECT array_agg(n) FROM strict WHERE t = 'xa'")).rows);
  }
}

async function bigValues(client) {
  const text = '\u00e4bcdefghij'.repeat(1000000);
  const big = (await client.query('SELECT length($1::text) AS length, $1::text AS value', [text])).rows[0];
  show('big_values', 'text', [big.length, md5(big.value)]);
  const data = Buffer.alloc(5000000, Buffer.from(range(256)));
  const binary = (await client.query('SELECT length($1::bytea) AS length, $1::bytea AS value', [data])).rows[0];
  show('big_values', 'bytea', [binary.length, md5(binary.value)]);
}

async function unicode(client) {
  const text = "\u00e4\u00f6\u00fc \u20ac \u65e5\u672c \u{1f418} 'quoted' \\ back";
  show('unicode', 'echo', (await client.query('SELECT $1::text AS "spalte \u00e4", length($1), octet_length($1)', [text])).rows);
  show('unicode', 'NUL', await failure(client.query('SELECT $1::text', ['a\0b'])));
  show('unicode', 'afterwards', (await client.query("SELECT 'usable' AS it")).rows);
}

async function timezone(client) {
  await client.query("SET TIME ZONE 'Asia/Kathmandu'");
  show('timezone', 'set', (await client.query("SELECT '2024-06-01 12:00:00+00'::timestamptz::text AS t, current_setting('TimeZone') AS zone")).rows);
  show('timezone', 'value', (await client.query("SELECT '2024-06-01 12:00:00+00'::timestamptz AS t")).rows[0].t.toISOString());
  await client.query('RESET TIME ZONE');
  show('timezone', 'reset', (await client.query('SHOW TimeZone')).rows);
}

run(async () => {
  const client = await open();
  for (const work of [crud, prepared, pipeline, copy, cancel, error, reconnect, notify, savepoints, cursors, twoPhase, bigValues, unicode, timezone]) {
    await work(client);
  }
  await client.end();
});
