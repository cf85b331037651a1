import { type Actor, AppError, isKnown } from '@tandem/protocol';
import type { EnginePorts } from '../engine.ts';
import { openTurn, settingsOf } from '../turn/state.ts';
import type { Logged } from './log.ts';
import type { Session } from './session.ts';

/** Files as before the last turns; turns whose files were put back already do not count. */
export const undo = async (
  session: Session,
  input: { readonly turns: number; readonly actor: Actor },
  ports: EnginePorts,
): Promise<{ readonly files: readonly string[] }> => {
  await session.log.hold();
  try {
    const { events } = session.log;
    if (openTurn(events) !== null)
      throw new AppError('conflict', 'a turn is running; interrupt it, then undo');
    const stack = undoable(events);
    const target = stack.at(-input.turns);
    if (target === undefined) throw new AppError('conflict', nothing(stack.length));
    const workspace = await ports.workspace(settingsOf(events).cwd);
    const before = ports.ids.next('snp');
    await workspace.snapshot(before);
    await session.log.append(
      [{ type: 'snapshot.taken', data: { snapshot: before, reason: 'before undo' } }],
      input.actor,
    );
    const files = await workspace.restore(target);
    await session.log.append(
      [{ type: 'snapshot.restored', data: { snapshot: target, files: [...files] } }],
      input.actor,
    );
    return { files };
  } finally {
    await session.log.release();
  }
};

/** Snapshots at the beginnings of turns that still stand, oldest first. */
const undoable = (events: readonly Logged[]): readonly string[] => {
  let stack: readonly string[] = [];
  for (const event of events) {
    if (!isKnown(event)) continue;
    if (event.type === 'snapshot.taken' && event.data.reason === 'turn')
      stack = [...stack, event.data.snapshot];
    if (event.type === 'snapshot.restored') {
      const index = stack.indexOf(event.data.snapshot);
      if (index >= 0) stack = stack.slice(0, index);
    }
  }
  return stack;
};

const nothing = (turns: number): string =>
  turns === 0
    ? 'there is nothing to undo'
    : `only ${turns} turn${turns === 1 ? '' : 's'} can be undone; ask for no more`;
