import { z } from 'zod';
import { FileDelta } from './item.ts';
import { Usage } from './usage.ts';

export const VerifyOutcome = z.object({ command: z.string(), exit: z.number().int() });
export type VerifyOutcome = z.infer<typeof VerifyOutcome>;

/** What really confined a command; `level` is `none` where nothing did. */
const Confinement = z.object({ profile: z.string(), level: z.string() });

/** One run of a command over the tests: names where the runner's output gives them, else null. */
export const TestRun = VerifyOutcome.extend({
  tests: z.object({ passed: z.array(z.string()), failed: z.array(z.string()) }).nullable(),
});
export type TestRun = z.infer<typeof TestRun>;

/** A place that two sessions change. `lines` are of the text that both began with, 1-based and inclusive. */
export const Overlap = z.object({
  path: z.string(),
  /** The narrowest that both share: lines that touch, else a symbol, else the file alone. */
  level: z.enum(['file', 'symbol', 'line']),
  symbols: z.array(z.string()),
  lines: z.array(z.object({ from: z.number().int(), to: z.number().int() })),
});
export type Overlap = z.infer<typeof Overlap>;

/** `wait` until the other has landed; `split` off what is shared; `go on`: nothing is in the way. */
export const OverlapAdvice = z.enum(['wait', 'split', 'go on']);
export type OverlapAdvice = z.infer<typeof OverlapAdvice>;

/** How an attempt stands among the others. Null: it could not be told. */
export const AttemptRank = z.object({
  attempt: z.string(),
  passed: z.boolean().nullable(),
  regressions: z.number().int(),
  checks: z.object({ held: z.number().int(), total: z.number().int() }).nullable(),
  agreement: z.number().nullable(),
  lines: z.number().int(),
  /** Why it stands where it stands, in words. */
  why: z.string(),
});
export type AttemptRank = z.infer<typeof AttemptRank>;

/** Data of the events about worktrees, attempts and overlaps. */
export const attemptEventData = {
  'worktree.created': z.object({
    attempt: z.string(),
    path: z.string(),
    name: z.string().optional(),
    /** The session that works in it. */
    session: z.string().optional(),
  }),
  'worktree.merged': z.object({ attempt: z.string(), files: z.array(FileDelta) }),
  'worktree.discarded': z.object({
    attempt: z.string(),
    reason: z.string(),
    /** What brings it back. */
    trash: z.string().optional(),
  }),
  /** The workspace before any attempt: what passed here must not fail later. */
  'baseline.taken': z.object({ verify: TestRun.nullable(), tests: TestRun.nullable() }),
  /** An attempt that is a session of its own: the ids that its worktree and its session will have. */
  'attempt.started': z.object({
    attempt: z.string(),
    /** From 1, in the order of the plan. */
    number: z.number().int().positive(),
    session: z.string(),
    worktree: z.string(),
    model: z.string(),
    seed: z.number().int(),
    hypothesis: z.string().optional(),
  }),
  'attempt.failed': z.object({
    attempt: z.string(),
    error: z.object({ code: z.string(), message: z.string() }),
    ms: z.number().nonnegative(),
    usage: Usage.optional(),
  }),
  'attempt.verified': z.object({
    attempt: z.string(),
    /** How it was made: `sample`, `rewrite`, `mutation`, `repair`; `session` for one that is a session of its own. */
    source: z.string(),
    verify: VerifyOutcome.nullable(),
    ms: z.number().nonnegative(),
    tokens: z.object({ in: z.number(), out: z.number() }),
    note: z.string(),
    /** Set, with what follows, for one that is a session of its own. */
    number: z.number().int().positive().optional(),
    files: z.array(FileDelta).optional(),
    /** The file that its diff is kept in. */
    diff: z.string().optional(),
    /** The end of what verify said. */
    output: z.string().optional(),
    /** Tests that passed before it and do not now. */
    regressions: z.array(z.string()).optional(),
    sandbox: Confinement.optional(),
    usage: Usage.optional(),
    /** A second run, of one that was about to be chosen. */
    again: z.boolean().optional(),
  }),
  'attempt.ranked': z.object({
    /** Best first. */
    order: z.array(AttemptRank),
    /** Why no further attempt was made, where that was so. */
    stopped: z.string().optional(),
  }),
  'attempt.chosen': z.object({ attempt: z.string(), reason: z.string(), diff: z.string() }),
  /** Another live session changes what this one changes. Said again only when it grows. */
  'overlap.noticed': z.object({
    with: z.object({ session: z.string(), title: z.string(), cwd: z.string() }),
    /** Set in the log of a session whose attempt it is about. */
    attempt: z.string().optional(),
    overlaps: z.array(Overlap),
    advice: OverlapAdvice,
    why: z.string(),
  }),
} as const;
