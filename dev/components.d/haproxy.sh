# shellcheck shell=bash disable=SC2034,SC2154  # a recipe of dev/components, which says what the names mean
about='a load balancer'

program() { command -v haproxy; }
version() { haproxy -v | grep -oE '[0-9.]+' | head -n 1; }
provide() { apt_install haproxy haproxy; }
