import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { markName } from './environment.ts';

type ProcessFacts = { readonly state: string; readonly parent: number; readonly started: string };

/** From the kernel; null when there is no such process or no such kernel. */
const factsOf = (pid: number | 'self'): ProcessFacts | null => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold spaces and parentheses itself.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0] ?? '', parent: Number(fields[1]), started: fields[19] ?? '' };
  } catch {
    return null;
  }
};

/** When a process started, in clock ticks since boot: with the pid it names one process for good. Null off Linux. */
export const startTime = (pid: number | 'self'): string | null => factsOf(pid)?.started ?? null;

/**
 * Where our pids mean something: a container on the same machine counts its own. Two processes of different scopes
 * cannot tell whether the other lives.
 */
export const processScope = (): string => {
  try {
    return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0';
  } catch {
    return '0';
  }
};

/**
 * Whether that very process lives; without a start time, whether any process has that pid. One that ended and was not
 * yet collected by its parent does not live.
 */
export const isAlive = (pid: number, started: string | null): boolean => {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const facts = factsOf(pid);
  if (facts === null) return true;
  return !isEnded(facts) && (started === null || facts.started === started);
};

const isEnded = (facts: ProcessFacts): boolean => facts.state === 'Z' || facts.state === 'X';

/** Sends a signal to a process group; one that is gone is no error. */
export const signalGroup = (pid: number, signal: NodeJS.Signals): boolean => {
  try {
    process.kill(-pid, signal);
    return true;
  } catch {
    return false;
  }
};

/** Sends a signal to one process; one that is gone is no error. */
export const signalProcess = (pid: number, signal: NodeJS.Signals): void => {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended between the look and the signal.
  }
};

/** Processes below one, at least `depth` generations down. Empty off Linux. */
export const descendants = (pid: number, depth: number): readonly number[] => {
  const children = new Map<number, number[]>();
  for (const other of processIds()) {
    const parent = factsOf(other)?.parent;
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), other]);
  }
  const below = (from: number, left: number): readonly number[] =>
    (children.get(from) ?? []).flatMap((child) => [...(left <= 1 ? [child] : []), ...below(child, left - 1)]);
  return below(pid, depth);
};

const processIds = (): readonly number[] =>
  process.platform === 'linux' ? readdirSync('/proc').map(Number).filter(Number.isInteger) : [];

/** Living processes whose environment carries a mark that `matches`. Linux only; elsewhere none are found. */
export const markedProcesses = (matches: (mark: string) => boolean): readonly number[] => {
  return processIds().filter((pid) => pid !== process.pid && marksOf(pid).some(matches));
};

/** A run that forks faster than this many sweeps can follow is beyond what signals can stop. */
const maxSweeps = 20;

/** Kills every marked process, sweeping again until none is left, as they may fork meanwhile. */
export const killMarked = (matches: (mark: string) => boolean): void => {
  for (let sweep = 0; sweep < maxSweeps; sweep++) {
    const pids = markedProcesses(matches).filter((pid) => isAlive(pid, null));
    if (pids.length === 0) return;
    for (const pid of pids) signalProcess(pid, 'SIGKILL');
  }
};

const marksOf = (pid: number): readonly string[] => {
  try {
    const environment = readFileSync(`/proc/${pid}/environ`, 'latin1');
    const start = `\0${environment}`.indexOf(`\0${markName}=`);
    if (start < 0) return [];
    const value = environment.slice(start + markName.length + 1);
    return value.slice(0, value.indexOf('\0') < 0 ? undefined : value.indexOf('\0')).split(',');
  } catch {
    return [];
  }
};
