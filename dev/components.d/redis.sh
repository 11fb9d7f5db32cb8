# shellcheck shell=bash disable=SC2034,SC2154  # a recipe of dev/components, which says what the names mean
about='the shared cache (redis-server, redis-cli, redis-sentinel)' default_port=6379

program() { command -v redis-sentinel >/dev/null && command -v redis-server; }
version() { redis-server --version | grep -oE 'v=[0-9.]+' | cut -c3-; }
provide() { apt_install "redis-server redis-sentinel" redis-server redis-sentinel; }

serve() { exec setsid redis-server --bind 127.0.0.1 --port "$1" --save '' --appendonly no --daemonize no; }
ready() { [[ $(redis-cli -h 127.0.0.1 -p "$1" ping) == PONG ]]; }
url() { echo "redis://127.0.0.1:$1"; }
