import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

export type Paths = {
  readonly state: string;
  readonly models: string;
  readonly cache: string;
  readonly config: string;
  /** Which workspaces the person trusts. */
  readonly trust: string;
  /** Which MCP servers of workspaces the person has allowed one by one. */
  readonly approvedServers: string;
};

/** Where things are kept, by the XDG base directory rules: a relative path in a variable is as good as none. */
export const pathsOf = (env: Environment): Paths => {
  const base = (variable: string, fallback: string): string => {
    const value = env[variable];
    return value !== undefined && isAbsolute(value) ? value : join(env.HOME || homedir(), fallback);
  };
  return {
    state: join(base('XDG_STATE_HOME', '.local/state'), 'tandem'),
    models: join(base('XDG_DATA_HOME', '.local/share'), 'tandem', 'models'),
    cache: join(base('XDG_CACHE_HOME', '.cache'), 'tandem'),
    approvedServers: join(base('XDG_DATA_HOME', '.local/share'), 'tandem', 'mcp-servers.json'),
    trust: join(base('XDG_DATA_HOME', '.local/share'), 'tandem', 'trust.json'),
    config: join(base('XDG_CONFIG_HOME', '.config'), 'tandem', 'config.toml'),
  };
};

/** Where the machine's and the person's policies are. */
export const policyFolders = (env: Environment): { readonly managed: string; readonly user: string } => ({
  managed: '/etc/tandem',
  user: dirname(pathsOf(env).config),
});
