import { type EventOf, isAppError, isKnown, type Overlap } from '@tandem/protocol';
import type { EnginePorts } from '../engine.ts';
import type { SessionSummary } from '../ports.ts';
import type { Logged } from '../session/log.ts';
import { openTurn, settingsOf } from '../turn/state.ts';
import type { Work } from '../turn/work.ts';
import { overlaps, type SessionChanges } from './overlap.ts';
import { changedLines, type Span } from './spans.ts';

/** A session whose turn runs now, in this process or another. */
export type LiveSession = {
  readonly session: string;
  readonly title: string;
  readonly cwd: string;
  /** Attempts at one goal are rivals, and never in each other's way: only one of them lands. */
  readonly group: string;
  readonly changes: SessionChanges;
};

type Ports = Pick<EnginePorts, 'store' | 'workspace' | 'code' | 'repository' | 'clock'>;

/** Sessions that run, looked at newest first. */
const maxSessions = 32;
/** Changed files of which symbols are asked for. */
const maxFiles = 50;
/** Looking at others takes a look at their files: not more often. */
const leastMs = 5_000;

/** The sessions that run now on the repository of a directory, with what each has changed so far. */
export const liveSessions = async (ports: Ports, cwd: string): Promise<readonly LiveSession[]> => {
  const here = (await ports.repository?.(cwd)) ?? null;
  if (here === null) return [];
  const found: { readonly summary: SessionSummary; readonly prefix: string }[] = [];
  for (const summary of await ports.store.list()) {
    if (found.length >= maxSessions || !(await ports.store.held(summary.id))) continue;
    const place = (await ports.repository?.(summary.cwd)) ?? null;
    if (place?.id === here.id) found.push({ summary, prefix: place.prefix });
  }
  const live: LiveSession[] = [];
  for (const { summary, prefix } of found) {
    const alone = found.filter((other) => other.summary.cwd === summary.cwd).length === 1;
    const changes = await changesOf(ports, { summary, prefix, alone });
    const { id: session, title, cwd: where, parent } = summary;
    if (changes !== null) live.push({ session, title, cwd: where, group: parent ?? session, changes });
  }
  return live;
};

const changesOf = async (
  ports: Ports,
  input: { readonly summary: SessionSummary; readonly prefix: string; readonly alone: boolean },
): Promise<SessionChanges | null> => {
  const { summary, prefix, alone } = input;
  const events = await ports.store.read(summary.id);
  const turn = openTurn(events);
  // Who has attempts made changes nothing itself, and what a person does meanwhile is not its doing.
  if (turn === null || turn.options.isolated !== undefined) return null;
  const workspace = await ports.workspace(settingsOf(events).cwd);
  // Who works alone in a folder has changed all that changed there; otherwise only the edits are known to be its own.
  const diff =
    alone && turn.snapshot !== null
      ? (await workspace.diffSince(turn.snapshot)).diff
      : editsOf(events, turn.id).join('\n');
  const files: { path: string; spans: readonly Span[]; symbols: readonly string[] }[] = [];
  for (const [path, { old, fresh }] of [...changedLines(diff)].slice(0, maxFiles)) {
    const text = (await workspace.read(path).catch(nothing))?.text ?? '';
    const all = text === '' ? [] : await ports.code.symbols(path, text);
    const symbols = all.filter(({ startLine, endLine }) =>
      fresh.some(({ from, to }) => from <= endLine && Math.max(from, to) >= startLine),
    );
    files.push({
      path: prefix === '' ? path : `${prefix}/${path}`,
      spans: old,
      symbols: symbols.map(nameOf),
    });
  }
  const since = events.find((event) => event.turn === turn.id)?.at ?? summary.createdAt;
  return { session: summary.id, since, files };
};

const nameOf = ({ qualified }: { readonly qualified: string }): string => qualified;

/** A file that is no text, or is gone, has no symbols. */
const nothing = (error: unknown): null => {
  if (isAppError(error)) return null;
  throw error;
};

const editsOf = (events: readonly Logged[], turn: string): readonly string[] =>
  events.flatMap((event) =>
    event.turn === turn &&
    isKnown(event) &&
    event.type === 'item.completed' &&
    event.data.item.type === 'file_change'
      ? [event.data.item.diff]
      : [],
  );

/** Looks, after a step that may have changed files, whether another live session changes the same. */
export const createNotice = (ports: Ports): ((work: Work) => Promise<void>) => {
  const looked = new Map<string, number>();
  return async (work) => {
    const { session } = work.log;
    const now = ports.clock.ms();
    if (ports.repository === undefined || !work.now().touched) return;
    if (now - (looked.get(session) ?? Number.NEGATIVE_INFINITY) < leastMs) return;
    looked.set(session, now);
    try {
      await notice(ports, work);
    } catch (error) {
      // Others may end, or be thrown away, while they are looked at; that is no trouble of this turn.
      if (!isAppError(error)) throw error;
    }
  };
};

const notice = async (ports: Ports, work: Work): Promise<void> => {
  const live = await liveSessions(ports, work.settings.cwd);
  const own = live.find(({ session }) => session === work.log.session);
  if (own === undefined) return;
  for (const other of live.filter(({ group }) => group !== own.group)) {
    const [found] = overlaps([own.changes, other.changes]);
    if (found === undefined || !isNews(work.log.events, other.session, found.overlaps)) continue;
    const first = found.later !== own.session;
    const { session, title, cwd } = other;
    await work.record({
      type: 'overlap.noticed',
      data: {
        with: { session, title, cwd },
        overlaps: [...found.overlaps],
        advice: first ? 'go on' : found.advice,
        why: first ? 'this session began first' : found.why,
      },
    });
  }
};

const isNews = (events: readonly Logged[], other: string, found: readonly Overlap[]): boolean => {
  const known = events.flatMap((event) =>
    isKnown(event) && event.type === 'overlap.noticed' && event.data.with.session === other
      ? event.data.overlaps.map(keyOf)
      : [],
  );
  return found.some((one) => !known.includes(keyOf(one)));
};

/** What makes an overlap another one: lines move as one types. */
const keyOf = ({ path, level, symbols }: Overlap): string => [path, level, ...symbols].join('\n');

/** What `overlap.noticed` would say, for those who only look. */
export const overlapsAmong = (live: readonly LiveSession[]): readonly LiveOverlap[] =>
  overlaps(live.map(({ changes }) => changes)).flatMap((found) => {
    const [earlier, later] = [found.earlier, found.later].map((id) => live.find((one) => one.session === id));
    if (earlier === undefined || later === undefined || earlier.group === later.group) return [];
    const { session, title, cwd } = earlier;
    const { overlaps: shared, advice, why } = found;
    return [{ session: later.session, with: { session, title, cwd }, overlaps: [...shared], advice, why }];
  });

/** Of the later session: with whom, where, and what to do. */
export type LiveOverlap = { readonly session: string } & EventOf<'overlap.noticed'>['data'];
