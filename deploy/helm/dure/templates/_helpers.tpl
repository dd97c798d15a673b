{{- define "dure.name" -}}
{{- if contains "dure" .Release.Name }}{{ .Release.Name }}{{ else }}{{ .Release.Name }}-dure{{ end -}}
{{- end }}

{{- define "dure.selector" -}}
app.kubernetes.io/name: dure
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "dure.labels" -}}
{{ include "dure.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{- define "dure.secret" -}}
{{- .Values.existingSecret | default (include "dure.name" .) -}}
{{- end }}

{{/* What several nodes cannot do without is refused here, not found out at night. */}}
{{- define "dure.check" -}}
{{- if gt (int .Values.replicas) 1 }}
{{- if not .Values.media }}{{ fail "replicas > 1 needs media: photographs must lie where every node finds them" }}{{ end }}
{{- if not .Values.existingSecret }}
{{- if not .Values.database.url }}{{ fail "replicas > 1 needs database.url: a SQLite file has one writer" }}{{ end }}
{{- if not .Values.key }}{{ fail "replicas > 1 needs key: openssl rand -hex 32" }}{{ end }}
{{- if not .Values.clusterToken }}{{ fail "replicas > 1 needs clusterToken" }}{{ end }}
{{- end }}
{{- end }}
{{- if and .Values.key (not (regexMatch "^[0-9a-f]{64}$" .Values.key)) }}{{ fail "key must be 64 hex digits" }}{{ end }}
{{- end }}

{{- define "dure.routes" -}}
{{- $name := include "dure.name" . -}}
{{- range $i := until (int .Values.replicas) }}{{ if $i }},{{ end }}{{ $name }}-{{ $i }}.{{ $name }}-nodes:4248{{ end -}}
{{- end }}
