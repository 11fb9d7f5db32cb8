# shellcheck shell=bash disable=SC2034,SC2154  # a recipe of dev/components, which says what the names mean
about='checks Kubernetes objects against schemas' pin=0.8.0 needs=k8s-schemas

program() { [[ -x $cache/bin/kubeconform ]] && echo "$cache/bin/kubeconform"; }
version() { "$(program)" -h 2>&1 | grep -q schema-location && echo "$pin"; }

provide() {
  prebuilt kubeconform || from_source
}

from_source() {
  need_go 1.24
  mkdir bin
  GOBIN=$PWD/bin GOTOOLCHAIN=local go install -ldflags='-s -w' "github.com/yannh/kubeconform/cmd/kubeconform@v$pin"
  publish bin/kubeconform bin/kubeconform
}
