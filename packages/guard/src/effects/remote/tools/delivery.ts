import type { ToolSpec } from '../tool.ts';

/** Continuous integration, delivery, DNS, content delivery and API gateways. */
export const delivery: Readonly<Record<string, ToolSpec>> = {
  'jenkins jenkins-jobs jcli jenkins-plugin-cli': {
    system: 'forge',
    valued: '-s -auth -logger -i --conf',
    read: 'list-*, who-am-i, version, console, get-job, get-node, get-view, list-jobs, list-plugins, list-views, session-id, test, help, list',
    update:
      'build, create-job, update-job, copy-job, enable-job, disable-job, install-plugin, online-node, offline-node, reload-configuration, restart, safe-restart, quiet-down, cancel-quiet-down, connect-node, disconnect-node, set-build-description, update, enable-plugin, keep-build, stop-builds, replay-pipeline',
    destroy:
      'delete-*, delete-job, delete-builds, delete-node, delete-view, delete-credentials, delete-all, shutdown, safe-shutdown, clear-queue, remove-job-from-view, disable-plugin, wait-node-offline --help',
    run: 'groovy, groovysh',
    secret: 'list-credentials-as-xml, get-credentials-as-xml, get-credentials-domain-as-xml',
  },
  circleci: {
    system: 'forge',
    valued: '--token --host --org-id --context',
    read: 'config validate|process|pack, context list|show, orb list|info|source|validate|process|diff, pipeline list, project list, namespace list, policy status|logs|fetch|diff|decide|eval|test|settings, runner resource-class|token|instance list, version, diagnostic, info, open, orb list-categories, telemetry info',
    local: 'local execute, build, tests, orb pack|init, completion',
    update:
      'setup, config generate, context create|store-secret|restrict, orb create|publish|add-to-category|increment|promote, namespace create|rename, follow, run, policy push, runner resource-class|token create, trigger, update, project create|secret, telemetry enable|disable, dlc purge, pipeline run|create',
    destroy:
      'context delete|remove-secret, orb unlist|remove-from-category|delete, namespace delete|delete-alias, pipeline delete, runner resource-class|token delete, dlc purge, admin delete-namespace|delete-alias',
    secret: 'runner token create',
  },
  'bk buildkite-agent buildkite': {
    system: 'forge',
    read: 'build list|view|watch, pipeline list|view|validate, agent list|view, cluster list|view, job list|log, artifacts list, api, whoami, meta-data get|exists|keys, artifact search|shasum|download, use, annotate --help, env get|dump, version, prompt',
    local: 'pipeline convert, init, tool sign --help',
    update:
      'configure, build new|create|rebuild|cancel|download, job retry|unblock|cancel, agent pause|resume, pipeline create|upload, annotate, artifact upload, meta-data set, step update, start, lock, env set|unset, secret --help, package push, bootstrap',
    destroy: 'agent stop, annotation remove, step cancel, secret delete',
    secret: 'oidc request-token, secret get, tool keygen',
  },
  'travis drone woodpecker-cli appveyor semaphore sem codeship codefresh cf-cli harness spin tkn concourse fly-ci bitrise gocd screwdriver teamcity wercker vela woodpecker gitlab-ci-local cirrus':
    {
      system: 'forge',
      valued: '-r --repo -s --server -t --token -n --namespace --api-endpoint --app -e',
      read: 'status, logs, history, show, whoami, whatsup, repos, branches, lint, monitor, report, settings, raw, requests, accounts, info, build ls|info|last|logs|ps|queue|show, repo ls|info, user ls|info, cron ls|info, secret ls|info, secret list|info, server info, queue, log view, plugins, * describe|list|logs|get|export, get, describe, logs, wait, app list|get, pipeline list|get|execution, pipeline-template list|get, application list|get, dashboard, lint, validate, workflows, step-list, share',
      local: 'exec, run, jsonnet, starlark, fmt, sign --help, build --local, hermetic',
      update:
        'restart, open, trigger, enable, disable, setup, env set, settings --set, login, logout, sync, cache --help, encrypt, encrypt-file, build create|start|stop|restart|approve|promote|rollback, build promote, promote, repo add|enable|disable|sync|update|chown, cron add|enable, secret add|update, deploy, pipeline save|execute|start, application save, create, apply, replace, patch, start, hub, * start|create|sign, approve, retry, run, auth create-context, annotate, install, restart',
      destroy:
        'cancel, cache --delete, cache -d, env clear, env unset, pubkey --help, repo rm, cron rm, secret rm, user rm, log purge, logs --delete, build decline|kill, delete, pipeline delete, pipeline execution cancel, application delete, terminate, * cancel|delete|rm, orgsecret rm, registry rm, sshkey delete',
      secret: 'token, auth get-context, sshkey, generate, generate-config, env',
    },
  'gitlab-runner': {
    system: 'forge',
    read: 'list, status, verify, artifacts-downloader --help, cache-archiver --help',
    local: 'exec',
    update:
      'register, run, run-single, start, restart, install, wrapper, cache-extractor, artifacts-uploader, read-logs',
    destroy: 'unregister, stop, uninstall, reset-token',
    options: { destroy: '--delete' },
  },
  'gitlab-ctl gitlab-rails gitlab-rake gitlab-backup gitlab-psql gitlab-redis-cli gitea forgejo gogs gitlab':
    {
      system: 'forge',
      read: 'status, tail, service-list, show-config, diff-config, check-config, pg-upgrade --help, gitlab:check, gitlab:env:info, get-postgresql-primary, patroni members, doctor, dump-config, admin user list, admin auth list, version, cert --help, consul',
      update:
        'start, restart, reconfigure, hup, once, int, term, usr1, usr2, deploy-page, create, admin user create, admin regenerate, admin auth, migrate, web, dump, manager, keys, hook, upgrade, pg-upgrade, promote, registry-garbage-collect, generate-secrets, geo, stop, patroni, replicate-geo-database',
      destroy:
        'cleanse, remove-accounts, kill, uninstall, restore, gitlab:backup:restore, gitlab:setup, admin user delete, admin user change-password, prune-logs, graceful-kill, stop, cache:clear, db:drop, db:reset, gitlab:cleanup',
      run: 'runner, console, dbconsole, r, c',
      secret: 'backup-etc, generate secret',
    },
  'flarectl cloudflare cfcli cloudflare-cli': {
    system: 'cloud',
    valued: '--account-id --zone -d -a -t -e -k -u',
    read: 'z list|info|check|settings|dns, zone list|info|settings, dns list, d list, user info, ips, pagerules list, u i, railgun list, origin-ca-root-cert, listrecords, find, ls, zones',
    update:
      'dns create|create-or-update, zone create, firewall rules create|update, add, edit, always-use-https, devmode, disable, enable',
    destroy:
      'zone purge, z purge, dns delete|d, zone delete, firewall rules delete, purge, rm, remove, user-agents delete',
  },
  'dnscontrol octodns-sync octodns-compare octodns-dump octodns-report octodns-validate lexicon cli53 route53 dnsimple pdnsutil rndc named-checkconf knotc unbound-control nsd-control doggo namecheap porkbun godaddy hover gandi-cli powerdns':
    {
      system: 'cloud',
      read: 'preview, ppreview, check, check-creds, get-zones, print-ir, types, version, fmt, list, validate, instances, export, list-zone, list-all-zones, show-zone, check-zone, check-all-zones, status, stats, stats_noreset, conf-check, zone-status, zone-read, list_local_zones, lookup, dump_cache, zonestatus, secroots, list-keys, list-tsig-keys, showzone, edit-zone --help, get_option, b2b-migrate --help',
      update:
        'push, create, rrcreate, import, rrpurge --help, add-record, create-zone, increase-serial, rectify-zone, secure-zone, set-kind, set-meta, edit-zone, replace-rrset, reload, reconfig, refresh, sign, thaw, freeze, notify, transfer, zone-set, zone-begin, zone-commit, conf-set, addzone, modzone, local_zone, local_data, flush, flush_zone, set_option, activate-tsig-key, load-zone, zone-reload, create-assignment, querylog, retransfer, loadkeys',
      destroy:
        'delete, rrdelete, rrpurge, delzone, delete-zone, delete-rrset, disable-dnssec, zone-unset, zone-purge, conf-unset, stop, halt, delete-tsig-key, clear-zone, flushtree, local_zone_remove, local_data_remove, flush_infra, zonemd, deactivate-tsig-key',
      otherwise: 'update',
      bare: 'read',
      options: { update: '--doit', read: '--plan-only' },
    },
  fastly: {
    system: 'cloud',
    valued: '-s --service-id --service-name --version -t --token -o --profile --name',
    read: 'whoami, version, version list, ip-list, pops, stats, log-tail, tail, service search, products, tools domain, config, dashboard list',
    local: 'compute build|init|serve|pack|validate|hash-files|metadata, update --help',
    update:
      'compute deploy|publish|update, service create|update|purge --help, service-version clone|lock|stage|unstage|comment, vcl custom create, logging * create|update, profile create|switch|update, backend create|update, update, purge-key --help, tls-custom',
    destroy:
      'compute delete, service delete, service purge, service version activate, service-version activate|deactivate, service version deactivate, purge, * delete, logging * delete, profile delete, user delete, auth-token delete',
    secret: 'profile token, auth-token create|describe, sso',
  },
  'akamai bunny bunnycdn keycdn stackpath cdn77 imperva edgio': {
    system: 'cloud',
    valued: '--edgerc --section --accountkey',
    read: 'list, search, property-manager list-*, dns retrieve-*, config list|get',
    update:
      'install, update, upgrade, property-manager activate|update|new-property|save|promote, dns add|update, config set, edgeworkers upload|activate|create',
    destroy:
      'uninstall, purge, purge delete|invalidate, property-manager deactivate|delete, dns rm-record|delete, config unset|rm, edgeworkers delete-edgeworker-id|deactivate',
    secret: 'auth',
  },
  'kong deck apigeecli apictl tyk gravitee wso2 traefik apisix krakend adc inso kongctl': {
    system: 'service',
    valued:
      '--kong-addr -s --state --headers --select-tag -w --workspace -o --org -e --env -t --token --config -c -f --control-plane-name',
    read: 'health, config parse|init|db_export, check, version, ping, diff, dump, validate, convert, file *, gateway diff|dump|ping|validate, healthcheck, audit, run test, run lint, lint, lint spec, export, show, roles, hybrid list|list-nodes, vault --help, organizations list',
    local: 'file, gateway --help, generate, bundle, gen, convert, export',
    update:
      'start, restart, reload, migrations up|finish|bootstrap, prepare, sync, gateway sync|apply, apply, konnect, login, import, run, deploy, publish, migrate, undeploy --help, init',
    destroy:
      'stop, quit, migrations reset, reset, gateway reset, delete, hybrid clear, cleanup, undeploy, sync, gateway sync',
    secret: 'vault get, token cache, token gen, config db_export, get keys',
  },
  'haproxy caddy envoy lighttpd varnishd varnishadm varnishtop varnishlog varnishstat varnishncsa squid h2o angie openresty':
    {
      system: 'service',
      otherwise: 'update',
      bare: 'update',
      valued: '-f -g -p -s -sf -st -T -S -n -t',
      read: 'configtest, status, fullstatus, version, validate, fmt, adapt, list-modules, build-info, environ, backend.list, ban.list, vcl.list, vcl.show, param.show, ping, panic.show, storage.list, hash-password',
      local: 'fmt, adapt',
      update:
        'start, restart, graceful, reload, run, reverse-proxy, file-server, vcl.load, vcl.use, param.set, trust, add-package, upgrade, backend.set_health, respond',
      destroy: 'stop, graceful-stop, ban, vcl.discard, panic.clear, untrust, remove-package, purge',
      options: {
        read: '-c -t -T -v -V -vv -l -M -S --version -L -configtest --help',
        destroy: '-sf -st -s -k',
      },
    },
  'vercel-env surge firebase-tools layer0 cloud66 dokku dokploy coolify capistrano cap kamal mrsk ship shipit fabric deployer dep sup mina pm2-deploy now-cli aerobatic stormkit zeit fleek ipfs ipfs-deploy arkb spheron eas expo-cli eas-cli appcenter codepush codemagic bitrise-cli testflight':
    {
      system: 'cloud',
      otherwise: 'update',
      bare: 'update',
      read: 'list, ls, whoami, apps:list, apps:report, ps:report, logs, domains:report, config:show, version, details, app, audit, config, lock status, build:list, build:view, channel:list, update:list, project:info, diagnostics, cat, refs, id, swarm peers, stats, repo stat, pin ls, analytics, account:view, env:list, lanes, env, doctor, -T, --list, submit --help',
      local: 'build, start, init, doctor, docs, run, test, scan, snapshot, screenshots, gym',
      update:
        'deploy, publish, setup, redeploy, rollback, boot, push, add, pin add, pin, config:set, build, submit, update, upload, beta, release, match, pilot, deliver, supply, login, logout',
      destroy:
        'teardown, remove, destroy, delete, apps:destroy, app:destroy, ps:stop, pin rm, repo gc, prune, *:destroy, config:unset, channel:delete, branch:delete, match nuke, plugin:uninstall, accessory remove, app remove, lock release',
      run: 'exec, enter, app exec, run, ssh, console, shell',
      secret: 'secrets, secrets print|fetch, config, env:get, env:pull, credentials',
    },
};
