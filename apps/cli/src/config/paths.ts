import { join } from 'node:path';
import { foldersOf } from '@tandem/permit/places';

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
  /** Sign-ins at MCP servers; secrets. */
  readonly serverTokens: string;
};

/** Where things are kept. */
export const pathsOf = (env: Environment): Paths => {
  const { state, data, cache, config } = foldersOf(env);
  return {
    ...{ state, cache },
    models: join(data, 'models'),
    serverTokens: join(data, 'mcp-tokens.json'),
    approvedServers: join(data, 'mcp-servers.json'),
    trust: join(data, 'trust.json'),
    config: join(config, 'config.toml'),
  };
};
