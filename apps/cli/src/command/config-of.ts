import { isAppError } from '@tandem/protocol';
import { type Config, loadConfig } from '../config/config.ts';
import { pathsOf } from '../config/paths.ts';
import { readTrust, trustedIn, workspaceRoot } from '../config/trust.ts';
import type { Host } from '../host.ts';

/** The config that holds in a directory; what was ignored is said on stderr. `trust`: for this run its workspace is trusted. */
export const configOf = async (
  host: Host,
  cwd: string,
  { trust = false }: { readonly trust?: boolean } = {},
): Promise<Config> => {
  const trusted = [...trustedIn(readTrust(host.env)), ...(trust ? [workspaceRoot(cwd)] : [])];
  const { config, warnings } = await loadConfig({ userFile: pathsOf(host.env).config, cwd, trusted });
  for (const warning of warnings) host.err(`tandem: ${warning}\n`);
  return config;
};

/** The same for what runs no model and no command: a broken file is said, and no reason to keep a person from their work. */
export const configIfReadable = async (host: Host, cwd: string): Promise<Config> => {
  try {
    return await configOf(host, cwd);
  } catch (error) {
    if (!isAppError(error) || error.code !== 'configuration') throw error;
    host.err(`tandem: ${error.message}; going on without it\n`);
    return {};
  }
};
