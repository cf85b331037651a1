import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createCodeKnowledge, createCodeRunner } from '@tandem/code';
import {
  createEngine,
  type Engine,
  type EnginePorts,
  type GenerateRequest,
  type Worktrees,
} from '@tandem/core';
import { type Script, type ScriptedTurn, scriptedModel } from '@tandem/core/testing';
import { type Actor, type AttemptsRun, foldAttempts, Isolated, type TurnOptions } from '@tandem/protocol';
import { createRepositoryPlaces, createWorktrees, openJsonlStore, openWorkspace } from '@tandem/workspace';
import { createIds, systemClock } from '@tandem/workspace/identity';
import { afterAll } from 'vitest';

export const user: Actor = { type: 'user', id: 'ada' };

/** What a model does for one seed: a step after another. */
export type Steps = readonly ScriptedTurn[];

export const edit = (path: string, before: string, after: string): Steps => [
  { calls: [{ name: 'read', arguments: { path } }] },
  { calls: [{ name: 'edit', arguments: { path, old: before, new: after } }] },
  { text: `changed ${path}` },
];

export const bash = (command: string): Steps => [
  { calls: [{ name: 'bash', arguments: { command } }] },
  { text: 'ran it' },
];

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** A repository of a person, and what an app keeps, in a folder that goes after the file's tests. */
export class Ground {
  readonly folder: string = realpathSync(mkdtempSync(join(tmpdir(), 'tandem-attempts-')));
  readonly root: string = join(this.folder, 'repository');

  constructor(files: Readonly<Record<string, string>>, options: { readonly git?: 'none' | 'empty' } = {}) {
    folders.push(this.folder);
    mkdirSync(this.root);
    for (const [path, text] of Object.entries(files)) this.write(path, text);
    if (options.git === 'none') return;
    this.git('init', '-q', '-b', 'main');
    this.git('config', 'user.name', 'Ada');
    this.git('config', 'user.email', 'ada@example.org');
    if (options.git === 'empty') return;
    this.git('add', '-A');
    this.git('commit', '-q', '-m', 'first');
  }

  git(...words: readonly string[]): string {
    return execFileSync('git', words, { cwd: this.root, encoding: 'utf8' });
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), text);
  }

  read(path: string, root: string = this.root): string | null {
    const file = join(root, path);
    return existsSync(file) ? readFileSync(file, 'utf8') : null;
  }

  /** An app over this ground; a second one finds what the first left. */
  open(
    play: Readonly<Record<number, Steps>> | Script['turns'],
    parts: {
      readonly models?: Readonly<Record<string, Script>>;
      readonly worktrees?: (real: Worktrees) => Worktrees;
      readonly code?: boolean;
    } = {},
  ): App {
    const stateDir = join(this.folder, 'state');
    const turns =
      typeof play === 'function' ? play : Array.isArray(play) ? play : bySeed(play as Record<number, Steps>);
    const model = scriptedModel({ turns, facts: { local: false } });
    const others = Object.entries(parts.models ?? {}).map(
      ([id, script]) => [id, scriptedModel({ ...script, id })] as const,
    );
    const models = new Map([['scripted/memory', model], ...others]);
    const real = createWorktrees({ stateDir, now: systemClock.iso });
    const workspaces = new Map<string, ReturnType<typeof openWorkspace>>();
    const ports: EnginePorts = {
      clock: systemClock,
      ids: createIds(),
      store: openJsonlStore({ directory: join(stateDir, 'sessions'), clock: systemClock }),
      model: async (id) => models.get(id) ?? model,
      workspace: (cwd) => {
        const open = workspaces.get(cwd) ?? openWorkspace(cwd, { stateDir, clock: systemClock });
        workspaces.set(cwd, open);
        return open;
      },
      worktrees: parts.worktrees?.(real) ?? real,
      repository: createRepositoryPlaces(),
      capacity: () => ({ cores: 4, freeBytes: 16 * 1024 ** 3 }),
      code: createCodeKnowledge(),
      runner: createCodeRunner(),
      instructions: async () => [],
      keepFile: async (session, name, text) => {
        const file = join(this.folder, 'kept', session, name);
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, text);
        return file;
      },
    };
    return new App(this, createEngine(ports), ports, model.requests);
  }
}

/** Each seed has its own steps; which one is next is told by how much was said already, so a restart goes on. */
const bySeed =
  (play: Readonly<Record<number, Steps>>): Exclude<Script['turns'], readonly ScriptedTurn[]> =>
  (request) => {
    const said = request.messages.filter(({ role }) => role === 'assistant').length;
    return play[request.seed ?? 0]?.[said] ?? { text: 'nothing more' };
  };

export class App {
  readonly ground: Ground;
  readonly engine: Engine;
  readonly ports: EnginePorts;
  readonly requests: readonly GenerateRequest[];

  constructor(ground: Ground, engine: Engine, ports: EnginePorts, requests: readonly GenerateRequest[]) {
    this.ground = ground;
    this.engine = engine;
    this.ports = ports;
    this.requests = requests;
  }

  async session(
    given: { readonly cwd?: string; readonly mode?: 'bypass' | 'default' } = {},
  ): Promise<string> {
    const { cwd = this.ground.root, mode = 'bypass' } = given;
    const settings = { model: 'scripted/memory', cwd, permissionMode: mode } as const;
    return (await this.engine.createSession({ settings, title: 'a goal', actor: user })).session;
  }

  async start(session: string, isolated: object, options: TurnOptions = {}, text = 'Fix it'): Promise<void> {
    const given = { ...options, isolated: Isolated.parse(isolated) };
    await this.engine.startTurn({ session, text, options: given, actor: user });
  }

  /** Attempts from nothing to their end. */
  async attempts(
    isolated: object,
    options: TurnOptions = {},
    text?: string,
  ): Promise<{ readonly session: string; readonly run: AttemptsRun }> {
    const session = await this.session();
    await this.start(session, isolated, options, text);
    await this.engine.idle(session);
    return { session, run: await this.run(session) };
  }

  async run(session: string): Promise<AttemptsRun> {
    const run = foldAttempts(await this.engine.events(session));
    if (run === null) throw new Error('no attempts');
    return run;
  }
}

/** What a test looks at of each attempt, in the order of their numbers. */
export const outcomes = ({ attempts }: AttemptsRun): readonly unknown[] =>
  [...attempts]
    .sort((a, b) => a.number - b.number)
    .map(({ status, verify, error, chosen }) => [
      error?.code ?? (verify === null ? status : verify.exit),
      ...(chosen ? ['chosen'] : []),
    ]);
