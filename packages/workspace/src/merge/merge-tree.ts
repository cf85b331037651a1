import { AppError } from '@tandem/protocol';
import type { Choice, PathConflict, Point, TextConflict } from './conflict.ts';
import { type Git, namesIn, said } from './git.ts';

/** What git makes of two commits. In `tree` the conflicted files hold markers. */
export type MergedTree = {
  readonly tree: string;
  readonly texts: readonly TextConflict[];
  readonly paths: readonly PathConflict[];
};

type Entry = { readonly mode: string; readonly id: string; readonly stage: number; readonly path: string };
type Message = { readonly paths: readonly string[]; readonly type: string; readonly text: string };

/**
 * Our own merge driver would answer in git's place, and nobody would learn which hunk it settled. Here git merges as it
 * does without one.
 */
const withoutOwnDriver = [
  '-c',
  'merge.tandem.driver=git merge-file -q --marker-size=%L %A %O %B',
  '-c',
  'merge.conflictStyle=merge',
];

/** Touches no file, index or ref. @throws AppError configuration for an old git; usage for unrelated histories */
export const mergeTree = async (git: Git, ours: Point, theirs: Point): Promise<MergedTree> => {
  const words = ['merge-tree', '--write-tree', '-z', '--messages', ours.name, theirs.name];
  const outcome = await git.ask([...withoutOwnDriver, ...words]);
  if (outcome.exit !== 0 && outcome.exit !== 1) throw refusal(outcome, theirs);
  for (const { name, commit } of [ours, theirs]) {
    const now = (await git.get(['rev-parse', '--verify', '--end-of-options', `${name}^{commit}`])).trim();
    if (now !== commit) throw new AppError('conflict', `${name} moved meanwhile; run tandem merge again.`);
  }
  const { tree, entries, messages } = readAnswer(outcome.stdout);
  if (outcome.exit === 0) return { tree, texts: [], paths: [] };
  const groups = groupPaths(entries, messages);
  const drivers = await driversOf(git, entries);
  const texts: TextConflict[] = [];
  const paths: PathConflict[] = [];
  for (const group of groups) {
    const text = textConflict(group, drivers);
    if (text === null) paths.push(pathConflict(group, { ours, theirs, drivers }));
    else texts.push(text);
  }
  return { tree, texts, paths };
};

const refusal = (outcome: Parameters<typeof said>[0], theirs: Point): AppError => {
  if (outcome.stderr.includes('unrelated histories'))
    return new AppError(
      'usage',
      `${theirs.name} has no commit in common with this branch; if that is meant: git merge --allow-unrelated-histories`,
    );
  if (outcome.exit === 129 || /usage: git merge-tree/.test(outcome.stderr))
    return new AppError(
      'configuration',
      'tandem merge needs git 2.38 or later (git --version). With an older one, tandem merge --install-driver makes git merge use the same rules.',
    );
  return new AppError('conflict', `git merge-tree: ${said(outcome)}`);
};

const readAnswer = (
  bytes: Buffer,
): { readonly tree: string; readonly entries: readonly Entry[]; readonly messages: readonly Message[] } => {
  const [tree = '', ...fields] = namesIn(bytes);
  const end = fields.indexOf('');
  const entries = (end === -1 ? fields : fields.slice(0, end)).map((field): Entry => {
    const [, mode = '', id = '', stage = '', path = ''] =
      /^(\d+) ([0-9a-f]+) ([123])\t([\s\S]+)$/.exec(field) ?? [];
    return { mode, id, stage: Number(stage), path };
  });
  const messages: Message[] = [];
  for (let at = end === -1 ? fields.length : end + 1; at < fields.length; ) {
    const count = Number(fields[at]);
    const [type = '', text = ''] = fields.slice(at + 1 + count, at + 3 + count);
    messages.push({ paths: fields.slice(at + 1, at + 1 + count), type, text: text.trim() });
    at += 3 + count;
  }
  return { tree, entries, messages: messages.filter(({ type }) => type.startsWith('CONFLICT')) };
};

type Group = {
  readonly paths: readonly string[];
  readonly entries: readonly Entry[];
  readonly messages: readonly Message[];
};

/** Paths that one message names belong together: a rename has two or three of them. */
const groupPaths = (entries: readonly Entry[], messages: readonly Message[]): readonly Group[] => {
  const leader = new Map<string, string>();
  const find = (path: string): string => {
    const up = leader.get(path);
    return up === undefined || up === path ? path : find(up);
  };
  for (const { path } of entries) leader.set(path, find(path));
  for (const { paths } of messages) for (const path of paths) leader.set(find(path), find(paths[0] ?? path));
  const groups = Map.groupBy(new Set([...leader.keys(), ...entries.map(({ path }) => path)]), find);
  return [...groups.values()].map((paths) => ({
    paths,
    entries: entries.filter(({ path }) => paths.includes(path)),
    messages: messages.filter((message) => message.paths.some((path) => paths.includes(path))),
  }));
};

/** Files whose attributes give them a merge driver of their own: what it could not do is not ours to do. */
const driversOf = async (git: Git, entries: readonly Entry[]): Promise<ReadonlyMap<string, string>> => {
  const input = [...new Set(entries.map(({ path }) => path))].map((path) => `${path}\0`).join('');
  const fields = await git.names(['check-attr', '-z', '--stdin', 'merge'], { input });
  const found = new Map<string, string>();
  for (let at = 0; at + 2 < fields.length; at += 3) {
    const value = fields[at + 2] ?? '';
    if (!['unspecified', 'set', 'text', 'tandem'].includes(value)) found.set(fields[at] ?? '', value);
  }
  return found;
};

const isRegular = ({ mode }: Entry): boolean => mode === '100644' || mode === '100755';

/** Null where something other than text is in conflict. */
const textConflict = (group: Group, drivers: ReadonlyMap<string, string>): TextConflict | null => {
  const [path = '', ...more] = group.paths;
  const [base, ours, theirs] = [1, 2, 3].map((stage) => group.entries.find((entry) => entry.stage === stage));
  if (more.length > 0 || ours === undefined || theirs === undefined || drivers.has(path)) return null;
  if (!group.entries.every(isRegular) || group.messages.some(({ type }) => !type.includes('contents')))
    return null;
  if (base === undefined && ours.mode !== theirs.mode) return null;
  const mode = ours.mode === base?.mode ? theirs.mode : ours.mode;
  const kind = base === undefined ? 'add/add' : 'content';
  return { path, kind, mode, base: base?.id ?? null, ours: ours.id, theirs: theirs.id };
};

const pathConflict = (
  { paths, entries, messages }: Group,
  sides: { readonly ours: Point; readonly theirs: Point; readonly drivers: ReadonlyMap<string, string> },
): PathConflict => {
  const [path = ''] = paths;
  const driver = sides.drivers.get(path);
  const named = messages.map(({ type }) => /^CONFLICT \((.+)\)$/.exec(type)?.[1] ?? 'other');
  const kind =
    named.find((type) => type !== 'contents') ?? (driver === undefined ? 'add/add' : `merge=${driver}`);
  const has = (stage: number): readonly string[] =>
    entries.filter((entry) => entry.stage === stage).map((entry) => entry.path);
  const deletes = kind.endsWith('/delete');
  const side = (choice: 'ours' | 'theirs', stage: number): PathConflict['choices'] => {
    if (kind === 'file/directory' || kind.startsWith('directory rename')) return [];
    if (has(stage).length === 0 && !deletes) return [];
    const meaning = has(stage).length === 0 ? 'deleted' : `as in ${sides[choice].name}`;
    return [{ choice, meaning }];
  };
  const isLaidOut = /rename\/rename|collision|file\/directory|distinct|directory rename|location/.test(kind);
  // Where the text is in conflict as well, what git laid out holds markers.
  const laidOut =
    isLaidOut && !named.includes('contents')
      ? [{ choice: 'both' as Choice, meaning: `as git lays them out: ${entriesLeft(entries)}` }]
      : [];
  return {
    kind,
    paths,
    said: messages.map(({ text }) => text),
    choices: [...side('ours', 2), ...side('theirs', 3), ...laidOut],
  };
};

const entriesLeft = (entries: readonly Entry[]): string =>
  [...new Set(entries.filter(({ stage }) => stage > 1).map(({ path }) => path))].join(', ');
