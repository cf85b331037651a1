import { isKnown } from '@tandem/protocol';
import { mayStop } from './hooks.ts';
import { filesBackTo, takeSnapshot } from './snapshot.ts';
import type { OpenTurn } from './state.ts';
import type { MindedWork } from './work.ts';

/** Times a failing check is given back to the model. */
const ROUNDS = 3;
const VERIFY_SECONDS = 600;
const OUTPUT_LIMIT = 20_000;

export type Judged = 'good' | 'again' | 'bad';

/** The model has yielded: is the result good? Runs the turn's verify command where there is one. */
export const judge = async (work: MindedWork, turn: OpenTurn): Promise<Judged> => {
  const command = turn.options.verify;
  if (command === undefined) return await unlessKept(work, turn);
  const { exit } = turn.verified ?? (await runVerify(work, turn, command));
  if (exit === 0) return await unlessKept(work, turn);
  return work.now().verifyRuns <= ROUNDS ? 'again' : 'bad';
};

const unlessKept = async (work: MindedWork, turn: OpenTurn): Promise<Judged> =>
  (await mayStop(work, turn.answer ?? '')) ? 'good' : 'again';

const runVerify = async (
  work: MindedWork,
  turn: OpenTurn,
  command: string,
): Promise<{ readonly exit: number }> => {
  const { workspace, signal, live, log, ports } = work;
  const id = turn.openVerify ?? ports.ids.next('itm');
  const item = { id, type: 'command', command, cwd: '.' } as const;
  const tidy = turn.options.tidyVerify === true;
  const cut = turn.openVerify === null ? null : lastBefore(work);
  if (tidy && cut !== null) await filesBackTo(work, cut);
  const before = await takeSnapshot(work, { reason: 'before verify' });
  const begun = {
    type: 'item.started',
    data: { item: { ...item, output: '', exit: null, status: 'in_progress' } },
  } as const;
  await work.record(before, ...(turn.openVerify === null ? [begun] : []));
  work.progress(`verifying: ${command}`);
  const { exit, output } = await workspace.run({
    command,
    timeoutMs: (turn.options.verifySeconds ?? VERIFY_SECONDS) * 1000,
    signal,
    maxOutput: OUTPUT_LIMIT,
    onOutput: (text) => live({ type: 'command.output', session: log.session, item: id, text }),
  });
  if (tidy) await filesBackTo(work, before.data.snapshot);
  signal.throwIfAborted();
  const status = exit === 0 ? 'completed' : 'failed';
  const after = await takeSnapshot(work, { reason: 'after verify', after: before.data.snapshot });
  await work.record(after, { type: 'item.completed', data: { item: { ...item, output, exit, status } } });
  return { exit };
};

/** The state before a verify that a kill cut short. */
const lastBefore = ({ log, turn }: MindedWork): string | null => {
  const taken = log.events.findLast(
    (event) => event.turn === turn && isKnown(event) && event.type === 'snapshot.taken',
  );
  if (taken === undefined || !isKnown(taken) || taken.type !== 'snapshot.taken') return null;
  return taken.data.reason === 'before verify' ? taken.data.snapshot : null;
};
