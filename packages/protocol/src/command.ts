import { z } from 'zod';
import { PermissionMode, SessionSettings } from './event.ts';

/** Parts of the pipeline that can be left out, so that what each one earns can be measured. */
export const Mechanism = z.enum([
  'coverage', // localise by the lines that the failing test ran
  'stack', // … by its stack trace
  'imports', // … by what the tests import
  'identifiers', // … by names in the request and the rank of files
  'symbols', // show and ask for one function instead of the file
  'examples', // examples of comments, tests and the request as checks
  'mutations', // small changes of the syntax tree, without the model
  'second_order', // … two of them, the first being a gain
  'head', // the function's head is given, not asked for
  'ask_again', // an unchanged answer is asked for again, differently
  'rewrite', // a version written from the comment, the old body unseen
  'samples', // diverse answers
  'combine', // changes at several places that fail alone are verified together
  'repair', // the error of the best attempt is shown
  'guards', // placeholders, loops, shrinking, syntax, unknown names and imports
  'agreement', // attempts vote by what they do on inputs like the examples'
  'likelihood', // ties go to what the model finds likeliest
  'smallest', // … then to the smallest change
  'regression', // the workspace's own tests must not break
  'syntax', // compile or type check where nothing else verifies
]);
export type Mechanism = z.infer<typeof Mechanism>;

/** Attempts that are sessions of their own, each in its own worktree, of which verify chooses. */
export const Isolated = z.object({
  /** `strong`: only a model that drives itself; a small one makes its attempts in the pipeline. */
  for: z.enum(['all', 'strong']).default('all'),
  count: z.number().int().min(1).max(64),
  /** In words; one an attempt, in turn. With any, no attempt is left out because others are enough. */
  hypotheses: z.array(z.string()).default([]),
  /** One an attempt, in turn; absent: the session's. */
  models: z.array(z.string()).default([]),
  seed: z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER).default(1),
  maxParallel: z.number().int().positive().max(1_000_000_000).optional(),
  /** Also when those that are done agree. */
  all: z.boolean().default(false),
  /** The chosen one goes into the workspace at the end of the turn, and all worktrees to the trash. */
  land: z.boolean().default(false),
  /** Goes on with the attempts of this session that an earlier turn did not finish. */
  resume: z.boolean().default(false),
});
export type Isolated = z.infer<typeof Isolated>;

/** What a person may ask of one turn, beside its text. */
export const TurnOptions = z.object({
  /** Shell command that says whether the result is good: exit 0 is good. Run in scratch copies, never in the user's tree. */
  verify: z.string().optional(),
  /** One run of verify may take so long; absent: ten minutes. */
  verifySeconds: z.number().positive().optional(),
  /** What verify writes into the workspace is put back. */
  tidyVerify: z.boolean().optional(),
  isolated: Isolated.optional(),
  /** Another seed gives other samples. */
  seed: z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER).optional(),
  /** Of the free loop; absent: the model's own. */
  temperature: z.number().min(0).max(2).optional(),
  /** How many attempts the pipeline may make; absent: by model size. */
  attempts: z.number().int().min(1).max(64).optional(),
  /** Files the request is about, relative to the workspace root. */
  files: z.array(z.string()).optional(),
  /** Steps of the free loop. */
  maxTurns: z.number().int().positive().max(1_000_000_000).optional(),
  maxSeconds: z.number().positive().optional(),
  maxCostUsd: z.number().positive().optional(),
  permissionMode: PermissionMode.optional(),
  /** Leave what was changed in place even when verify fails. */
  keep: z.boolean().optional(),
  /** JSON Schema the answer must follow. */
  outputSchema: z.record(z.string(), z.unknown()).optional(),
  /** Keep every attempt's files as `attempts.json` beside the session, for measuring. */
  keepAttempts: z.boolean().optional(),
  /** Only these tools of the free loop; absent: all there are. */
  tools: z.array(z.string()).optional(),
  /** The turn does nothing but sum up the conversation so far; its text is a note to the person, which no model reads. */
  compact: z
    .object({
      /** What the summary must hold above all. */
      focus: z.string().max(2_000).default(''),
    })
    .optional(),
  /** Mechanisms of the pipeline to leave out, for measuring what each one earns. */
  without: z.array(Mechanism).optional(),
});
export type TurnOptions = z.infer<typeof TurnOptions>;

export const CreateSession = z.object({ settings: SessionSettings, title: z.string().max(200).default('') });
export const StartTurn = z.object({ text: z.string().min(1), options: TurnOptions.default({}) });
export const ResolveApproval = z.object({
  decision: z.enum(['allow', 'deny']),
  note: z.string().optional(),
  /** What was filled in, by the names of the question's fields; kept in no log. */
  values: z.record(z.string().max(200), z.string().max(10_000)).optional(),
});
/** From the next turn on. */
export const ConfigureSession = z.object({
  model: z.string().min(1).optional(),
  permissionMode: PermissionMode.optional(),
});
export const ForkSession = z.object({ seq: z.number().int().positive().max(1_000_000_000).optional() });
/** `force`: also over what somebody else changed since. */
const force = z.boolean().default(false);
export const UndoTurns = z.object({
  turns: z.number().int().positive().max(1_000_000_000).default(1),
  force,
});
export const RedoTimes = z.object({
  times: z.number().int().positive().max(1_000_000_000).default(1),
  force,
});
export const RewindScope = z.enum(['code', 'conversation', 'both']);
export type RewindScope = z.infer<typeof RewindScope>;
export const RewindSession = z.object({
  /** A turn, to its beginning, or a snapshot: by id, by a beginning of it that only one has, a turn by its number too. */
  to: z.string().min(1),
  scope: RewindScope.default('both'),
  force,
});
export const AcceptAttempt = z.object({
  /** Its number or its id; absent: the chosen one. */
  attempt: z.string().min(1).optional(),
});
export const DiscardAttempts = z.object({
  attempt: z.string().min(1).optional(),
  /** Kinds of holds beside an attempt's own work that do not keep a worktree from the trash. */
  despite: z.array(z.string()).default([]),
});

export const SessionInfo = z.object({
  id: z.string(),
  title: z.string(),
  cwd: z.string(),
  createdAt: z.string(),
  updatedAt: z.string(),
  events: z.number().int(),
  /** The session whose attempt this one is. */
  parent: z.string().optional(),
});
export type SessionInfo = z.infer<typeof SessionInfo>;
