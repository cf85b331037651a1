import { isAlive, processScope, startTime } from './processes.ts';

/** `pid-start-scope`: put in front of the name of what this process must clean away, so that others can if it dies. */
export const ownerName = (): string => `${process.pid}-${startTime('self') ?? '0'}-${processScope()}`;

/** What is known of the owner in such a name. `unknown`: another container's, or no such name at all. */
export const ownerState = (name: string): 'alive' | 'dead' | 'unknown' => {
  const match = /^(\d+)-(\d+)-(\d+)-/.exec(name);
  if (match === null || match[3] !== processScope()) return 'unknown';
  return isAlive(Number(match[1]), match[2] === '0' ? null : (match[2] ?? null)) ? 'alive' : 'dead';
};
