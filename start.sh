#!/usr/bin/env bash
# Puts Pooler in front of a throw-away PostgreSQL and follows its log until Ctrl-C, which stops both.
#
#   ./start.sh            run
#   ./start.sh --check    run, send a few queries and SHOW POOLS through it, print PASS, stop
#
# Needs only the .NET SDK 10 (on Debian and Ubuntu); PostgreSQL is found or fetched. Everything it makes lies in .run/.
# Environment: POOLER_PORT (default 6432, or a free one), POSTGRES_BIN (directory of initdb and postgres),
# POOLER_PROGRAM (run this program instead of building Pooler).
set -uo pipefail

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
. "$root/eng/postgres.sh"

check=no
case ${1:-} in
  '') ;;
  --check) check=yes ;;
  -h | --help)
    sed -n '2,9s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
    exit 0
    ;;
  *) fail "unknown argument $1 (only --check)" ;;
esac

# ---- Where everything goes ------------------------------------------------------------------------------------------

prepare_directory() {
  run=$root/.run
  mkdir -p "$run" && chmod a+rx "$run" || fail "cannot create $run"
  if ! as_user test -x "$run" 2>/dev/null; then
    # A checkout below /root, say: the user of the servers cannot get there, so the real directory is a temporary one.
    run=/tmp/pooler-run-$(printf %s "$root" | cksum | cut -d' ' -f1)
    mkdir -p "$run" && [ -O "$run" ] && chmod 755 "$run" || fail "cannot create $run"
    say "The user $SERVER_USER cannot read $root/.run; using $run."
  fi
  exec 9>"$run/lock"
  flock -n 9 || fail "another start.sh is running in $root"
  rm -rf "$run/data" "$run/sockets" && mkdir "$run/sockets" && chmod 777 "$run/sockets" || fail "cannot prepare $run"
  if [ -n "${AS_USER[*]}" ]; then
    install -d -o "$SERVER_USER" -m 700 "$run/data"
  else
    install -d -m 700 "$run/data"
  fi
  # Unix socket paths end at 107 bytes; in a very long path PostgreSQL and Pooler talk by TCP only.
  sockets=$run/sockets
  [ ${#sockets} -le 80 ] || sockets=
}

# ---- The parts ------------------------------------------------------------------------------------------------------

build_pooler() {
  if [ -n "${POOLER_PROGRAM:-}" ]; then
    program=$POOLER_PROGRAM
    return
  fi
  command -v dotnet >/dev/null || { [ -x "$HOME/.dotnet/dotnet" ] && PATH=$PATH:$HOME/.dotnet; }
  command -v dotnet >/dev/null || fail "the .NET SDK 10 is needed: no dotnet on PATH (https://dotnet.microsoft.com/download)"
  [ -x "$root/eng/fetch-akka" ] && "$root/eng/fetch-akka"
  say "Building Pooler ..."
  dotnet publish "$root/src/Pooler.Host" -c Release -o "$run/pooler" --nologo -v q -clp:NoSummary 9>&- >"$run/build.log" 2>&1 || {
    cat "$run/build.log" >&2
    fail "the build failed (its output is above and in $run/build.log)"
  }
  chmod -R a+rX "$run/pooler"
  program=$run/pooler/pooler
  DOTNET_ROOT=$(runtime_for_user "$run/dotnet") || exit 1
  export DOTNET_ROOT
}

start_postgres() {
  postgres_port=$(free_port) || fail "no free TCP port for PostgreSQL"
  (umask 077 && od -An -N12 -tx1 /dev/urandom | tr -d ' \n' >"$run/password")
  password=$(cat "$run/password")
  # initdb reads the password file as the user of the servers.
  [ -z "${AS_USER[*]}" ] || chown "$SERVER_USER" "$run/password"
  make_cluster "$run/data" "$run/password" || fail "initdb failed"
  single_user "$run/data" postgres <<SQL
CREATE ROLE app LOGIN PASSWORD '$password'
CREATE DATABASE app OWNER app
SQL
  : >"$run/postgres.log"
  (cd / && exec setsid "${AS_USER[@]}" "$POSTGRES_BIN/postgres" -D "$run/data" -h 127.0.0.1 -p "$postgres_port" -k "$sockets" 9>&-) \
    >"$run/postgres.log" 2>&1 </dev/null &
  postgres_pid=$!
  wait_for_line "$postgres_pid" "$run/postgres.log" "ready to accept connections" 60 || {
    cat "$run/postgres.log" >&2
    fail "PostgreSQL did not start (its log is above)"
  }
}

start_pooler() {
  pooler_port=$(free_port "${POOLER_PORT:-6432}") || fail "no free TCP port for Pooler"
  cat >"$run/pgbouncer.ini" <<INI
[databases]
app = host=127.0.0.1 port=$postgres_port dbname=app
postgres = host=127.0.0.1 port=$postgres_port dbname=postgres

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = $pooler_port
unix_socket_dir = $sockets
auth_type = scram-sha-256
auth_file = $run/userlist.txt
admin_users = postgres
pool_mode = transaction
default_pool_size = 20
max_client_conn = 500
ignore_startup_parameters = extra_float_digits
INI
  (umask 077 && printf '"app" "%s"\n"postgres" "%s"\n' "$password" "$password" >"$run/userlist.txt")
  [ -z "${AS_USER[*]}" ] || chown "$SERVER_USER" "$run/userlist.txt"
  : >"$run/pooler.log"
  (cd / && exec setsid "${AS_USER[@]}" "$program" "$run/pgbouncer.ini" 9>&-) >"$run/pooler.log" 2>&1 </dev/null &
  pooler_pid=$!
  wait_for_line "$pooler_pid" "$run/pooler.log" "process up" 30 || {
    cat "$run/pooler.log" >&2
    fail "Pooler did not start (its log is above)"
  }
}

stop_all() {
  trap '' INT TERM
  [ -z "${tail_pid:-}" ] || kill "$tail_pid" 2>/dev/null
  [ -z "${pooler_pid:-}" ] || stop_process "$pooler_pid" TERM
  [ -z "${postgres_pid:-}" ] || stop_process "$postgres_pid" INT
}

# ---- The check ------------------------------------------------------------------------------------------------------

# query USER DATABASE SQL: prints the rows, values separated by |. psql where there is one, else a small client of our own.
query() {
  if command -v psql >/dev/null; then
    PGPASSWORD=$password PGCONNECT_TIMEOUT=10 psql -X -At -v ON_ERROR_STOP=1 -h 127.0.0.1 -p "$pooler_port" -U "$1" -d "$2" -c "$3"
  else
    [ -e "$run/query/query.dll" ] ||
      dotnet build "$root/eng/Query" -c Release -o "$run/query" --nologo -v q -clp:NoSummary 9>&- >"$run/build.log" 2>&1 ||
      { cat "$run/build.log" >&2 && return 1; }
    PGPASSWORD=$password dotnet "$run/query/query.dll" 127.0.0.1 "$pooler_port" "$1" "$2" "$3" 9>&-
  fi
}

# expect WHAT ACTUAL EXPECTED
expect() {
  [ "$2" = "$3" ] || fail "$1 gave '$2' instead of '$3' (Pooler's log: $run/pooler.log)"
  say "  ok: $1"
}

run_check() {
  local rows
  say "Checking Pooler on port $pooler_port ..."
  rows=$(query app app "SELECT 6 * 7") || fail "a query through Pooler failed (log: $run/pooler.log)"
  expect "a query" "$rows" 42
  query app app "CREATE TABLE IF NOT EXISTS numbers (n int); INSERT INTO numbers SELECT generate_series(1, 1000)" >/dev/null ||
    fail "writing through Pooler failed (log: $run/pooler.log)"
  rows=$(query app app "SELECT count(*), sum(n) FROM numbers")
  expect "rows written and read" "$rows" "1000|500500"
  rows=$(query app app "SELECT length(string_agg(repeat('x', 1000), '')) FROM numbers")
  expect "a value of a megabyte" "$rows" 1000000
  rows=$(query app app "SELECT current_user")
  expect "the user on the server" "$rows" app
  rows=$(query postgres pgbouncer "SHOW POOLS") || fail "SHOW POOLS failed (log: $run/pooler.log)"
  say "$rows" | sed 's/^/  /'
  case $rows in *app\|app\|*transaction*) ;; *) fail "SHOW POOLS does not list the pool app|app" ;; esac
  say PASS
}

# ---- Go -------------------------------------------------------------------------------------------------------------

choose_user
prepare_directory
trap stop_all EXIT
trap 'exit 0' INT TERM
[ "$check" = no ] || trap 'exit 130' INT TERM
ensure_postgres "$run/embedded-postgres"
build_pooler
start_postgres
start_pooler

if [ "$check" = yes ]; then
  run_check
  exit 0
fi

cat <<TEXT

Pooler is up, in front of a throw-away PostgreSQL.

  connect:        PGPASSWORD=$password psql -h 127.0.0.1 -p $pooler_port -U app app
  admin console:  PGPASSWORD=$password psql -h 127.0.0.1 -p $pooler_port -U postgres pgbouncer
  (then, for instance: SHOW POOLS; SHOW CLIENTS; SHOW HELP;)

  configuration:  $run/pgbouncer.ini   (after an edit: RELOAD in the console, or kill -HUP $pooler_pid)
  log:            $run/pooler.log      (follows; Ctrl-C stops everything)

TEXT
tail -n +1 -f "$run/pooler.log" 9>&- &
tail_pid=$!
wait "$pooler_pid"
fail "Pooler ended by itself (log: $run/pooler.log)"
