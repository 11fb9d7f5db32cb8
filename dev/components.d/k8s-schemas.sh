# shellcheck shell=bash disable=SC2034,SC2154  # a recipe of dev/components, which says what the names mean
about='JSON schemas of the objects of Kubernetes' pin=1.37.2

program() { [[ -f $cache/k8s-schemas/deployment-apps-v1.json ]] && echo "$cache/k8s-schemas"; }
version() { echo "$pin"; }

# They come from the description of its API, which is part of the source.
provide() {
  need_go 1.24
  need_python
  local source
  source=$(go_source k8s.io/kubernetes "$pin")
  python3 "$recipes/k8s-schemas.py" "$source/api/openapi-spec/swagger.json" schemas
  publish schemas k8s-schemas
}
