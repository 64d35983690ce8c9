-- psql: simple queries one at a time and several in one, \copy both ways, \gexec, \gset, errors and what follows them. The environment says where to.
\pset format unaligned
\pset tuples_only on
\set VERBOSITY verbose
\set SHOW_CONTEXT never

CREATE TABLE item (id serial PRIMARY KEY, name text UNIQUE, price numeric(10, 2), made date, tags text[]);
INSERT INTO item (name, price, made, tags) VALUES ('one', 1.50, '2024-02-29', '{a,b}') RETURNING 'crud returned: ' || id;
INSERT INTO item (name, price) SELECT 'item ' || n, n FROM generate_series(0, 19) n;
\echo crud inserted: :ROW_COUNT
UPDATE item SET price = price * 2 WHERE price > 10;
\echo crud updated: :ROW_COUNT
DELETE FROM item WHERE name LIKE 'item 1%';
\echo crud deleted: :ROW_COUNT
SELECT 'crud row: ' || item FROM item ORDER BY id LIMIT 3;
SELECT 'crud several: 1'\; SELECT 'crud several: 2'\; SELECT 'crud several: ' || count(*) FROM item;
SELECT count(*) AS total, max(price) AS most FROM item \gset
\echo crud variables: :total :most
SELECT format('SELECT ''crud gexec: '' || %s', n) FROM generate_series(1, 3) n \gexec
SELECT id, name AS "spalte ä", price FROM item \gdesc
\d item

-- What is prepared in SQL lives in a transaction of its own.
BEGIN;
PREPARE total (int) AS SELECT 'prepared executed: ' || $1 * 2;
EXECUTE total (4);
EXECUTE total (5);
SELECT 'prepared known: ' || name || ' ' || parameter_types::text FROM pg_prepared_statements;
DEALLOCATE total;
COMMIT;
SELECT 'prepared left: ' || count(*) FROM pg_prepared_statements WHERE from_sql;

-- Many statements in one message are one transaction, unless they say otherwise.
SELECT 'pipeline one: ' || count(*) FROM item\; INSERT INTO item (name) VALUES ('undone')\; SELECT 1 / 0\; SELECT 'pipeline never';
\echo pipeline state: :LAST_ERROR_SQLSTATE
SELECT 'pipeline undone: ' || count(*) FROM item WHERE name = 'undone';
BEGIN\; INSERT INTO item (name) VALUES ('kept')\; COMMIT\; INSERT INTO item (name) VALUES ('undone')\; SELECT 1 / 0;
SELECT 'pipeline kept: ' || string_agg(name, ' ') FROM item WHERE name IN ('kept', 'undone');
DO $$ BEGIN FOR i IN 1..3 LOOP INSERT INTO item (name) VALUES ('do ' || i); END LOOP; END $$;
SELECT 'pipeline block: ' || count(*) FROM item WHERE name LIKE 'do %';

CREATE TABLE copied (n int, t text);
\copy copied FROM PROGRAM 'seq 1 5000 | sed "s/$/,line/"' (FORMAT csv)
\echo copy in: :ROW_COUNT
COPY copied FROM STDIN;
7000	typed in
7001	tab\tand \\ more
\.
COPY (SELECT 'copy out: ' || n || ' ' || t FROM copied WHERE n % 1000 = 0 ORDER BY n) TO STDOUT;
\copy (SELECT 'copy program: ' || sum(n) FROM copied) TO PROGRAM 'cat'
COPY copied FROM STDIN;
1	good
bad	number
2	never
\.
COPY nowhere FROM STDIN;
COPY (SELECT 1 / (3000 - n) FROM copied ORDER BY n) TO STDOUT (HEADER false, FORMAT binary) \g /dev/null
BEGIN\; COPY copied FROM STDIN\; SELECT 'copy in the middle: ' || count(*) FROM copied\; COMMIT;
9000	middle
\.
SELECT 'copy rows: ' || count(*) || ' ' || sum(n) FROM copied;

CREATE TABLE strict (n int CONSTRAINT strict_key PRIMARY KEY CHECK (n > 0), t varchar(3) NOT NULL);
INSERT INTO strict VALUES (1, 'a');
INSERT INTO strict VALUES (1, 'b');
\echo error duplicate: :LAST_ERROR_SQLSTATE :LAST_ERROR_MESSAGE
SELEKT 1;
\echo error syntax: :LAST_ERROR_SQLSTATE :LAST_ERROR_MESSAGE
BEGIN;
SELECT * FROM nowhere;
\echo error no table: :LAST_ERROR_SQLSTATE :LAST_ERROR_MESSAGE
SELECT 1;
\echo error transaction: :LAST_ERROR_SQLSTATE :LAST_ERROR_MESSAGE
COMMIT;
DO $$ BEGIN RAISE WARNING 'look here'; RAISE EXCEPTION SQLSTATE 'AB123' USING MESSAGE = 'mine', DETAIL = 'more', HINT = 'less'; END $$;
\echo error raised: :LAST_ERROR_SQLSTATE :LAST_ERROR_MESSAGE
SELECT 'error rows: ' || count(*) FROM strict;

BEGIN;
LISTEN news;
NOTIFY news, 'to myself';
\o /dev/null
COMMIT;
\o
SELECT 'notify afterwards: usable';

\set ON_ERROR_ROLLBACK on
BEGIN;
INSERT INTO strict VALUES (2, 'b');
INSERT INTO strict VALUES (2, 'b');
INSERT INTO strict VALUES (3, 'c');
COMMIT;
\set ON_ERROR_ROLLBACK off
SELECT 'savepoints kept: ' || string_agg(n::text, ' ' ORDER BY n) FROM strict;

\set FETCH_COUNT 70
SELECT 'cursors row: ' || n FROM generate_series(1, 300) n WHERE n % 75 = 0;
\set FETCH_COUNT 0
BEGIN;
DECLARE numbers SCROLL CURSOR FOR SELECT 'cursors fetched: ' || n FROM generate_series(1, 10) n;
MOVE 5 FROM numbers;
FETCH 2 FROM numbers;
FETCH BACKWARD 1 FROM numbers;
COMMIT;
FETCH 1 FROM numbers;
\echo cursors gone: :LAST_ERROR_SQLSTATE

BEGIN;
INSERT INTO strict VALUES (100, 'xa');
PREPARE TRANSACTION 'psql';
SELECT 'two_phase prepared: ' || gid FROM pg_prepared_xacts WHERE gid = 'psql';
COMMIT PREPARED 'psql';
SELECT 'two_phase committed: ' || count(*) FROM strict WHERE t = 'xa';

SELECT 'big_values text: ' || length(t) || ' ' || md5(t) FROM repeat('äbcdefghij', 1000000) t;
SELECT repeat('äbcdefghij', 1000000) AS big \gset
SELECT 'big_values back: ' || length(:'big') || ' ' || md5(:'big');
SELECT 'unicode echo: äöü € 日本 🐘 ' || octet_length('äöü € 日本 🐘');
\encoding LATIN1
SELECT 'unicode encoding: ' || current_setting('client_encoding');
\encoding UTF8
SELECT 'unicode encoding: ' || current_setting('client_encoding');
SET TIME ZONE 'Asia/Kathmandu';
SELECT 'timezone set: ' || '2024-06-01 12:00:00+00'::timestamptz || ' ' || current_setting('TimeZone');
RESET TIME ZONE;
SELECT 'timezone reset: ' || current_setting('TimeZone');
DISCARD ALL;
SELECT 'reset afterwards: usable';
