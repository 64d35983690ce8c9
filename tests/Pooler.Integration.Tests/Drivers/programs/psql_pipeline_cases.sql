-- psql 18: named statements of the protocol and pipelines, typed in by hand. The environment says where to, and in which version of the protocol.
\pset format unaligned
\pset tuples_only on
\set VERBOSITY verbose
\set SHOW_CONTEXT never

DROP TABLE IF EXISTS item;
CREATE TABLE item (id int PRIMARY KEY, name text);
INSERT INTO item VALUES ($1, $2) \bind 1 one \g
SELECT 'crud row: ' || item FROM item;
SELECT 'crud bound: ' || ($1::int + $2::int) \bind 3 4 \g
SELECT $1::int / $2::int \bind 1 0 \g
\echo crud error: :LAST_ERROR_SQLSTATE :LAST_ERROR_MESSAGE

SELECT 'prepared got: ' || $1::text || ' ' || count(*) FROM item \parse echo
\bind_named echo first \g
\bind_named echo second \g
SELECT count(*) FROM nowhere WHERE id = $1 \parse wrong
\echo prepared failed: :LAST_ERROR_SQLSTATE :LAST_ERROR_MESSAGE
SELECT 'prepared another text: ' || $1::int \parse wrong
\bind_named wrong 5 \g
\close_prepared wrong
\close_prepared never_there
SELECT 'prepared again: ' || $1::text \parse wrong
\bind_named wrong 6 \g

-- An own transaction between two Syncs, then one that fails, then the next.
\startpipeline
INSERT INTO item VALUES (2, 'two');
SELECT 'pipeline rows: ' || count(*) FROM item;
\syncpipeline
INSERT INTO item VALUES (3, 'undone');
INSERT INTO item VALUES (1, 'again');
SELECT 'pipeline never';
\syncpipeline
SELECT 'pipeline next: ' || string_agg(id::text, ' ' ORDER BY id) FROM item;
\endpipeline
\echo pipeline state: :LAST_ERROR_SQLSTATE

\startpipeline
SELECT 'flush first: ' || $1 \bind 1 \sendpipeline
\flushrequest
\getresults
SELECT 'flush second: ' || $1 \bind 2 \sendpipeline
SELECT 'flush third: ' || $1 \bind 3 \sendpipeline
\flushrequest
\getresults 1
\echo flush open: :PIPELINE_SYNC_COUNT :PIPELINE_COMMAND_COUNT :PIPELINE_RESULT_COUNT
\flush
\getresults
SELECT 1 / $1::int \bind 0 \sendpipeline
\flushrequest
\getresults
SELECT 'flush never' \bind \sendpipeline
\syncpipeline
SELECT 'flush afterwards' \bind \sendpipeline
\endpipeline

\startpipeline
\bind_named echo third \sendpipeline
SELECT 'statements new: ' || $1::int * 2 \parse twice
\bind_named twice 4 \sendpipeline
\flushrequest
\getresults
\bind_named twice 5 \sendpipeline
\close_prepared twice
\bind_named echo more \sendpipeline
\syncpipeline
\echo statements counts: :PIPELINE_SYNC_COUNT :PIPELINE_COMMAND_COUNT :PIPELINE_RESULT_COUNT
SELECT 'statements anew: ' || $1::text \parse twice
\bind_named twice seven \sendpipeline
\bind_named echo fourth \sendpipeline
\endpipeline
\bind_named twice eight \g
\close_prepared twice
SELECT 1 / 0 AS never, $1::int \parse "odd name"
\bind_named "odd name" 1 \g
\close_prepared "odd name"
\startpipeline
SELEKT \parse bad
\bind_named bad \sendpipeline
\syncpipeline
SELECT 'statements good' \parse bad
\bind_named bad \sendpipeline
\endpipeline
\close_prepared bad

\startpipeline
BEGIN;
INSERT INTO item VALUES (4, 'rolled back');
\syncpipeline
SELECT 'transactions inside: ' || count(*) FROM item;
\syncpipeline
ROLLBACK;
SELECT 'transactions afterwards: ' || count(*) FROM item;
\endpipeline
BEGIN;
\startpipeline
INSERT INTO item VALUES (5, 'kept');
SAVEPOINT s;
SELECT 1 / 0;
\syncpipeline
ROLLBACK TO s;
COMMIT;
\endpipeline
SELECT 'transactions kept: ' || string_agg(name, ' ' ORDER BY id) FROM item;
\startpipeline
SELECT 'transactions alone';
VACUUM item;
\endpipeline
\startpipeline
VACUUM item;
\syncpipeline
SET TimeZone = 'Asia/Kathmandu';
SELECT 'parameters set: ' || current_setting('TimeZone');
\syncpipeline
RESET TimeZone;
SELECT 'parameters reset: ' || current_setting('TimeZone');
\endpipeline

\startpipeline
SELECT 'long row: ' || n FROM generate_series(1, 20000) n WHERE n % 5000 = 0;
SELECT 'long text: ' || length(t) || ' ' || md5(t) FROM repeat('abcdefghij', $1) t \bind 100000 \sendpipeline
\syncpipeline
SELECT 'long last';
\endpipeline
\startpipeline
\endpipeline
\startpipeline
\syncpipeline
\syncpipeline
\endpipeline
SELECT 'long afterwards: usable';

DROP TABLE item;
CREATE TABLE item (n int);
