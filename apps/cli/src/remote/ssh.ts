import { type ChildProcess, spawn } from 'node:child_process';
import { Duplex } from 'node:stream';
import { quoted } from '@tandem/permit/quote';
import { AppError } from '@tandem/protocol/error';
import { type Hello, readHello } from './hello.ts';

/** Another machine as `ssh` takes it, and what tandem is called there. */
export type Place = { readonly destination: string; readonly program: string };

export type Line = {
  readonly hello: Hello;
  readonly stream: Duplex;
  /** Ended, and all that it has started. */
  readonly ended: Promise<void>;
  /** The end of what ssh and the machine there had to say since. */
  readonly lastWords: () => string;
  /** Waits for the other side to end by itself, a while. */
  readonly close: () => Promise<void>;
};

/** Login messages and start files that print; more is no machine that tandem can speak with. */
const noiseLimit = 64_000;
const wordsLimit = 4_000;
const endMs = 5_000;

/** What begins with a dash, or after the @ does, ssh would read as an option. @throws AppError usage */
export const checkedDestination = (typed: string): string => {
  const isSound = /^(?!-)[^\s\p{Cc}'"`$\\;&|<>(){}]{1,255}$/u.test(typed) && !typed.includes('@-');
  if (isSound) return typed;
  throw new AppError('usage', '--host is user@machine, machine or ssh://user@machine:port, as ssh takes it');
};

/** The words for the shell there, each quoted. */
export const remoteCommand = (words: readonly string[]): string => words.map(quoted).join(' ');

const lineOptions = [
  '-T',
  '-o',
  'RemoteCommand=none',
  '-o',
  'ServerAliveInterval=15',
  '-o',
  'ServerAliveCountMax=3',
];

/**
 * Starts tandem there and waits until it says who it is; ssh may ask on the terminal for a password meanwhile.
 * @throws AppError offline | configuration
 */
export const openLine = async (
  { destination, program }: Place,
  given: {
    readonly words: readonly string[];
    readonly environment: Readonly<Record<string, string | undefined>>;
    readonly say: (text: string) => void;
    readonly signal: AbortSignal;
  },
): Promise<Line> => {
  const command = remoteCommand([program, 'serve', '--stdio', ...given.words]);
  const child = spawn('ssh', [...lineOptions, '--', destination, command], {
    env: { ...given.environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.on('error', () => {});
  let words = '';
  let isOpen = false;
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    if (isOpen) words = (words + text).slice(-wordsLimit);
    else given.say(text);
  });
  const ended = endOf(child);
  const stop = (): void => void child.kill();
  given.signal.addEventListener('abort', stop, { once: true });
  try {
    const early = ended.then((exit) => Promise.reject(endedEarly({ destination, program }, exit)));
    early.catch(() => {});
    const hello = await Promise.race([helloOf(child), early]);
    isOpen = true;
    const { stdin, stdout } = child;
    return {
      hello,
      stream: Duplex.from({ readable: stdout, writable: stdin }),
      ended: ended.then(() => {}),
      lastWords: () => words.trim(),
      close: () => closed(child, ended),
    };
  } catch (error) {
    child.kill();
    throw error;
  } finally {
    given.signal.removeEventListener('abort', stop);
  }
};

type Piped = ChildProcess & { readonly stdout: NonNullable<ChildProcess['stdout']> };

const endOf = (child: ChildProcess): Promise<number | null | Error> =>
  new Promise((resolve) => {
    child.once('error', resolve);
    child.once('close', (code) => resolve(code));
  });

const endedEarly = ({ destination, program }: Place, exit: number | null | Error): AppError => {
  if (exit instanceof Error)
    return new AppError('configuration', `ssh cannot be started (${exit.message}); install it.`);
  if (exit === 127)
    return new AppError(
      'configuration',
      `${program} is not found on ${destination}: install it there, or name it with --host-program PATH.`,
    );
  if (exit === 255 || exit === null)
    return new AppError('offline', `ssh did not reach ${destination}; see whether ssh ${destination} does.`);
  return new AppError('configuration', `${program} on ${destination} ended at once (exit ${exit}).`);
};

const helloOf = ({ stdout }: Piped): Promise<Hello> =>
  new Promise((resolve, reject) => {
    let held = Buffer.alloc(0);
    let size = 0;
    const take = (chunk: Buffer): void => {
      size += chunk.length;
      held = Buffer.concat([held, chunk]);
      try {
        for (let end = held.indexOf('\n'); end !== -1; end = held.indexOf('\n')) {
          const hello = readHello(held.subarray(0, end).toString());
          held = held.subarray(end + 1);
          if (hello === null) continue;
          stdout.off('data', take).pause();
          if (held.length > 0) stdout.unshift(held);
          resolve(hello);
          return;
        }
        if (size > noiseLimit)
          throw new AppError('configuration', 'What is there does not speak as tandem does.');
      } catch (error) {
        stdout.off('data', take);
        reject(error);
      }
    };
    stdout.on('data', take);
  });

const closed = async (child: ChildProcess, ended: Promise<unknown>): Promise<void> => {
  child.stdin?.end();
  const timer = setTimeout(() => child.kill(), endMs);
  await ended;
  clearTimeout(timer);
};
