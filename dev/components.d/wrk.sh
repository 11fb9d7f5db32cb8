# shellcheck shell=bash disable=SC2034,SC2154  # a recipe of dev/components, which says what the names mean
about='the load generator of the HTTP benchmarks'

program() { command -v wrk; }
version() { (wrk -v 2>&1 || true) | grep -oE '[0-9]+\.[0-9.]+' | head -n 1; }
provide() { apt_install wrk; }
