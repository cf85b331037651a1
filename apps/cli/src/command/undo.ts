import { AppError } from '@tandem/protocol';
import { newestSession, sessionById } from '../exec/choose-session.ts';
import { workingDirectory } from '../exec/plan.ts';
import type { CommandRunner } from './run.ts';
import { withApp } from './with-app.ts';

export const undo: CommandRunner = async ({ parsed, host }) => {
  const typed = parsed.positionals[0] ?? '1';
  const turns = Number(typed);
  if (!Number.isSafeInteger(turns) || turns < 1) {
    throw new AppError('usage', `undo takes a number of turns, not "${typed}"`);
  }
  const cwd = workingDirectory(parsed, host);
  const id = parsed.values.get('session');
  return await withApp(host, async ({ client }) => {
    const session = id === undefined ? await newestSession(client, cwd) : await sessionById(client, id);
    const { files } = await client.undo(session.id, { turns });
    for (const file of files) host.out(`${file}\n`);
    host.err(`${files.length} file${files.length === 1 ? '' : 's'} put back in ${session.cwd}\n`);
    return 0;
  });
};
