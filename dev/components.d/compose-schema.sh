# shellcheck shell=bash disable=SC2034,SC2154  # a recipe of dev/components, which says what the names mean
about='JSON schema of Compose files' pin=2.9.0

program() { [[ -f $cache/compose-schema/compose-spec.json ]] && echo "$cache/compose-schema/compose-spec.json"; }
version() { echo "$pin"; }

# It is part of the library that reads them.
provide() {
  need_go 1.24
  local source
  source=$(go_source github.com/compose-spec/compose-go/v2 "$pin")
  mkdir schema
  cat "$source/schema/compose-spec.json" >schema/compose-spec.json
  publish schema compose-schema
}
