import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sequentialIds } from '@tandem/core/testing';
import { droppedLines, type Merged, type MergeInput, readMarked } from '@tandem/merge';
import type { MergeRun, Person } from '../../src/merge/conclude.ts';
import { createMergeGate, type MergeGate } from '../../src/merge/gate.ts';
import { openWorkspace } from '../../src/open-workspace.ts';
import { git, gitRepository, never, put, tempDir } from '../support/temp.ts';

/** What git's own text merge makes of three texts: no rule of ours settles anything. */
export const mergeByLines = async (input: MergeInput): Promise<Merged> => {
  const folder = tempDir();
  const names = ['ours', 'base', 'theirs'] as const;
  for (const name of names) writeFileSync(join(folder, name), input[name]);
  const { ours, base, theirs } = input.labels ?? { ours: 'ours', base: 'base', theirs: 'theirs' };
  const size = input.markerSize ?? 7;
  const { stdout } = spawnSync(
    'git',
    [
      ...['merge-file', '-p', '--diff3', `--marker-size=${size}`, '-L', ours, '-L', base, '-L', theirs],
      ...names,
    ],
    { cwd: folder, encoding: 'utf8' },
  );
  const open = (readMarked(stdout, size) ?? []).flatMap((piece) =>
    piece.type === 'open' ? [piece.hunk] : [],
  );
  return { text: stdout, open, settled: [], dropped: droppedLines(input, stdout) };
};

export type Place = { readonly root: string; readonly state: string; readonly gate: MergeGate };

export const gateOf = (root: string, state = tempDir()): Place => ({
  root,
  state,
  gate: createMergeGate({
    folder: root,
    stateDir: state,
    ids: sequentialIds(),
    now: () => '2030-01-01T00:00:00.000Z',
    workspace: (top) => openWorkspace(top, { stateDir: state }),
    mergeTexts: mergeByLines,
    syntaxError: async (_path, text) =>
      text.includes('does not parse') ? { line: 1, message: 'unexpected text' } : null,
  }),
});

export const run = (more: Partial<MergeRun> = {}): MergeRun => ({ signal: never(), ...more });

/** Answers every open hunk with one side, and every other conflict with the same. */
export const always =
  (side: 'ours' | 'theirs'): Person =>
  async ({ open, openPaths }) => {
    const counts = new Map<string, number>();
    return {
      hunks: open.map(({ path, hunk }) => {
        const index = counts.get(path) ?? 0;
        counts.set(path, index + 1);
        return { path, index, text: hunk[side] };
      }),
      choices: Object.fromEntries(openPaths.map(({ paths }) => [paths[0], side])),
    };
  };

export type Files = Readonly<Record<string, string | null>>;

/** A repository on `main` whose `topic` has another change: files by side; null is none. */
export const forked = (base: Files, ours: Files, theirs: Files): string => {
  const root = gitRepository(present(base));
  git(root, 'config', 'user.name', 'Ada');
  git(root, 'config', 'user.email', 'ada@example.org');
  git(root, 'checkout', '-q', '-b', 'topic');
  commitAll(root, theirs, 'their work');
  git(root, 'checkout', '-q', 'main');
  commitAll(root, ours, 'our work');
  return root;
};

const present = (files: Files): Record<string, string> =>
  Object.fromEntries(Object.entries(files).flatMap(([path, text]) => (text === null ? [] : [[path, text]])));

export const commitAll = (root: string, files: Files, message: string): void => {
  for (const [path, text] of Object.entries(files)) if (text === null) git(root, 'rm', '-qr', '--', path);
  put(root, present(files));
  git(root, 'add', '-A');
  git(root, 'commit', '-q', '--allow-empty', '-m', message);
};

export const lines = (count: number, change: Readonly<Record<number, string>> = {}): string =>
  Array.from({ length: count }, (_, index) => `${change[index + 1] ?? `line ${index + 1}`}\n`).join('');
