import type { ToolSpec } from '../tool.ts';

/** Infrastructure as code, configuration management, schedulers and stores of secrets that belong to them. */
export const infrastructure: Readonly<Record<string, ToolSpec>> = {
  'terraform tofu opentofu terragrunt': {
    system: 'iac',
    valued: '-chdir',
    plain:
      '-auto-approve -json -no-color -destroy -input -refresh -compact-warnings -detailed-exitcode -recursive',
    read: `plan, show, output, validate, graph, version, providers, providers schema, state list|show|pull, workspace list|show|select, metadata,
      console, get, test, fmt, hclfmt, graph-dependencies, output-module-groups, run-all plan|validate|output|show, render-json, terragrunt-info,
      hclvalidate, validate-inputs, find, list, info, init, dag graph, modules`,
    update:
      'apply, import, taint, untaint, refresh, state mv, login, logout, workspace new, run-all apply, state replace-provider, apply-all, stack run, migrate, rpc',
    destroy:
      'destroy, state rm|push, force-unlock, workspace delete, run-all destroy, destroy-all, state replace-provider, delete',
    options: { destroy: '-migrate-state -force-copy', update: '-reconfigure -upgrade' },
  },
  pulumi: {
    system: 'iac',
    valued: '-C --cwd -s --stack --config-file',
    read: 'preview, pre, whoami, stack ls|output|graph|history|select, stack, config, config get, about, logs, plugin ls, policy ls, schema, history, state, convert, package get-schema, import --help',
    update:
      'up, update, refresh, import, watch, login, logout, config set, stack init|import|rename|tag, state rename|move|unprotect, cancel, env set|edit, new',
    destroy: 'destroy, down, dn, stack rm, config rm, state delete, env rm',
    secret: 'stack export, env open|get|run',
    options: { secret: '--show-secrets' },
  },
  packer: {
    system: 'iac',
    read: 'validate, inspect, version, console, plugins installed|required, fmt, init',
    local: 'hcl2_upgrade, fix, fmt',
    create: 'build',
    update: 'plugins install',
    destroy: 'plugins remove',
  },
  vagrant: {
    system: 'container',
    read: 'status, global-status, port, ssh-config, box list|outdated, validate, snapshot list, plugin list, version, winrm-config',
    update:
      'up, halt, suspend, resume, reload, provision, box add|update, plugin install, snapshot save|push, package, init, rsync',
    destroy: 'destroy, box remove|prune, snapshot delete|restore|pop',
    run: 'ssh, powershell, winrm, rdp, share, push',
  },
  ansible: {
    system: 'iac',
    otherwise: 'run',
    bare: 'local',
    valued:
      '-i --inventory -m --module-name -a --args -u --user -f --forks -e --extra-vars -l --limit -c --connection',
    options: { read: '--list-hosts --syntax-check' },
  },
  'ansible-playbook ansible-pull ansible-console': {
    system: 'iac',
    otherwise: 'run',
    bare: 'run',
    valued:
      '-i --inventory -u --user -f --forks -e --extra-vars -l --limit -c --connection -t --tags --skip-tags -U --url',
    dryRun: '--check -C --list-hosts --list-tasks --list-tags --syntax-check',
  },
  'ansible-galaxy': {
    system: 'iac',
    read: 'role|collection list|info|search|verify, list, info, search',
    local: 'role init, collection init|build, init',
    update: 'install, role install|import|setup, collection install|publish|download, login, import',
    destroy: 'role remove|delete, collection remove, remove, delete',
  },
  'ansible-doc ansible-lint ansible-inventory ansible-config ansible-community ansible-builder ansible-navigator ansible-test molecule':
    {
      system: 'iac',
      otherwise: 'local',
      local:
        'converge, test, create, verify, lint, syntax, prepare, init, destroy, sanity, units, integration, coverage, shell, env, build, run',
      read: 'list, dump, view, validate',
    },
  'ansible-vault': {
    system: 'iac',
    local: 'view, encrypt, encrypt_string, rekey, create, edit',
    secret: 'decrypt',
    update: 'rekey, create, edit',
  },
  'salt salt-ssh salt-call': {
    system: 'iac',
    otherwise: 'run',
    bare: 'local',
    valued: '-c --config-dir -t --timeout',
    read: '* test.ping|test.version|grains.items|grains.get|pillar.get|pkg.list_pkgs|status.uptime|disk.usage|sys.doc|grains.ls|service.status|network.interfaces',
  },
  'salt-key salt-run salt-cloud': {
    system: 'iac',
    otherwise: 'update',
    read: 'manage.status, manage.up, manage.down, jobs.list_jobs, jobs.active, jobs.lookup_jid',
    options: {
      read: '-L --list-all --list -F --finger -f -Q --query',
      destroy: '-d --delete -D --delete-all -r --reject -R --reject-all --destroy',
      update: '-a --accept -A --accept-all -p --profile',
    },
  },
  knife: {
    system: 'iac',
    read: 'status, search, * list|show, ssl check|fetch, diff, node list|show, cookbook list|show|test',
    update: 'upload, bootstrap, * edit|from|upload, node run_list, role from',
    destroy: '* delete, * bulk delete, cookbook delete, data bag delete, node delete, delete, server delete',
    run: 'ssh, winrm, exec',
    secret: 'vault show, data bag show',
  },
  'chef-client chef-solo chef-apply chef-run cinc-client': {
    system: 'iac',
    bare: 'run',
    otherwise: 'run',
    dryRun: '--why-run -W',
  },
  'chef chef-cli cookstyle foodcritic inspec kitchen berks': {
    system: 'iac',
    local:
      'generate, exec, install, test, verify, converge, create, login, check, env, update, vendor, package, destroy, list, diagnose',
    read: 'list, show, describe-cookbook, diff, archive, detect, outdated, info, show-policy, exec',
    update: 'push, push-archive, upload, apply',
    destroy: 'delete-policy, delete-policy-group, clean-policy-revisions, clean-policy-cookbooks',
  },
  puppet: {
    system: 'iac',
    dryRun: '--noop',
    read: 'parser validate, facts, resource, config print, module list|search, lookup, describe, node find, epp validate, strings, ssl show|verify',
    update:
      'apply, agent, module install|upgrade, ssl sign|bootstrap, config set, cert sign, facts upload, catalog apply|compile',
    destroy: 'node deactivate|clean|purge, module uninstall, ssl clean, cert clean|revoke, config delete',
  },
  'puppet-lint r10k bolt puppetserver pdk': {
    system: 'iac',
    local: 'validate, test, new, convert, bundle, build, puppetfile check',
    otherwise: 'local',
    update: 'deploy, puppetfile install, module install, ca sign|setup|generate|import',
    destroy: 'puppetfile purge, ca clean|revoke',
    run: 'command run, script run, task run, plan run, file upload, apply',
  },
  nomad: {
    system: 'iac',
    valued: '-address -namespace -region -token',
    read: 'status, job status|inspect|history|plan|validate|allocs|deployments|periodic|scaling-events, node status, alloc status|logs|fs, server members, agent-info, plan, validate, inspect, logs, fmt, eval status|list, deployment list|status, namespace list|status|inspect, operator api, monitor, volume status, acl token list, acl policy list|info, version, ui, operator raft list-peers',
    update:
      'job run|dispatch|scale|promote|revert|restart|start, run, node eligibility, deployment promote|pause|resume|fail|unblock, alloc restart|signal, server join, volume register|create|init|snapshot, var put|init|lock, namespace apply, quota apply, job tag, operator raft transfer-leadership',
    destroy:
      'job stop|deployments, stop, node drain|purge|pool delete, alloc stop, system gc, namespace delete, var purge, volume delete|deregister|detach, acl token delete, acl policy delete, server force-leave, operator raft remove-peer, operator snapshot restore',
    run: 'alloc exec, exec, job action, agent',
    secret: 'var get, acl token info|self|create, acl bootstrap, login, operator keyring',
  },
  consul: {
    system: 'service',
    valued: '-http-addr -token -datacenter -namespace',
    read: 'members, catalog *, info, kv get|export, validate, operator raft list-peers, services, intention list|check|get|match, acl token list, acl policy list|read, acl role list|read, config list|read, monitor, rtt, version, operator autopilot state, snapshot inspect, debug, watch, peering list|read, operator usage',
    update:
      'kv put|import, services register, join, reload, config write, intention create, acl policy|role|token create|update, lock, maint, event, connect, keyring, snapshot save, login, logout, force-leave, tls',
    destroy:
      'kv delete, services deregister, leave, force-leave, config delete, snapshot restore, intention delete, acl token|policy|role delete, operator raft remove-peer, peering delete',
    run: 'exec, agent',
    secret: 'acl token read, acl bootstrap, keygen',
  },
  'vault bao': {
    system: 'service',
    valued: '-address -namespace --namespace -token -mount -format -field',
    read: 'status, list, kv list, kv metadata get|list, token lookup|capabilities, policy list|read|fmt, secrets list, auth list, lease lookup, audit list, version, path-help, operator members|key-status|raft list-peers, plugin list|info, read sys/health, namespace list|lookup, monitor, debug, operator diagnose, print token, version-history, operator raft autopilot, read -help',
    update:
      'write, kv put|patch|rollback|undelete|enable-versioning, login, token create|renew, lease renew, secrets enable|tune|move, auth enable|tune, policy write, audit enable, operator init|unseal|rotate|rekey|step-down|raft join|usage, plugin register|reload, patch, namespace create, ssh, agent, proxy, server, unwrap',
    destroy:
      'delete, kv delete|destroy, kv metadata delete, secrets disable, auth disable, token revoke, lease revoke, policy delete, audit disable, operator seal|raft remove-peer, namespace delete, plugin deregister, operator raft snapshot, operator generate-root',
    secret: 'read, kv get, unwrap, print token, operator generate-root',
  },
  boundary: {
    system: 'service',
    read: 'targets|scopes|hosts|sessions|users|roles|groups|accounts list|read, version, search, config read-token',
    run: 'connect',
    secret: 'config get-token, authenticate, targets authorize-session',
    destroy: 'sessions cancel, database init|migrate',
  },
  'cloud-nuke aws-nuke gcp-nuke azure-nuke': {
    system: 'cloud',
    bare: 'destroy',
    otherwise: 'destroy',
    read: 'version, resource-types, explain-config, explain-account, inspect-aws',
    destroy: 'aws, azure, gcp, run, defaults-aws, nuke',
  },
  'waypoint crossplane crank ctlptl atmos terramate spacectl env0 terraformer driftctl': {
    system: 'iac',
    read: 'describe, plan',
    local: 'generate, render, fmt',
    update: 'stack deploy|confirm|replan, up, init, terraform apply',
    destroy: 'terraform destroy',
  },
  'terraform-docs terrascan infracost regula kics conftest opa cfn-lint kubeval kubeconform kube-score kube-linter polaris pluto dive snyk prowler scout cloudsplaining':
    {
      system: 'iac',
      otherwise: 'local',
      bare: 'local',
      local:
        'test, scan, fs, config, image, repo, rootfs, breakdown, diff, check, fmt, eval, build, bench, parse, verify, server, k8s, sbom, query, code, container, iac, monitor, ci, plugin, service, dir, markdown, json',
      update: 'push, auth, login, configure, pull',
    },
};
