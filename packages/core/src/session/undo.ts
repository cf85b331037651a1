import { type Actor, AppError } from '@tandem/protocol';
import type { EnginePorts, Moved } from '../engine.ts';
import type { Restored, Segment } from '../keeping.ts';
import { openTurn, settingsOf } from '../turn/state.ts';
import type { Draft } from './log.ts';
import type { Session } from './session.ts';
import { segmentsSince, type Timeline, timelineOf } from './timeline.ts';

/** A move, decided on the log as it is. */
export type Move = {
  readonly kind: 'undo' | 'redo' | 'rewind';
  /** Files: back over these segments. Null leaves files alone. */
  readonly code: { readonly segments: readonly Segment[]; readonly target: string } | null;
  /** Where the conversation is to stand; null leaves it. */
  readonly seq: number | null;
};

type Given = { readonly force: boolean; readonly actor: Actor };

/** Files as before the last turns; turns whose files were put back already do not count. */
export const undo = (
  session: Session,
  input: Given & { readonly turns: number },
  ports: EnginePorts,
): Promise<Moved> =>
  inSession(session, async () => {
    const timeline = timelineOf(session.log.events);
    const target = timeline.turns.at(-input.turns);
    if (target === undefined)
      throw new AppError('conflict', tooMany(timeline.turns.length, 'turn', 'undone'));
    const segments = segmentsSince(timeline, target.at);
    return makeMove(
      session,
      { kind: 'undo', code: { segments, target: target.snapshot }, seq: null },
      input,
      ports,
    );
  });

/** Takes back the last undos and rewinds, as long as no turn came after them. */
export const redo = (
  session: Session,
  input: Given & { readonly times: number },
  ports: EnginePorts,
): Promise<Moved> =>
  inSession(session, async () => {
    const { length } = timelineOf(session.log.events).operations;
    if (length < input.times) throw new AppError('conflict', tooMany(length, 'undo', 'taken back'));
    const files = new Set<string>();
    const refs = new Set<string>();
    for (let time = 0; time < input.times; time += 1) {
      const moved = await makeMove(session, redoMove(timelineOf(session.log.events)), input, ports);
      for (const file of moved.files) files.add(file);
      for (const ref of moved.refs) refs.add(ref);
    }
    return { files: [...files].sort(), refs: [...refs].sort() };
  });

const redoMove = ({ operations }: Timeline): Move => {
  const operation = operations.at(-1);
  if (operation === undefined) throw new AppError('conflict', tooMany(0, 'undo', 'taken back'));
  const { code, seq } = operation;
  return {
    kind: 'redo',
    code:
      code === null ? null : { segments: [{ before: code.before, after: code.after }], target: code.before },
    seq,
  };
};

/** Does something to a session that no turn is running in. */
export const inSession = async <T>(session: Session, work: () => Promise<T>): Promise<T> => {
  await session.log.hold();
  try {
    if (openTurn(session.log.events) !== null)
      throw new AppError('conflict', 'a turn is running; interrupt it, then go back');
    return await work();
  } finally {
    await session.log.release();
  }
};

/**
 * Files first, and what was there before is kept in a snapshot that the log names before anything changes; then the
 * conversation. After a kill in between, the same move again completes it.
 */
export const makeMove = async (
  session: Session,
  move: Move,
  given: Given,
  ports: EnginePorts,
): Promise<Moved> => {
  const { kind, code, seq } = move;
  const { log } = session;
  if (code === null) {
    await log.append([{ type: 'session.rewound', data: { kind, seq, code: null } }], given.actor);
    return { files: [], refs: [] };
  }
  const workspace = await ports.workspace(settingsOf(log.events).cwd);
  const take = async (): Promise<string> => {
    const id = ports.ids.next('snp');
    await workspace.snapshot(id, { session: log.session });
    return id;
  };
  const before = await take();
  await log.append(
    [{ type: 'snapshot.taken', data: { snapshot: before, reason: `before ${kind}` } }],
    given.actor,
  );
  const others = given.force ? 'overwrite' : 'refuse';
  const restored = await workspace.restore({ segments: code.segments, now: before, others });
  if (!given.force && restored.conflicts.length > 0) throw refusal(restored);
  const after = await take();
  const { files, refs, conflicts } = restored;
  const left = conflicts.map(({ path }) => path);
  const drafts: readonly Draft[] = [
    {
      type: 'snapshot.restored',
      data: {
        snapshot: code.target,
        files: [...files],
        refs: [...refs],
        ...(left.length > 0 ? { left } : {}),
      },
    },
    { type: 'snapshot.taken', data: { snapshot: after, reason: `after ${kind}`, after: before } },
    { type: 'session.rewound', data: { kind, seq, code: { before, after, forced: given.force } } },
  ];
  await log.append(drafts, given.actor);
  return { files, refs };
};

const shown = 10;

const refusal = ({ conflicts }: Restored): AppError => {
  const paths = conflicts.map(({ path }) => path);
  const more = paths.length > shown ? `, and ${paths.length - shown} more` : '';
  return new AppError(
    'conflict',
    `somebody else changed since: ${paths.slice(0, shown).join(', ')}${more}. Nothing was put back; with --force it is, and what is there now is kept so that redo brings it back`,
    { details: { conflicts: conflicts.map((conflict) => ({ ...conflict })) } },
  );
};

const tooMany = (count: number, what: string, done: string): string =>
  count === 0
    ? `there is nothing to ${what === 'turn' ? 'undo' : 'redo'}`
    : `only ${count} ${what}${count === 1 ? '' : 's'} can be ${done}; ask for no more`;
