import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { RunRequest, RunResult, SandboxFacts } from '@tandem/core';
import { afterAll } from 'vitest';
import type { Runner } from '../../src/exec/run.ts';
import { runCommand } from '../../src/exec/run.ts';
import { createPathGuard } from '../../src/files/paths.ts';
import type { Level } from '../../src/sandbox/levels.ts';
import { installedLevels } from '../../src/sandbox/levels.ts';
import type { SandboxOptions } from '../../src/sandbox/open-sandbox.ts';
import { openSandbox } from '../../src/sandbox/open-sandbox.ts';
import { probeLevel } from '../../src/sandbox/probe.ts';
import { git, gitRepository, never, put, tempDir } from '../support/temp.ts';

export type Rig = {
  readonly root: string;
  readonly home: string;
  readonly outside: string;
  readonly state: string;
  readonly facts: SandboxFacts | null;
  readonly inside: (command: RunRequest['command'], more?: Partial<RunRequest>) => Promise<RunResult>;
  readonly plain: (command: RunRequest['command'], more?: Partial<RunRequest>) => Promise<RunResult>;
};

export type Candidate = Awaited<ReturnType<typeof candidate>>;

/** A level, or why it cannot be tested here: a skipped test with a reason is seen, a missing one is not. */
const candidate = async (name: Level['name'], profile: SandboxOptions['profile']) => {
  const level = installedLevels().find((one) => one.name === name);
  if (level === undefined) return { name, level: null, title: `${name} (skipped: not installed)` };
  const report = await probeLevel(level, never());
  if (report.holds.includes(profile)) return { name, level, title: name };
  return { name, level: null, title: `${name} (skipped: ${report.problems.join(', ')})` };
};

const namespaces = await candidate('namespaces', 'workspace-write');
const bubblewrap = await candidate('bubblewrap', 'workspace-write');
/** For `workspace-write`, strongest first. */
export const levels = [bubblewrap, namespaces];
export const landlock = await candidate('landlock', 'read-only');

export type RigOptions = {
  readonly profile?: SandboxOptions['profile'];
  readonly limits?: SandboxOptions['limits'];
  readonly hosts?: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
  /** Instead of fresh ones. */
  readonly root?: string;
  readonly home?: string;
  /** In front of PATH. */
  readonly path?: string;
  readonly isScratch?: boolean;
};

/** A person's machine: a home with keys, a workspace with a repository, a folder beside it, and our state folder. */
export const rig = async (level: Level | null, options: RigOptions = {}): Promise<Rig> => {
  const root = options.root ?? repository(options.files);
  const [outside, state] = [tempDir(), tempDir()];
  const home = options.home ?? personsHome();
  put(outside, { file: 'theirs\n' });
  put(state, { 'sessions/log': 'KEY' });
  const path = options.path === undefined ? '' : `${options.path}:`;
  const sandbox =
    level === null
      ? null
      : await openSandbox({
          profile: options.profile ?? 'workspace-write',
          environment: { ...process.env, HOME: home, PATH: `${path}${process.env.PATH}` },
          stateDir: state,
          cacheDir: cache,
          signal: never(),
          levels: [level],
          ...(options.limits === undefined ? {} : { limits: options.limits }),
          ...(options.hosts === undefined ? {} : { hosts: options.hosts }),
        });
  const place = { root, isScratch: options.isScratch === true, readable: [outside] };
  const base = {
    guard: createPathGuard(root),
    environment: { HOME: home, OUT: outside, STATE: state, ROOT: root },
    milliseconds: () => performance.now(),
  };
  const run =
    (runner: Runner): Rig['inside'] =>
    (command, more = {}) =>
      runCommand(runner, { command, timeoutMs: 20_000, signal: never(), ...more });
  return {
    ...{ root, home, outside, state, facts: sandbox?.facts ?? null },
    inside: run({
      ...base,
      confine: async (one) => {
        if (sandbox === null) throw new Error('there is no sandbox here');
        return await sandbox.confine(place, one);
      },
    }),
    plain: run({ ...base, environment: { ...base.environment, TMPDIR: tempDir() } }),
  };
};

export const repository = (files: RigOptions['files'] = {}): string => {
  const root = gitRepository({ 'readme.md': 'hello\n', 'AGENTS.md': 'be good\n', ...files });
  git(root, 'config', 'user.name', 'Ada');
  git(root, 'config', 'user.email', 'ada@example.org');
  return root;
};

const personsHome = (): string => {
  const home = tempDir();
  put(home, { '.ssh/id': 'KEY', '.aws/credentials': 'KEY', '.netrc': 'KEY', '.bashrc': 'mine\n' });
  return home;
};

/** One good probe is enough for all tests of a file. */
const cache = mkdtempSync(join(tmpdir(), 'tandem-test-probe-'));
afterAll(() => rmSync(cache, { recursive: true, force: true }));
