import {
  type AgentContext,
  type ContentBlock,
  methods,
  type PermissionOption,
  type SessionModeState,
  type SessionUpdate,
  type StopReason,
} from '@agentclientprotocol/sdk';
import {
  AppError,
  type EventOf,
  initialView,
  isKnown,
  reduce,
  type View,
  type ViewTurn,
} from '@tandem/protocol';
import { runTurn } from '../exec/turn.ts';
import { changedBy } from './diffs.ts';
import type { Place } from './machine.ts';
import { modeNamed, modesAt } from './modes.ts';
import { readPrompt } from './prompt.ts';
import { createTeller } from './teller.ts';
import { endOf, replayOf } from './updates.ts';

type Asked = EventOf<'approval.requested'>['data'];

/** That no attempt passed, or may not be written, is a result, and is said; a model that does not answer is none. */
const results: ReadonlySet<string> = new Set(['verify_failed', 'approval_required']);

/** One session as a client of the protocol sees it: at most one prompt at a time. */
export class AcpSession {
  readonly id: string;
  readonly #place: Place;
  readonly #agent: AgentContext;
  #view: View = initialView;
  #running: { readonly stop: AbortController; readonly ended: Promise<unknown> } | null = null;

  constructor(id: string, place: Place, agent: AgentContext) {
    this.id = id;
    this.#place = place;
    this.#agent = agent;
  }

  /** Absolute; what the session was made for. */
  get cwd(): string {
    return this.#settings.cwd;
  }

  get modes(): SessionModeState {
    return modesAt(this.#settings.permissionMode);
  }

  get #settings(): NonNullable<View['settings']> {
    if (this.#view.settings === null) throw new AppError('not_found', `there is no session ${this.id}`);
    return this.#view.settings;
  }

  /** Reads the log; until then there is no more than an id. @throws AppError not_found */
  async read(): Promise<this> {
    this.#view = (await this.#place.client.events(this.id)).reduce(reduce, this.#view);
    return this;
  }

  replay(): void {
    for (const update of replayOf(this.#view, this.cwd)) this.#tell(update);
  }

  /** From the next turn on. @throws AppError usage */
  async setMode(id: string): Promise<void> {
    await this.#place.client.configure(this.id, { permissionMode: modeNamed(id) });
  }

  /**
   * One turn to its end. The signal, like `cancel`, interrupts it, which is an end and no error. @throws AppError usage for what
   * cannot be read, conflict while a turn runs, and what a turn failed with
   */
  async prompt(blocks: readonly ContentBlock[], signal: AbortSignal): Promise<StopReason> {
    if (this.#running !== null)
      throw new AppError('conflict', 'a turn is running in this session; wait for its end, or cancel it');
    const stop = new AbortController();
    const turn = this.#turn(blocks, AbortSignal.any([signal, stop.signal]));
    this.#running = { stop, ended: turn.catch(() => {}) };
    try {
      return await turn;
    } finally {
      this.#running = null;
    }
  }

  /** Resolves when the turn has ended in the log, or at once when none runs. */
  async cancel(): Promise<void> {
    this.#running?.stop.abort(new AppError('interrupted', 'cancelled'));
    await this.#running?.ended;
  }

  async #turn(blocks: readonly ContentBlock[], signal: AbortSignal): Promise<StopReason> {
    const { client, options, readyModel, expand } = this.#place;
    const prompt = readPrompt(blocks, this.cwd);
    try {
      await readyModel(this.#settings.model, signal);
      const text = await expand(prompt.typed, signal);
      const teller = createTeller(this.cwd, (update) => this.#tell(update));
      let asked: Asked | null = null;
      const files = [...(options.files ?? []), ...prompt.files];
      const finished = await runTurn({
        client,
        session: this.id,
        after: this.#view.seq,
        text: [text, prompt.data].filter((part) => part !== '').join('\n\n'),
        options: { ...options, ...(files.length === 0 ? {} : { files }) },
        signal,
        watcher: {
          event: (event) => {
            this.#view = reduce(this.#view, event);
            if (!isKnown(event)) return;
            if (event.type === 'approval.requested') asked = event.data;
            teller.event(event);
          },
          delta: teller.delta,
          approve: async () => (asked === null ? null : await this.#ask(asked, signal)),
        },
      });
      return this.#end(this.#view.turns.find(({ id }) => id === finished.turn));
    } catch (error) {
      if (signal.aborted) return 'cancelled';
      throw error;
    }
  }

  #end(turn: ViewTurn | undefined): StopReason {
    if (turn === undefined) return 'cancelled';
    const { status, error } = turn;
    if (status === 'failed' && !results.has(error?.code ?? ''))
      throw new AppError('model_failed', error?.message ?? 'the turn failed');
    for (const update of endOf(turn)) this.#tell(update);
    switch (status) {
      case 'ok':
      case 'failed':
        return 'end_turn';
      case 'limit':
        return 'max_turn_requests';
      case 'interrupted':
      case 'queued':
      case 'running':
        return 'cancelled';
    }
  }

  /** Null: nobody answers, and the turn is interrupted. */
  async #ask(asked: Asked, signal: AbortSignal): Promise<'allow' | 'deny' | null> {
    const { callId: toolCallId, question, diff, offer } = asked;
    const { content, locations } = changedBy(diff ?? '', this.cwd);
    const stopped = new Promise<null>((resolve) => {
      signal.addEventListener('abort', () => resolve(null), { once: true });
      if (signal.aborted) resolve(null);
    });
    const answer = this.#agent.request(
      methods.client.session.requestPermission,
      {
        sessionId: this.id,
        toolCall: {
          toolCallId,
          title: question,
          status: 'pending',
          ...(content.length === 0 ? {} : { content: [...content], locations: [...locations] }),
        },
        options: choicesFor(offer),
      },
      { cancellationSignal: signal },
    );
    // A client that cannot ask is one that nobody answers at.
    const answered = await Promise.race([answer.catch(() => null), stopped]);
    if (answered === null || answered.outcome.outcome !== 'selected') return null;
    const { optionId } = answered.outcome;
    if (optionId === 'always' && offer !== undefined) this.#place.allowKind(offer.rule);
    return optionId === 'allow' || (optionId === 'always' && offer !== undefined) ? 'allow' : 'deny';
  }

  #tell(update: SessionUpdate): void {
    // In order, by the connection's queue; one that has closed ends the turn by its signal.
    void this.#agent
      .notify(methods.client.session.update, { sessionId: this.id, update })
      .catch(() => undefined);
  }
}

const choicesFor = (offer: Asked['offer']): PermissionOption[] => [
  { optionId: 'allow', name: 'Allow', kind: 'allow_once' },
  ...(offer === undefined
    ? []
    : [{ optionId: 'always', name: offer.explain, kind: 'allow_always' } as const]),
  { optionId: 'reject', name: 'Reject', kind: 'reject_once' },
];
