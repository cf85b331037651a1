import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isAppError } from '@tandem/protocol';
import { expect } from 'vitest';
import type { MergeReport } from '../../src/merge/conflict.ts';
import { git, put, tempDir } from '../support/temp.ts';
import { forked, gateOf, lines, run } from './support.ts';

const script = join(import.meta.dirname, 'killed-merge.mjs');

/** A merge that changes, makes, deletes and moves files beside work that is not committed, with rerere. */
export const prepared = (): { readonly base: string; readonly root: string; readonly state: string } => {
  const base = tempDir();
  const made = forked(
    {
      'a.txt': lines(9),
      'gone.txt': 'g\n',
      'mine.txt': '1\n',
      'old/name.txt': lines(30),
      'big.txt': lines(2000),
    },
    { 'a.txt': lines(9, { 5: 'o' }) },
    {
      'a.txt': lines(9, { 5: 't' }),
      'gone.txt': null,
      'new/deep/file.txt': 'n\n',
      'old/name.txt': null,
      'moved/name.txt': lines(30),
      'big.txt': lines(2000, { 1: 'first', 2000: 'last' }),
    },
  );
  cpSync(made, join(base, 'pristine/work'), { recursive: true });
  const root = join(base, 'now/work');
  const pristine = join(base, 'pristine/work');
  git(pristine, 'config', 'rerere.enabled', 'true');
  put(pristine, { 'mine.txt': 'staged\n' });
  git(pristine, 'add', 'mine.txt');
  put(pristine, { 'mine.txt': 'mine\r\n\0bytes', 'untracked.txt': 'untracked\n' });
  return { base, root, state: join(base, 'now/state') };
};

export type Prepared = ReturnType<typeof prepared>;

export const fresh = ({ base }: Prepared): void => {
  rmSync(join(base, 'now'), { recursive: true, force: true });
  cpSync(join(base, 'pristine'), join(base, 'now'), { recursive: true });
  git(join(base, 'now/work'), 'update-index', '-q', '--refresh');
};

export const kill = ({ root, state }: Prepared, ...words: readonly string[]) =>
  spawnSync(process.execPath, ['--no-warnings', script, root, state, ...words], { encoding: 'utf8' });

/** All that a person sees: files, index, branches, and what git says is going on. */
export const seen = ({ root }: Prepared): unknown => ({
  files: Object.fromEntries(
    (readdirSync(root, { recursive: true, withFileTypes: true }) as import('node:fs').Dirent[])
      .filter((entry) => entry.isFile() && !entry.parentPath.includes('/.git'))
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((file) => !file.includes('/.git/'))
      .sort()
      .map((file) => [file.slice(root.length + 1), hashOf(file)]),
  ),
  index: git(root, 'ls-files', '-s'),
  tree: git(root, 'rev-parse', 'HEAD^{tree}'),
  parents: git(root, 'log', '-1', '--format=%P'),
  going: ['MERGE_HEAD', 'MERGE_MSG', 'MERGE_MODE', 'index.lock'].filter((name) =>
    existsSync(join(root, '.git', name)),
  ),
});

const hashOf = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');

/** What a person did not commit is there whatever happened. */
export const expectMine = ({ root }: Prepared, at: string): void => {
  expect(readFileSync(join(root, 'mine.txt'), 'latin1'), at).toBe('mine\r\n\0bytes');
  expect(git(root, 'show', ':mine.txt'), at).toBe('staged\n');
  expect(readFileSync(join(root, 'untracked.txt'), 'utf8'), at).toBe('untracked\n');
};

/** Reopens: the merge that is open or cut off says so by name and is ended; where there is none it begins again. */
export const endIt = async (place: Prepared): Promise<MergeReport> => {
  const { gate } = gateOf(place.root, place.state);
  const choices = { 'a.txt': 'theirs' } as const;
  try {
    return await gate.start('topic', run({ choices }));
  } catch (error) {
    if (!isAppError(error) || !error.message.startsWith('A merge of topic into main from 2030-')) throw error;
    return await gate.resume(run({ choices: error.message.includes('is open') ? choices : {} }));
  }
};

/** The step (from 1) that changes the person's files, and the one after it that moves the branch. */
export const touching = (steps: readonly string[]): { readonly files: number; readonly branch: number } => {
  const branch = steps.indexOf('git update-ref') + 1;
  return { files: steps.slice(0, branch).lastIndexOf('git read-tree') + 1, branch };
};

/** Kills at the chosen steps; each time both ways out are taken. Returns how many. */
export const killAnywhere = async (
  choose: (steps: readonly string[]) => readonly number[],
): Promise<number> => {
  const place = prepared();
  fresh(place);
  const before = seen(place);
  const steps = kill(place, '0', 'start').stdout.split('\n');
  const after = seen(place);
  expect(steps.length).toBeGreaterThan(60);
  const chosen = choose(steps);
  for (const last of chosen) {
    const at = `step ${last}: ${steps[last - 1]}`;
    fresh(place);
    expect(kill(place, String(last), 'start').signal, at).toBe('SIGKILL');
    expectMine(place, at);
    cpSync(join(place.base, 'now'), join(place.base, 'cut'), { recursive: true });
    expect((await endIt(place)).status, at).toMatch(/^(merged|up_to_date)$/);
    expect(seen(place), at).toEqual(after);
    rmSync(join(place.base, 'now'), { recursive: true });
    cpSync(join(place.base, 'cut'), join(place.base, 'now'), { recursive: true });
    rmSync(join(place.base, 'cut'), { recursive: true });
    const abandoned = await gateOf(place.root, place.state)
      .gate.abandon()
      .catch((error: unknown) => {
        expect(String(error), at).toContain('No merge of tandem is open here');
        return null;
      });
    if (abandoned !== null) expect(seen(place), at).toEqual(before);
    else expect([before, after], at).toContainEqual(seen(place));
  }
  return chosen.length;
};
