import type { AskedField } from '../asked-field.ts';
import type { EventOf, SessionSettings, VerifyOutcome } from '../event.ts';
import type { FileDelta, Item } from '../item.ts';
import { noUsage } from '../no-usage.ts';
import type { Usage } from '../usage.ts';
import type { Rewind } from './standing.ts';

export type ViewStatus = 'idle' | 'running' | 'waiting';

/** One try at a turn's goal. Attempts that a kill cut short are dropped: the turn makes them again. */
export type ViewAttempt = {
  readonly id: string;
  readonly status: 'open' | 'verified' | 'chosen' | 'discarded';
  readonly source: string;
  readonly verify: VerifyOutcome | null;
  readonly ms: number;
  readonly tokens: { readonly in: number; readonly out: number };
  readonly note: string;
};

export type ViewTurn = {
  readonly id: string;
  /** Of the event that admitted it. */
  readonly seq: number;
  /** A person went back to before it: it is kept, and no part of the conversation. */
  readonly undone: boolean;
  /** What was asked first; inputs that came while it ran are items. */
  readonly text: string;
  /** Inputs that came while it ran and that the model has not read yet, oldest first. */
  readonly waiting: readonly string[];
  readonly status: 'queued' | 'running' | 'ok' | 'interrupted' | 'failed' | 'limit';
  readonly items: readonly Item[];
  readonly attempts: readonly ViewAttempt[];
  readonly answer: string;
  readonly files: readonly FileDelta[];
  readonly verify: VerifyOutcome | null;
  /** While it runs: of the steps so far; then: of the whole turn. */
  readonly usage: Usage;
  readonly ms: number;
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly patch: string | null;
};

export type ViewApproval = {
  readonly approval: string;
  readonly callId: string;
  readonly turn: string | null;
  readonly question: string;
  /** Why the guard asks, worst first; empty in a log of an older version. */
  readonly reasons: readonly string[];
  readonly category: string | null;
  /** What the call would make of a file. */
  readonly diff: string | null;
  /** One general rule that would answer this kind of question. */
  readonly offer: { readonly explain: string; readonly rule: string } | null;
  /** Of a question that a program of others asks: what it wants to be told. */
  readonly fields?: readonly AskedField[];
};

/** Another live session that changes what this one changes, and what to do about it. */
export type ViewOverlap = EventOf<'overlap.noticed'>['data'];

/** A call that the guard wants a person to answer, between its judgement and the question. */
export type ViewJudged = {
  readonly callId: string;
  readonly reasons: readonly string[];
  readonly category: string | null;
};

/** The last request to the model. */
export type ViewStep = {
  readonly startedAt: string;
  /** Tokens that it read and wrote; null while it runs. */
  readonly usage: Usage | null;
  readonly ms: number | null;
};

/** What every screen draws: the fold of a session's events, and of the deltas since the last of them. */
export type View = {
  readonly session: string;
  readonly title: string;
  readonly settings: SessionSettings | null;
  readonly status: ViewStatus;
  /** Of the last event folded; where a follower goes on after. */
  readonly seq: number;
  readonly archived: boolean;
  readonly turns: readonly ViewTurn[];
  readonly rewinds: readonly Rewind[];
  readonly judged: ViewJudged | null;
  readonly approvals: readonly ViewApproval[];
  /** Of the turn that runs, else of the last; one an other session. */
  readonly overlaps: readonly ViewOverlap[];
  readonly usage: Usage;
  /** How much of the model's window is in use, and how fast it writes, are read from it. */
  readonly step: ViewStep | null;
  /** Files changed by the last completed turn that changed any and was not put back. */
  readonly files: readonly FileDelta[];
  readonly lastError: { readonly code: string; readonly message: string } | null;
  /** Text that has streamed for items not yet completed, by item id. Empty in any fold of events alone. */
  readonly live: Readonly<Record<string, string>>;
  readonly progress: {
    readonly text: string;
    readonly done?: number | undefined;
    readonly total?: number | undefined;
  } | null;
};

export const initialView: View = {
  session: '',
  title: '',
  settings: null,
  status: 'idle',
  seq: 0,
  archived: false,
  turns: [],
  rewinds: [],
  judged: null,
  approvals: [],
  overlaps: [],
  usage: noUsage,
  step: null,
  files: [],
  lastError: null,
  live: {},
  progress: null,
};
