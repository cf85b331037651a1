import { mkdir, readdir, readFile, realpath, stat, writeFile } from 'node:fs/promises';
import { release } from 'node:os';
import { dirname, join } from 'node:path';
import type { SandboxFacts } from '@tandem/core';
import { AppError, isAppError } from '@tandem/protocol';
import { ownerName } from '../exec/owner.ts';
import { sweepScratch } from '../scratch/sweep.ts';
import { readHosts, startEgressProxy } from './egress/proxy.ts';
import type { Level } from './levels.ts';
import { installedLevels } from './levels.ts';
import { createControlGroup, defaultLimits, type Limits } from './limits.ts';
import type { LevelReport } from './probe.ts';
import { probeLevel } from './probe.ts';
import type { Sandbox } from './sandbox.ts';
import { createSandbox } from './sandbox.ts';
import { seccompProgram } from './seccomp.ts';

export type SandboxOptions = {
  readonly profile: 'read-only' | 'workspace-write';
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Sessions and snapshots: hidden from commands. */
  readonly stateDir: string;
  /** Where a good probe is remembered until the next boot; outside every workspace. */
  readonly cacheDir: string;
  readonly signal: AbortSignal;
  /** Hosts that commands may reach, as `name`, `*.name` or `name:port`. Absent: none. */
  readonly hosts?: readonly string[];
  readonly limits?: Limits;
  /** To choose among; default: all that are installed. */
  readonly levels?: readonly Level[];
};

let opened = 0;

/**
 * The strongest level that really holds the profile here. @throws AppError configuration when none does, or for a host that
 * is none
 */
export const openSandbox = async (options: SandboxOptions): Promise<Sandbox> => {
  if (options.hosts !== undefined) readHosts(options.hosts);
  const level = await chooseLevel(options);
  await mkdir(options.stateDir, { recursive: true });
  const stateDir = await realpath(options.stateDir);
  await sweepScratch(join(stateDir, 'sandbox'));
  const folder = join(stateDir, 'sandbox', `${ownerName()}-${++opened}`);
  await mkdir(folder, { recursive: true });
  const program = seccompProgram({ architecture: process.arch, sockets: level.name !== 'landlock' });
  if (program === null) throw refusal(options.profile, []);
  const seccomp = { program, file: join(folder, 'calls') };
  await writeFile(seccomp.file, program);
  const limits = options.limits ?? defaultLimits();
  const { hosts, profile, environment } = options;
  const egress = hosts === undefined ? null : await openDoor(level, { hosts, folder, profile });
  const facts: SandboxFacts = {
    profile,
    level: level.name,
    egress: egress === null ? 'off' : 'hosts',
    limits: await limitsHere(limits),
  };
  return createSandbox({ level, facts, environment, stateDir, folder, seccomp, limits, egress });
};

export type SandboxReport = {
  readonly levels: readonly {
    readonly name: Level['name'];
    readonly holds: readonly SandboxFacts['profile'][];
    readonly problems: readonly string[];
  }[];
  /** Whether memory and processes are limited for a whole command, or for each of its processes. */
  readonly limits: SandboxFacts['limits'];
  /** What a person can do for more. */
  readonly advice: string;
};

/** Every installed level, run and asked. Slow (a few tenths of a second): for `tandem doctor`. */
export const reportSandbox = async (signal: AbortSignal): Promise<SandboxReport> => {
  const reports: LevelReport[] = [];
  for (const level of installedLevels()) reports.push(await probeLevel(level, signal));
  return {
    levels: reports.map(({ level, holds, problems }) => ({ name: level.name, holds, problems })),
    limits: await limitsHere(defaultLimits()),
    advice: adviceAfter(reports),
  };
};

const limitsHere = async (limits: Limits): Promise<SandboxFacts['limits']> => {
  const group = createControlGroup(limits);
  await group?.remove();
  if (group !== null) return 'command';
  return process.platform === 'linux' ? 'process' : 'none';
};

const openDoor = async (
  level: Level,
  input: { readonly hosts: readonly string[]; readonly folder: string; readonly profile: string },
): Promise<string> => {
  if (level.name !== 'bubblewrap' && level.name !== 'namespaces') {
    throw new AppError(
      'configuration',
      `Hosts can be allowed with a network namespace only, and ${level.name} has none. Leave the hosts out.`,
    );
  }
  const door = join(input.folder, 'egress');
  await mkdir(door, { recursive: true });
  await startEgressProxy({ socket: join(door, 'proxy.sock'), allow: input.hosts });
  return door;
};

const chooseLevel = async (options: SandboxOptions): Promise<Level> => {
  const reports: LevelReport[] = [];
  for (const level of options.levels ?? installedLevels()) {
    if (!level.profiles.includes(options.profile)) continue;
    if (await isRemembered(options, level)) return level;
    const report = await probeLevel(level, options.signal);
    if (report.holds.includes(options.profile)) {
      await remember(options, level);
      return level;
    }
    reports.push(report);
  }
  throw refusal(options.profile, reports);
};

const refusal = (profile: string, reports: readonly LevelReport[]): AppError => {
  const tried = reports.map(({ level, problems }) => `${level.name}: ${problems.join(', ')}`);
  const why = tried.length === 0 ? 'neither bubblewrap nor python3 is installed' : tried.join('; ');
  return new AppError(
    'configuration',
    `--sandbox ${profile} does not hold on this machine (${why}). ${adviceAfter(reports)} ` +
      'Or pass --sandbox full to run commands without confinement.',
    { details: { noLevel: true } },
  );
};

/** Whether a sandbox was refused because no level holds it here, and not for what was asked of it. */
export const isNoLevel = (error: unknown): error is AppError =>
  isAppError(error) && error.details.noLevel === true;

const adviceAfter = (reports: readonly LevelReport[]): string => {
  if (process.platform !== 'linux') return 'There is no other level on this system.';
  const isBlocked = reports.some(({ problems }) =>
    problems.some((text) => /not permitted|denied/i.test(text)),
  );
  if (isBlocked) {
    return 'User namespaces seem to be blocked: allow them for bwrap (an AppArmor profile with `userns`), or set kernel.apparmor_restrict_unprivileged_userns=0.';
  }
  return 'Install bubblewrap (apt install bubblewrap, dnf install bubblewrap).';
};

/** Only what held is remembered: a machine that was put right must not stay refused. */
const isRemembered = async (options: SandboxOptions, level: Level): Promise<boolean> => {
  const text = await readFile(cacheFile(options, level), 'utf8').catch(() => '');
  return text !== '' && text === (await fingerprint(level));
};

const remember = async (options: SandboxOptions, level: Level): Promise<void> => {
  const file = cacheFile(options, level);
  await mkdir(dirname(file), { recursive: true }).catch(() => {});
  // A cache that cannot be written only costs the next start its time.
  await writeFile(file, await fingerprint(level)).catch(() => {});
};

const cacheFile = (options: SandboxOptions, level: Level): string =>
  join(options.cacheDir, `sandbox-${level.name}-${options.profile}`);

/** This boot of this kernel, this user, that program, and our own code. */
const fingerprint = async (level: Level): Promise<string> => {
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
  const own = await readdir(import.meta.dirname, { recursive: true });
  const files = [level.binary, ...own.toSorted().map((name) => join(import.meta.dirname, name))];
  const stats = await Promise.all(files.map((file) => stat(file)));
  return JSON.stringify([
    boot.trim(),
    release(),
    process.getuid?.() ?? 0,
    process.execPath,
    level.binary,
    ...stats.map(({ mtimeMs, size }) => [mtimeMs, size]),
  ]);
};
