import { appliedMigrations, migrate, pendingMigrations, readMigrations } from '../database/migrate.ts';
import type { CommandInput } from '../main.ts';
import { withDatabase } from './with-database.ts';

/** `tandem server migrate [--check]`. */
export const migrateCommand = (input: CommandInput): Promise<number> =>
  withDatabase(input, async ({ client }) => {
    const { parsed, host } = input;
    const known = readMigrations();
    if (!parsed.switches.has('check')) {
      const done = await migrate(client, { known, say: host.say });
      host.out(`at migration ${known.length}, ${done.length} applied now\n`);
      return 0;
    }
    const pending = pendingMigrations(await appliedMigrations(client), known);
    for (const { number, name } of pending) host.out(`${number} ${name}\n`);
    return pending.length === 0 ? 0 : 1;
  });
