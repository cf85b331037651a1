import type { ToolSpec } from '../tool.ts';

/** Servers of data and their administration; clients that take SQL are in `sql-clients.ts`. */
export const data: Readonly<Record<string, ToolSpec>> = {
  dropdb: { system: 'database', bare: 'read', otherwise: 'destroy' },
  'dropuser pg_resetwal pg_resetxlog pg_rewind pg_archivecleanup pg_dropcluster': {
    system: 'database',
    bare: 'read',
    otherwise: 'destroy',
    dryRun: '-n',
  },
  'createdb createuser initdb pg_createcluster mysql_install_db mariadb-install-db mysql_secure_installation mysql_upgrade mariadb-upgrade':
    { system: 'database', bare: 'create', otherwise: 'create' },
  'pg_dump pg_dumpall pg_isready pg_controldata pg_waldump pg_config pg_lsclusters pg_amcheck pg_basebackup pg_receivewal pg_verifybackup pg_test_fsync mysqldump mariadb-dump mysqlshow mysqlbinlog mydumper mongostat mongotop mongoexport mongodump bsondump pgbadger ysql_dump mysqldumpslow pg_activity pgtop sqldiff perror myisam_ftdump':
    {
      system: 'database',
      bare: 'read',
      otherwise: 'read',
      valued:
        '-h --host -p --port -U --username -d --dbname -u --user -f --file -r --result-file --out -o --db --collection',
      options: { read: '--delete --create --clean -c --add-drop-table --drop' },
    },
  pg_restore: {
    system: 'database',
    bare: 'read',
    otherwise: 'update',
    valued: '-h --host -p --port -U --username -d --dbname -f --file -j --jobs -n -t',
    options: { destroy: '-c --clean', read: '-l --list' },
  },
  'pg_ctl pg_ctlcluster': {
    system: 'database',
    valued: '-D --pgdata -l -m -o -t -w',
    read: 'status, * * status',
    update:
      'start, restart, reload, promote, logrotate, initdb, init, register, unregister, stop, * * start|restart|reload|promote|stop',
    destroy: 'kill',
  },
  'vacuumdb reindexdb clusterdb pgbench pg_upgrade pg_upgradecluster pg_checksums pgloader mysqlcheck mariadb-check mysqlimport mariadb-import mysqlslap myloader mysqlpump sysbench pg_repack':
    {
      system: 'database',
      bare: 'update',
      otherwise: 'update',
      options: { destroy: '--delete -i --initialize --overwrite-tables', read: '--check --dry-run' },
    },
  'mysqladmin mariadb-admin': {
    system: 'database',
    valued: '-u --user -h --host -P --port -S --socket --password',
    read: 'status, extended-status, ping, processlist, variables, version, proc, stat, ver',
    create: 'create',
    update: 'password, reload, refresh, start-replica, stop-replica, start-slave, stop-slave, debug',
    destroy: 'drop, kill, shutdown, flush-hosts, flush-logs, flush-tables, flush-privileges, flush-status',
  },
  'mongorestore mongoimport': {
    system: 'database',
    bare: 'update',
    otherwise: 'update',
    options: { destroy: '--drop' },
    dryRun: '--dryRun',
  },
  mongofiles: {
    system: 'database',
    read: 'list, search, get, get_id',
    update: 'put, put_id',
    destroy: 'delete, delete_id',
  },
  'mongod mysqld mariadbd postgres redis-server valkey-server memcached etcd clickhouse-server cockroachd influxd neo4j-server':
    {
      system: 'database',
      bare: 'update',
      otherwise: 'update',
      options: { destroy: '--repair --initialize --skip-grant-tables --single', update: '--noauth' },
    },
  'pgbackrest barman wal-g wal-e walg': {
    system: 'database',
    valued: '--stanza --config --repo --set --type -t',
    read: 'info, check, verify, version, backup-list, backup-show, wal-show, wal-verify, list-servers, list-server, list-backups, list-backup, list-files, show-server, show-backup, status, diagnose, repo-ls, repo-get, server-ping, receive-wal --test',
    create: 'backup, stanza-create, backup-push, wal-push, archive-push, switch-wal, sync-backup',
    update:
      'start, stop, stanza-upgrade, annotate, cron, backup-fetch, wal-fetch, archive-get, keep, backup-mark, catchup-fetch',
    destroy: 'restore, expire, stanza-delete, delete, recover, repo-rm, wal-restore, delete-backup',
  },
  'patronictl repmgr pg_autoctl stolonctl orchestrator': {
    system: 'database',
    valued: '-c --config-file -d --dcs-url',
    read: 'list, topology, history, show-config, query --help, version, dsn, cluster show, node status|check, show, status, discover',
    update:
      'failover, switchover, edit-config, pause, resume, restart, reload, standby register|clone|promote, primary register, promote, graceful-master-takeover',
    destroy:
      'reinit, remove, flush, primary unregister, standby unregister, node rejoin, drop, forget, begin-downtime',
    run: 'query',
  },
  'pt-online-schema-change pt-archiver pt-kill pt-table-sync pt-slave-restart gh-ost': {
    system: 'database',
    bare: 'read',
    otherwise: 'update',
    options: { destroy: '--purge --kill --kill-query', update: '--execute', read: '--dry-run --print' },
  },
  'etcdctl etcdutl': {
    system: 'database',
    valued:
      '--endpoints --cacert --cert --key --user --password --command-timeout --dial-timeout -w --write-out',
    read: 'get, member list, endpoint *, snapshot status, watch, version, check, user list|get, role list|get, lease list|timetolive, alarm list, hashkv',
    create: 'snapshot save',
    update:
      'put, member add|update|promote, move-leader, lease grant|keep-alive, user add|grant-role, role add|grant-permission, auth enable, alarm disarm, defrag, elect, lock, txn, set, mk, mkdir',
    destroy:
      'del, rm, rmdir, member remove, snapshot restore, lease revoke, auth disable, compaction, compact, user delete|revoke-role, role delete|revoke-permission, migrate',
    secret: 'user passwd',
  },
  'zkCli zkCli.sh zookeeper-shell zookeeper-shell.sh': {
    system: 'database',
    valued: '-server -timeout -waitforconnection -client-configuration',
    read: '* ls|get|stat|getAcl|ls2|listquota|getAllChildrenNumber, ls, get, stat, getAcl',
    destroy: '* delete|deleteall|rmr|delquota|removewatches, delete, deleteall, rmr',
    update: '* set|create|setAcl|setquota|addauth|reconfig|sync, set, create, setAcl',
    bare: 'run',
    otherwise: 'update',
  },
  'influx influx3': {
    system: 'database',
    valued: '-host -port -username -password -database --host --token -t --org -o',
    read: 'ping, version, bucket|org|user|auth|task|config|dashboards list, query, backup, v1 dbrp list, inspect',
    update: 'write, setup, restore, apply, config set|create, task run',
    destroy: 'delete, bucket delete, stacks remove',
    secret: 'auth create|list',
  },
  cockroach: {
    system: 'database',
    valued: '--host --url --certs-dir --database -d --user -u',
    read: 'node status|ls, version, statement-diag list, debug zip|keys|range-data, auth-session list, workload check',
    update: 'start, start-single-node, init, import, nodelocal, userfile upload, demo, cert, auth-session',
    destroy:
      'node drain|decommission|recommission, quit, userfile delete, debug reset-quorum|recover, auth-session logout',
    create: 'dump',
  },
  'nodetool dse': {
    system: 'database',
    valued: '-h --host -p --port -u --username -pw --password',
    read: 'status, info, ring, tpstats, describecluster, describering, netstats, compactionstats, gossipinfo, tablestats, cfstats, tablehistograms, version, listsnapshots, getendpoints, proxyhistograms, gettraceprobability, statusbinary, statusgossip, statusbackup, viewbuildstatus',
    create: 'snapshot',
    update:
      'repair, flush, compact, cleanup, scrub, upgradesstables, refresh, enablebinary, disablebinary, enablegossip, disablegossip, drain, reload, ',
    destroy:
      'decommission, removenode, assassinate, clearsnapshot, truncatehints, move, rebuild, invalidatekeycache, invalidaterowcache, resetlocalschema, stopdaemon, garbagecollect',
  },
  'neo4j neo4j-admin': {
    system: 'database',
    read: 'status, version, server report|memory-recommendation|validate-config, database info|check, help',
    update:
      'start, restart, console, stop, database dump|copy|migrate|import, dbms set-initial-password, dump, backup, memrec',
    destroy: 'database load|restore, load, restore, unbind, server unbind, dbms unbind-system-db',
  },
  'neonctl neon': {
    system: 'database',
    read: 'me, operations list, projects list|get, branches list|get',
    update: 'auth, set-context, branches create|restore|rename|set-default|reset',
    destroy: 'branches reset|delete|restore, projects delete, databases delete, roles delete',
    secret: 'connection-string, cs',
  },
  pscale: {
    system: 'database',
    valued: '--org --format --api-url --config',
    read: 'ping, region list, branch list|show|schema|diff, org list|show, deploy-request list|show|diff, audit-log list, size, database dump',
    update:
      'auth, connect, deploy-request create|deploy|apply|revert, org switch, branch promote|safe-migrations|create, database restore-dump',
    destroy:
      'branch|database|backup|password|deploy-request delete, branch demote, deploy-request skip-revert, data-imports cancel',
    run: 'shell, sql',
    secret: 'password create, service-token create, signup',
  },
  turso: {
    system: 'database',
    read: 'db list|show|inspect, group list|locations, auth whoami, plan show, org list, relax, quickstart',
    update:
      'auth login|signup|logout, db create|update|import|wakeup|config, group create|update|wakeup, org switch, plan select',
    destroy: 'db|group|org destroy, db tokens invalidate, group tokens invalidate, auth api-tokens revoke',
    secret: 'auth token, db tokens create, auth api-tokens mint, group tokens create',
    run: 'db shell',
    local: 'dev',
  },
  'geni yoyo-migrate sqlx-cli': {
    system: 'database',
    valued: '-c --config -x -n --name -path -database -source -dir -url --url -u -d -e',
    read: 'current, history, heads, branches, show, check, status, version, log, plan, list, wait, prepare, print-schema, migration list, migrate info, migration info, list',
    local:
      'revision, merge, new, create, init, add, dump, generate, setup --help, migration generate, migrate add, edit, fix, seed:create',
    update:
      'upgrade, stamp, up, up-by-one, up-to, migrate, apply, deploy, migration run, migrate run, force, goto, tag, seed:run, load, setup, database create|setup, db create',
    destroy:
      'downgrade, down, down-to, reset, drop, rollback, revert, rebase, redo, migration revert|redo, migrate revert|down|fresh|refresh|reset, database drop|reset, db drop|reset, fresh, refresh',
  },
  dbt: {
    system: 'database',
    valued: '--profiles-dir --project-dir --target -t -s --select -m --models --exclude --selector --vars',
    read: 'ls, list, debug, show, source freshness, docs serve|generate, environment',
    local: 'compile, parse, deps, init, clean, docs, test',
    update: 'run, build, seed, snapshot, clone, retry, source',
    run: 'run-operation',
    options: { destroy: '--full-refresh' },
  },
  'kafka-console-consumer kafka-dump-log kafka-get-offsets kafka-log-dirs kafka-broker-api-versions kafka-verifiable-consumer kafka-replica-verification kafka-metadata-shell':
    { system: 'queue', bare: 'read', otherwise: 'read' },
  'kafka-console-producer kafka-producer-perf-test kafka-consumer-perf-test kafka-verifiable-producer kafka-server-start kafka-server-stop kafka-mirror-maker connect-standalone connect-distributed zookeeper-server-start zookeeper-server-stop kafka-leader-election kafka-cluster kafka-features kafka-metadata-quorum kafka-run-class':
    { system: 'queue', bare: 'update', otherwise: 'update', read: 'describe, cluster-id' },
  'kafka-topics kafka-configs kafka-consumer-groups kafka-acls kafka-reassign-partitions kafka-delegation-tokens kafka-transactions kafka-share-groups kafka-client-metrics':
    {
      system: 'queue',
      bare: 'read',
      otherwise: 'update',
      valued: '--bootstrap-server --topic --group --command-config --entity-type --entity-name --zookeeper',
      options: {
        read: '--list --describe --verify --generate',
        destroy: '--delete --delete-config --delete-offsets --reset-offsets --remove --expire --cancel',
        update: '--create --alter --add --execute --add-config --renew',
      },
    },
  'kafka-delete-records kafka-streams-application-reset kafka-storage': {
    system: 'queue',
    bare: 'read',
    otherwise: 'destroy',
    read: 'info, random-uuid, version-mapping, feature-dependencies',
  },
  'kcat kafkacat': {
    system: 'queue',
    bare: 'read',
    otherwise: 'read',
    valued: '-b -t -p -o -F -X -G -c -f -s -r',
    options: { update: '-P' },
  },
  'rpk kaf kafkactl confluent ccloud kcctl aiven avn instaclustr-cli redpanda': {
    system: 'queue',
    read: 'topic list|describe|consume, cluster info|health|config get|status|metadata, group list|describe|seek --help, consume, topics, groups, brokers, describe, nodes, environment list, kafka cluster|topic list|describe, whoami, service list|get|logs, profile list|print|current, security acl list, kafka topic consume, debug',
    update:
      'topic produce|create|add-partitions|alter-config, produce, login, cluster config set|import|edit, group seek, kafka topic produce, service update, transform deploy, container start, context use, cluster use, environment use',
    destroy:
      'topic delete|trim-prefix, group delete|offset-delete, container purge|stop, cluster maintenance, kafka topic|cluster delete, service terminate, redpanda admin brokers decommission',
    secret: 'api-key create, service user-creds-download, service connection-info, user access-token',
  },
  'rabbitmqctl rabbitmq-diagnostics rabbitmq-plugins rabbitmq-queues rabbitmq-upgrade rabbitmq-streams': {
    system: 'queue',
    valued: '-n --node -t --timeout -p --vhost -f --formatter -l --longnames -q',
    read: 'status, cluster_status, report, environment, node_health_check, ping, authenticate_user, await_startup, await_online_nodes, export_definitions, list, is_enabled, directories, memory_breakdown, observer, listeners, version, server_version, erlang_version, log_tail, log_location, alarms, quorum_status, check_running, check_local_alarms, check_port_connectivity, is_booting, is_running, resolve_hostname, schema_info, os_env, runtime_thread_stats',
    update:
      'add_user, change_password, set_permissions, set_policy, set_user_tags, add_vhost, enable, disable, set, sync_queue, start_app, join_cluster, rotate_logs, rename_cluster_node, trace_on, trace_off, import_definitions, set_vm_memory_high_watermark, set_disk_free_limit, set_parameter, close_connection, close_all_connections, suspend_listener, grow, rebalance, drain, revive, post_upgrade, encode',
    destroy:
      'reset, force_reset, forget_cluster_node, stop, stop_app, shutdown, purge_queue, cancel_sync_queue, force_boot, shrink, delete_member, remove_stream_replica',
    run: 'eval, eval_file, exec, remote_shell',
    secret: 'decode',
  },
  rabbitmqadmin: {
    system: 'queue',
    valued: '-H --host -P --port -V --vhost -u --username -p --password -N --node -f --format -c --config',
    read: 'list, show, export, get, definitions export',
    create: 'declare',
    update: 'publish, import, definitions import',
    destroy: 'delete, purge, close',
  },
  nats: {
    system: 'queue',
    valued: '-s --server --user --password --creds --nkey --context --timeout --js-domain',
    read: '* ls|list|info|report|view|get|state|find|graph|history|status|subjects, server check|ping|report|list|info|request, rtt, events, latency, account info, sub, subscribe, context ls|show|info, kv get|ls|watch|status, object get|ls|info, errors, top, traffic, schema',
    update:
      'pub, publish, request, req, reply, kv put|create|update|add|upgrade|revert|compact, context select|save|add|edit|copy, object put|add, stream add|edit|restore|backup|copy|seal, consumer add|edit|next|pause|resume, bench, auth, micro serve',
    destroy:
      'stream rm|delete|del|purge|rmm, consumer rm|delete|del, kv rm|del|delete|purge, object rm|del|delete, account purge|delete, bucket delete|rm, context rm, server cluster, stream cluster',
    secret: 'auth * show|keys, auth user credential',
  },
  'pulsar-admin pulsarctl pulsar-client pulsar': {
    system: 'queue',
    read: '* list|get|stats|info|peek-messages|permissions|status, consume, read',
    update: 'produce',
    destroy:
      '* delete|clear-backlog|skip-all-messages|skip-messages|expire-messages|unload|terminate|truncate|reset-cursor|unsubscribe|revoke-permission|delete-partitioned-topic',
  },
  'temporal tctl cadence': {
    system: 'queue',
    valued: '--address --namespace -n --env --tls-cert-path',
    read: 'workflow list|describe|show|count|trace|stack|query|result, workflow list-batch, operator cluster *, operator namespace list|describe, schedule list|describe, task-queue *, batch list|describe, activity list|describe, env get|list, worker list|describe',
    local: 'server start-dev',
    update:
      'workflow start|signal|execute|update|update-options, schedule create|update|trigger|toggle|backfill, activity complete|fail|pause|unpause, operator namespace create|update, env set, config set, operator search-attribute create',
    destroy:
      'workflow terminate|cancel|reset|delete, schedule delete, operator namespace delete, operator cluster remove, batch terminate, operator search-attribute remove, activity reset, env delete',
  },
  airflow: {
    system: 'queue',
    read: 'dags list|show|state|report|details|list-runs|list-jobs|list-import-errors|next-execution, tasks list|state|render|states-for-dag-run, db check|check-migrations, info, version, jobs check, providers list, config list|get-value|lint, pools list|get, users list, roles list, cheat-sheet, plugins, variables list, deployment list|logs, dev ps|logs|parse',
    local: 'dev init|pytest',
    update:
      'dags trigger|pause|unpause|backfill|test|reserialize, tasks run|test, db init|migrate|upgrade, connections add|import, variables set|import, users create, standalone, webserver, scheduler, celery, deploy, dev start|stop|restart, sync-perm, dags delete --help, pools set',
    destroy:
      'db reset|clean|downgrade|drop-archived, dags delete, tasks clear|failed-deps --clear, connections delete, variables delete, pools delete, users delete, roles delete, dev kill',
    secret: 'connections get|export|list, variables get|export',
  },
  'rq huey dramatiq flower sidekiq sidekiqctl resque bullmq arq': {
    system: 'queue',
    valued: '-A --app -b --broker -u --url',
    read: 'status, inspect, report, events, list, info, result, graph, cron list',
    local: 'shell',
    update: 'control, call, worker, beat, multi, enqueue, requeue, suspend, resume, upgrade, migrate',
    destroy: 'purge, empty, amqp queue.purge, amqp queue.delete',
  },
  'prefect dagster kestra conductor argo dkron cronicle metaflow luigi': {
    system: 'queue',
    read: 'logs, version, config view|validate, flow-run|deployment|work-pool|work-queue|block ls|inspect, run list|logs, asset list, job list, template lint|list|get, wait, watch, lint, cron list',
    local: 'dev, definitions validate, project scaffold',
    update:
      'submit, stop, suspend, resume, retry, resubmit, deploy, cloud login, profile use, server start, run, job launch|execute, asset materialize, node, terminate --help',
    destroy:
      'terminate, delete, run delete|wipe|migrate-repository, asset wipe|wipe-partitions-status-cache, server database reset|downgrade, archive, instance wipe, debug, schedule wipe',
  },
  'artemis activemq mosquitto_pub mosquitto_sub mosquitto_rr beanstalkd beanstool nsq_to_file nsq_tail nsqadmin gearadmin qpid-config qpid-stat amqp-publish amqp-get amqp-consume amqp-delete-queue emqx_ctl emqx vmq-admin solace stomp':
    {
      system: 'queue',
      otherwise: 'update',
      bare: 'update',
      read: 'queue stat, bstat, dstat, query, purge --help, browser, check, data print|exp, address show, browse, list, stats, exchanges, queues, metrics show, cluster show, broker',
      destroy: 'queue purge|delete, purge, address delete, retain clean, session disconnect, ban',
    },
};
