/**
 * A writer's process for drills: appends to a session for as long as it lives and says each acknowledged number.
 * Arguments: folder of the socket, session.
 */
import { systemClock } from '@tandem/workspace/identity';
import { openPool } from '../../src/database/open-database.ts';
import { never, openStore } from './database.ts';
import { admitted } from './events.ts';

const [host = '', session = ''] = process.argv.slice(2);
const database = openPool({ host, port: 5432, user: 'tandem', database: 'postgres' }, 'tandem server drill');
const store = openStore(database, `drill ${process.pid}`);
const lease = await store.acquire(session);
let seq = (await store.read(session)).at(-1)!.seq;
try {
  for (;;) {
    const events = [1, 2, 3].map((part) =>
      admitted(`${process.pid}-${seq}-${part}`, 'x'.repeat(2_000), session),
    );
    seq = (await store.append({ session, expectedSeq: seq, events, fence: lease.fence })).at(-1)!.seq;
    process.stdout.write(`${seq}\n`);
    await systemClock.sleep(5, never);
  }
} catch (error) {
  process.stdout.write(`${(error as { readonly code?: string }).code}\n`);
  process.exit(0);
}
