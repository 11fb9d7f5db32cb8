# shellcheck shell=bash disable=SC2034,SC2154  # a recipe of dev/components, which says what the names mean
about='delivers the alerts of Prometheus (alertmanager, amtool)'

program() { command -v prometheus-alertmanager; }
version() { prometheus-alertmanager --version 2>&1 | grep -oE '[0-9]+\.[0-9.]+' | head -n 1; }
provide() { apt_install prometheus-alertmanager prometheus-alertmanager; }
