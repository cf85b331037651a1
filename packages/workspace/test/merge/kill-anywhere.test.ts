import { appendFileSync, existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { git } from '../support/temp.ts';
import {
  endIt,
  expectMine,
  fresh,
  kill,
  killAnywhere,
  type Prepared,
  prepared,
  seen,
  touching,
} from './kill-anywhere.ts';
import { gateOf, run } from './support.ts';

test('killed where files, index and branch change it is ended or taken back, and nothing of the person is lost', async () => {
  const chosen = (steps: readonly string[]): readonly number[] => {
    const { files, branch } = touching(steps);
    return [files - 1, files, files + 3, branch, branch + 1];
  };
  expect(await killAnywhere(chosen)).toBe(5);
}, 120_000);

/** Cut off right before the files change. */
const cutBeforeFiles = (): { place: Prepared; before: unknown; after: unknown } => {
  const place = prepared();
  fresh(place);
  const before = seen(place);
  const steps = kill(place, '0', 'start').stdout.split('\n');
  const after = seen(place);
  fresh(place);
  const cut = touching(steps).files;
  expect(kill(place, String(cut), 'start').signal).toBe('SIGKILL');
  return { place, before, after };
};

/** What git leaves when it is killed itself: some files done, one torn, the index as it was. */
const tear = ({ root }: Prepared): void => {
  writeFileSync(join(root, 'a.txt'), git(root, 'show', 'topic:a.txt'));
  const big = git(root, 'show', 'topic:big.txt');
  writeFileSync(join(root, 'big.txt'), big);
  truncateSync(join(root, 'big.txt'), Math.floor(big.length / 2));
};

test('when git itself was killed among the files, they are brought to either end', async () => {
  const { place, after } = cutBeforeFiles();
  tear(place);
  expect(await endIt(place)).toMatchObject({ status: 'merged' });
  expect(seen(place)).toEqual(after);
  const second = cutBeforeFiles();
  tear(second.place);
  expect(await gateOf(second.place.root, second.place.state).gate.abandon()).toMatchObject({
    status: 'abandoned',
  });
  expect(seen(second.place)).toEqual(second.before);
});

test('what a person changed after the kill is not touched, and named', async () => {
  const { place } = cutBeforeFiles();
  appendFileSync(join(place.root, 'big.txt'), 'my own line\n');
  const text = readFileSync(join(place.root, 'big.txt'), 'utf8');
  const { gate } = gateOf(place.root, place.state);
  await expect(gate.resume(run())).rejects.toThrow('big.txt');
  expect(readFileSync(join(place.root, 'big.txt'), 'utf8')).toBe(text);
  expectMine(place, 'after');
  git(place.root, 'checkout', '-q', 'big.txt');
  expect(await gate.resume(run())).toMatchObject({ status: 'merged' });
});

test('a merge that the person began after the kill is not disturbed', async () => {
  const { place } = cutBeforeFiles();
  const other = git(place.root, 'rev-parse', 'topic^');
  writeFileSync(join(place.root, '.git/MERGE_HEAD'), other);
  const { gate } = gateOf(place.root, place.state);
  await expect(gate.resume(run())).rejects.toThrow('A merge is going on here');
  await expect(gate.abandon()).rejects.toThrow('A merge is going on here');
  expect(readFileSync(join(place.root, '.git/MERGE_HEAD'), 'utf8')).toBe(other);
});

test('a lock that a killed git left is named and left alone', async () => {
  const { place } = cutBeforeFiles();
  const lock = join(place.root, '.git/index.lock');
  writeFileSync(lock, '');
  const { gate } = gateOf(place.root, place.state);
  await expect(gate.resume(run())).rejects.toThrow(`${lock} is there`);
  expect(existsSync(lock)).toBe(true);
});

test('until the branch has moved, git alone can end the merge too', async () => {
  const place = prepared();
  fresh(place);
  const steps = kill(place, '0', 'start').stdout.split('\n');
  fresh(place);
  const cut = touching(steps).branch;
  expect(kill(place, String(cut), 'start').signal).toBe('SIGKILL');
  expect(git(place.root, 'status')).toContain('still merging');
  git(place.root, 'reset', '-q', 'mine.txt');
  git(place.root, 'commit', '-q', '--no-edit');
  expect(git(place.root, 'log', '-1', '--format=%B%P')).toMatch(
    /Merged-Hunk: a.txt:1 person\(theirs\)[\s\S]*\w{40} \w{40}\n$/,
  );
  const { gate } = gateOf(place.root, place.state);
  await expect(gate.start('topic', run())).rejects.toThrow('was cut off');
  await expect(gate.resume(run())).rejects.toThrow('somebody went on here');
  const now = seen(place);
  expect(await gate.abandon()).toMatchObject({ status: 'abandoned' });
  expect(seen(place)).toEqual(now);
});
