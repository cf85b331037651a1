import { readdirSync, readFileSync } from 'node:fs';

const closeOnExec = 0o2000000;

/**
 * Files of ours, from number 3 on, that a child would find open without being given them: those that whoever started
 * us left open. Linux only; elsewhere none are found.
 */
export const inheritedFiles = (): readonly number[] => {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc/self/fdinfo')
    .map(Number)
    .filter((number) => number > 2 && isInherited(number));
};

const isInherited = (number: number): boolean => {
  try {
    const flags = /^flags:\s*([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${number}`, 'latin1'))?.[1];
    return flags !== undefined && (Number.parseInt(flags, 8) & closeOnExec) === 0;
  } catch {
    // It was the listing's own.
    return false;
  }
};
