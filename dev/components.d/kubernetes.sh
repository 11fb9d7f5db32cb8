# shellcheck shell=bash disable=SC2034,SC2154  # a recipe of dev/components, which says what the names mean
about='a control plane without nodes (kube-apiserver, kube-controller-manager, kubectl)' pin=1.37.2 needs=etcd

programs='kube-apiserver kube-controller-manager kubectl'

# The folder of all three.
program() {
  local each
  for each in $programs; do [[ -x $cache/bin/$each ]] || return 1; done
  echo "$cache/bin"
}
version() { "$(program)/kube-apiserver" --version | grep -oE '[0-9]+\.[0-9.]+'; }

provide() {
  local each
  for each in $programs; do
    prebuilt "$each" || from_source "$each"
  done
}

# Over twenty minutes for all three on two cores. `go install` refuses a module that replaces others, so a module of
# our own takes over its list, with the published versions in place of its folders.
from_source() {
  need_go 1.26
  local source stamp=k8s.io/component-base/version
  source=$(go_source k8s.io/kubernetes "$pin")
  sed -e 's|^module .*|module throng.dev/kubernetes|' \
    -e "s|=> \./staging/src/\(k8s.io/.*\)\$|=> \1 v0.${pin#*.}|" "$source/go.mod" >go.mod
  echo "require k8s.io/kubernetes v$pin" >>go.mod
  cat "$source/go.sum" >go.sum
  CGO_ENABLED=0 GOFLAGS=-mod=mod GOTOOLCHAIN=local go build -trimpath -o "$1" \
    -ldflags="-s -w -X $stamp.gitVersion=v$pin -X $stamp.gitMajor=1 -X $stamp.gitMinor=$(cut -d. -f2 <<<"$pin")" \
    "k8s.io/kubernetes/cmd/$1"
  publish "$1" "bin/$1"
}
