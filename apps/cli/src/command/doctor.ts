import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, mkdir, statfs } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { isAppError } from '@tandem/protocol';
import { pathsOf } from '../config/paths.ts';
import type { Host } from '../host.ts';
import { configOf } from './config-of.ts';
import type { CommandRunner } from './run.ts';

/** `bad` makes the machine unusable; `poor` only takes something away. */
export type Finding = { readonly mark: 'ok' | 'poor' | 'bad'; readonly line: string };

const probeMs = 5_000;

/** One line each on what a turn needs; exit 1 when something it cannot do without is missing. */
export const doctor: CommandRunner = async ({ host, signal }) => {
  let isUsable = true;
  for (const check of allChecks()) {
    const finding = await asked(check, host, signal);
    host.out(`${finding.mark.padEnd(4)}  ${finding.line}\n`);
    isUsable &&= finding.mark !== 'bad';
  }
  return isUsable ? 0 : 1;
};

type Check = (host: Host, signal: AbortSignal) => Promise<Finding>;

/** What stops one check is a finding, and the others are still worth having. */
const asked = async (check: Check, host: Host, signal: AbortSignal): Promise<Finding> => {
  try {
    return await check(host, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (!isAppError(error)) throw error;
    return { mark: 'bad', line: error.message };
  }
};

export const allChecks = (): readonly Check[] => [
  node,
  git,
  python,
  weights,
  room,
  state,
  cores,
  engine,
  sandbox,
];

/** What somebody who opens the terminal screen should know before the first prompt. */
export const openingChecks = (): readonly Check[] => [weights, git, sandbox];

const node = async (): Promise<Finding> => ({ mark: 'ok', line: `node ${process.versions.node}` });

const firstLine = async (command: string, signal: AbortSignal): Promise<string | null> => {
  const run = promisify(execFile);
  const result = await run(command, ['--version'], { signal, timeout: probeMs }).catch(() => null);
  signal.throwIfAborted();
  return result === null ? null : (result.stdout.split('\n')[0] ?? '');
};

const git = async (_: Host, signal: AbortSignal): Promise<Finding> => {
  const line = await firstLine('git', signal);
  return line === null ? { mark: 'bad', line: 'git is not on PATH; install it' } : { mark: 'ok', line };
};

const python = async (_: Host, signal: AbortSignal): Promise<Finding> => {
  const line = await firstLine('python3', signal);
  if (line !== null) return { mark: 'ok', line };
  return {
    mark: 'poor',
    line: 'no python3: Python code cannot be checked, and weights come from the model hub only',
  };
};

const weights = async (host: Host): Promise<Finding> => {
  const { defaultModelId, listModels } = await import('@tandem/models');
  const id = (host.env.TANDEM_MODEL || (await configOf(host, host.cwd)).model) ?? `local/${defaultModelId}`;
  const models = await listModels({ directory: pathsOf(host.env).models });
  const found = models.find(({ entry }) => `local/${entry.id}` === id);
  if (found === undefined) return { mark: 'ok', line: `model ${id} (not of the catalogue)` };
  const advice = `run: tandem model pull ${found.entry.id}`;
  switch (found.state) {
    case 'installed':
      return { mark: 'ok', line: `model ${id}, hash checked` };
    case 'unchecked':
      return { mark: 'poor', line: `model ${id} is on disk, its hash not yet checked; ${advice}` };
    case 'partial':
      return { mark: 'poor', line: `model ${id} is only partly on disk; ${advice}` };
    case 'absent':
      return { mark: 'poor', line: `model ${id} is not on disk yet; ${advice}` };
  }
};

const room = async (host: Host): Promise<Finding> => {
  const { defaultModelId, findEntry } = await import('@tandem/models');
  const needed = findEntry(defaultModelId)?.bytes ?? 0;
  const folder = await existing(pathsOf(host.env).models);
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  const line = `${(free / 1e9).toFixed(1)} GB free at ${folder}`;
  return free > needed
    ? { mark: 'ok', line }
    : { mark: 'poor', line: `${line}: too little for the default model` };
};

/** The folder, or the nearest one above it that there is. */
const existing = async (folder: string): Promise<string> => {
  const isThere = await access(folder).then(
    () => true,
    () => false,
  );
  return isThere || dirname(folder) === folder ? folder : await existing(dirname(folder));
};

const state = async (host: Host): Promise<Finding> => {
  const { state: folder } = pathsOf(host.env);
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
    return { mark: 'ok', line: `sessions in ${folder}` };
  } catch {
    return { mark: 'bad', line: `${folder} cannot be written; set XDG_STATE_HOME to a folder that can` };
  }
};

const cores = async (): Promise<Finding> => {
  const count = availableParallelism();
  const line = `${count} core${count === 1 ? '' : 's'}, ${(totalmem() / 1e9).toFixed(1)} GB of memory`;
  return totalmem() < 3e9
    ? { mark: 'poor', line: `${line}: little for the default model` }
    : { mark: 'ok', line };
};

const engine = async (): Promise<Finding> => {
  const { engineStatus } = await import('@tandem/models');
  const { version, packages, usable } = engineStatus();
  if (version === null)
    return { mark: 'poor', line: 'no inference engine, so no local/… model; run: npm ci' };
  if (!usable)
    return {
      mark: 'poor',
      line: `node-llama-cpp ${version} has no package for this machine here; run: npm ci`,
    };
  const names = packages.filter(({ installed }) => installed).map(({ name }) => name);
  return { mark: 'ok', line: `node-llama-cpp ${version} (${names.join(', ')})` };
};

const sandbox = async (_: Host, signal: AbortSignal): Promise<Finding> => {
  const { reportSandbox } = await import('../compose.ts');
  const { levels, limits, advice } = await reportSandbox(signal);
  const held = (['read-only', 'workspace-write'] as const).map((profile) => {
    const level = levels.find(({ holds }) => holds.includes(profile));
    return level === undefined ? `${profile} does not hold` : `${profile} by ${level.name}`;
  });
  const broken = levels.flatMap(({ name, problems }) =>
    problems.length === 0 ? [] : [`${name}: ${problems.join(', ')}`],
  );
  const all = levels.length === 0 ? 'no sandbox program is installed' : [...held, ...broken].join('; ');
  if (!levels.some(({ holds }) => holds.includes('workspace-write'))) {
    return { mark: 'poor', line: `sandbox: ${all}. ${advice}` };
  }
  const reach = { command: 'each command', process: 'each process only', none: 'nothing' }[limits];
  return { mark: 'ok', line: `sandbox: ${all}; memory and processes limited for ${reach}` };
};
