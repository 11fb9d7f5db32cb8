# shellcheck shell=bash disable=SC2034,SC2154  # a recipe of dev/components, which says what the names mean
about='the database of a Kubernetes control plane'

program() { command -v etcd; }
version() { etcd --version | head -n 1 | grep -oE '[0-9]+\.[0-9.]+'; }
provide() { apt_install etcd-server etcd; }
