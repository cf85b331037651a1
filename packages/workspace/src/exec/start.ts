import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { constants, devNull } from 'node:os';
import { StringDecoder } from 'node:string_decoder';
import type { Confinement } from './confinement.ts';
import { childEnvironment } from './environment.ts';
import { inheritedFiles } from './inherited-files.ts';
import { CappedOutput } from './output.ts';
import { ownerName } from './owner.ts';
import { descendants, killMarked, signalGroup, signalProcess } from './processes.ts';

/** After SIGTERM: long enough for a test runner to clean up, short enough for a person who pressed Ctrl-C. */
const graceMs = 500;
/** After the main process ended: for what is still in the pipe, not for children that hold it open. */
const drainMs = 150;

/** What shells answer for a command that is there but cannot be run. */
const cannotRun = 126;

export const defaultMaxOutput = 64_000;

export type StartOptions = {
  readonly command: string | readonly string[];
  /** Absolute. */
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly onOutput?: (text: string) => void;
  /** What it writes to stderr, kept apart; absent: it is output like the rest. */
  readonly onError?: (text: string) => void;
  readonly maxOutput?: number;
  /** Made for this very command and environment; absent: it runs with our own rights. */
  readonly confinement?: Confinement;
};

export type RunningProcess = {
  /** Undefined when it could not be started; `exited` is then 126 or 127. */
  readonly pid: number | undefined;
  readonly output: () => string;
  /** Exit code, once the process and everything it started are gone. Never rejects. */
  readonly exited: Promise<number>;
  /** SIGTERM to the group, SIGKILL to all that is left after the grace time. Resolves as `exited` does. */
  readonly kill: () => Promise<number>;
};

/** Starts a command in a process group of its own. What it leaves behind is killed when it ends. */
export const startProcess = (options: StartOptions): RunningProcess => {
  const mark = nextMark();
  const output = new CappedOutput(options.maxOutput ?? defaultMaxOutput);
  const receive = (text: string): void => {
    if (text === '') return;
    output.push(text);
    options.onOutput?.(text);
  };
  const child = spawnChild(options, mark);
  if (child instanceof Error) {
    receive(`${child.message}\n`);
    const exited = Promise.resolve(options.confinement?.end()).then(() => cannotRun);
    return { pid: undefined, output: () => output.text(), exited, kill: () => exited };
  }
  feed(child, options.stdin);
  const flush = [collect(child.stdout, receive), collect(child.stderr, options.onError ?? receive)];
  const exited = settle(child, mark, receive).then(async (exit) => {
    for (const end of flush) end();
    receive((await options.confinement?.end()) ?? '');
    return exit;
  });
  const depth = options.confinement?.depth ?? 0;
  const kill = (): Promise<number> => killTree(child, { mark, depth, exited });
  return { pid: child.pid, output: () => output.text(), exited, kill };
};

/** Some refusals of the system are thrown (too long, a NUL inside), others come as an event. */
const spawnChild = (options: StartOptions, mark: string): ChildProcess | Error => {
  const { confinement } = options;
  const [file, ...rest] = confinement?.argv ?? commandWords(options.command);
  const environment = childEnvironment({ from: process.env, extra: options.environment, mark });
  const opened: number[] = [];
  try {
    const files = confinement === undefined ? [] : filesOf(confinement, opened);
    return spawn(file ?? '', rest, {
      cwd: options.cwd,
      env: confinement?.environment(environment) ?? environment,
      detached: process.platform !== 'win32',
      stdio: [options.stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe', ...files],
      windowsHide: true,
    });
  } catch (error) {
    return error as Error;
  } finally {
    for (const number of opened) closeSync(number);
  }
};

/** What a confined child finds from number 3 on: its own files, and nothing in place of those that we happen to hold. */
const filesOf = (confinement: Confinement, opened: number[]): readonly (number | 'ignore')[] => {
  const open = (path: string): number => {
    opened.push(openSync(path, 'r'));
    return opened.at(-1) ?? 0;
  };
  const files: (number | 'ignore')[] = confinement.files.map(open);
  const stray = inheritedFiles().filter((number) => number >= 3 + files.length);
  const nothing = stray.length === 0 ? 0 : open(devNull);
  for (const number of stray) {
    while (files.length + 3 < number) files.push('ignore');
    files.push(nothing);
  }
  return files;
};

/** The argv of a command: a shell line is for the shell of this system. */
export const commandWords = (command: string | readonly string[]): readonly string[] => {
  if (typeof command !== 'string') return command;
  if (process.platform === 'win32') return [process.env.ComSpec ?? 'cmd.exe', '/d', '/s', '/c', command];
  return existsSync('/bin/bash') ? ['/bin/bash', '-c', command] : ['/bin/sh', '-c', command];
};

let runs = 0;
const nextMark = (): string => `${ownerName()}-${++runs}`;

const feed = (child: ChildProcess, text: string | undefined): void => {
  if (text === undefined) return;
  // A child may end without reading its input; that is its choice.
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(text);
};

const collect = (stream: ChildProcess['stdout'], receive: (text: string) => void): (() => void) => {
  const decoder = new StringDecoder('utf8');
  let open = true;
  stream?.on('error', () => undefined);
  stream?.on('data', (chunk: Buffer) => {
    if (open) receive(decoder.write(chunk));
  });
  return () => {
    if (open) receive(decoder.end());
    open = false;
    stream?.destroy();
  };
};

/** Resolves when the process is gone and its pipes are drained; kills what it left in its group or under its mark. */
const settle = (child: ChildProcess, mark: string, receive: (text: string) => void): Promise<number> =>
  new Promise((resolve) => {
    const { pid } = child;
    if (pid !== undefined) track(pid);
    let closed = false;
    const finish = (exit: number): void => {
      if (pid !== undefined) {
        signalGroup(pid, 'SIGKILL');
        live.delete(pid);
      }
      killMarked((other) => other === mark);
      resolve(exit);
    };
    child.on('error', (error: NodeJS.ErrnoException) => {
      if (pid !== undefined) return;
      receive(`${error.message}\n`);
      resolve(error.code === 'EACCES' ? cannotRun : 127);
    });
    child.on('close', () => {
      closed = true;
    });
    child.on('exit', (code, signal) => {
      const exit = code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
      const timer = setTimeout(() => finish(exit), drainMs);
      const done = (): void => {
        clearTimeout(timer);
        finish(exit);
      };
      if (closed) done();
      else child.once('close', done);
    });
  });

const killTree = async (
  child: ChildProcess,
  input: { readonly mark: string; readonly depth: number; readonly exited: Promise<number> },
): Promise<number> => {
  const { pid } = child;
  const { mark, depth, exited } = input;
  if (pid === undefined) return exited;
  if (process.platform === 'win32') {
    spawn('taskkill', ['/pid', String(pid), '/T', '/F'], { stdio: 'ignore' }).on('error', () =>
      child.kill('SIGKILL'),
    );
    return exited;
  }
  const inner = depth === 0 ? [] : descendants(pid, depth);
  if (inner.length === 0) signalGroup(pid, 'SIGTERM');
  for (const other of inner) signalProcess(other, 'SIGTERM');
  const timer = setTimeout(() => {
    signalGroup(pid, 'SIGKILL');
    killMarked((other) => other === mark);
  }, graceMs);
  const exit = await exited;
  clearTimeout(timer);
  return exit;
};

/** Groups alive now: killed when this process exits, so that even a crash leaves none behind. */
const live = new Set<number>();
let hooked = false;
const track = (pid: number): void => {
  live.add(pid);
  if (hooked) return;
  hooked = true;
  process.once('exit', () => {
    for (const group of live) signalGroup(group, 'SIGKILL');
  });
};
