import { z } from 'zod';
import { Overlap, OverlapAdvice, VerifyOutcome } from './attempt-event.ts';
import { FileDelta } from './item.ts';

const AttemptRow = z.object({
  number: z.number().int().positive(),
  id: z.string(),
  /** Its own session: `tandem export` shows all that was said and done in it. */
  session: z.string(),
  worktree: z.string(),
  path: z.string().nullable(),
  model: z.string(),
  hypothesis: z.string().nullable(),
  seed: z.number().int(),
  status: z.enum(['open', 'verified', 'failed']),
  verify: VerifyOutcome.nullable(),
  flaky: z.boolean(),
  regressions: z.array(z.string()),
  checks: z.object({ held: z.number().int(), total: z.number().int() }).nullable(),
  agreement: z.number().nullable(),
  files: z.array(FileDelta),
  /** The file that the diff is kept in. */
  diff: z.string().nullable(),
  ms: z.number(),
  tokens: z.object({ in: z.number().int(), out: z.number().int() }),
  costUsd: z.number(),
  note: z.string(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  chosen: z.boolean(),
  landed: z.boolean(),
  discarded: z.boolean(),
  /** Why it stands where it stands. */
  why: z.string(),
});

/** What `tandem attempts --json` prints. Shapes only grow; a changed meaning is a new version. */
export const AttemptsReport = z.object({
  version: z.literal(1),
  session: z.string(),
  goal: z.string(),
  status: z.enum(['open', 'ok', 'interrupted', 'failed', 'limit']),
  verify: z.string().nullable(),
  /** What confined verify. */
  sandbox: z.object({ profile: z.string(), level: z.string() }).nullable(),
  /** Exit codes before any attempt. */
  baseline: z.object({ verify: VerifyOutcome.nullable(), tests: VerifyOutcome.nullable() }).nullable(),
  /** In the order of their numbers. */
  attempts: z.array(AttemptRow),
  chosen: z.number().int().nullable(),
  reason: z.string().nullable(),
  /** How the choice was made, one sentence a stage. */
  steps: z.array(z.string()),
  /** Why the rest was not made. */
  stopped: z.string().nullable(),
  /** Other sessions that changed the same while the attempts ran. */
  overlaps: z.array(
    z.object({
      attempt: z.number().int().nullable(),
      with: z.string(),
      overlaps: z.array(Overlap),
      advice: OverlapAdvice,
      why: z.string(),
    }),
  ),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  ms: z.number(),
});
export type AttemptsReport = z.infer<typeof AttemptsReport>;
