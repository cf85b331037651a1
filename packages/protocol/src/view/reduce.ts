import { type Delta, type Envelope, type Event, type EventOf, isKnown } from '../event.ts';
import type { Item } from '../item.ts';
import { noUsage } from '../no-usage.ts';
import { addUsage } from '../usage.ts';
import { changeAttempt, openAttempt } from './attempt.ts';
import { isStanding, type Rewind } from './standing.ts';
import type { View, ViewApproval, ViewStep, ViewTurn } from './view.ts';

/** Folds one event. Pure; an event that is older than the view, or of an unknown type, changes at most `seq`. */
export const reduce = (view: View, event: Event | Envelope): View => {
  if (event.seq <= view.seq) return view;
  const seen = { ...view, seq: event.seq, session: event.session };
  return isKnown(event) ? settle(apply(seen, event), event) : seen;
};

/** Folds a live fragment. What it adds is gone again when the item, step or turn completes. */
export const reduceDelta = (view: View, delta: Delta): View => {
  switch (delta.type) {
    case 'progress':
      return { ...view, progress: { text: delta.text, done: delta.done, total: delta.total } };
    case 'item.delta':
    case 'command.output': {
      if (isFinished(view, delta.item)) return view;
      const text = ((view.live[delta.item] ?? '') + delta.text).slice(-LIVE_LIMIT);
      return { ...view, live: { ...view.live, [delta.item]: text } };
    }
  }
};

/** Characters of one item's live text that are kept: more than a screen shows, less than hurts to copy. */
const LIVE_LIMIT = 200_000;

const isFinished = (view: View, id: string): boolean =>
  view.turns.some((turn) =>
    turn.items.some((item) => item.id === id && !('status' in item && item.status === 'in_progress')),
  );

const apply = (view: View, event: Event): View => {
  if (event.type.startsWith('session.')) return applySession(view, event);
  if (event.type.startsWith('turn.')) return applyTurn(view, event);
  switch (event.type) {
    case 'step.started':
      return { ...view, live: {}, step: { startedAt: event.at, usage: null, ms: null } };
    case 'step.completed': {
      const next = changeTurn(view, event.turn, (turn) => ({
        ...turn,
        usage: addUsage(turn.usage, event.data.usage),
      }));
      return next === view
        ? view
        : { ...next, usage: addUsage(view.usage, event.data.usage), step: endStep(view.step, event) };
    }
    case 'permission.evaluated': {
      const { callId, decision, reasons, category = null } = event.data;
      return decision === 'ask' ? { ...view, judged: { callId, reasons, category } } : view;
    }
    case 'item.started':
    case 'item.completed':
      return putItem(view, event.turn, event.data.item);
    case 'approval.requested': {
      const asked = askedOf(view, event);
      const others = view.approvals.filter((one) => one.approval !== asked.approval);
      return { ...view, judged: null, approvals: [...others, asked] };
    }
    case 'approval.resolved':
      return {
        ...view,
        approvals: view.approvals.filter((one) => one.approval !== event.data.approval),
      };
    case 'snapshot.restored':
      return { ...view, files: [] };
    case 'overlap.noticed': {
      const others = view.overlaps.filter((one) => one.with.session !== event.data.with.session);
      return { ...view, overlaps: [...others, event.data] };
    }
    case 'attempt.started':
    case 'worktree.created':
      return changeTurn(view, event.turn, (turn) => openAttempt(turn, event.data.attempt));
    case 'worktree.discarded':
    case 'attempt.verified':
    case 'attempt.failed':
    case 'attempt.chosen':
      return changeTurn(view, event.turn, (turn) => changeAttempt(turn, event));
    default:
      return view;
  }
};

const askedOf = (view: View, event: EventOf<'approval.requested'>): ViewApproval => {
  const { approval, callId, question, offer = null, diff = null, fields } = event.data;
  // What was judged is the call, and not what is asked in the middle of it.
  const judged = view.judged?.callId === callId && fields === undefined ? view.judged : null;
  const { reasons = [], category = null } = judged ?? {};
  const asked = { approval, callId, turn: event.turn ?? null, question, reasons, category, diff, offer };
  return fields === undefined ? asked : { ...asked, fields };
};

const endStep = (step: ViewStep | null, { at, data }: EventOf<'step.completed'>): ViewStep => {
  const startedAt = step?.startedAt ?? at;
  const ms = Date.parse(at) - Date.parse(startedAt);
  return { startedAt, usage: data.usage, ms: Math.max(0, ms || 0) };
};

const applySession = (view: View, event: Event): View => {
  switch (event.type) {
    case 'session.created': {
      const { title, ...settings } = event.data;
      return { ...view, title, settings };
    }
    case 'session.configured': {
      if (view.settings === null) return view;
      const { model, cwd, permissionMode } = { ...view.settings, ...event.data };
      return {
        ...view,
        settings: {
          model: model ?? view.settings.model,
          cwd: cwd ?? view.settings.cwd,
          permissionMode: permissionMode ?? view.settings.permissionMode,
        },
      };
    }
    case 'session.archived':
      return { ...view, archived: true };
    case 'session.rewound':
      return event.data.seq === null ? view : rewind(view, { at: event.seq, to: event.data.seq });
    default:
      return view;
  }
};

const rewind = (view: View, one: Rewind): View => {
  const rewinds = [...view.rewinds, one];
  const turns = view.turns.map((turn) => ({ ...turn, undone: !isStanding(rewinds, turn.seq) }));
  return { ...view, rewinds, turns };
};

const applyTurn = (view: View, event: Event): View => {
  switch (event.type) {
    case 'turn.admitted':
      return admit(view, event);
    case 'turn.started':
      return changeTurn({ ...view, overlaps: [] }, event.turn, (turn) =>
        turn.status === 'queued' ? { ...turn, status: 'running' } : turn,
      );
    case 'turn.completed': {
      const { outcome, answer, files, verify, usage, ms, error, patch } = event.data;
      const next = changeTurn(view, event.turn, (turn) => ({
        ...turn,
        waiting: [],
        status: outcome,
        answer,
        files,
        verify,
        usage,
        ms,
        error: error ?? null,
        patch: patch ?? null,
      }));
      return {
        ...next,
        files: files.length > 0 ? files : view.files,
        lastError: error ?? null,
        approvals: view.approvals.filter((one) => one.turn !== (event.turn ?? null)),
        live: {},
        progress: null,
      };
    }
    default:
      return view;
  }
};

const admit = (view: View, event: EventOf<'turn.admitted'>): View => {
  const { text } = event.data;
  const id = event.turn ?? event.id;
  const title = view.title === '' ? (text.trim().split('\n')[0] ?? '').slice(0, 80) : view.title;
  if (view.turns.some((turn) => turn.id === id))
    return changeTurn(view, id, (turn) => ({ ...turn, waiting: [...turn.waiting, text] }));
  return { ...view, title, turns: [...view.turns, newTurn({ id, text, seq: event.seq })] };
};

const newTurn = (given: Pick<ViewTurn, 'id' | 'text' | 'seq'>): ViewTurn => ({
  ...given,
  undone: false,
  waiting: [],
  status: 'queued',
  items: [],
  attempts: [],
  answer: '',
  files: [],
  verify: null,
  usage: noUsage,
  ms: 0,
  error: null,
  patch: null,
});

/** What follows from the turns: recomputed where they change, so that it cannot drift from them. */
const settle = (view: View, event: Event): View => {
  if (!event.type.startsWith('turn.') && !event.type.startsWith('approval.')) return view;
  // From the end: the turn that runs is the last, or close to it.
  const busy = view.turns.findLast((turn) => turn.status === 'running' || turn.status === 'queued');
  const status = view.approvals.length > 0 ? 'waiting' : busy ? 'running' : 'idle';
  if (event.type !== 'turn.completed') return { ...view, status };
  return { ...view, status, usage: view.turns.reduce((sum, turn) => addUsage(sum, turn.usage), noUsage) };
};

const changeTurn = (view: View, id: string | undefined, change: (turn: ViewTurn) => ViewTurn): View => {
  const index = view.turns.findLastIndex((turn) => turn.id === id);
  const turn = view.turns[index];
  return turn === undefined ? view : { ...view, turns: view.turns.with(index, change(turn)) };
};

const withoutFirst = (texts: readonly string[], text: string): readonly string[] => {
  const index = texts.indexOf(text);
  return index < 0 ? texts : texts.toSpliced(index, 1);
};

const putItem = (view: View, turnId: string | undefined, item: Item): View => {
  const next = changeTurn(view, turnId, (turn) => {
    // From the end: what completes was begun a moment ago.
    const index = turn.items.findLastIndex((one) => one.id === item.id);
    const waiting = item.type === 'user_message' ? withoutFirst(turn.waiting, item.text) : turn.waiting;
    return { ...turn, waiting, items: index < 0 ? [...turn.items, item] : turn.items.with(index, item) };
  });
  if (!(item.id in view.live)) return next;
  const { [item.id]: _done, ...live } = view.live;
  return { ...next, live };
};
