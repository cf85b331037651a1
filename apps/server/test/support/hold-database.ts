/** A server's process for tests: opens the embedded database of a folder, says so, and waits to be killed. */
import { tmpdir } from 'node:os';
import { openDatabase } from '../../src/database/open-database.ts';
import { embeddedEnvironment, uid } from './database.ts';

const stop = new AbortController();
const database = await openDatabase({
  env: embeddedEnvironment(),
  uid,
  state: process.argv[2]!,
  temporary: tmpdir(),
  signal: stop.signal,
  say: () => {},
});
process.stdout.write(`${JSON.stringify({ adopted: database.adopted, postmaster: database.postmaster() })}\n`);
process.on('SIGTERM', () => {
  void database.close().then(() => process.exit(0));
});
setInterval(() => {}, 60_000);
