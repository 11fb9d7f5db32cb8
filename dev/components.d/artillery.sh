# shellcheck shell=bash disable=SC2034,SC2154  # a recipe of dev/components, which says what the names mean
about='the load tests of bench/load' pin=2.0.34

program() { [[ -f $cache/artillery-$pin/complete ]] && echo "$cache/artillery-$pin/node_modules/.bin/artillery"; }
version() { "$(program)" version | sed -n 's/^ *Artillery: *//p'; }

# In place, as chroma is. npm installs only files whose hashes are in the lock file, and runs no script of theirs.
provide() {
  local folder=$cache/artillery-$pin
  command -v npm >/dev/null || die "artillery needs Node.js 20 or newer, with npm, on the PATH"
  rm -rf "$folder"
  mkdir "$folder"
  cp "$recipes/artillery-lock.json" "$folder/package-lock.json"
  printf '{"name": "throng-artillery", "dependencies": {"artillery": "%s"}}\n' "$pin" >"$folder/package.json"
  (cd "$folder" && npm ci --ignore-scripts --no-audit --no-fund)
  touch "$folder/complete"
}
