# shellcheck shell=bash disable=SC2034,SC2154  # a recipe of dev/components, which says what the names mean
about='what a ServiceMonitor and a PrometheusRule are' pin=0.85.0

program() { [[ -f $cache/prometheus-operator-crds/monitoring.coreos.com_servicemonitors.yaml ]] && echo "$cache/prometheus-operator-crds"; }
version() { echo "$pin"; }

# They are part of the operator's source.
provide() {
  need_go 1.24
  local source
  source=$(go_source github.com/prometheus-operator/prometheus-operator "$pin")
  mkdir crds
  cp "$source"/example/prometheus-operator-crd/monitoring.coreos.com_{servicemonitors,prometheusrules}.yaml crds
  chmod 644 crds/*
  publish crds prometheus-operator-crds
}
