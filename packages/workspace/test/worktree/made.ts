import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { git, tempDir } from '../support/temp.ts';
import { callsOf } from './calls.ts';

/** In a state folder of their own that goes when the test ends. */
export const worktreesOf = (origin: string, stateDir = tempDir()) => callsOf(origin, stateDir);

/** What git says of a working tree, and of its index entry by entry. */
export const statusOf = (root: string): readonly string[] => [
  git(root, 'status', '--porcelain=v2', '-z', '--untracked-files=all', '--ignored'),
  git(root, 'ls-files', '-s', '-v', '-z'),
];

export const read = (root: string, path: string): string => readFileSync(join(root, path), 'utf8');
