import { deepStrictEqual } from 'node:assert';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WorktreeHold, WorktreeStart } from '@tandem/core';
import { isAppError } from '@tandem/protocol';
import fc from 'fast-check';
import { callsOf } from './calls.ts';
import { bytesBelow, commonOf, refsOf, stateOfWorktree } from './state.ts';
import { type Deed, deed, freshRepository, gitIn, type Place, perform, release } from './work-program.ts';

type Case = {
  readonly start: WorktreeStart['kind'];
  readonly before: readonly Deed[];
  /** Each round: work, discard, restore, compare. */
  readonly rounds: readonly Round[];
  readonly asked: 'directly' | 'through a link' | 'from a worktree' | 'detached';
};
type Round = {
  readonly deeds: readonly Deed[];
  readonly keepOut: number;
  /** When `git gc --prune=now` runs in the origin. */
  readonly sweeping: 'never' | 'before' | 'meanwhile' | 'between';
};

/** Making a repository and a worktree costs as much as a few rounds. */
const roundsEach = 4;

const round: fc.Arbitrary<Round> = fc.record({
  deeds: fc.array(deed, { minLength: 1, maxLength: 7, size: 'max' }),
  keepOut: fc.nat(16),
  sweeping: fc.oneof(
    { arbitrary: fc.constant('never' as const), weight: 12 },
    { arbitrary: fc.constantFrom('before' as const, 'meanwhile' as const, 'between' as const), weight: 1 },
  ),
});

const anyCase: fc.Arbitrary<Case> = fc.record({
  start: fc.constantFrom('head', 'ref', 'mirror', 'mirror'),
  before: fc.array(deed, { maxLength: 4, size: 'max' }),
  rounds: fc.array(round, { minLength: roundsEach, maxLength: roundsEach }),
  asked: fc.constantFrom('directly', 'directly', 'through a link', 'from a worktree', 'detached'),
});

export type Counts = { cases: number; readonly met: Map<string, number> };

/**
 * Generated repositories and work in a worktree of them: what it holds is named before it may go, and what went comes
 * back byte for byte. A case is one state that was discarded and restored. After `seconds` no further repository is begun:
 * `cases` then says how many there were.
 */
export const loseNothing = async (options: {
  readonly cases: number;
  readonly seed?: number;
  readonly seconds?: number;
}): Promise<Counts> => {
  const end = Date.now() + (options.seconds ?? Number.POSITIVE_INFINITY) * 1000;
  const counts: Counts = { cases: 0, met: new Map() };
  const base = realpathSync(
    mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'tandem-lose-')),
  );
  try {
    freshRepository(join(base, 'template'));
    await fc.assert(
      fc.asyncProperty(anyCase, async (given) => {
        // Not fast-check's own limit: that leaves the case it interrupts running in a folder that is being removed.
        if (Date.now() < end) await runCase(base, given, counts);
      }),
      {
        numRuns: Math.ceil(options.cases / roundsEach),
        endOnFailure: process.env.TANDEM_TEST_SHRINK !== '1',
        ...(options.seed === undefined ? {} : { seed: options.seed }),
      },
    );
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
  return counts;
};

const runCase = async (base: string, given: Case, counts: Counts): Promise<void> => {
  const folder = join(base, 'now');
  cpSync(join(base, 'template'), folder, { recursive: true, verbatimSymlinks: true });
  const place = { root: '', admin: '', origin: join(folder, 'work') };
  try {
    const origin = originOf(folder, given, place);
    for (const one of given.before.filter(mayHappenBefore)) perform({ ...place, root: place.origin }, one);
    const calls = callsOf(origin, join(folder, 'state'));
    const start = given.start === 'ref' ? { kind: given.start, ref: 'first' } : { kind: given.start };
    const [first] = given.rounds;
    const make = () => calls.create('one', start);
    const made = await (first?.sweeping === 'meanwhile' ? swept(place, make) : make());
    place.root = made.root;
    place.admin = join(commonOf(place.origin), 'worktrees/one');
    deepStrictEqual((await calls.worktrees.list(origin))[0]?.holds, []);
    const began = plainFiles(made.root);
    const commits = new Set<string>();
    for (const round of given.rounds) {
      await oneRound({ calls, made, place, began, round, counts, commits, now: null });
      counts.cases += 1;
    }
  } finally {
    await release(place);
    rmSync(folder, { recursive: true, force: true });
  }
};

const originOf = (folder: string, given: Case, place: { origin: string }): string => {
  const root = join(folder, 'work');
  if (given.asked === 'detached') gitIn(root, 'checkout', '-q', '--detach');
  if (given.asked === 'from a worktree') {
    gitIn(root, 'worktree', 'add', '-q', '-b', 'other', join(folder, 'other'));
    place.origin = join(folder, 'other');
    return place.origin;
  }
  if (given.asked !== 'through a link') return root;
  symlinkSync(folder, join(folder, 'link'));
  return join(folder, 'link/work');
};

/** What would keep git from making worktrees, or leave a process behind. */
const mayHappenBefore = ({ kind }: Deed): boolean => !/process|indexLock|conflict|removedByHand/.test(kind);

type Going = {
  readonly calls: ReturnType<typeof callsOf>;
  readonly made: Awaited<ReturnType<ReturnType<typeof callsOf>['create']>>;
  readonly place: Place;
  readonly began: ReadonlyMap<string, string>;
  readonly round: Round;
  readonly counts: Counts;
  /** Made in the worktree so far. */
  readonly commits: Set<string>;
  /** After locks and processes were taken away. */
  now: unknown;
};

const oneRound = async (going: Going): Promise<void> => {
  const { calls, made, place, round, counts, commits } = going;
  const meet = (what: string): void => void counts.met.set(what, (counts.met.get(what) ?? 0) + 1);
  for (const one of round.deeds) {
    if (perform(place, one)) meet(`did ${one.kind}`);
    if (/commit|amend|conflict/.test(one.kind))
      commits.add(gitIn(made.root, 'rev-parse', 'HEAD')?.trim() ?? '');
  }
  if (round.sweeping === 'before') sweep(place);
  meet(`swept: ${round.sweeping}`);
  const common = commonOf(place.origin);
  const before = seen(going, common);
  const trash = await leave(going, { common, before, meet });
  deepStrictEqual(
    [existsSync(made.root), refsOf(common).get(`refs/heads/${made.branch}`)],
    [false, undefined],
  );
  if (round.sweeping === 'between') sweep(place);
  await calls.restore(trash);
  deepStrictEqual(seen(going, common), going.now ?? before);
  const whole = ['--objects', '--quiet', '--all', '--reflog', '--indexed-objects'];
  deepStrictEqual(gitIn(made.root, 'rev-list', ...whole), '');
};

/** Refused as long as anything is not named; then it goes. */
const leave = async (
  going: Going,
  {
    common,
    before,
    meet,
  }: { readonly common: string; readonly before: unknown; readonly meet: (what: string) => void },
): Promise<string> => {
  const { place, round } = going;
  going.now = null;
  let asked = await discard(going, []);
  for (const { kind } of asked.holds) meet(`held by ${kind}`);
  if (asked.holds.some(({ kind }) => isFirm(kind))) {
    const despite = await discard(going, everyKind);
    deepStrictEqual(kindsOf(despite.holds), kindsOf(asked.holds).filter(isFirm));
    await release(place);
    going.now = seen(going, common);
    asked = await discard(going, []);
  }
  named(going, asked.holds);
  commitsNamed(going, asked.holds);
  if (asked.trash !== null) {
    meet('held by nothing');
    return asked.trash;
  }
  const kinds = kindsOf(asked.holds);
  const left = kinds[round.keepOut];
  if (left !== undefined) {
    const refused = await discard(
      going,
      kinds.filter((kind) => kind !== left),
    );
    deepStrictEqual([kindsOf(refused.holds), refused.trash], [[left], null]);
    deepStrictEqual(seen(going, common), going.now ?? before);
  }
  const gone = await (round.sweeping === 'meanwhile'
    ? swept(place, () => discard(going, kinds))
    : discard(going, kinds));
  deepStrictEqual(gone.holds, []);
  return gone.trash as string;
};

const everyKind: readonly WorktreeHold['kind'][] = [
  ...(['commits', 'changes', 'untracked', 'ignored', 'submodule', 'missing'] as const),
  ...(['locked', 'process', 'foreign', 'nested'] as const),
];
const isFirm = (kind: WorktreeHold['kind']): boolean => everyKind.indexOf(kind) > 5;
const kindsOf = (holds: readonly WorktreeHold[]): readonly WorktreeHold['kind'][] =>
  holds.map(({ kind }) => kind);

type Asked = { readonly trash: string | null; readonly holds: readonly WorktreeHold[] };

const discard = async ({ calls }: Going, despite: readonly WorktreeHold['kind'][]): Promise<Asked> => {
  try {
    return { trash: (await calls.discard('one', ...despite)).trash, holds: [] };
  } catch (error) {
    if (isAppError(error) && Array.isArray(error.details.holds))
      return { trash: null, holds: error.details.holds as WorktreeHold[] };
    throw error;
  }
};

const swept = async <T>({ origin }: Place, work: () => Promise<T>): Promise<T> => {
  const gc = spawn('git', ['gc', '-q', '--prune=now'], { cwd: origin, stdio: 'ignore' });
  const ended = new Promise((resolve) => gc.once('exit', resolve));
  return await work().finally(() => ended);
};

/** Of what somebody removed there is nothing to come back, but the file by which git finds its own is put there. */
const seen = ({ made }: Going, common: string): unknown => {
  const { files, git } = stateOfWorktree(made, common);
  const all = new Map([...files].filter(([path]) => path !== '' && path !== '.git'));
  return { git, refs: refsOf(common), files: all };
};

/** Every file that is not as it was at first is named, or the checked out commit or the origin has just that. */
const named = ({ made, began, place }: Going, holds: readonly WorktreeHold[]): void => {
  const names = holds.flatMap((hold) => (namesFiles.has(hold.kind) ? hold.names : []));
  const isNamed = (path: string): boolean =>
    names.some((name) => name === path || path.startsWith(name.endsWith('/') ? name : `${name}/`));
  const loose = [...plainFiles(made.root)].filter(
    ([path, text]) => began.get(path) !== text && !isNamed(path),
  );
  if (loose.length === 0) return;
  // Asked of git's own folder: the worktree may have been removed by hand, and written to again.
  const committed = (
    gitIn(place.origin, '--git-dir', place.admin, 'ls-tree', '-r', '-z', 'HEAD') ?? ''
  ).split('\0');
  const ids = new Set(committed.map((entry) => entry.replace(/^\d+ \w+ /, '')));
  const here = plainFiles(place.origin);
  const lost = loose.filter(([path, text]) => !ids.has(`${idOf(text)}\t${path}`) && here.get(path) !== text);
  deepStrictEqual({ lost: lost.map(([path]) => path), holds }, { lost: [], holds });
};

const namesFiles: ReadonlySet<string> = new Set(['changes', 'untracked', 'ignored', 'submodule']);

/** Files and links with what git knows of their modes. */
const plainFiles = (folder: string): ReadonlyMap<string, string> =>
  new Map(
    [...bytesBelow(folder)].flatMap(([path, text]) => {
      if (text.startsWith('folder') || /^(\.git|node_modules)(\/|$)/.test(path)) return [];
      const mode = Number.parseInt(text, 8);
      return [[path, text.replace(/^\d+/, (mode & 0o100) === 0 ? '100644' : '100755')] as const];
    }),
  );

/** Every commit made here that git can still find by itself, and no other ref leads to, is named. */
const commitsNamed = ({ made, place, commits }: Going, holds: readonly WorktreeHold[]): void => {
  const names = holds.flatMap((hold) => (hold.kind === 'commits' ? hold.names : []));
  const all = existsSync(join(place.admin, 'logs/HEAD')) ? [...commits] : ancestors(made.root, commits);
  const lost = all.filter((id) => {
    const refs =
      id === '' ? null : gitIn(place.origin, 'for-each-ref', '--format=%(refname)', '--contains', id);
    const kept = refs?.split('\n').filter((ref) => ref !== '' && ref !== `refs/heads/${made.branch}`);
    return kept?.length === 0 && !names.some((name) => id.startsWith(name.split(' ')[0] as string));
  });
  deepStrictEqual({ lost, holds }, { lost: [], holds });
};

/** Without logs a commit that was reset away is nobody's at once. */
const ancestors = (root: string, commits: ReadonlySet<string>): readonly string[] =>
  (gitIn(root, 'rev-list', 'HEAD') ?? '').split('\n').filter((id) => commits.has(id));

const idOf = (text: string): string => {
  const bytes = Buffer.from(text.slice(text.indexOf(' ') + 1), text.startsWith('link') ? 'utf8' : 'latin1');
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
};

const sweep = ({ origin }: Place): void => {
  gitIn(origin, 'reflog', 'expire', '--expire=now', '--all');
  gitIn(origin, 'gc', '-q', '--prune=now');
};
