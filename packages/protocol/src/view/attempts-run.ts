import type { AttemptRank, TestRun, VerifyOutcome } from '../attempt-event.ts';
import { Isolated } from '../command.ts';
import { type Envelope, type Event, type EventOf, isKnown } from '../event.ts';
import type { FileDelta } from '../item.ts';
import { noUsage } from '../no-usage.ts';
import type { Usage } from '../usage.ts';

/** One attempt that is a session of its own, as far as its parent's log says. */
export type IsolatedAttempt = {
  readonly id: string;
  readonly number: number;
  readonly session: string;
  readonly worktree: string;
  /** Null until the worktree is there. */
  readonly path: string | null;
  readonly model: string;
  readonly seed: number;
  readonly hypothesis: string | null;
  readonly status: 'open' | 'verified' | 'failed';
  readonly verify: VerifyOutcome | null;
  /** It passed, and failed when it was run again. */
  readonly flaky: boolean;
  readonly regressions: readonly string[];
  readonly files: readonly FileDelta[];
  readonly diff: string | null;
  readonly output: string;
  readonly note: string;
  readonly sandbox: { readonly profile: string; readonly level: string } | null;
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly ms: number;
  readonly usage: Usage;
  readonly rank: AttemptRank | null;
  readonly chosen: boolean;
  readonly landed: boolean;
  /** What brings its worktree back; empty where nobody knows. */
  readonly discarded: string | null;
};

/** The attempts at one goal: the fold of all turns of a session that belong to them. */
export type AttemptsRun = {
  readonly turn: string;
  readonly goal: string;
  readonly plan: Isolated;
  readonly options: Readonly<Record<string, unknown>>;
  /** `open`: a turn works on it, or a kill cut it short. */
  readonly status: 'open' | 'ok' | 'interrupted' | 'failed' | 'limit';
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly baseline: { readonly verify: TestRun | null; readonly tests: TestRun | null } | null;
  readonly attempts: readonly IsolatedAttempt[];
  /** In words; null while nothing is chosen. */
  readonly reason: string | null;
  readonly stopped: string | null;
  /** Other sessions that changed the same, the last word on each. */
  readonly overlaps: readonly EventOf<'overlap.noticed'>['data'][];
  readonly ms: number;
};

/** Trouble that may have gone by the time a person asks to go on. */
const passing: ReadonlySet<string> = new Set([
  'model_unavailable',
  'model_failed',
  'offline',
  'disk',
  'busy',
  'approval_required',
]);

/** The last attempts that a session was asked for; null when it never was. */
export const foldAttempts = (events: readonly (Event | Envelope)[]): AttemptsRun | null => {
  let run: AttemptsRun | null = null;
  const turns = new Set<string>();
  for (const event of events) {
    if (!isKnown(event)) continue;
    if (event.type === 'turn.admitted') run = admit(run, event, turns);
    else if (run !== null && event.type === 'session.rewound') run = takenBack(run, event);
    else if (run !== null && event.turn !== undefined && turns.has(event.turn)) run = apply(run, event);
  }
  return run;
};

const admit = (
  run: AttemptsRun | null,
  event: EventOf<'turn.admitted'>,
  turns: Set<string>,
): AttemptsRun | null => {
  const parsed = Isolated.safeParse(event.data.options.isolated);
  if (!parsed.success || event.turn === undefined || turns.has(event.turn)) return run;
  if (parsed.data.resume && run !== null) {
    turns.add(event.turn);
    return { ...run, status: 'open', error: null, attempts: run.attempts.map(openAgain) };
  }
  turns.clear();
  turns.add(event.turn);
  return {
    turn: event.turn,
    goal: event.data.text,
    plan: parsed.data,
    options: event.data.options,
    status: 'open',
    error: null,
    baseline: null,
    attempts: [],
    reason: null,
    stopped: null,
    overlaps: [],
    ms: 0,
  };
};

/** A person went back over files: what had landed may be accepted again. */
const takenBack = (run: AttemptsRun, { data }: EventOf<'session.rewound'>): AttemptsRun =>
  data.code === null || data.kind === 'redo'
    ? run
    : { ...run, attempts: run.attempts.map((one) => ({ ...one, landed: false })) };

const openAgain = (one: IsolatedAttempt): IsolatedAttempt =>
  one.error !== null && passing.has(one.error.code) ? { ...one, status: 'open', error: null } : one;

const apply = (run: AttemptsRun, event: Event): AttemptsRun => {
  switch (event.type) {
    case 'turn.completed': {
      const { outcome, error, ms } = event.data;
      return { ...run, status: outcome, error: error ?? null, ms: run.ms + ms };
    }
    case 'baseline.taken':
      return { ...run, baseline: event.data };
    case 'attempt.started':
      return change(run, event.data.attempt, () => fresh(event));
    case 'worktree.created':
      return change(run, event.data.attempt, (one) => ({ ...one, path: event.data.path }));
    case 'attempt.failed': {
      const { error, ms, usage = noUsage } = event.data;
      return change(run, event.data.attempt, (one) => ({ ...one, status: 'failed', error, ms, usage }));
    }
    case 'attempt.verified':
      return change(run, event.data.attempt, (one) => verified(one, event));
    case 'attempt.ranked': {
      const { order, stopped } = event.data;
      const attempts = run.attempts.map((one) => ({
        ...one,
        rank: order.find(({ attempt }) => attempt === one.id) ?? one.rank,
      }));
      return { ...run, attempts, stopped: stopped ?? run.stopped };
    }
    case 'attempt.chosen': {
      const { attempt, reason } = event.data;
      const attempts = run.attempts.map((one) => ({ ...one, chosen: one.id === attempt }));
      return { ...run, attempts, reason };
    }
    case 'overlap.noticed': {
      const isSame = (one: typeof event.data): boolean =>
        one.with.session === event.data.with.session && one.attempt === event.data.attempt;
      return { ...run, overlaps: [...run.overlaps.filter((one) => !isSame(one)), event.data] };
    }
    case 'worktree.merged':
      return change(run, event.data.attempt, (one) => ({ ...one, landed: true }));
    case 'worktree.discarded':
      return change(run, event.data.attempt, (one) => ({ ...one, discarded: event.data.trash ?? '' }));
    default:
      return run;
  }
};

/** One that is not there yet is made by its beginning alone: attempts of the pipeline are no sessions. */
const change = (
  run: AttemptsRun,
  id: string,
  make: (one: IsolatedAttempt) => IsolatedAttempt,
): AttemptsRun => {
  const index = run.attempts.findIndex((one) => one.id === id);
  const known = run.attempts[index];
  if (known !== undefined) return { ...run, attempts: run.attempts.with(index, make(known)) };
  const made = make(blank);
  return made.id === '' ? run : { ...run, attempts: [...run.attempts, made] };
};

const verified = (one: IsolatedAttempt, { data }: EventOf<'attempt.verified'>): IsolatedAttempt => {
  const passedBefore = one.verify?.exit === 0;
  const passes = data.verify === null || data.verify.exit === 0;
  return {
    ...one,
    status: 'verified',
    verify: data.verify,
    flaky: one.flaky || (data.again === true && passedBefore && !passes),
    regressions: data.regressions ?? one.regressions,
    files: data.files ?? one.files,
    diff: data.diff ?? one.diff,
    output: data.output ?? one.output,
    note: data.note,
    sandbox: data.sandbox ?? one.sandbox,
    error: null,
    ms: data.again === true ? one.ms + data.ms : data.ms,
    usage: data.usage ?? one.usage,
  };
};

const blank: IsolatedAttempt = {
  id: '',
  number: 0,
  session: '',
  worktree: '',
  path: null,
  model: '',
  seed: 0,
  hypothesis: null,
  status: 'open',
  verify: null,
  flaky: false,
  regressions: [],
  files: [],
  diff: null,
  output: '',
  note: '',
  sandbox: null,
  error: null,
  ms: 0,
  usage: noUsage,
  rank: null,
  chosen: false,
  landed: false,
  discarded: null,
};

const fresh = ({ data }: EventOf<'attempt.started'>): IsolatedAttempt => {
  const { attempt: id, number, session, worktree, model, seed, hypothesis } = data;
  return { ...blank, id, number, session, worktree, model, seed, hypothesis: hypothesis ?? null };
};
