import { type Actor, AppError, isKnown, type RewindScope } from '@tandem/protocol';
import type { EnginePorts, Moved } from '../engine.ts';
import type { Logged } from './log.ts';
import type { Session } from './session.ts';
import { standing } from './standing.ts';
import { segmentsSince, timelineOf } from './timeline.ts';
import { inSession, makeMove } from './undo.ts';

type Point = {
  readonly snapshot: string | null;
  /** Of the snapshot: files go back over what was done from here on. */
  readonly at: number;
  /** The conversation stands where it stood after this event. */
  readonly seq: number;
};

/** Files, conversation or both as at the beginning of a turn, or files as in a snapshot. */
export const rewind = (
  session: Session,
  input: { readonly to: string; readonly scope: RewindScope; readonly force: boolean; readonly actor: Actor },
  ports: EnginePorts,
): Promise<Moved> =>
  inSession(session, async () => {
    const { events } = session.log;
    const { snapshot, at, seq } = pointOf(events, input.to);
    if (input.scope !== 'conversation' && snapshot === null)
      throw new AppError(
        'conflict',
        `${input.to} kept no files; add --conversation to go back in words alone`,
      );
    const segments = segmentsSince(timelineOf(events), at);
    const code = input.scope === 'conversation' || snapshot === null ? null : { segments, target: snapshot };
    return makeMove(
      session,
      { kind: 'rewind', code, seq: input.scope === 'code' ? null : seq },
      input,
      ports,
    );
  });

/** @throws AppError not_found | usage */
const pointOf = (events: readonly Logged[], to: string): Point => {
  const points = new Map([...turnPoints(events), ...snapshotPoints(events)]);
  const numbered = /^[1-9]\d{0,5}$/.test(to) ? [...turnPoints(events).values()][Number(to) - 1] : undefined;
  const exact = points.get(to) ?? numbered;
  if (exact !== undefined) return exact;
  const matches = [...points].filter(([id]) => to.includes('_') && id.startsWith(to));
  if (matches.length > 1) throw new AppError('usage', `${to} begins ${matches.length} ids; type more of it`);
  if (matches[0] !== undefined) return matches[0][1];
  throw new AppError(
    'not_found',
    `there is no turn and no snapshot ${to} in this session; see tandem export`,
  );
};

/** Turns that stand, in their order. */
const turnPoints = (events: readonly Logged[]): ReadonlyMap<string, Point> => {
  const points = new Map<string, Point>();
  for (const event of standing(events)) {
    if (!isKnown(event) || event.turn === undefined) continue;
    const known = points.get(event.turn);
    if (event.type === 'turn.admitted' && known === undefined)
      points.set(event.turn, { snapshot: null, at: event.seq, seq: event.seq - 1 });
    if (event.type === 'snapshot.taken' && event.data.reason === 'turn' && known !== undefined)
      points.set(event.turn, { ...known, snapshot: event.data.snapshot, at: event.seq });
  }
  return points;
};

/** Every snapshot; the conversation goes back to the beginning of the turn it was taken in. */
const snapshotPoints = (events: readonly Logged[]): ReadonlyMap<string, Point> => {
  const points = new Map<string, Point>();
  const begins = new Map<string, number>();
  for (const event of events) {
    if (!isKnown(event)) continue;
    if (event.type === 'turn.admitted' && event.turn !== undefined && !begins.has(event.turn))
      begins.set(event.turn, event.seq - 1);
    if (event.type !== 'snapshot.taken') continue;
    const { snapshot } = event.data;
    points.set(snapshot, { snapshot, at: event.seq, seq: begins.get(event.turn ?? '') ?? event.seq });
  }
  return points;
};
