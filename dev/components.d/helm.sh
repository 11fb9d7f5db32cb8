# shellcheck shell=bash disable=SC2034,SC2154  # a recipe of dev/components, which says what the names mean
about='renders and installs the chart' pin=3.22.0

program() { [[ -x $cache/bin/helm ]] && echo "$cache/bin/helm"; }
version() { "$(program)" version --short >/dev/null && echo "$pin"; }

provide() {
  prebuilt helm || from_source
}

# Two minutes.
from_source() {
  need_go 1.24
  mkdir bin
  GOBIN=$PWD/bin GOTOOLCHAIN=local go install -ldflags='-s -w' "helm.sh/helm/v3/cmd/helm@v$pin"
  publish bin/helm bin/helm
}
