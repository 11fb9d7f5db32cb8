{{- define "throng.name" -}}
{{- if contains "throng" .Release.Name }}{{ .Release.Name | trunc 50 | trimSuffix "-" }}{{ else }}{{ printf "%s-throng" .Release.Name | trunc 50 | trimSuffix "-" }}{{ end }}
{{- end }}

{{- define "throng.selector" -}}
app.kubernetes.io/name: throng
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "throng.labels" -}}
{{ include "throng.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{/* Labels of another program of this release: (list $ "ollama"). */}}
{{- define "throng.part" -}}
app.kubernetes.io/name: {{ index . 1 }}
app.kubernetes.io/instance: {{ (index . 0).Release.Name }}
{{- end }}

{{- define "throng.image" -}}
{{ .Values.image.repository }}:{{ default .Chart.AppVersion .Values.image.tag }}
{{- end }}

{{/* The configuration: what the chart knows, overridden by `config`. */}}
{{- define "throng.config" -}}
{{- $name := include "throng.name" . }}
{{- $hosts := list $name (printf "%s.%s" $name .Release.Namespace) (printf "%s.%s.svc" $name .Release.Namespace) (printf "%s.%s.svc.cluster.local" $name .Release.Namespace) }}
{{- range .Values.ingress.hosts }}{{ $hosts = append $hosts .host }}{{ end }}
{{- range .Values.allowedHosts }}{{ $hosts = append $hosts . }}{{ end }}
{{- $known := dict "server" (dict "host" "0.0.0.0" "insecure" true "port" 8080 "management_port" 8081 "allowed_hosts" $hosts) "data" (dict "dir" "/data") "observe" (dict "log_format" "json") }}
{{- if .Values.ollama.enabled }}
{{- $urls := list }}
{{- range until (int .Values.ollama.replicas) }}{{ $urls = append $urls (printf "http://%s-ollama-%d.%s-ollama:11434" $name . $name) }}{{ end }}
{{- $_ := set $known "ollama" (dict "urls" $urls "slots" (int .Values.ollama.slots)) }}
{{- $_ := set $known "model" (dict "name" .Values.ollama.model) }}
{{- end }}
{{- if .Values.redis.enabled }}
{{- $urls := list }}
{{- range until 3 }}{{ $urls = append $urls (printf "redis://%s-redis-%d.%s-redis:26379" $name . $name) }}{{ end }}
{{- $_ := set $known "redis" (dict "urls" $urls "sentinel_master" "main") }}
{{- end }}
{{- toYaml (mergeOverwrite $known .Values.config) }}
{{- end }}
