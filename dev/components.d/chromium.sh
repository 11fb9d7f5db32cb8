# shellcheck shell=bash disable=SC2034,SC2154  # a recipe of dev/components, which says what the names mean
about='the browser of the web UI tests'

program() { command -v chromium; }
version() { chromium --version --no-sandbox | grep -oE '[0-9.]+' | head -n 1; }
provide() { apt_install "chromium fonts-liberation"; }
