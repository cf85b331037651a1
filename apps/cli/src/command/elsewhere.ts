import { join } from 'node:path';
import type { SessionInfo } from '@tandem/protocol';
import { AppError } from '@tandem/protocol/error';
import type { Client } from '@tandem/sdk';
import type { Parsed } from '../args/parse.ts';
import { pathsOf } from '../config/paths.ts';
import { type RemoteGiven, remoteMachine } from '../remote/machine.ts';
import { checkedDestination, type Line, openLine, type Place, remoteCommand } from '../remote/ssh.ts';
import { carryOver } from '../remote/transport.ts';
import type { CommandInput } from './run.ts';
import { isTerminal, runScreen, wantsLines } from './terminal.ts';

/** What goes with the command there; the rest is the screen's own, or is refused. */
const passed = [
  'cwd',
  'model',
  'offline',
  'verify',
  'trust',
  'permission-mode',
  'sandbox',
  'egress',
  'max-turns',
  'max-seconds',
  'max-cost',
];
const own = ['host', 'host-program', 'session', 'continue', 'screen-reader'];

/** `tandem --host user@machine`: the engine, the files and the commands are there, the screen is here. */
export const elsewhere = async (input: CommandInput): Promise<number> => {
  const { parsed, host, signal } = input;
  const destination = checkedDestination(parsed.values.get('host')!);
  if (!isTerminal(input))
    throw new AppError(
      'usage',
      `--host opens a screen and needs a terminal; without one: ssh ${destination} tandem exec PROMPT`,
    );
  const place: Place = { destination, program: parsed.values.get('host-program') ?? 'tandem' };
  const words = wordsFor(parsed);
  const say = (text: string): void => host.err(text);
  const line = await openLine(place, { words, environment: host.env, say, signal });
  try {
    return await screenOver(line, place, input);
  } finally {
    await line.close();
  }
};

const screenOver = async (
  line: Line,
  place: Place,
  { parsed, host, signal }: CommandInput,
): Promise<number> => {
  const { destination } = place;
  const gone = `The connection to ${destination} is gone.`;
  const carried = carryOver(line.stream, gone);
  const broken = new AbortController();
  let isLeaving = false;
  void carried.ended.then(() => {
    if (!isLeaving) broken.abort();
  });
  const machine = remoteMachine({
    ...{ line, transport: carried.transport, prompt: parsed.positionals[0] ?? null },
    elsewhere: { name: destination, folder: host.cwd },
    environment: host.env,
    historyFile: join(pathsOf(host.env).state, 'history.jsonl'),
    keys: async () => (await import('../config/keys.ts')).readKeys(pathsOf(host.env).config),
    markdownOf: async (view) => (await import('../exec/markdown.ts')).markdownOf(view),
    open: openingOf(parsed, line.hello.cwd),
    screenReader: wantsLines(parsed, host),
    runTandem: async (words, cwd) => {
      const { runLent } = await import('./lent.ts');
      const command = `cd ${remoteCommand([cwd])} && ${remoteCommand([place.program, ...words])}`;
      const ssh = ['-t', '-o', 'RemoteCommand=none', '--', destination, command];
      const shown = `${destination}: tandem ${words.join(' ')}`;
      return await runLent(host, { program: 'ssh', words: ssh, cwd: host.cwd, shown });
    },
    close: async () => {
      isLeaving = true;
      carried.close();
      await line.close();
    },
  });
  const session = await runScreen(machine, AbortSignal.any([signal, broken.signal]));
  const back = session === null ? null : comeBack(parsed, session);
  if (broken.signal.aborted)
    throw new AppError(
      'offline',
      [
        `${gone} ${line.lastWords()}`.trim(),
        back === null ? '' : `The session waits there; to go on: ${back}`,
      ]
        .filter((text) => text !== '')
        .join('\n'),
    );
  if (back !== null) host.err(`To go on: ${back}\n`);
  return 0;
};

/** @throws AppError usage for what is not there over `--host` */
const wordsFor = ({ switches, values }: Parsed): readonly string[] => {
  const given = [...switches, ...values.keys()];
  const other = given.find((name) => !passed.includes(name) && !own.includes(name));
  if (other !== undefined) throw new AppError('usage', `--${other} is not there with --host`);
  return [
    ...passed.filter((name) => switches.has(name)).map((name) => `--${name}`),
    ...passed.flatMap((name) => {
      const value = values.get(name);
      return value === undefined ? [] : [`--${name}=${value}`];
    }),
  ];
};

const openingOf = (parsed: Parsed, cwd: string): RemoteGiven['open'] => {
  const id = parsed.values.get('session');
  if (id === undefined && !parsed.switches.has('continue')) return null;
  return async (client: Client): Promise<SessionInfo> => {
    const { newestSession, sessionById } = await import('../exec/choose-session.ts');
    return id === undefined ? await newestSession(client, cwd) : await sessionById(client, id);
  };
};

/** Typed into a shell of the person's own, so quoted as for one. */
const comeBack = ({ values }: Parsed, session: string): string => {
  const again = ['host', 'host-program', 'cwd'].flatMap((name) => {
    const value = values.get(name);
    return value === undefined ? [] : [`--${name}`, value];
  });
  return remoteCommand(['tandem', ...again, '--session', session]);
};
