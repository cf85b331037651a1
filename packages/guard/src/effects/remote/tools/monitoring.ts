import type { ToolSpec } from '../tool.ts';

/** Monitoring, logs, alerts, feature flags and search. */
export const monitoring: Readonly<Record<string, ToolSpec>> = {
  'sentry-cli': {
    system: 'service',
    valued: '--org -o --project -p --auth-token --url',
    read: 'info, * list, events list, issues list, repos list, organizations list, projects list, logs list',
    local:
      'sourcemaps inject|explain|resolve, dif check|bundle-sources, debug-files check|find|bundle-sources, send-envelope --help',
    update:
      'login, releases new|finalize|set-commits|propose-version|archive|restore, deploys new, upload-dif, upload-dsym, upload-proguard, sourcemaps upload, debug-files upload, issues resolve|mute|unresolve, monitors run, send-event, send-envelope, update, react-native, build upload',
    destroy: 'releases delete, releases files * delete, files delete, uninstall',
  },
  'datadog-ci dogshell dogwrap datadog-agent': {
    system: 'service',
    read: 'version, status, health, configcheck, hostname, check, diagnose, * list|ls|show|get|show_all|query, flare --help, config get, junit --help, stream-logs, lambda --help',
    update:
      'lambda instrument|uninstrument, cloud-run instrument, junit upload, sourcemaps upload, synthetics run-tests, dora, tag, measure, deployment, sarif upload, sbom upload, metric post, event post, monitor mute|unmute|post|update, * post|update|push|mute|mute_all|unmute, start, stop, restart, integration install, secret, stepfunctions instrument, run, jmx',
    destroy: '* delete|rm|cancel, integration remove',
    secret: 'config',
  },
  'newrelic newrelic-cli': {
    system: 'service',
    valued: '--accountId -a --profile',
    read: 'nrql, query, nerdgraph query, diagnose, apm application get|search|list, entity search, events --help, profile list, utils, workload get|list, reporting --help, nrql query',
    update:
      'install, profile add|default, apm deployment, entity tags create|replace, events post, workload create|update|duplicate, nerdgraph mutation, changeTracking, decode --help',
    destroy: 'profile delete, * * delete, entity tags delete',
    secret: 'apiAccess apiGetKeys|apiCreateKeys',
  },
  'pd pagerduty opsgenie lamp victorops statuspage betterstack uptimerobot statuscake pingdom checkly instatus xmatters squadcast ilert':
    {
      system: 'service',
      read: '* list|get|show|notes|log|open, analytics, search, rest get',
      local: 'test',
      update:
        'login, auth, deploy, trigger, pw-test, incident ack|assign|create|merge|notes|priority|resolve|set|subscriber, rest post|put, event alert|change, user set, schedule override, import',
      destroy: 'rest delete, destroy, tag delete',
    },
  splunk: {
    system: 'service',
    valued: '-auth -uri -index',
    read: 'status, list, show, search, version, btool, find, display, help, diag, validate, rtsearch',
    update:
      'start, restart, add, edit, enable, disable, set, reload, login, logout, install, apply, reload, bootstrap, spool, package, refresh, init, migrate, export, import',
    destroy:
      'stop, clean, delete, remove, remove-excess-buckets, offline, rolling-restart, resync, disable boot-start, decommission, recover-metadata, fsck',
  },
  'promtool amtool': {
    system: 'service',
    valued: '--alertmanager.url --config.file --url -C',
    read: 'check, query, test, debug, tsdb analyze|list|dump|dump-openmetrics, alert, alert query, silence, silence query, config show|routes, cluster show, template render, promql, check-config, analyze, push --help',
    local: 'tsdb create-blocks-from|bench',
    update: 'push, alert add, silence add|import|update, promql delete-matcher',
    destroy: 'silence expire',
  },
  'mimirtool cortextool logcli thanos tempo-cli jaeger-cli loki vmctl vmalert-tool vmrestore vmbackup victoria-metrics-cli':
    {
      system: 'service',
      otherwise: 'run',
      read: 'query, labels, series, instant-query, stats, volume, volume_range, detected-fields, rules list|print|lint|check|diff|get|prepare|verify, alertmanager get|verify, analyze, config, acl, backfill --help, list, view, tools bucket inspect|ls|verify|web, tools rules-check, lint, parse, watch, ci, remote-read stats|dump|export, fmt, bucket-validation, promql',
      update:
        'rules load|sync, alertmanager load, backfill, prometheus, influx, opentsdb, remote-read, vm-native, tools bucket mark|rewrite|replicate|downsample|retention|upload-blocks, migrate',
      destroy: 'rules delete, alertmanager delete, tools bucket cleanup, delete',
    },
  'grafana-cli grafana grafanactl grizzly grr gcx wizzy': {
    system: 'service',
    read: 'plugins ls|list-remote|list-versions, list, get, show, diff, config view|current-context, resources list|get|pull|validate, export, pull, preview, server, providers, list-remote',
    local: 'cli --help',
    update:
      'admin, admin data-migration, plugins install|update|update-all|upgrade-all, apply, push, config set|use-context, resources push|edit, serve, cli admin, snapshot, watch, import',
    destroy:
      'plugins remove|uninstall, resources delete, admin user-manager conflicts, delete, admin flush-rbac-seed-assignment',
    secret: 'admin reset-admin-password, admin secrets-migration',
  },
  'telegraf vector fluentd fluent-bit fluent-cat filebeat metricbeat packetbeat heartbeat auditbeat winlogbeat journalbeat logstash otelcol otelcol-contrib alloy promtail grafana-agent prometheus alertmanager node_exporter jaeger zipkin kapacitor chronograf collectd statsd nagios icinga2 zabbix_server zabbix_agentd netdata monit m_agent':
    {
      system: 'service',
      bare: 'update',
      otherwise: 'update',
      read: 'version, config, config check, validate, test, test config|output|modules, export, plugins, check, list, show, top, tap, graph, summary, status, list-recordings, object list, daemon --validate, fmt, tools, components, print-config, modules list, feature list, node list, export config|template, report, procmatch, -t',
      local: 'generate, vrl, convert, fmt, test',
      update:
        'setup, run, modules enable|disable, keystore create|add, enroll, install, feature enable|disable, api setup, ca, pki, define, record, replay, enable, reload, start, stop, restart, monitor, unmonitor',
      destroy: 'delete, keystore remove, node, object delete, quit, purge',
      secret: 'keystore list',
    },
  'elasticsearch-reset-password elasticsearch-users elasticsearch-setup-passwords elasticsearch-service-tokens elasticsearch-create-enrollment-token elasticsearch-certutil elasticsearch-keystore opensearch-keystore kibana-keystore logstash-keystore kibana-encryption-keys elasticsearch-saml-metadata':
    {
      system: 'service',
      otherwise: 'secret',
      bare: 'read',
      read: 'list, roles, has-passwd, ls',
      update: 'create, add, add-file, useradd, passwd, upgrade',
      destroy: 'remove, delete, userdel',
      secret: 'show, generate, auto, interactive, passwd',
    },
  'elasticsearch-node elasticsearch-shard elasticsearch-croneval opensearch-node opensearch-shard': {
    system: 'database',
    otherwise: 'destroy',
    bare: 'read',
  },
  'elasticsearch-plugin opensearch-plugin kibana-plugin logstash-plugin elasticdump multielasticdump curator curator_cli es_repo_mgr ecctl elastic-agent esrally opensearch-cli eslogger eland_import_hub_model':
    {
      system: 'service',
      otherwise: 'update',
      bare: 'read',
      read: 'list, show_indices, show-indices, show_snapshots, show-snapshots, show, status, version, deployment list|show|search|resource, inspect, diagnostics, profile list, info, logs',
      update:
        'install, update, allocation, alias, close, cluster_routing, forcemerge, open, replicas, reindex, restart, enroll, upgrade, create, snapshot, profile create, auth login, race',
      destroy:
        'remove, delete_indices, delete-indices, delete_snapshots, delete-snapshots, rollover, shrink, unenroll, uninstall, restore, delete, deployment shutdown|delete|stop',
    },
  'ldcli launchdarkly flagsmith unleash flipt growthbook posthog statsig devcycle dvc configcat hypertune eppo amplitude mixpanel pendo rudder optimizely':
    {
      system: 'service',
      valued:
        '--project --environment --access-token --base-uri -u --url --namespace -n -o --output --workspace',
      read: 'evaluate, config, config list|get, diff, usages, scan, validate, version, status, whoami, identities get, flags evaluate',
      local: 'serve, server, dev-server, generate, dev, export, types',
      update:
        'login, sync, import, migrate, toggle-on, toggle-off, config set|use, flags toggle-on|toggle-off|replicate, init, push, pull, setup',
      destroy:
        'splits kill, archive, flags archive, features archive, identities delete, kill, bundle rollback',
    },
  'algolia meilisearch typesense meilitool sonic quickwit elasticsearch-cli solr solr.sh vespa weaviate qdrant chroma pinecone milvus_cli zincsearch zinc':
    {
      system: 'service',
      valued: '-p --profile --application-id --api-key --index --config -z -c --target -t',
      read: 'indices list|browse|analyze, search, objects browse, rules browse, synonyms browse, settings get, apikeys list, profile list, index list|describe|search, split list|describe, status, healthcheck, export-documents, tool extract-split, source list, query, document get, document visit, visit, inspect, assert, api, config get, stat, show, list, prod, test',
      local: 'fetch, convert, clone --help',
      update:
        'open, profile add|setdefault, objects import|update, settings set|import, indices copy|move|config, synonyms import|save, rules import, index create|ingest|update, document put|feed, feed, deploy, crawler, start, restart, create, create_core, create_collection, config set, auth, prepare, run, upload, zk cp|upconfig|mkroot|ls',
      destroy:
        'indices delete|clear, objects delete, rules delete, synonyms delete, apikeys delete, index delete|clear, destroy, delete, delete_core, delete_collection, document remove, stop, clear-tasks, reset, drop, zk rm, split mark-for-deletion, gc, crawler delete',
      secret: 'apikeys create|get, auth cert|api-key',
    },
};
