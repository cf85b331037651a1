import type { Delta, Envelope, Event, TurnOptions } from '@tandem/protocol';
import { isKnown } from '@tandem/protocol';
import type { Client } from '@tandem/sdk';

/** What a screen, however small, does with a running turn. */
export type TurnWatcher = {
  readonly event: (event: Event | Envelope) => void;
  readonly delta: (delta: Delta) => void;
  /** Null: nobody can answer, and the turn is interrupted. */
  readonly approve: (question: string) => Promise<'allow' | 'deny' | null>;
};

export type FinishedTurn = {
  readonly turn: string;
  readonly events: readonly (Event | Envelope)[];
  /** The question that nobody could answer. */
  readonly unanswered: string | null;
};

/** How long an interrupted turn may take to close in the log before we stop watching it. */
const closeMs = 2_000;
const repeatMs = 50;

type Watched = {
  readonly client: Client;
  readonly session: string;
  readonly after: number;
  readonly signal: AbortSignal;
  readonly watcher: TurnWatcher;
};

/** Starts a turn and watches it to its end. Aborting the signal interrupts the turn, whose end is still awaited. */
export const runTurn = async (
  input: Watched & { readonly text: string; readonly options: TurnOptions },
): Promise<FinishedTurn> => {
  const { client, session, text, options } = input;
  input.signal.throwIfAborted();
  const { turn } = await client.startTurn(session, { text, options });
  return watchTurn({ ...input, turn });
};

/** The same for a turn that runs already. */
export const watchTurn = async (input: Watched & { readonly turn: string }): Promise<FinishedTurn> => {
  const { client, session, turn, signal, watcher } = input;
  const watching = new AbortController();
  let repeating: NodeJS.Timeout | undefined;
  const interrupt = (): void => {
    const send = (): void => void client.interrupt(session).catch(() => {});
    send();
    // Repeated, because one that comes while the turn is just coming to rest finds nothing to end.
    repeating ??= setInterval(send, repeatMs).unref();
    setTimeout(() => watching.abort(), closeMs).unref();
  };
  signal.addEventListener('abort', interrupt, { once: true });
  if (signal.aborted) interrupt();
  const events: (Event | Envelope)[] = [];
  let unanswered: string | null = null;
  for await (const followed of client.follow(session, { after: input.after, signal: watching.signal })) {
    if (!('seq' in followed)) {
      if (followed.type !== 'caught_up') watcher.delta(followed);
      continue;
    }
    events.push(followed);
    watcher.event(followed);
    if (followed.turn !== turn || !isKnown(followed)) continue;
    if (followed.type === 'turn.completed') break;
    if (followed.type !== 'approval.requested' || unanswered !== null) continue;
    const { approval, question, offer } = followed.data;
    const decision = await watcher.approve(question);
    if (decision !== null) await client.resolveApproval(session, approval, { decision });
    if (decision !== null) continue;
    unanswered = offer === undefined ? question : `${question}\n${offerText(offer)}`;
    interrupt();
  }
  signal.removeEventListener('abort', interrupt);
  clearInterval(repeating);
  watching.abort();
  return { turn, events, unanswered };
};

const offerText = ({ explain, rule }: { readonly explain: string; readonly rule: string }): string =>
  `${explain} Add it to ~/.config/tandem/policy.toml:\n${rule.trimEnd()}`;
