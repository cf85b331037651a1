import type { Actor, TurnOptions } from '@tandem/protocol';
import type { Ids } from '../ports.ts';
import { openTurn } from '../turn/state.ts';
import type { Draft } from './log.ts';
import type { Session } from './session.ts';

type Input = { readonly text: string; readonly options: TurnOptions; readonly actor: Actor };

/**
 * Makes an input durable. While a free loop runs it joins that turn and is taken at the next step, its options left
 * aside; otherwise it is a turn of its own, driven when its time comes. What asks for another kind of turn never joins one.
 */
export const admit = async (session: Session, input: Input, ids: Ids): Promise<{ readonly turn: string }> => {
  await session.log.hold();
  try {
    let turn = '';
    await session.log.commit((events) => {
      const { text, options } = input;
      const running = openTurn(events);
      const joins = options.compact === undefined && options.isolated === undefined;
      turn = joins && running?.started && running.id === session.accepting ? running.id : ids.next('trn');
      const draft: Draft = { type: 'turn.admitted', turn, data: { text, options } };
      return [draft];
    }, input.actor);
    session.wake();
    return { turn };
  } finally {
    await session.log.release();
  }
};
