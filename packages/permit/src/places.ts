import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** The folders of this program, by the XDG base directory rules: a relative path in a variable is as good as none. */
export const foldersOf = (
  env: Environment,
): Readonly<Record<'state' | 'data' | 'cache' | 'config', string>> => {
  const base = (variable: string, fallback: string): string => {
    const value = env[variable];
    const found = value !== undefined && isAbsolute(value) ? value : join(env.HOME || homedir(), fallback);
    return join(found, 'tandem');
  };
  return {
    state: base('XDG_STATE_HOME', '.local/state'),
    data: base('XDG_DATA_HOME', '.local/share'),
    cache: base('XDG_CACHE_HOME', '.cache'),
    config: base('XDG_CONFIG_HOME', '.config'),
  };
};

/** Where the machine's policies are, and those of the account that runs this program. */
export const policyFolders = (env: Environment): { readonly managed: string; readonly user: string } => ({
  managed: '/etc/tandem',
  user: foldersOf(env).config,
});
