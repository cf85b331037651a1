import { readlinkSync } from 'node:fs';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import type { SandboxFacts } from '@tandem/core';
import { runCommand } from '../exec/run.ts';
import { createPathGuard } from '../files/paths.ts';
import type { Level } from './levels.ts';
import { defaultLimits } from './limits.ts';
import { createSandbox } from './sandbox.ts';
import { seccompProgram } from './seccomp.ts';

/** What one level holds on this machine, by having really been run. */
export type LevelReport = {
  readonly level: Level;
  readonly holds: readonly SandboxFacts['profile'][];
  /** Promises that were broken, or what its program said. Empty when it holds all that it can. */
  readonly problems: readonly string[];
};

const selfCheck = fileURLToPath(new URL('./self-check.mjs', import.meta.url));
const probeMs = 10_000;

/** Runs a level over a made-up home, workspace and machine, and asks it from inside what it kept. */
export const probeLevel = async (level: Level, signal: AbortSignal): Promise<LevelReport> => {
  const problems: string[] = [];
  const holds: SandboxFacts['profile'][] = [];
  for (const profile of level.profiles) {
    const found = await probeProfile(level, profile, signal).catch((error: Error) => {
      signal.throwIfAborted();
      return [error.message];
    });
    if (found.length === 0) holds.push(profile);
    problems.push(...found);
  }
  return { level, holds, problems: [...new Set(problems)] };
};

const probeProfile = async (
  level: Level,
  profile: SandboxFacts['profile'],
  signal: AbortSignal,
): Promise<readonly string[]> => {
  const program = seccompProgram({ architecture: process.arch, sockets: level.name !== 'landlock' });
  if (program === null) return [`no filter of system calls for ${process.arch}`];
  const base = await realpath(await mkdtemp(join(tmpdir(), 'tandem-probe-')));
  const doors = [createServer(), createServer(), createServer()];
  try {
    const facts = await layOut({ base, profile, doors });
    const sandbox = createSandbox({
      level,
      facts: { profile, level: level.name, egress: 'off', limits: 'none' },
      environment: { ...process.env, HOME: join(base, 'home') },
      stateDir: join(base, 'state'),
      folder: join(base, 'state', 'own'),
      seccomp: { program, file: join(base, 'calls') },
      limits: defaultLimits(),
      egress: null,
    });
    await writeFile(join(base, 'calls'), program);
    const place = { root: facts.root, isScratch: false, readable: [facts.outside] };
    const result = await runCommand(
      {
        guard: createPathGuard(facts.root),
        environment: {},
        milliseconds: () => performance.now(),
        confine: (run) => sandbox.confine(place, run),
      },
      {
        command: [process.execPath, selfCheck, JSON.stringify(facts)],
        timeoutMs: probeMs,
        signal,
      },
    );
    return result.exit === 0 ? (JSON.parse(result.output) as string[]) : [explain(result.output)];
  } finally {
    for (const door of doors) door.close();
    await rm(base, { recursive: true, force: true });
  }
};

/** The last line of a launcher that failed. */
const explain = (output: string): string => output.trim().split('\n').at(-1) || 'it could not be started';

/** A home with a key, a workspace with a repository, a folder beside it, and services that listen. */
const layOut = async (input: {
  readonly base: string;
  readonly profile: SandboxFacts['profile'];
  readonly doors: readonly Server[];
}) => {
  const { base, profile, doors } = input;
  const [root, outside, home, state] = ['root', 'outside', 'home', 'state'].map((name) =>
    join(base, name),
  ) as [string, string, string, string];
  for (const folder of ['root/.git/hooks', 'root/.claude', 'outside', 'home/.ssh', 'state']) {
    await mkdir(join(base, folder), { recursive: true });
  }
  const secrets = [join(home, '.ssh', 'id'), join(state, 'log')];
  const config = join(root, '.git', 'config');
  for (const file of [...secrets, config]) await writeFile(file, '');
  const name = `tandem-probe-${base}`;
  const socket = join(outside, 'service');
  const port = await listen(doors[0], { port: 0, host: '127.0.0.1' });
  await listen(doors[1], { path: socket });
  if (process.platform === 'linux') await listen(doors[2], { path: `\0${name}` });
  return {
    ...{ root, outside, state, secrets, profile, port, socket, name, pid: process.pid },
    closed: [config, join(root, '.git', 'hooks', 'pre-commit'), join(root, '.claude', 'settings.json')],
    processes: process.platform === 'linux' ? readlinkSync('/proc/self/ns/pid') : '',
  };
};

const listen = (
  server: Server | undefined,
  where: { readonly path: string } | { readonly port: number; readonly host: string },
): Promise<number> =>
  new Promise((resolve, reject) => {
    server?.once('error', reject);
    server?.listen(where, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
