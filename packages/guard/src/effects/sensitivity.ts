import type { Sensitivity } from './effect.ts';

/** Kinds of names that are worth more than their place, the more dangerous first. */
const patterns: readonly (readonly [NonNullable<Sensitivity>, RegExp])[] = [
  [
    'process',
    /^\/proc\/(?:[^/]+\/(?:environ|mem|maps|root|fd|cmdline|pagemap)|kcore|kmem|sysrq-trigger|sys\/)/,
  ],
  ['process', /^\/dev\/(?:k?mem|port)$/],
  [
    'account',
    /^\/etc\/(?:g?shadow-?|sudoers(?:\.d\/.*)?|pam\.d\/.*|security\/.*|ssh\/(?:sshd_config.*|ssh_host_\w+_key))$/,
  ],
  ['account', /\/\.ssh\/(?:authorized_keys2?|rc)$/],
  ['account', /\/(?:SAM|SECURITY|ntds\.dit)$/i],
  ['secret', /\/\.ssh\/(?!known_hosts|config$|[^/]*\.pub$)/],
  ['secret', /\/\.ssh$|\/tandem\/mcp-tokens\.json$/],
  ['secret', /\/\.aws(?:\/(?:credentials|config|sso\/.*|cli\/cache\/.*))?$/],
  [
    'secret',
    /\/\.(?:netrc|pgpass|my\.cnf|npmrc|pypirc|git-credentials|vault-token|boto|s3cfg|dockercfg|htpasswd|rhosts)$/,
  ],
  ['secret', /\/(?:_netrc|\.my\.cnf|\.fetchmailrc|\.msmtprc|\.smbcredentials)$/],
  ['secret', /\/\.docker\/config\.json$|\/\.kube(?:\/config)?$|\/\.gnupg(?:\/|$)|\/\.password-store(?:\/|$)/],
  [
    'secret',
    /\/\.config\/(?:gh\/hosts\.yml|gcloud(?:\/|$)|hub|doctl\/|op\/|rclone\/rclone\.conf|sops\/age\/)/,
  ],
  ['secret', /\/\.azure(?:\/|$)|\/\.terraform\.d\/credentials|\/\.cargo\/credentials|\/\.gem\/credentials/],
  ['secret', /\/\.(?:bash|zsh|python|mysql|psql|node_repl|rediscli)_history$/],
  ['secret', /\/\.env(?:\.(?!example$|sample$|template$|dist$|defaults?$|schema$)[\w.-]+)?$/],
  [
    'secret',
    /\/(?:id_(?:rsa|dsa|ecdsa|ed25519)(?:_\w+)?|(?![^/]*(?:cert|chain|bundle|public|ca[.-]))[^/]*\.pem|[^/]*\.(?:p12|pfx|key|keystore|jks|kdbx|ppk|asc))$/,
  ],
  [
    'secret',
    /\/(?:credentials|secrets?|client_secret[^/]*|service[-_]account[^/]*|master)\.(?:json|ya?ml|toml|ini|txt|key|env)$/i,
  ],
  [
    'secret',
    /\/(?:Keychains|keyrings|Cookies|Login Data|logins\.json|key4\.db|wallet\.dat|\.electrum|\.bitcoin|\.ethereum)(?:\/|$)/,
  ],
  ['secret', /^\/(?:var\/)?run\/secrets(?:\/|$)|\/serviceaccount\/token$/],
  [
    'startup',
    /\/\.(?:bashrc|bash_profile|bash_login|bash_logout|profile|zshrc|zprofile|zshenv|zlogin|kshrc|cshrc|tcshrc|login|xinitrc|xprofile|xsession|inputrc|lessfilter|vimrc|gdbinit|gitconfig|pythonrc)$/,
  ],
  ['startup', /\/\.config\/(?:fish\/|autostart\/|systemd\/|git\/config|environment\.d\/)/],
  [
    'startup',
    /^\/etc\/(?:profile|bash\.bashrc|zsh|cron|anacrontab|systemd|init\.d|init|rc\d?\.?\w*|xdg\/autostart|ld\.so|environment|inittab|modules-load\.d|udev)/,
  ],
  [
    'startup',
    /^\/(?:var\/spool\/cron|lib\/systemd|usr\/lib\/systemd)(?:\/|$)|\/Launch(?:Agents|Daemons)(?:\/|$)/,
  ],
  [
    'startup',
    /\/Start Menu\/Programs\/Startup(?:\/|$)|\/\.git\/hooks(?:\/|$)|\/sitecustomize\.py$|\/\.ssh\/config$/i,
  ],
  [
    'policy',
    /\/(?:\.tandem|\.claude|\.cursor|\.codex|\.gemini|\.agents|\.opencode|\.continue|\.aider[\w.]*|\.husky|\.githooks)(?:\/|$)/,
  ],
  ['policy', /\/(?:AGENTS\.md|CLAUDE\.md|GEMINI\.md|\.mcp\.json|\.cursorrules|constitution\.md|CODEOWNERS)$/],
  [
    'policy',
    /\/(?:\.github\/workflows(?:\/|$)|\.gitlab-ci\.ya?ml$|\.circleci\/|Jenkinsfile$|\.pre-commit-config\.yaml$|\.drone\.yml$|azure-pipelines\.yml$)/,
  ],
  ['policy', /^\/etc\/tandem(?:\/|$)|\/\.config\/(?:tandem|claude|codex)(?:\/|$)/],
  // Which workspaces and servers a person trusts.
  ['policy', /\/tandem\/(?:trust|mcp-servers)\.json$/],
  ['repository', /\/\.git(?:\/|$)/],
];

/** By the name alone. */
export const sensitivityOf = (path: string): Sensitivity => {
  const text = path.startsWith('/') || /^[A-Za-z]:/.test(path) ? path : `/${path}`;
  for (const [kind, pattern] of patterns) if (pattern.test(text)) return kind;
  return null;
};
