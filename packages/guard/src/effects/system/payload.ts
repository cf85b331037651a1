import { type Command, hole, type Word } from '../../shell/command.ts';
import type { Effect, PathRef } from '../effect.ts';
import type { Call } from './call.ts';

export type Payload = NonNullable<Extract<Effect, { type: 'reach' }>['payload']>;

const weight: Readonly<Record<Payload, number>> = { text: 0, unknown: 1, file: 2, secret: 3 };

/** The gravest of what is sent; undefined where nothing is. */
export const gravest = (payloads: readonly Payload[]): Payload | undefined =>
  payloads.toSorted((a, b) => weight[b] - weight[a])[0];

export const payloadOfFile = (path: PathRef): Payload =>
  path.sensitivity === 'secret' || path.sensitivity === 'account' || path.sensitivity === 'process'
    ? 'secret'
    : 'file';

export const payloadOfText = (word: Word): Payload => (word.text.includes(hole) ? 'unknown' : 'text');

/** What a program sends that passes its input on; undefined where it has none. */
export const payloadOfInput = (call: Call): Payload | undefined => {
  const { stdin } = call.command;
  switch (stdin.type) {
    case 'none':
      return undefined;
    case 'text':
      return payloadOfText(stdin.text);
    case 'file':
      return payloadOfFile(call.path(stdin.path));
    case 'pipe':
      return 'unknown';
  }
};

const shells = /^(ba|z|da|k|fi|c|tc|a)?sh$|^(cmd|powershell|pwsh)$/;

export const isShell = (name: string | null): boolean => name !== null && shells.test(name);

/** Stands in a pipeline with a shell: what comes over the wire is run, or what a shell says goes out. */
export const pipedWithShell = (command: Command): boolean => {
  if (isShell(command.pipedTo)) return true;
  let { stdin } = command;
  while (stdin.type === 'pipe') {
    if (isShell(stdin.from.name)) return true;
    stdin = stdin.from.stdin;
  }
  return false;
};
