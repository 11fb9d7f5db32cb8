# shellcheck shell=bash disable=SC2034,SC2154  # a recipe of dev/components, which says what the names mean
about='the spelling check' pin=2.4.3

program() { [[ -f $cache/codespell-$pin/complete ]] && echo "$cache/codespell-$pin/bin/codespell"; }
version() { "$(program)" --version; }

# In place, as chroma is. The hash is that of the only file that pip may install.
provide() {
  need_python
  local venv=$cache/codespell-$pin hash=af2505b335e8573dbd2d384d1c4ef498f4006f4ba2d6fceca01e55b91f52628a
  rm -rf "$venv"
  python3 -m venv "$venv"
  echo "codespell==$pin --hash=sha256:$hash" >requirements.txt
  "$venv/bin/pip" install -q --disable-pip-version-check --require-hashes --no-deps -r requirements.txt
  touch "$venv/complete"
}
