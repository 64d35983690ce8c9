#!/usr/bin/env bash
# Installs what the tests need, builds everything with warnings as errors, checks the format and runs all tests.
# Ends with one line: N passed, N failed, N skipped. Exit code 0 only when something ran and nothing failed.
#
#   ./test.sh [MSBUILD PROPERTIES]      for instance  ./test.sh -p:AkkaSource=nuget
#
# Environment: POSTGRES_BIN (directory of initdb and postgres), TEST_FILTER (an expression for dotnet test --filter).
set -uo pipefail

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
. "$root/eng/postgres.sh"
cd "$root" || exit 1
for argument in "$@"; do
  case $argument in
    -p:*) ;;
    *) fail "unknown argument $argument (only -p:NAME=VALUE)" ;;
  esac
done

results=$root/TestResults
passed=0 failed=0 skipped=0

summary() { say "$passed passed, $failed failed, $skipped skipped"; }

# failures FILE: the names and messages of the failed tests of a result file. They are said again at the end, because
# the end of a long output is what is read and kept.
failures() {
  awk '/<UnitTestResult / { failed = /outcome="Failed"/; if (failed) { match($0, /testName="[^"]*"/); print "FAILED " substr($0, RSTART + 10, RLENGTH - 11) } }
    failed && /<Message>/ { message = 1; lines = 0 }
    message && lines++ < 20 { line = $0; gsub(/^ *<Message>|<\/Message>.*$/, "", line); print "  " line }
    /<\/Message>/ { message = 0 }' "$1" | sed 's/&quot;/"/g; s/&apos;/'"'"'/g; s/&lt;/</g; s/&gt;/>/g; s/&#xA;/ /g; s/&amp;/\&/g'
}

# A step that is no test but has to succeed: counts as one failure and ends the run.
give_up() {
  say "test.sh: $*" >&2
  failed=$((failed + 1))
  summary
  exit 1
}

# ---- What the tests need --------------------------------------------------------------------------------------------

command -v dotnet >/dev/null || { [ -x "$HOME/.dotnet/dotnet" ] && PATH=$PATH:$HOME/.dotnet; }
command -v dotnet >/dev/null || give_up "the .NET SDK 10 is needed: no dotnet on PATH"
choose_user
if ! find_postgres || ! command -v psql >/dev/null || ! command -v pgbench >/dev/null; then
  say "Installing PostgreSQL ..."
  # Debian's pgbench comes with the server's package, psql and pg_dump with the client's.
  apt_install postgresql postgresql-client postgresql-contrib
  find_postgres || give_up "PostgreSQL is missing: install the package postgresql, or set POSTGRES_BIN"
fi
export POSTGRES_BIN
# The benchmark and a few comparisons use it; nothing fails without.
[ -x /usr/sbin/pgbouncer ] || apt_install pgbouncer || say "pgbouncer could not be installed; going on without"
# One test lets it read a log; it is skipped without.
[ -x /usr/bin/pgbadger ] || apt_install pgbadger || say "pgbadger could not be installed; going on without"
# Drivers of other languages; the tests of one that cannot be had are skipped.
/usr/bin/python3 -c 'import psycopg2, psycopg, asyncpg' 2>/dev/null || apt_install python3-psycopg2 python3-psycopg python3-asyncpg ||
  say "Python's drivers could not be installed; going on without"
{ [ -f /usr/share/java/postgresql.jar ] && command -v javac >/dev/null; } || apt_install default-jdk-headless libpostgresql-jdbc-java ||
  say "Java's driver could not be installed; going on without"
{ [ -d /usr/share/gocode/src/github.com/jackc/pgx/v4 ] && command -v go >/dev/null; } || apt_install golang-go golang-github-jackc-pgx-v4-dev ||
  say "Go's driver could not be installed; going on without"
command -v npm >/dev/null || apt_install nodejs npm || say "Node.js could not be installed; going on without"
programs=tests/Pooler.Integration.Tests/Drivers/programs
if command -v npm >/dev/null && [ ! "$programs/node_modules/.package-lock.json" -nt "$programs/package-lock.json" ]; then
  (cd "$programs" && npm ci --ignore-scripts --no-audit --no-fund --silent) || say "Node's drivers could not be installed; going on without"
fi
[ -x eng/fetch-akka ] && eng/fetch-akka

# ---- Build and format -----------------------------------------------------------------------------------------------

say "Building ..."
dotnet build Pooler.slnx --nologo -v q -clp:NoSummary "$@" || give_up "the build failed"
say "Checking the format ..."
dotnet format Pooler.slnx --no-restore --verify-no-changes || give_up "dotnet format would change files: run it"

# ---- Tests ----------------------------------------------------------------------------------------------------------

# counter FILE NAME: a number from the Counters line of a result file.
counter() { sed -n "s/.*<Counters [^>]*$2=\"\([0-9]*\)\".*/\1/p" "$1" | head -1; }

rm -rf "$results"
for project in tests/*.Tests/*.csproj; do
  name=$(basename "$project" .csproj)
  say "Testing $name ..."
  # Failed tests are shown with their reasons; the counts come from the result file.
  dotnet test "$project" --no-build --nologo -v q --results-directory "$results" --logger "trx;LogFileName=$name.trx" --logger "console;verbosity=minimal" \
    --blame-hang-timeout 5m ${TEST_FILTER:+--filter "$TEST_FILTER"} "$@" </dev/null
  code=$?
  if [ -s "$results/$name.trx" ]; then
    total=$(counter "$results/$name.trx" total)
    project_passed=$(counter "$results/$name.trx" passed)
    executed=$(counter "$results/$name.trx" executed)
    project_failed=$((${executed:-0} - ${project_passed:-0}))
    passed=$((passed + ${project_passed:-0}))
    skipped=$((skipped + ${total:-0} - ${executed:-0}))
    # A crash of the test process leaves a file whose counters know nothing of it.
    [ "$code" = 0 ] || [ "$project_failed" -gt 0 ] || project_failed=1
    failed=$((failed + project_failed))
  elif [ "$code" != 0 ] || [ -z "${TEST_FILTER:-}" ]; then
    say "test.sh: $name left no results" >&2
    failed=$((failed + 1))
  fi
done

for file in "$results"/*.trx; do
  [ ! -s "$file" ] || failures "$file"
done
summary
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
