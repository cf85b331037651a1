import { resolve } from 'node:path';
import { AppError } from '@tandem/protocol/error';
import { openTrash } from '../compose.ts';
import type { CommandRunner } from './run.ts';

/** `tandem trash [list|restore ID [TO]]`. */
export const trash: CommandRunner = async ({ parsed, host }) => {
  const [verb = 'list', id, to] = parsed.positionals;
  const kept = await openTrash(host.env);
  if (verb === 'restore') {
    if (id === undefined) throw new AppError('usage', 'trash restore needs the id that tandem trash shows');
    const place = await kept.restore(id, to === undefined ? undefined : resolve(host.cwd, to));
    host.out(`${place}\n`);
    return 0;
  }
  if (verb !== 'list') throw new AppError('usage', `trash knows list and restore, not "${verb}"`);
  const entries = await kept.list();
  if (parsed.switches.has('json')) host.out(`${JSON.stringify(entries)}\n`);
  else if (entries.length === 0) host.err('The trash is empty. That of worktrees: tandem worktree trash\n');
  else
    for (const { id: name, at, files, from } of entries)
      host.out(`${name}  ${at}  ${files} files  ${from}\n`);
  return 0;
};
