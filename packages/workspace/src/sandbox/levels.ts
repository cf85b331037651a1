import { realpathSync, statSync } from 'node:fs';
import type { SandboxProfile } from '@tandem/core';
import { bubblewrapArguments } from './bubblewrap.ts';
import type { Mount } from './mounts.ts';
import { landlockArguments, namespacesArguments } from './python-launch.ts';
import { seatbeltArguments } from './seatbelt.ts';

/** One way of confining, with the program it is done with. */
export type Level = {
  readonly name: 'bubblewrap' | 'namespaces' | 'landlock' | 'seatbelt';
  readonly binary: string;
  /**
   * What it can hold if it works at all. Landlock only ever adds rights going down a tree, so it cannot keep `.git`
   * closed inside an open root.
   */
  readonly profiles: readonly SandboxProfile[];
};

/** Never PATH: a workspace may have put something there. */
const places: readonly string[] = ['/usr/bin', '/bin', '/usr/local/bin', '/run/current-system/sw/bin'];

const both: readonly SandboxProfile[] = ['read-only', 'workspace-write'];

/** The levels whose program is installed, strongest first. Whether they work is the probe's question. */
export const installedLevels = (platform: NodeJS.Platform = process.platform): readonly Level[] => {
  if (platform === 'darwin') {
    return [{ name: 'seatbelt', binary: '/usr/bin/sandbox-exec', profiles: both }];
  }
  if (platform !== 'linux') return [];
  const bwrap = installed('bwrap');
  const python = installed('python3');
  return [
    ...(bwrap === null ? [] : [{ name: 'bubblewrap', binary: bwrap, profiles: both } as const]),
    ...(python === null ? [] : [{ name: 'namespaces', binary: python, profiles: both } as const]),
    ...(python === null ? [] : [{ name: 'landlock', binary: python, profiles: ['read-only'] } as const]),
  ];
};

const installed = (name: string): string | null => {
  for (const place of places) {
    try {
      const path = realpathSync(`${place}/${name}`);
      if (statSync(path).isFile()) return path;
    } catch {
      // Not in this place.
    }
  }
  return null;
};

export type StartInput = {
  readonly mounts: readonly Mount[];
  readonly cwd: string;
  /** The host's folder that commands use for temporary files. */
  readonly temporary: string;
  readonly seccomp: { readonly program: Buffer; readonly file: string };
  /** Of each process; empty where a control group counts the whole command. */
  readonly limits: Readonly<Record<string, number>>;
  /** What must not appear. */
  readonly absent: readonly string[];
};

export type Start = {
  /** Before the command's own words. */
  readonly words: readonly string[];
  readonly files: readonly string[];
  readonly depth: number;
};

/** A program that is missing or cannot be run is 127 or 126, as from a shell; bwrap itself would say 1. */
const shellExits: readonly string[] = ['/bin/sh', '-c', 'exec "$@"', 'sandbox'];

/** The first inherited file of a child that is no standard stream. */
const firstFile = 3;

/** The words that start a command at this level. */
export const startOf = async (level: Level, input: StartInput): Promise<Start> => {
  const plan = { ...input, seccomp: input.seccomp.program };
  switch (level.name) {
    case 'bubblewrap': {
      const words = bubblewrapArguments({ ...input, seccompFile: firstFile });
      const limits = Object.entries(input.limits).map(([name, value]) => `--${name}=${value}`);
      const inside = limits.length === 0 ? [] : ['prlimit', '--core=0', ...limits, '--'];
      return {
        words: [level.binary, ...words, ...inside, ...shellExits],
        files: [input.seccomp.file],
        depth: 2,
      };
    }
    case 'namespaces':
      return { words: namespacesArguments(level.binary, plan), files: [], depth: 2 };
    case 'landlock':
      return { words: await landlockArguments(level.binary, plan), files: [], depth: 0 };
    case 'seatbelt':
      return { words: seatbeltArguments(input), files: [], depth: 0 };
  }
};

/** Where a command of this level finds its temporary folder. */
export const temporaryInside = (level: Level, temporary: string): string =>
  level.name === 'bubblewrap' || level.name === 'namespaces' ? '/tmp' : temporary;
