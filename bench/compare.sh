#!/usr/bin/env bash
# Compares Pooler with PgBouncer on this machine: the same PostgreSQL, the same ini file, the same loads in turns.
# Prints, per load and measure, the ratio Pooler / PgBouncer of every round as minimum, median and maximum.
#
#   bench/compare.sh [-r ROUNDS] [-t SECONDS] [-l LOADS] [-n CLIENTS] [-p POOLER] [-b PGBOUNCER] [-o FILE]
#
#   -r  rounds per load (5); both poolers run once in each, the first one changes from round to round
#   -t  seconds of one pgbench run (5)
#   -l  loads, separated by commas (all): simple8 simple64 prepared8 prepared64 preparedtx8 preparedtx64 connect result copyout copyin memory start fairness clients clients-md5 clients-scram
#   -n  clients of the loads with that name (40000, or what the limit of open files allows)
#   -p  the program measured (default: Pooler, published for this run); /usr/sbin/pgbouncer here checks the script: ratios of 1
#   -b  the program compared with (/usr/sbin/pgbouncer)
#   -o  also append the single values to FILE: load, measure, round, pooler, pgbouncer
set -uo pipefail

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
. "$root/eng/postgres.sh"

rounds=5 seconds=5 program='' other=/usr/sbin/pgbouncer output=''
loads=simple8,simple64,prepared8,prepared64,preparedtx8,preparedtx64,connect,result,copyout,copyin,memory,start,fairness,clients,clients-md5,clients-scram
idle_clients=6000 many_clients=''
while getopts r:t:l:n:p:b:o:h option; do
  case $option in
    r) rounds=$OPTARG ;;
    t) seconds=$OPTARG ;;
    l) loads=$OPTARG ;;
    n) many_clients=$OPTARG ;;
    p) program=$OPTARG ;;
    b) other=$OPTARG ;;
    o) output=$OPTARG ;;
    *)
      sed -n '2,15s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
      exit 2
      ;;
  esac
done

# ---- Setting up -----------------------------------------------------------------------------------------------------

for tool in psql pgbench awk dotnet; do
  command -v "$tool" >/dev/null || fail "$tool is needed"
done
[ -x "$other" ] || fail "$other is missing (apt-get install pgbouncer, or -b PROGRAM)"
# Only root may raise the hard limit, and not everywhere.
ulimit -n 100000 2>/dev/null || ulimit -n "$(ulimit -Hn)"
if [ -z "$many_clients" ]; then
  many_clients=40000
  # Both poolers need some for servers and for themselves.
  [ "$(ulimit -n)" = unlimited ] || [ "$(ulimit -n)" -ge 40500 ] || many_clients=$(($(ulimit -n) - 500))
fi
choose_user
work=$(mktemp -d /tmp/pooler-bench.XXXXXX)
chmod 755 "$work"
values=$work/values
: >"$values"
declare -A pid port

stop_all() {
  local name
  for name in "${!pid[@]}"; do stop_process "${pid[$name]}" TERM; done
  [ -z "${postgres_pid:-}" ] || stop_process "$postgres_pid" INT
  rm -rf "$work"
}
trap stop_all EXIT
trap 'exit 130' INT TERM

ensure_postgres "$work/embedded-postgres"
if [ -z "$program" ]; then
  [ -x "$root/eng/fetch-akka" ] && "$root/eng/fetch-akka"
  say "Publishing Pooler ..."
  dotnet publish "$root/src/Pooler.Host" -c Release -o "$work/pooler" --nologo -v q -clp:NoSummary || fail "the build failed"
  chmod -R a+rX "$work/pooler"
  program=$work/pooler/pooler
  DOTNET_ROOT=$(runtime_for_user "$work/dotnet") || exit 1
  export DOTNET_ROOT
fi

dotnet build "$root/bench/Pooler.Load" -c Release -o "$work/load" --nologo -v q -clp:NoSummary || fail "the build of the load failed"

say "Preparing PostgreSQL ..."
install -d -m 700 "$work/data"
[ -z "${AS_USER[*]}" ] || chown "$SERVER_USER" "$work/data"
printf secret >"$work/password"
make_cluster "$work/data" "$work/password" || fail "initdb failed"
as_user sh -c 'printf "host all all 127.0.0.1/32 trust\n" >"$1"' sh "$work/data/pg_hba.conf"
postgres_port=$(free_port)
(cd / && exec "${AS_USER[@]}" "$POSTGRES_BIN/postgres" -D "$work/data" -h 127.0.0.1 -p "$postgres_port" -k '' -c shared_buffers=256MB) \
  >"$work/postgres.log" 2>&1 </dev/null &
postgres_pid=$!
wait_for_line "$postgres_pid" "$work/postgres.log" "ready to accept connections" 60 || fail "PostgreSQL did not start: $(cat "$work/postgres.log")"
direct=(-h 127.0.0.1 -p "$postgres_port" -U postgres)
psql -X -q "${direct[@]}" -d postgres -c "CREATE DATABASE bench" -c "ALTER SYSTEM SET max_parallel_workers_per_gather = 0" -c "SELECT pg_reload_conf()" >/dev/null
pgbench -q -i -s 10 "${direct[@]}" bench >/dev/null 2>&1 || fail "pgbench -i failed"
psql -X -q "${direct[@]}" -d bench -c "CREATE UNLOGGED TABLE copied (t text)"
awk 'BEGIN { line = sprintf("%999s", ""); gsub(/ /, "y", line); for (i = 0; i < 100000; i++) print line }' >"$work/100mb.txt"
printf '"postgres" "secret"\n' >"$work/userlist.txt"

# write_ini NAME [AUTH_TYPE]: the same file for both but for the port, the directory of the socket and what an old one does not know.
write_ini() {
  port[$1]=$(free_port)
  mkdir -p "$work/$1"
  [ -z "${AS_USER[*]}" ] || chown "$SERVER_USER" "$work/$1"
  cat >"$work/$1.ini" <<INI
[databases]
bench = host=127.0.0.1 port=$postgres_port dbname=bench pool_mode=transaction pool_size=20
bench_session = host=127.0.0.1 port=$postgres_port dbname=bench pool_mode=session pool_size=70
bench_five = host=127.0.0.1 port=$postgres_port dbname=bench pool_mode=transaction pool_size=5

[pgbouncer]
listen_addr = 0.0.0.0
listen_port = ${port[$1]}
unix_socket_dir = $work/$1
auth_type = ${2:-trust}
auth_file = $work/userlist.txt
admin_users = postgres
max_client_conn = 40000
log_connections = 0
log_disconnections = 0
INI
  if knows_prepared "$(program_of "${1%%-*}")"; then echo "max_prepared_statements = 200" >>"$work/$1.ini"; fi
}

# start_one NAME PROGRAM [AUTH_TYPE]: starts it and waits until it is up.
start_one() {
  write_ini "$1" "${3:-}"
  : >"$work/$1.log"
  (cd / && exec "${AS_USER[@]}" "$2" "$work/$1.ini") >"$work/$1.log" 2>&1 </dev/null &
  pid[$1]=$!
  wait_for_line "${pid[$1]}" "$work/$1.log" "process up" 30 || fail "$2 did not start: $(cat "$work/$1.log")"
}

stop_one() {
  stop_process "${pid[$1]}" TERM
  wait "${pid[$1]}" 2>/dev/null
  unset "pid[$1]"
}

program_of() { if [ "$1" = pooler ]; then say "$program"; else say "$other"; fi; }

# ---- Measuring ------------------------------------------------------------------------------------------------------

# User and system time of a process in milliseconds (all its threads). Fields are counted from behind the name, which may hold blanks.
cpu_ms() { awk -v hz="$(getconf CLK_TCK)" '{ sub(/^.*\) /, ""); print ($12 + $13) * 1000 / hz }' "/proc/$1/stat"; }
rss_kb() { awk '/^VmRSS:/ { print $2 }' "/proc/$1/status"; }
now_ms() { awk -v t="${EPOCHREALTIME/,/.}" 'BEGIN { printf "%.3f\n", t * 1000 }'; }
quotient() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.6g\n", (b == 0) ? 0 : a / b }'; }

# measured LOAD: one run through one pooler; sets the array result, measure to value.
declare -A result

# pgbench_load NAME DATABASE ARGUMENTS...
pgbench_load() {
  local name=$1 database=$2 before after text transactions
  shift 2
  before=$(cpu_ms "${pid[$name]}")
  text=$(pgbench -n -T "$duration" "$@" -h 127.0.0.1 -p "${port[$name]}" -U postgres "$database" 2>&1) || fail "pgbench through $name failed: $text"
  after=$(cpu_ms "${pid[$name]}")
  transactions=$(sed -n 's/^number of transactions actually processed: \([0-9]*\).*/\1/p' <<<"$text")
  result[rate]=$(sed -n 's/^tps = \([0-9.]*\).*/\1/p' <<<"$text")
  result[cpu]=$(awk -v a="$before" -v b="$after" -v n="$transactions" 'BEGIN { printf "%.6g\n", (b - a) * 1000 / n }')
}

# psql_load NAME COMMAND: time and processor time of one statement.
psql_load() {
  local name=$1 before after start
  before=$(cpu_ms "${pid[$name]}") start=$(now_ms)
  psql -X -q -At -v ON_ERROR_STOP=1 -h 127.0.0.1 -p "${port[$name]}" -U postgres -d bench -c "$2" >/dev/null || fail "psql through $name failed"
  result[time]=$(awk -v a="$start" -v b="$(now_ms)" 'BEGIN { printf "%.6g\n", b - a }')
  after=$(cpu_ms "${pid[$name]}")
  result[cpu]=$(awk -v a="$before" -v b="$after" 'BEGIN { printf "%.6g\n", b - a }')
}

# load NAME KIND ARGUMENTS...: what pooler-load measures. Errors are one of its measures, so its exit code says nothing more.
load() {
  local name=$1 kind=$2 measure value
  shift 2
  while read -r measure value; do
    result[$measure]=$value
  done < <(dotnet "$work/load/pooler-load.dll" "$kind" --port "${port[$name]}" --password secret --pid "${pid[$name]}" "$@")
  [ -n "${result[errors]:-}" ] || fail "$kind through $name did not come to its end"
}

# clients_load NAME AUTH_TYPE ARGUMENTS...: a pooler of its own, since memory of earlier loads would hide what clients take.
clients_load() {
  local of=$1 name=$1-clients auth=$2
  shift 2
  start_one "$name" "$(program_of "$of")" "$auth"
  load "$name" clients --addresses 4 --unix "$work/$name" "$@"
  stop_one "$name"
}

memory_load() {
  clients_load "$1" trust --clients $((idle_clients + 1)) --active 0 --idle 0 --storms 0
  result=([kb]=${result[kb]} [errors]=${result[errors]})
}

start_load() {
  local name=$1-start start line
  write_ini "$name"
  start=$(now_ms)
  exec 7< <(cd / && exec "${AS_USER[@]}" "$(program_of "$1")" "$work/$name.ini" 2>&1)
  pid[$name]=$!
  while read -r line <&7; do
    case $line in *'process up'*) break ;; esac
  done
  result[time]=$(awk -v a="$start" -v b="$(now_ms)" 'BEGIN { printf "%.6g\n", b - a }')
  exec 7<&-
  stop_process "${pid[$name]}" TERM
  unset "pid[$name]"
}

# knows_prepared PROGRAM: it has max_prepared_statements (PgBouncer 1.21).
knows_prepared() {
  "$1" --version 2>/dev/null | awk 'NR == 1 { split($2, v, "."); ok = v[1] > 1 || v[2] >= 21 } END { exit !ok }'
}

run_load() {
  result=()
  case $2 in
    simple*) pgbench_load "$1" bench -S -c "${2#simple}" ;;
    preparedtx*)
      # An old PgBouncer knows prepared statements in session mode alone.
      local database=bench
      knows_prepared "$(program_of "$1")" || database=bench_session
      pgbench_load "$1" "$database" -S -M prepared -c "${2#preparedtx}"
      ;;
    prepared*) pgbench_load "$1" bench_session -S -M prepared -c "${2#prepared}" ;;
    connect) pgbench_load "$1" bench -S -C -c 8 ;;
    result) psql_load "$1" "SELECT repeat('x', 1000) FROM generate_series(1, 100000)" ;;
    copyout) psql_load "$1" "COPY (SELECT repeat('x', 1000) FROM generate_series(1, 100000)) TO STDOUT" ;;
    copyin)
      psql -X -q "${direct[@]}" -d bench -c "TRUNCATE copied"
      psql_load "$1" "\\copy copied from '$work/100mb.txt'"
      ;;
    memory) memory_load "$1" ;;
    start) start_load "$1" ;;
    fairness) load "$1" fairness --database bench_five --seconds "$duration" ;;
    clients) clients_load "$1" trust --clients "$many_clients" --seconds "$duration" ;;
    clients-md5) clients_load "$1" md5 --clients "$many_clients" --active 0 --idle 0 ;;
    clients-scram) clients_load "$1" scram-sha-256 --clients "$many_clients" --active 0 --idle 0 ;;
    *) fail "unknown load $2" ;;
  esac
}

# ---- Rounds and the table -------------------------------------------------------------------------------------------

start_one pooler "$program"
start_one pgbouncer "$other"
say "Pooler:    $("$program" --version 2>/dev/null | head -1)"
say "PgBouncer: $("$other" --version 2>/dev/null | head -1)"
for load in ${loads//,/ }; do
  printf '%s ' "$load" >&2
  # Once unmeasured: caches are filled, and code that is compiled while it runs gets its chance.
  case $load in
    simple* | prepared* | connect)
      duration=2
      run_load pgbouncer "$load"
      run_load pooler "$load"
      ;;
    result | copyout | copyin) run_load pooler "$load" ;;
  esac
  duration=$seconds
  for round in $(seq "$rounds"); do
    order=(pooler pgbouncer)
    [ $((round % 2)) = 0 ] && order=(pgbouncer pooler)
    declare -A got=()
    for name in "${order[@]}"; do
      run_load "$name" "$load"
      for measure in "${!result[@]}"; do got[$name.$measure]=${result[$measure]}; done
    done
    for measure in "${!result[@]}"; do
      say "$load $measure $round ${got[pooler.$measure]} ${got[pgbouncer.$measure]}" >>"$values"
    done
    printf . >&2
  done
  printf '\n' >&2
done
[ -z "$output" ] || cat "$values" >>"$output"

say
printf '%-14s %-40s %8s %8s %8s   %s\n' load 'ratio Pooler / PgBouncer' minimum median maximum mark
sort -k1,1 -k2,2 -s "$values" | awk -v wanted="$loads" '
  BEGIN {
    # What pooler-load prints and the table shows.
    text["logins"] = "logins per second"; text["login_cpu"] = "CPU per login"; text["idle_cpu"] = "CPU while all are idle"
    text["latency_p50"] = "latency, median"; text["latency_p95"] = "latency, 95 %"; text["latency_p99"] = "latency, 99 %"; text["latency_max"] = "latency, longest"
    text["transaction_cpu"] = "CPU per transaction"; text["storm_logins"] = "all leave and return: logins per second"
    text["storm_cpu"] = "all leave and return: CPU per client"; text["storm_kb"] = "all leave and return: memory"
    text["wait_p50"] = "wait, median"; text["wait_p99"] = "wait, 99 %"; text["wait_max_to_median"] = "wait, longest by median"
    text["share_jain"] = "likeness of shares (Jain)"; text["errors"] = "errors"
    unit["idle_cpu"] = "ms a second"; unit["errors"] = "of Pooler"; unit["share_jain"] = "of Pooler"; unit["wait_max_to_median"] = "of Pooler"
    unit["latency_p50"] = unit["latency_p95"] = unit["latency_p99"] = unit["latency_max"] = unit["wait_p50"] = unit["wait_p99"] = "ms"; unit["storm_kb"] = "KB"
  }
  function label(load, measure) {
    if (measure in text) return text[measure]
    if (measure == "rate") return (load == "connect") ? "connections per second" : "transactions per second"
    if (measure == "cpu") return (load ~ /^(result|copy)/) ? "CPU" : (load == "connect") ? "CPU per connection" : "CPU per transaction"
    if (measure == "kb") return "memory per idle client"
    return (load == "start") ? "time from start to process up" : "time"
  }
  {
    key = $1 " " $2
    if (!(key in count)) keys[++n] = key
    i = ++count[key]
    ratio[key, i] = ($5 == 0) ? 0 : $4 / $5
    own[key, i] = $4
  }
  function median(values, key, many,   i, j, t, sorted) {
    for (i = 1; i <= many; i++) sorted[i] = values[key, i]
    for (i = 2; i <= many; i++) for (j = i; j > 1 && sorted[j] < sorted[j - 1]; j--) { t = sorted[j]; sorted[j] = sorted[j - 1]; sorted[j - 1] = t }
    low = sorted[1]; high = sorted[many]
    return (many % 2) ? sorted[(many + 1) / 2] : (sorted[many / 2] + sorted[many / 2 + 1]) / 2
  }
  END {
    order = split(wanted, names, ",")
    for (o = 1; o <= order; o++) for (k = 1; k <= n; k++) {
      split(keys[k], part, " ")
      if (part[1] != names[o]) continue
      middle = median(ratio, keys[k], count[keys[k]])
      if (part[1] ~ /^(fairness|clients)/ && !(part[2] in text) && part[2] != "kb") continue
      mark = (part[2] ~ /^(rate|logins|storm_logins|share_jain)$/) ? ">= 1.0" : "<= 1.0"
      smallest = low; largest = high
      if (part[2] == "kb") mark = sprintf("<= 2 KB (median %.2f KB)", median(own, keys[k], count[keys[k]]))
      if (part[2] in unit) mark = sprintf("(median %.4g %s)", median(own, keys[k], count[keys[k]]), unit[part[2]])
      if (part[1] == "start") mark = sprintf("<= 400 ms (median %.0f ms)", median(own, keys[k], count[keys[k]]))
      printf "%-14s %-40s %8.2f %8.2f %8.2f   %s\n", part[1], label(part[1], part[2]), smallest, middle, largest, mark
    }
  }'
