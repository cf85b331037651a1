import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isServerApproved } from '../config/approved-servers.ts';
import type { Config } from '../config/config.ts';
import { type TrustAnswers, workspaceRoot } from '../config/trust.ts';
import type { Host } from '../host.ts';
import { placeOf } from './place-of.ts';

/** Where a workspace can have something that runs; without any of these nothing more is loaded. */
const places = [
  '.tandem/config.toml',
  '.claude/settings.json',
  '.claude/settings.local.json',
  '.mcp.json',
  '.agents/commands',
  '.claude/commands',
  '.agents/agents',
  '.claude/agents',
];

/** What a workspace that is not trusted brings along and that does not run, in words; null where there is none. */
export const untrusted = async (host: Host, cwd: string, config: Config): Promise<string | null> => {
  if (config.workspaceTrusted === true) return null;
  const folders = new Set([workspaceRoot(cwd), cwd]);
  if (![...folders].some((folder) => places.some((path) => existsSync(join(folder, path))))) return null;
  const { broughtBy } = await import('@tandem/extend');
  const place = placeOf(host.env, cwd);
  const brought = await broughtBy(place, (server) => isServerApproved(host.env, place.root, server));
  return brought.length === 0 ? null : brought.join(', ');
};

/** Said where nobody can be asked. */
export const sayUntrusted = async (host: Host, cwd: string, config: Config): Promise<void> => {
  const what = await untrusted(host, cwd, config);
  if (what === null) return;
  host.err(
    `tandem: this workspace is not trusted, so what it brings along does not run: ${what}; ` +
      'to let it: --trust for once, tandem trust for good\n',
  );
};

/** Null once the person has answered for this workspace, or there is nothing to ask about. */
export const trustQuestion = async (
  host: Host,
  { cwd, config, answers }: { readonly cwd: string; readonly config: Config; readonly answers: TrustAnswers },
): Promise<{ readonly root: string; readonly what: string } | null> => {
  const root = workspaceRoot(cwd);
  if (answers[root] !== undefined) return null;
  const what = await untrusted(host, cwd, config);
  return what === null ? null : { root, what };
};
