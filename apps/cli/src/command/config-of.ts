import { type Config, loadConfig } from '../config/config.ts';
import { pathsOf } from '../config/paths.ts';
import type { Host } from '../host.ts';

/** The config that holds in a directory; what was ignored is said on stderr. */
export const configOf = async (host: Host, cwd: string): Promise<Config> => {
  const { config, warnings } = await loadConfig({ userFile: pathsOf(host.env).config, cwd });
  for (const warning of warnings) host.err(`tandem: ${warning}\n`);
  return config;
};
