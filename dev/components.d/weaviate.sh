# shellcheck shell=bash disable=SC2034,SC2154  # a recipe of dev/components, which says what the names mean
about='the distributed hybrid store (weaviate-server)' pin=1.35.2

program() { [[ -x $cache/bin/weaviate-server ]] && echo "$cache/bin/weaviate-server"; }
# It has no --version, and --help ends with an error.
version() { ("$(program)" --help 2>&1 || true) | grep -q -- --scheme && echo "$pin"; }

provide() {
  prebuilt weaviate-server || from_source
}

# Four minutes.
from_source() {
  need_go 1.24
  mkdir bin
  GOBIN=$PWD/bin GOTOOLCHAIN=local go install -ldflags='-s -w' \
    "github.com/weaviate/weaviate/cmd/weaviate-server@v$pin"
  publish bin/weaviate-server bin/weaviate-server
}
