import { resolve } from 'node:path';
import { AppError } from '@tandem/protocol/error';
import { readBackup } from '../backup/read-backup.ts';
import { findRunning } from '../door/running.ts';
import { pathsOf } from '../host.ts';
import type { CommandInput } from '../main.ts';
import { withDatabase } from './with-database.ts';

/** `tandem server restore FILE`. */
export const restore = async (input: CommandInput): Promise<number> => {
  const { parsed, host, signal } = input;
  const running = await findRunning(pathsOf(host.env).server, signal);
  if (running !== null)
    throw new AppError(
      'busy',
      `A server runs on this database (process ${running.pid}); tandem server stop first.`,
    );
  return await withDatabase(input, async ({ client }) => {
    const file = resolve(host.cwd, parsed.positionals[0]!);
    const { at, rows } = await readBackup({ client, file, say: host.say, signal });
    const parts = Object.entries(rows).map(([table, count]) => `${count} of ${table}`);
    host.out(`restored as of ${at}: ${parts.join(', ')}\n`);
    return 0;
  });
};
