# shellcheck shell=bash disable=SC2034,SC2154  # a recipe of dev/components, which says what the names mean
about='the LLM server' pin=0.17.4 default_port=11434
miniaudio_sha256=ff51e2887bb673e2e757752b586b3dc924d59aa5fbcae9bbc45f4a111bd3262b

program() { [[ -x $cache/bin/ollama ]] && echo "$cache/bin/ollama"; }

# The client asks for a running server; with none it prints its own version all the same ("0.0.0": `go install` sets
# none).
version() { OLLAMA_HOST=127.0.0.1:1 "$(program)" --version 2>&1 | grep -q 'client version' && echo "$pin"; }

provide() {
  prebuilt ollama || from_source
}

# Three minutes. The Go module leaves out C++ headers that its own code includes: two are Debian packages, the third
# ships inside the source archive of a Python package.
from_source() {
  need_go 1.24
  need_python
  apt_install "g++ nlohmann-json3-dev libstb-dev"
  echo "miniaudio==1.71 --hash=sha256:$miniaudio_sha256" >requirements.txt
  python3 -m pip download -q --no-binary :all: --no-deps --require-hashes -r requirements.txt
  tar xzf miniaudio-*.tar.gz
  local header flags=-O2
  header=$(find "$PWD" -name miniaudio.h | head -n 1)
  [[ -n $header ]] || die "miniaudio.h is not in the source archive of miniaudio"
  # Without these the CPU kernels fall back to plain C, several times slower.
  ! grep -qw avx2 /proc/cpuinfo || flags+=' -mavx2 -mfma -mf16c'
  mkdir -p include/miniaudio bin
  cp "$header" include/miniaudio/
  GOBIN=$PWD/bin CGO_ENABLED=1 CGO_CPPFLAGS="-I$PWD/include -I/usr/include" CGO_CFLAGS=$flags CGO_CXXFLAGS=$flags \
    go install -ldflags='-s -w' "github.com/ollama/ollama@v$pin"
  publish bin/ollama bin/ollama
}

# serve PORT [MODELS]: instances may share one folder of models.
serve() {
  OLLAMA_HOST=127.0.0.1:$1 OLLAMA_MODELS=${2:-$cache/models} OLLAMA_NUM_PARALLEL=${OLLAMA_NUM_PARALLEL:-4} \
    exec setsid "$(program)" serve
}
ready() { answers "$(url "$1")/api/version"; }
url() { echo "http://127.0.0.1:$1"; }
