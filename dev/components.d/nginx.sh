# shellcheck shell=bash disable=SC2034,SC2154  # a recipe of dev/components, which says what the names mean
about='a load balancer, and the yardstick of the HTTP benchmarks'

program() { command -v nginx; }
version() { nginx -v 2>&1 | grep -oE '[0-9.]+' | head -n 1; }
provide() { apt_install nginx nginx; }
