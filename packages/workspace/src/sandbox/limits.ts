import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { ownerName, ownerState } from '../exec/owner.ts';

export type Limits = {
  /** Bytes of all processes of one command together; of each where there is no cgroup. */
  readonly memory: number;
  /** Processes and threads. */
  readonly processes: number;
};

/** Enough for a build, too little to take the machine along. */
export const defaultLimits = (): Limits => ({ memory: Math.floor(totalmem() * 0.75), processes: 4_096 });

export type ControlGroup = {
  /** Files into which a process writes its id to join. */
  readonly doors: readonly string[];
  /** Once its processes are gone. */
  readonly remove: () => Promise<void>;
};

type Hierarchy = { readonly folder: string; readonly version: 1 | 2 };

const prefix = 'tandem-';
let groups = 0;

/** A control group with these limits, or null where this process may not make one. */
export const createControlGroup = (limits: Limits): ControlGroup | null => {
  const places = hierarchies();
  if (places === null) return null;
  const made: string[] = [];
  try {
    for (const { folder, version } of places) {
      sweep(folder);
      const own = join(folder, `${prefix}${ownerName()}-${++groups}`);
      mkdirSync(own);
      made.push(own);
      for (const [file, value] of settings(version, limits)) {
        if (existsSync(join(own, file))) writeFileSync(join(own, file), value);
      }
      if (version === 2 && !existsSync(join(own, 'memory.max'))) throw new Error('memory is not delegated');
    }
  } catch {
    for (const folder of made) removeFolder(folder);
    return null;
  }
  return { doors: made.map((folder) => join(folder, 'cgroup.procs')), remove: () => removeLater(made) };
};

const settings = (version: 1 | 2, limits: Limits): readonly (readonly [string, string])[] =>
  version === 2
    ? [
        ['memory.max', String(limits.memory)],
        ['memory.swap.max', '0'],
        ['memory.oom.group', '1'],
        ['pids.max', String(limits.processes)],
      ]
    : [
        ['memory.limit_in_bytes', String(limits.memory)],
        ['memory.memsw.limit_in_bytes', String(limits.memory)],
        ['pids.max', String(limits.processes)],
      ];

/**
 * Where groups with limits on memory and processes may be made: beside our own group, since one that has processes
 * cannot hand controllers to its children.
 */
const hierarchies = (): readonly Hierarchy[] | null => {
  const lines = read('/proc/self/cgroup').split('\n');
  const mounted = read('/proc/self/mounts')
    .split('\n')
    .map((line) => line.split(' '));
  const unified = mounted.find(([, , kind]) => kind === 'cgroup2')?.[1];
  const own = lines.find((line) => line.startsWith('0::'))?.slice(3);
  if (unified !== undefined && own !== undefined) {
    const folder = join(unified, own === '/' ? own : dirname(own));
    const handed = read(join(folder, 'cgroup.subtree_control')).split(/\s/);
    if (handed.includes('memory') && handed.includes('pids')) return [{ folder, version: 2 }];
  }
  const found = ['memory', 'pids'].map((name) => {
    const mount = mounted.find(
      ([, , kind, options]) => kind === 'cgroup' && options?.split(',').includes(name),
    );
    const path = lines
      .map((line) => line.split(':'))
      .find(([, names]) => names?.split(',').includes(name))?.[2];
    return mount?.[1] === undefined || path === undefined ? null : join(mount[1], path);
  });
  return found.every((folder) => folder !== null) ? found.map((folder) => ({ folder, version: 1 })) : null;
};

const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
};

/** Groups of processes of ours that were killed. */
const sweep = (folder: string): void => {
  for (const name of readdirSync(folder)) {
    if (name.startsWith(prefix) && ownerState(name.slice(prefix.length)) === 'dead')
      removeFolder(join(folder, name));
  }
};

const removeFolder = (folder: string): boolean => {
  try {
    rmdirSync(folder);
    return true;
  } catch {
    return !existsSync(folder);
  }
};

/** The kernel refuses while it still counts a process that has ended. */
const removeLater = async (folders: readonly string[]): Promise<void> => {
  for (let tries = 0; tries < 50 && !folders.map(removeFolder).every(Boolean); tries++) {
    await new Promise((resolve) => setTimeout(resolve, 10).unref());
  }
};

/** Of each process alone, where there is no control group. Memory is then what it asks for, not what it uses. */
export const processLimits = (limits: Limits): Readonly<Record<string, number>> => ({
  data: limits.memory,
  nproc: limits.processes,
});

/** The words that put what follows into the group. The text is fixed: the files come as its arguments. */
export const joinGroup = (group: ControlGroup | null): readonly string[] =>
  group === null ? [] : ['/bin/sh', '-c', joinScript, 'sandbox', String(group.doors.length), ...group.doors];

const joinScript =
  'left=$1; shift; while [ "$left" -gt 0 ]; do echo $$ > "$1" || exit 125; shift; left=$((left-1)); done; exec "$@"';
