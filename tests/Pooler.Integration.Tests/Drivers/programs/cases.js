'use strict';

// What the programs of Node's drivers share. Each prints one line per result: the case, what was looked at, and the value.

const crypto = require('crypto');

const sleeping = "FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'";

const show = (name, what, value) => console.log(`${name} ${what}: ${JSON.stringify(value)}`);

const md5 = (data) => crypto.createHash('md5').update(data).digest('hex');

// Awaits what has to fail and returns SQLSTATE and message.
async function failure(promise) {
  try {
    await promise;
    return 'no error';
  } catch (error) {
    return error.severity ? `${error.code} ${error.message}` : error.message;
  }
}

// Asks again until it holds; the test's own limit ends a program that waits in vain.
async function waitUntil(condition) {
  while (!(await condition())) {
    await new Promise((done) => setTimeout(done, 10));
  }
}

const range = (count) => Array.from({ length: count }, (_, index) => index);

// A program whose last promise never settles would end as if all were well.
function run(main) {
  process.exitCode = 1;
  main().then(() => { process.exitCode = 0; }, (error) => { console.error(error); process.exit(1); });
}

module.exports = { failure, md5, range, run, show, sleeping, waitUntil };
