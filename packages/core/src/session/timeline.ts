import { type Event, isKnown } from '@tandem/protocol';
import type { Segment } from '../keeping.ts';
import type { Logged } from './log.ts';

/** A place to which files can go back: the beginning of a turn. */
export type TurnMark = { readonly turn: string; readonly snapshot: string; readonly at: number };

/** An undo or rewind that can be taken back. */
export type Operation = {
  readonly code: { readonly before: string; readonly after: string } | null;
  /** Where the conversation stood before it; null when it was not moved. */
  readonly seq: number | null;
  /** The turns that stood before it. */
  readonly turns: readonly TurnMark[];
};

/** What can be undone and redone, folded from the log. */
export type Timeline = {
  /** All that was done to files, oldest first, `at` the event of the snapshot before. */
  readonly segments: readonly (Segment & { readonly at: number })[];
  /** Turns whose work on files stands, oldest first. */
  readonly turns: readonly TurnMark[];
  /** The last one first to be taken back. */
  readonly operations: readonly Operation[];
};

type Open = {
  readonly before: string;
  readonly at: number;
  readonly paths: readonly string[] | undefined;
  /** A person's undo, redo or rewind, which belongs to no turn. */
  readonly isMove: boolean;
};
/** The last snapshot before an action, and which turns stood then. */
type Mark = { readonly snapshot: string; readonly at: number; readonly turns: readonly TurnMark[] };
type Fold = Timeline & { readonly open: readonly Open[]; readonly mark: Mark | null };

export const timelineOf = (events: readonly Logged[]): Timeline => {
  let fold: Fold = { segments: [], turns: [], operations: [], open: [], mark: null };
  for (const event of events) if (isKnown(event)) fold = apply(fold, event);
  const { segments, turns, operations, open } = fold;
  const unended = open.filter(({ isMove }) => !isMove).map((one) => segmentOf(one, null));
  return { segments: [...segments, ...unended], turns, operations };
};

/** The segments of one turn, for when it fails and its work is put back. */
export const segmentsOfTurn = (events: readonly Logged[], turn: string): readonly Segment[] =>
  timelineOf(events.filter((event) => event.turn === turn)).segments.map(bare);

/** The segments from an event on. */
export const segmentsSince = (timeline: Timeline, at: number): readonly Segment[] =>
  timeline.segments.filter((segment) => segment.at >= at).map(bare);

const bare = ({ at: _at, ...segment }: Timeline['segments'][number]): Segment => segment;

const apply = (fold: Fold, event: Event): Fold => {
  switch (event.type) {
    case 'turn.admitted':
      // What was taken back cannot come again over newer work.
      return { ...fold, operations: [] };
    case 'snapshot.taken':
      return takeSnapshot(fold, event);
    case 'snapshot.restored': {
      const index = fold.turns.findIndex(({ snapshot }) => snapshot === event.data.snapshot);
      return index < 0 ? fold : { ...fold, turns: fold.turns.slice(0, index) };
    }
    case 'session.rewound':
      return rewind(fold, event);
    default:
      return fold;
  }
};

const takeSnapshot = (fold: Fold, event: Extract<Event, { type: 'snapshot.taken' }>): Fold => {
  const { snapshot, reason, after, paths } = event.data;
  // What was begun and not ended, because a kill fell in between, ends at the next snapshot. A move that was refused
  // or cut short needs no segment: done again, it finds what it had put back.
  const closed = fold.open.flatMap((one) => {
    if (one.before === after) return [segmentOf({ ...one, paths: undefined }, snapshot)];
    return one.isMove ? [] : [segmentOf(one, snapshot)];
  });
  const next: Fold = { ...fold, segments: [...fold.segments, ...closed], open: [] };
  if (after !== undefined) return next;
  if (reason !== 'turn') {
    const mark = { snapshot, at: event.seq, turns: fold.turns };
    return {
      ...next,
      open: [{ before: snapshot, at: event.seq, paths, isMove: event.turn === undefined }],
      mark,
    };
  }
  return { ...next, turns: [...fold.turns, { turn: event.turn ?? '', snapshot, at: event.seq }] };
};

const segmentOf = ({ before, at, paths }: Open, after: string | null): Timeline['segments'][number] => ({
  before,
  after,
  at,
  ...(paths === undefined ? {} : { paths }),
});

const rewind = (fold: Fold, event: Extract<Event, { type: 'session.rewound' }>): Fold => {
  const { kind, code, seq } = event.data;
  const segments = fold.segments.map((segment) =>
    code?.forced === true && segment.before === code.before ? { ...segment, forced: true } : segment,
  );
  if (kind === 'redo') {
    const taken = fold.operations.at(-1);
    // Going back and forth again leaves what was there before, and whose it was.
    const both = new Set([taken?.code?.before, code?.before]);
    return {
      ...fold,
      segments: segments.filter(({ before }) => !both.has(before)),
      turns: taken?.turns ?? fold.turns,
      operations: fold.operations.slice(0, -1),
    };
  }
  const mark = code !== null && fold.mark?.snapshot === code.before ? fold.mark : null;
  const begun = mark?.at ?? event.seq;
  const operation = { code, seq: seq === null ? null : begun - 1, turns: mark?.turns ?? fold.turns };
  return { ...fold, segments, operations: [...fold.operations, operation] };
};
