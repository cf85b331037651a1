import { resolve } from 'node:path';
import { systemClock } from '@tandem/workspace/identity';
import { writeBackup } from '../backup/write-backup.ts';
import type { CommandInput } from '../main.ts';
import { withDatabase } from './with-database.ts';

/** `tandem server backup FILE`. */
export const backup = (input: CommandInput): Promise<number> =>
  withDatabase(input, async ({ client }) => {
    const { parsed, host, signal } = input;
    const file = resolve(host.cwd, parsed.positionals[0]!);
    const { rows, bytes } = await writeBackup({ client, file, at: systemClock.iso(), signal });
    const parts = Object.entries(rows).map(([table, count]) => `${count} of ${table}`);
    host.out(`${file}\n`);
    host.say(`${parts.join(', ')}; ${bytes} bytes`);
    return 0;
  });
