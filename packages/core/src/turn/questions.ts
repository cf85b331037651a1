import type { AskedField } from '@tandem/protocol';
import type { Draft } from '../session/log.ts';
import { tellWaiting } from './hooks.ts';
import type { OpenCall } from './state.ts';
import type { Work } from './work.ts';

/** What a person said; `values` by the names of the fields. */
export type Said = {
  readonly decision: 'allow' | 'deny';
  readonly values: Readonly<Record<string, string>>;
};

/** Asks a person in the middle of a call; null when the question was withdrawn by its signal, or by the end of the turn. */
export type AskPerson = (
  question: { readonly text: string; readonly fields: readonly AskedField[]; readonly diff?: string },
  signal: AbortSignal,
) => Promise<Said | null>;

/**
 * Questions of calls that run now, by approval. What a person fills in goes to the one who asked and into no log; so a kill
 * takes the question with the call.
 */
export class Questions {
  readonly #open = new Map<string, (said: Said | null) => void>();

  open(approval: string, signal: AbortSignal): Promise<Said | null> {
    return new Promise((resolve) => {
      const done = (said: Said | null): void => {
        this.#open.delete(approval);
        signal.removeEventListener('abort', withdraw);
        resolve(said);
      };
      const withdraw = (): void => done(null);
      this.#open.set(approval, done);
      signal.addEventListener('abort', withdraw, { once: true });
      if (signal.aborted) withdraw();
    });
  }

  /** Of an approval that no running call asked for nothing happens. */
  answer(approval: string, said: Said): void {
    this.#open.get(approval)?.(said);
  }
}

export const askerOf =
  (work: Work, call: Pick<OpenCall, 'item'>): AskPerson =>
  async ({ text, fields, diff }, signal) => {
    const approval = work.ports.ids.next('apr');
    const either = AbortSignal.any([work.signal, signal]);
    const said = work.questions.open(approval, either);
    const data = { approval, callId: call.item, question: text, fields: [...fields] };
    const shown = diff === undefined ? {} : { diff };
    await work.record({ type: 'approval.requested', data: { ...data, ...shown } });
    await tellWaiting(work, text);
    const answer = await said;
    if (answer === null && !work.signal.aborted) await withdraw(work, approval);
    return answer;
  };

/** Nobody is to answer what nobody waits for. */
const withdraw = async (work: Work, approval: string): Promise<void> => {
  await work.log.commit((events) => {
    const isAnswered = events.some(
      ({ type, data }) =>
        type === 'approval.resolved' && (data as { readonly approval?: unknown }).approval === approval,
    );
    const data = { approval, decision: 'deny', note: 'the question was withdrawn' } as const;
    const draft: Draft = { type: 'approval.resolved', turn: work.turn, data };
    return isAnswered ? [] : [draft];
  });
};
