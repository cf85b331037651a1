import type { ToolSpec } from '../tool.ts';

/** Stores of secrets and identities. */
export const secrets: Readonly<Record<string, ToolSpec>> = {
  op: {
    system: 'service',
    valued: '--account --vault --session --format --config --cache',
    read: 'item|vault|user|group|account|connect list|ls, vault|user|group|account get, document list|ls, whoami, item template, vault group|user list, events-api list, plugin list, connect server|token|vault list, update --check',
    update:
      'signin, signout, item create|edit|move|share, vault create|edit, document create|edit, user provision|confirm|edit|reactivate, group create|edit, account add, connect server|token|vault create|edit|grant, service-account create, plugin init',
    destroy:
      'item|vault|document|user|group|connect delete|rm|remove, user suspend, vault group|user revoke, group user revoke, account forget, connect server|token delete, connect vault revoke, item template delete, plugin clear',
    secret:
      'read, item get, document get, inject, service-account create, item get --otp, connect server get',
    run: 'run',
  },
  'bw bws rbw': {
    system: 'service',
    read: 'status, list folders|collections|organizations, generate, sync, config, encode, get template|folder|fingerprint|exposed, login --check, unlock --check, purge --help, search, list, ls, project list',
    update:
      'login, logout, lock, create, edit, restore, move, share, confirm, import, config server, serve, add, register',
    destroy: 'delete, remove, purge, rm',
    secret: 'get, unlock, export, list items, secret get|list, send get|receive, code',
  },
  'pass gopass passage': {
    system: 'service',
    otherwise: 'secret',
    bare: 'read',
    read: 'ls, list, find, search, git log|status, version, help, audit, sum, recipients, mounts, config',
    update:
      'insert, add, generate, edit, mv, cp, rename, copy, init, git, import, set, create, clone, sync, setup, link, process, otp insert|append',
    destroy: 'rm, remove, delete, recipients remove, mounts remove',
    secret: 'show, grep, otp, cat, env, pwgen',
  },
  sops: {
    system: 'service',
    otherwise: 'update',
    bare: 'read',
    read: 'filestatus, --version, publish --help',
    update: 'edit, set, unset, updatekeys, rotate, publish, encrypt, groups',
    secret: 'decrypt, exec-env, exec-file',
    options: { secret: '-d --decrypt --extract', local: '-e --encrypt' },
  },
  rage: { system: 'service', otherwise: 'local', bare: 'local', options: { secret: '-d --decrypt' } },
  doppler: {
    system: 'service',
    valued: '--project -p --config -c --token -t --scope --format',
    read: 'projects, projects get|list, environments, environments get|list, configs, configs get|list|logs, activity, me, changelog, open, settings, configure debug|options, workplace, secrets --only-names',
    update:
      'login, logout, setup, configure, configure set|unset|reset, secrets set|upload, projects create|update, configs create|update|clone|lock|unlock|rename, environments create|rename, import, update',
    destroy:
      'projects delete, configs delete, environments delete, secrets delete, configs tokens revoke, configs logs rollback, secrets notes',
    secret:
      'secrets, secrets get|list|download|substitute, configs tokens, configure get, configs tokens create',
    run: 'run',
  },
  infisical: {
    system: 'service',
    read: 'scan, user get, reset --help, dynamic-secrets, static-secrets',
    update: 'login, init, secrets set|folders, vault set, gateway, bootstrap, user switch|update',
    destroy: 'secrets delete, reset, dynamic-secrets lease delete',
    secret:
      'secrets, secrets get|generate-example-env, export, token, service-token, service-token create, user get token, dynamic-secrets lease',
    run: 'run, agent, ssh',
  },
  'aws-vault saml2aws aws-okta granted assume aws-sso gimme-aws-creds awsume leapp': {
    system: 'service',
    read: 'list, ls, version, status, list-roles',
    update: 'add, login, configure, rotate, import, cache, registry',
    destroy: 'remove, rm, clear, flush, delete',
    secret: 'export, script, console, env',
    run: 'exec',
    otherwise: 'secret',
    bare: 'secret',
  },
  'chamber teller envkey envchain secretctl summon berglas credstash cerberus conjur keyring lpass keepassxc-cli dcli akeyless bitwarden ejson blackbox_cat git-secret git-crypt':
    {
      system: 'service',
      read: 'list, ls, list-services, find, history, status, show --help, version, info, locate, estimate, generate, diff, scan, whoami, role, resource',
      update:
        'write, import, put, set, add, edit, login, logout, encrypt, lock, hide, tell, init, create, sync, bootstrap, update, mkdir, mv, duplicate, policy',
      destroy: 'delete, del, rm, remove, killperson, removeperson, revoke, rmdir, prune, merge',
      secret:
        'read, export, get, env, show, cat, decrypt, reveal, unlock, access, clip, sh, get-secret-value, run, variable, password, export-key, redact',
      run: 'exec',
      otherwise: 'update',
    },
  auth0: {
    system: 'service',
    valued: '--tenant',
    read: 'api get, logs tail|list|streams, test, tenants list, users search|search-by-email|roles|blocks, quickstarts, universal-login show|templates, protection * show',
    update:
      'login, logout, api post|put|patch, tenants use, universal-login update|customize, terraform, users import, domains verify, apps use|open, actions deploy',
    destroy: 'api delete, users unblock, roles permissions remove|rm',
    secret: 'apps show --reveal-secrets, test token, apps session-transfer',
    options: { secret: '--reveal-secrets -r' },
  },
  'okta okta-aws-cli okta-aws kcadm kcadm.sh kcreg kcreg.sh kc.sh ory kratos keto zitadel workos clerk fusionauth frontegg descope stytch':
    {
      system: 'service',
      valued: '-r --realm --server --config -o --format --target-realm',
      read: 'get, get-roles, list, introspect, validate, perform --help, show-config, version, config help',
      update:
        'config credentials, create, update, update-job, set-password, add-roles, import, login, use, start, start-dev, build, bootstrap-admin, migrate, patch, reg-token',
      destroy: 'delete, remove-roles, revoke, prune, janitor',
      secret: 'perform, export, get session, web, direct-auth, create client',
    },
  'step certbot acme.sh lego cfssl mkcert headscale teleport tsh smallstep step-ca pki vault-ssh': {
    system: 'service',
    read: 'certificate inspect|verify|lint|fingerprint, certificates, plugins, list, --list, --info, status, ip, ping, netcheck, whois, version, ls, bugreport, nodes list, users list, apps ls, clusters, mfa ls, db ls, get, tunnel list|info, ca health|roots, crl inspect, certinfo, dns status, lock status, recordings ls, show_account, metrics, debug, doctor',
    update:
      'renew, certonly, run, enhance, install, register, login, logout, up, set, serve, funnel, switch, update, edit, ca certificate|token|renew|sign, certificate sign|create, tunnel create|run|route|login, service install, issue, --issue, create, nodes register|expire, users create|add, join, request, play, scan, proxy, file, dns, cert',
    destroy:
      'revoke, delete, unregister, rollback, down, --revoke, --remove, remove, rm, tunnel delete|cleanup, ca revoke, uninstall, -uninstall, nodes delete, users destroy, lock, tokens rm, auth rotate',
    secret:
      'crypto, secrets get, oauth, apps login, apikeys create, preauthkeys create, auth sign|export, tokens add, tunnel token, access token, ca provisioner, aws, gcloud, az',
    run: 'ssh, exec, kube exec, access ssh, db connect, nc',
  },
};
