# shellcheck shell=bash disable=SC2034,SC2154  # a recipe of dev/components, which says what the names mean
about='runs a container image without a container engine (bwrap)'

program() { command -v bwrap; }
version() { bwrap --version | grep -oE '[0-9]+\.[0-9.]+'; }
provide() { apt_install bubblewrap; }
