# shellcheck shell=bash disable=SC2034,SC2154  # a recipe of dev/components, which says what the names mean
about='the shared vector store' pin=1.5.9 default_port=8000

program() { [[ -f $cache/chroma-$pin/complete ]] && echo "$cache/chroma-$pin/bin/chroma"; }
# --version gives the number of the command-line program, which goes its own way.
version() { "$(program)" --version | grep -q ^chroma && echo "$pin"; }

# A Python environment knows its own path and cannot be moved: it is made in place, and a last file says that it is
# whole. pip installs only files whose hashes are in chroma.txt.
provide() {
  need_python
  local venv=$cache/chroma-$pin
  rm -rf "$venv"
  python3 -m venv "$venv"
  "$venv/bin/pip" install -q --disable-pip-version-check --require-hashes -r "$recipes/chroma.txt"
  touch "$venv/complete"
}

serve() { ANONYMIZED_TELEMETRY=False exec setsid "$(program)" run --host 127.0.0.1 --port "$1" --path "$PWD/data"; }
ready() { answers "$(url "$1")/api/v2/heartbeat"; }
url() { echo "http://127.0.0.1:$1"; }
