# shellcheck shell=bash disable=SC2034,SC2154  # a recipe of dev/components, which says what the names mean
about='the distributed hybrid store (weaviate-server)' pin=1.35.2 default_port=8500

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

# Without USE_BLOCKMAX_WAND=false a search by words misses what was just written (docs/decisions/0019-weaviate.md).
# One node, a cluster of its own; its other ports follow the given one. A multiplier of 1 makes it elect itself within
# a second instead of six.
serve() {
  PERSISTENCE_DATA_PATH=$PWD/data AUTHENTICATION_ANONYMOUS_ACCESS_ENABLED=true DEFAULT_VECTORIZER_MODULE=none \
    CLUSTER_HOSTNAME=node1 CLUSTER_ADVERTISE_ADDR=127.0.0.1 CLUSTER_IN_LOCALHOST=true \
    CLUSTER_GOSSIP_BIND_PORT=$(($1 + 1)) CLUSTER_DATA_BIND_PORT=$(($1 + 2)) \
    RAFT_PORT=$(($1 + 3)) RAFT_INTERNAL_RPC_PORT=$(($1 + 4)) RAFT_JOIN=node1:$(($1 + 3)) RAFT_BOOTSTRAP_EXPECT=1 \
    RAFT_TIMEOUTS_MULTIPLIER=1 GRPC_PORT=$(($1 + 5)) PROFILING_PORT=$(($1 + 6)) USE_BLOCKMAX_WAND=false DISABLE_TELEMETRY=true \
    exec setsid "$(program)" --host 127.0.0.1 --port "$1" --scheme http
}
ready() { answers "$(url "$1")/v1/.well-known/ready"; }
url() { echo "http://127.0.0.1:$1"; }
