import { type Actor, AppError, isKnown } from '@tandem/protocol';
import type { Logged } from './log.ts';
import type { Session } from './session.ts';

type Answer = {
  readonly approval: string;
  readonly decision: 'allow' | 'deny';
  readonly note?: string;
  readonly values?: Readonly<Record<string, string>>;
  readonly actor: Actor;
};

/** Records a person's answer and goes on with the turn that waits for it. @throws AppError not_found | conflict */
export const resolveApproval = async (session: Session, answer: Answer): Promise<void> => {
  const { approval, decision, note, values = {} } = answer;
  await session.log.hold();
  try {
    await session.log.commit((events) => {
      const turn = askingTurn(events, approval);
      const data = { approval, decision, ...(note === undefined ? {} : { note }) };
      return [{ type: 'approval.resolved', turn, data }];
    }, answer.actor);
    session.questions.answer(approval, { decision, values });
    session.wake();
  } finally {
    await session.log.release();
  }
};

const askingTurn = (events: readonly Logged[], approval: string): string => {
  let turn: string | undefined;
  for (const event of events) {
    if (!isKnown(event)) continue;
    if (event.type === 'approval.requested' && event.data.approval === approval) turn = event.turn;
    if (event.type === 'approval.resolved' && event.data.approval === approval)
      throw new AppError('conflict', `approval ${approval} was answered already`);
    if (event.type === 'turn.completed' && event.turn !== undefined && event.turn === turn)
      throw new AppError('conflict', `the turn that asked for ${approval} has ended`);
  }
  if (turn === undefined) throw new AppError('not_found', `there is no approval ${approval} in this session`);
  return turn;
};
