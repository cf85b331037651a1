import {
  addUsage,
  type Event,
  isKnown,
  noUsage,
  type SessionSettings,
  type TurnOptions,
  type Usage,
  type VerifyOutcome,
} from '@tandem/protocol';
import type { Logged } from '../session/log.ts';

/** A tool call of the last step, as far as the log says. `item` is also its call id. */
export type OpenCall = {
  readonly item: string;
  readonly name: string;
  readonly arguments: unknown;
  readonly permission: 'allow' | 'ask' | 'deny' | null;
  readonly approval: {
    readonly id: string;
    readonly decision: 'allow' | 'deny' | null;
    readonly note: string | undefined;
  } | null;
  /** Its intent is in the log: the effect may have happened. */
  readonly intent: 'safe' | 'never' | null;
  readonly settled: boolean;
};

/** A turn that was admitted and not completed: all that is needed to go on with it, after a kill as well. */
export type OpenTurn = {
  readonly id: string;
  readonly options: TurnOptions;
  /** Inputs in the order they came; the first `taken` of them are in the conversation. */
  readonly inputs: readonly string[];
  readonly taken: number;
  readonly started: boolean;
  /** Why hooks refused inputs: those count as taken and never join the conversation. */
  readonly refused: readonly string[];
  /** What the files are put back to when the turn fails. */
  readonly snapshot: string | null;
  readonly steps: number;
  readonly usage: Usage;
  readonly calls: readonly OpenCall[];
  /** The model's last word, when its last step asked for no tool and nothing was said since. */
  readonly answer: string | null;
  readonly lastText: string;
  /** Verify runs of this turn so far, and the last of them if it judged the present state. */
  readonly verifyRuns: number;
  readonly verified: VerifyOutcome | null;
  readonly openVerify: string | null;
  /** A tool or the verify command may have changed files. */
  readonly touched: boolean;
  /** Attempts of the pipeline so far, for when a kill cuts it short. */
  readonly attempts: readonly string[];
  /** Taken by the pipeline just before it writes to the person's files. */
  readonly landing: string | null;
  /** A message and a change of files were recorded outside steps: the pipeline's own account of its work. */
  readonly told: { readonly message: boolean; readonly change: boolean };
};

/** The turn to go on with: the one that runs, else the first that waits. */
export const openTurn = (events: readonly Logged[]): OpenTurn | null => {
  const open = new Map<string, boolean>();
  for (const event of events) {
    const { turn } = event;
    if (turn === undefined) continue;
    if (event.type === 'turn.admitted' && !open.has(turn)) open.set(turn, false);
    else if (event.type === 'turn.started') open.set(turn, true);
    else if (event.type === 'turn.completed') open.delete(turn);
  }
  const id = [...open].find(([, started]) => started)?.[0] ?? open.keys().next().value;
  return id === undefined ? null : foldTurn(events, id);
};

export const foldTurn = (events: readonly Logged[], id: string): OpenTurn => {
  let turn: OpenTurn = { ...fresh, id };
  let step: readonly OpenCall[] = [];
  let said: string | null = null;
  for (const event of events) {
    if (event.turn !== id || !isKnown(event)) continue;
    if (event.type === 'step.started') {
      step = [];
      said = '';
    } else if (event.type === 'item.started' && event.data.item.type === 'tool_call' && said !== null) {
      const { id: item, name, arguments: given } = event.data.item;
      step = [...step, { ...newCall, item, name, arguments: given }];
    } else if (event.type === 'item.completed' && event.data.item.type === 'agent_message' && said !== null) {
      said = event.data.item.text;
    } else if (event.type === 'step.completed') {
      turn = completeStep(turn, event, { calls: step, text: said ?? '' });
      said = null;
    } else turn = applyToTurn(turn, event);
  }
  return turn;
};

const completeStep = (
  turn: OpenTurn,
  event: Extract<Event, { type: 'step.completed' }>,
  step: { readonly calls: readonly OpenCall[]; readonly text: string },
): OpenTurn => {
  const usage = addUsage(turn.usage, event.data.usage);
  if (event.data.stop === 'compaction') return { ...turn, usage };
  return {
    ...turn,
    usage,
    steps: turn.steps + 1,
    calls: step.calls,
    lastText: step.text,
    answer: step.calls.length === 0 ? step.text : null,
    verified: null,
  };
};

const applyToTurn = (turn: OpenTurn, event: Event): OpenTurn => {
  switch (event.type) {
    case 'turn.admitted':
      return {
        ...turn,
        inputs: [...turn.inputs, event.data.text],
        options: turn.inputs.length === 0 ? (event.data.options as TurnOptions) : turn.options,
      };
    case 'turn.started':
      return { ...turn, started: true };
    case 'hook.ran':
      return applyHook(turn, event);
    case 'snapshot.taken':
      if (event.data.reason === 'turn') return { ...turn, snapshot: event.data.snapshot };
      return event.data.after === undefined ? { ...turn, landing: event.data.snapshot } : turn;
    case 'snapshot.restored':
      return { ...turn, landing: null };
    case 'item.started':
      return isVerifyItem(event) ? { ...turn, openVerify: event.data.item.id, touched: true } : turn;
    case 'item.completed':
      return applyItem(turn, event);
    case 'tool.started': {
      const touched = turn.touched || event.data.effect === 'write' || event.data.effect === 'exec';
      return { ...turn, touched, calls: turn.calls.map((call) => applyToCall(call, event)) };
    }
    case 'permission.evaluated':
    case 'approval.requested':
    case 'approval.resolved':
    case 'tool.completed':
      return { ...turn, calls: turn.calls.map((call) => applyToCall(call, event)) };
    case 'worktree.created':
    case 'attempt.verified':
      return { ...turn, attempts: [...new Set([...turn.attempts, event.data.attempt])] };
    case 'worktree.discarded':
      return { ...turn, attempts: turn.attempts.filter((one) => one !== event.data.attempt) };
    default:
      return turn;
  }
};

const applyHook = (turn: OpenTurn, { data }: Extract<Event, { type: 'hook.ran' }>): OpenTurn =>
  data.moment === 'UserPromptSubmit' && data.block !== undefined
    ? { ...turn, taken: turn.taken + 1, refused: [...turn.refused, data.block] }
    : turn;

const applyItem = (turn: OpenTurn, event: Extract<Event, { type: 'item.completed' }>): OpenTurn => {
  const { item } = event.data;
  if (item.type === 'user_message') return { ...turn, taken: turn.taken + 1, answer: null };
  if (item.type === 'agent_message') return { ...turn, told: { ...turn.told, message: true } };
  if (item.type === 'file_change') return { ...turn, told: { ...turn.told, change: true } };
  if (item.type !== 'command' || !isVerifyItem(event)) return turn;
  const exit = item.exit ?? 1;
  return {
    ...turn,
    openVerify: null,
    verifyRuns: turn.verifyRuns + 1,
    verified: { command: item.command, exit },
  };
};

/** The turn's own check, in distinction from a command that the model asked for, which has a call id. */
export const isVerifyItem = (event: Event): boolean =>
  (event.type === 'item.started' || event.type === 'item.completed') &&
  event.data.item.type === 'command' &&
  event.data.item.callId === undefined;

const applyToCall = (call: OpenCall, event: Event): OpenCall => {
  switch (event.type) {
    case 'permission.evaluated':
      return event.data.callId === call.item ? { ...call, permission: event.data.decision } : call;
    case 'approval.requested':
      return event.data.callId === call.item
        ? { ...call, approval: { id: event.data.approval, decision: null, note: undefined } }
        : call;
    case 'approval.resolved':
      return call.approval?.id === event.data.approval
        ? { ...call, approval: { ...call.approval, decision: event.data.decision, note: event.data.note } }
        : call;
    case 'tool.started':
      return event.data.callId === call.item ? { ...call, intent: event.data.replay } : call;
    case 'tool.completed':
      return event.data.callId === call.item ? { ...call, settled: true } : call;
    default:
      return call;
  }
};

const newCall = { permission: null, approval: null, intent: null, settled: false } as const;

const fresh: OpenTurn = {
  id: '',
  options: {},
  inputs: [],
  taken: 0,
  started: false,
  refused: [],
  snapshot: null,
  steps: 0,
  usage: noUsage,
  calls: [],
  answer: null,
  lastText: '',
  verifyRuns: 0,
  verified: null,
  openVerify: null,
  touched: false,
  attempts: [],
  landing: null,
  told: { message: false, change: false },
};

/** What holds for the session now. */
export const settingsOf = (events: readonly Logged[]): SessionSettings => {
  let settings: SessionSettings = { model: '', cwd: '', permissionMode: 'default' };
  for (const event of events) {
    if (!isKnown(event)) continue;
    if (event.type === 'session.created' || event.type === 'session.configured')
      settings = { ...settings, ...(event.data as SessionSettings) };
  }
  return settings;
};
