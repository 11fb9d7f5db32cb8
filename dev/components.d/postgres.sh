# shellcheck shell=bash disable=SC2034,SC2154  # a recipe of dev/components, which says what the names mean
about='the shared catalogue (postgres, initdb, psql; a private instance)' default_port=5432
# PostgreSQL's "fast" shutdown: clients are cut off; SIGTERM would wait for them.
stop_signal=INT

# The newest that has its client programs beside it; Debian keeps them off the PATH.
program() {
  local found
  found=$(printf '%s\n' /usr/lib/postgresql/*/bin/pg_isready | sort -V | tail -n 1)
  [[ -x $found ]] || found=$(command -v pg_isready) || return 1
  found=$(dirname "$(readlink -f "$found")")/postgres
  [[ -x $found ]] && echo "$found"
}
version() { "$(program)" --version | grep -oE '[0-9.]+' | head -n 1; }
provide() { apt_install postgresql postgresql; }

# PostgreSQL refuses to run as root, and the package's own user cannot look into root's cache folder: then the data
# live under /var/tmp, behind a link.
serve() {
  local bin data=$PWD/data become=()
  bin=$(dirname "$(program)")
  if [[ $(id -u) == 0 ]]; then
    become=(setpriv --reuid=postgres --regid=postgres --clear-groups)
    [[ -d $data ]] || ln -sfn "$("${become[@]}" mktemp -d "/var/tmp/throng-postgres-$1.XXXXXX")" data
    data=$(readlink -f data)
    cd "$data" || return
  fi
  if [[ ! -f $data/throng-ready ]]; then
    # No fsync: these data need to survive a killed process, not a power cut.
    "${become[@]}" "$bin/initdb" --no-sync --auth=trust --username=throng --encoding=UTF8 --locale=C.UTF-8 "$data"
    "${become[@]}" "$bin/postgres" --single -D "$data" postgres <<<'create database throng;'
    "${become[@]}" touch "$data/throng-ready"
  fi
  # Left by a killed instance. `up` knows that it is dead; PostgreSQL would doubt it while its zombie is about.
  rm -f "$data/postmaster.pid"
  exec setsid "${become[@]}" "$bin/postgres" -D "$data" -p "$1" -c listen_addresses=127.0.0.1 \
    -c unix_socket_directories= -c fsync=off
}
ready() { "$(dirname "$(program)")/pg_isready" -q -h 127.0.0.1 -p "$1"; }
url() { echo "postgresql://throng@127.0.0.1:$1/throng"; }
