import { AppError, isErrorCode } from '@tandem/protocol/error';
import { createClient, type Transport } from '@tandem/sdk';
import type { Door, Machine } from '../tui/app/machine.ts';
import { type Calls, callPath } from './calls.ts';
import type { Line } from './ssh.ts';

type Shared = Pick<
  Machine,
  'elsewhere' | 'environment' | 'historyFile' | 'keys' | 'markdownOf' | 'open' | 'prompt' | 'screenReader'
>;

export type RemoteGiven = Shared & {
  readonly line: Line;
  readonly transport: Transport;
  readonly runTandem: Machine['runTandem'];
  readonly close: () => Promise<void>;
};

/** The machine at the other end of a line, as the screen asks for it. What is the person's own stays here. */
export const remoteMachine = ({ line, transport, close, ...own }: RemoteGiven): Machine => {
  const { version, cwd, settings, sandbox } = line.hello;
  const call = callerOf(transport);
  const door: Door = {
    client: createClient({ fetch: transport }),
    sandbox,
    close,
    expand: (prompt, signal) => call('expand', [prompt], signal),
    // The machine there does both with the answer that they follow from.
    policyChanged: () => {},
    trustWorkspace: () => {},
  };
  return {
    ...own,
    ...{ version, cwd },
    settings: Promise.resolve(settings),
    door: async () => door,
    branch: (signal, at) => call('branch', [at], signal),
    findings: (signal) => call('findings', [], signal),
    doctor: (signal) => call('doctor', [], signal),
    commands: () => call('commands', []),
    listing: (what) => call('listing', [what]),
    trustQuestion: () => call('trustQuestion', []),
    answerTrust: (root, answer) => call('answerTrust', [root, answer]),
    models: () => call('models', []),
    readyModel: (id, { say, signal }) => {
      say(`preparing ${id}`);
      return call('readyModel', [id], signal);
    },
    allowKind: (rule) => call('allowKind', [rule]),
    shell: (command, { cwd: at, signal }) => call('shell', [command, at], signal),
    worktrees: {
      list: (origin) => call('worktrees', [origin]),
      make: ({ origin, name }, signal) => call('makeWorktree', [origin, name], signal),
      diff: (origin, name) => call('diffOfWorktree', [origin, name]),
    },
    draftInstructions: async () => {
      throw new AppError('usage', 'a draft is made on the machine itself');
    },
  };
};

type Result<Name extends keyof Calls> = Awaited<ReturnType<Calls[Name]>>;

/** Rejects with AppError as the machine there said it. */
const callerOf =
  (transport: Transport) =>
  async <Name extends keyof Calls>(
    name: Name,
    words: Parameters<Calls[Name]>,
    signal?: AbortSignal,
  ): Promise<Result<Name>> => {
    const request = new Request(new URL(callPath(name), 'http://tandem.local'), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(words),
      ...(signal === undefined ? {} : { signal }),
    });
    const response = await transport(request);
    const said = (await response.json()) as {
      readonly result?: unknown;
      readonly code?: unknown;
      readonly detail?: unknown;
    };
    if (response.ok) return said.result as Result<Name>;
    throw new AppError(isErrorCode(said.code) ? said.code : 'internal', String(said.detail));
  };
