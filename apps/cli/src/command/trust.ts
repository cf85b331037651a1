import { realpathSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { AppError } from '@tandem/protocol/error';
import { answerTrust, readTrust, trustedIn, workspaceRoot } from '../config/trust.ts';
import type { CommandRunner } from './run.ts';

/** `tandem trust [DIR]`: what a workspace brings along may run, from now on or no longer. */
export const trust: CommandRunner = async ({ parsed, host }) => {
  if (parsed.switches.has('list')) {
    const folders = trustedIn(readTrust(host.env));
    for (const folder of folders) host.out(`${folder}\n`);
    if (folders.length === 0)
      host.err('No workspace is trusted by an answer of yours. To trust one: tandem trust DIR\n');
    return 0;
  }
  const typed = resolve(host.cwd, parsed.positionals[0] ?? '.');
  if (statSync(typed, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new AppError('usage', `${typed}: there is no such directory`);
  const root = workspaceRoot(realpathSync(typed));
  const revokes = parsed.switches.has('revoke');
  answerTrust(host.env, root, revokes ? null : 'trusted');
  host.err(revokes ? `${root} is not trusted any more.\n` : `${root} is trusted.\n`);
  return 0;
};
