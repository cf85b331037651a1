import { isAbsolute, join, sep } from 'node:path';

/** Below a home: keys, tokens, keychains, browser profiles and histories. */
const inHome: readonly string[] = [
  '.ssh',
  '.gnupg',
  '.aws',
  '.azure',
  '.oci',
  '.kube',
  '.docker',
  '.netrc',
  '_netrc',
  '.git-credentials',
  '.npmrc',
  '.yarnrc.yml',
  '.pypirc',
  '.pgpass',
  '.my.cnf',
  '.boto',
  '.s3cfg',
  '.vault-token',
  '.password-store',
  '.cargo/credentials',
  '.cargo/credentials.toml',
  '.gem/credentials',
  '.m2/settings.xml',
  '.m2/settings-security.xml',
  '.gradle/gradle.properties',
  '.terraform.d/credentials.tfrc.json',
  '.config/gh',
  '.config/hub',
  '.config/glab-cli',
  '.config/gcloud',
  '.config/git/credentials',
  '.config/containers/auth.json',
  '.config/op',
  '.config/rclone',
  '.config/sops',
  '.config/google-chrome',
  '.config/chromium',
  '.mozilla',
  '.local/share/keyrings',
  '.local/share/kwalletd',
  '.claude/.credentials.json',
  '.claude.json',
  '.codex/auth.json',
  '.bash_history',
  '.zsh_history',
  '.python_history',
  '.node_repl_history',
  '.psql_history',
  'Library/Keychains',
  'Library/Cookies',
  'Library/Application Support/Google/Chrome',
  'Library/Application Support/Firefox',
];

/** `/proc` shows the environment and memory of other processes; the others hold secrets or doors to services. */
const system: readonly string[] = [
  '/proc',
  '/etc/shadow',
  '/etc/shadow-',
  '/etc/gshadow',
  '/etc/gshadow-',
  '/etc/krb5.keytab',
  '/etc/ssl/private',
  '/etc/kubernetes',
  '/etc/rancher',
  '/run/secrets',
  '/var/run/secrets',
  '/run/docker.sock',
  '/var/run/docker.sock',
  '/var/lib/docker',
  '/var/lib/kubelet',
  '/var/lib/lxd',
  '/var/lib/incus',
  '/var/snap/lxd',
];

/** Variables that move a credential file elsewhere. */
const movers: readonly string[] = [
  'AWS_SHARED_CREDENTIALS_FILE',
  'AWS_CONFIG_FILE',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'GOOGLE_APPLICATION_CREDENTIALS',
  'CLOUDSDK_CONFIG',
  'AZURE_CONFIG_DIR',
  'KUBECONFIG',
  'DOCKER_CONFIG',
  'GNUPGHOME',
  'NETRC',
  'NPM_CONFIG_USERCONFIG',
  'PGPASSFILE',
  'VAULT_TOKEN_PATH',
  'SSH_AUTH_SOCK',
];

export type DeniedPaths = {
  /** Whether no tool may read or write this absolute path, symlinks already followed. */
  readonly has: (absolute: string) => boolean;
  /** What a sandbox has to hide where it would be visible. Absolute; most do not exist. */
  readonly paths: readonly string[];
};

/**
 * Where credentials are: never visible to any tool, be it a command or the file tools. Letter case is folded, since
 * some file systems do. `state` is our own folder of logs, snapshots and tokens.
 */
export const deniedPaths = (input: {
  readonly homes: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly state?: string;
}): DeniedPaths => {
  const moved = movers.flatMap((name) => input.environment[name]?.split(':') ?? []).filter(isAbsolute);
  const own = input.homes.flatMap((home) => inHome.map((path) => join(home, path)));
  const paths = [...own, ...system, ...moved, ...(input.state === undefined ? [] : [input.state])];
  const folded = new Set(paths.map(fold));
  return { paths, has: (absolute) => within(folded, fold(absolute)) || inSomeHome(absolute) };
};

const fold = (path: string): string => path.normalize('NFKC').toLowerCase();

/** Whether the path or a folder above it is in the set. */
const within = (paths: ReadonlySet<string>, path: string): boolean => {
  for (let end = path.length; end > 0; end = path.lastIndexOf(sep, end - 1)) {
    if (paths.has(path.slice(0, end))) return true;
  }
  return false;
};

const inHomeFolded = new Set(inHome.map(fold));

/** Other people's homes, wherever they usually are. */
const inSomeHome = (absolute: string): boolean => {
  const match = /^\/(?:(?:home|users)\/[^/]+|root)\/(.+)$/.exec(fold(absolute));
  return match !== null && within(inHomeFolded, match[1] ?? '');
};
