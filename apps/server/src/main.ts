/**
 * `tandem server …`: a program of its own, started by the same launcher. A dispatcher; no command's own code may go in
 * here.
 */
import { type ErrorCode, isAppError } from '@tandem/protocol/error';
import { help, type Parsed, parse, verbs } from './args.ts';
import { createHost, type Host } from './host.ts';
import { listenForStop } from './stop.ts';

export type CommandInput = { readonly parsed: Parsed; readonly host: Host; readonly signal: AbortSignal };

const main = async (words: readonly string[], host: Host): Promise<number> => {
  const [first] = words;
  if (words.includes('--help') || words.includes('-h') || first === 'help') {
    host.out(help(first !== undefined && first in verbs ? first : words[1]));
    return 0;
  }
  const stop = listenForStop();
  try {
    const parsed = parse(words);
    const command = await load(parsed.verb);
    const code = await command({ parsed, host, signal: stop.signal });
    return stop.code() ?? code;
  } catch (error) {
    const stopped = stop.code();
    if (
      stopped !== null &&
      (stop.signal.reason === error || (isAppError(error) && error.code === 'interrupted'))
    )
      return stopped;
    if (isAppError(error)) {
      host.say(`tandem server: ${error.message}`);
      return exitOf(error.code);
    }
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    host.say(`tandem server: this is a bug: ${text}`);
    return 1;
  }
};

const load = async (verb: string): Promise<(input: CommandInput) => Promise<number>> => {
  switch (verb) {
    case 'start':
      return (await import('./command/start.ts')).start;
    case 'stop':
      return (await import('./command/stop.ts')).stop;
    case 'status':
      return (await import('./command/status.ts')).status;
    case 'organisation':
      return (await import('./command/organisation.ts')).organisation;
    case 'key':
      return (await import('./command/key.ts')).key;
    case 'repository':
      return (await import('./command/repository.ts')).repository;
    case 'setup':
      return (await import('./command/setup.ts')).setup;
    case 'audit':
      return (await import('./command/audit.ts')).audit;
    case 'migrate':
      return (await import('./command/migrate.ts')).migrateCommand;
    case 'backup':
      return (await import('./command/backup.ts')).backup;
    case 'restore':
      return (await import('./command/restore.ts')).restore;
    default:
      return (await import('./command/doctor.ts')).doctor;
  }
};

/** As the rest of tandem: 2 is what a person typed or configured, 1 everything else. */
const exitOf = (code: ErrorCode): number => (code === 'usage' || code === 'configuration' ? 2 : 1);

const host = createHost();
// The launcher's own cache, the database's password and the server's key: the commands that a turn runs must not inherit them.
delete process.env.NODE_COMPILE_CACHE;
delete process.env.DATABASE_URL;
delete process.env.TANDEM_SERVER_KEY;

const code = await main(process.argv.slice(2), host);
// Written here and not left to an idle loop: an inference engine's threads would keep the process.
process.stdout.write('', () => process.stderr.write('', () => process.exit(code)));
