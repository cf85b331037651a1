import { z } from 'zod';
import { PermissionMode, SessionSettings } from './event.ts';

/** What a person may ask of one turn, beside its text. */
export const TurnOptions = z.object({
  /** Shell command that says whether the result is good: exit 0 is good. Run in scratch copies, never in the user's tree. */
  verify: z.string().optional(),
  /** How many attempts the pipeline may make; absent: by model size. */
  attempts: z.number().int().min(1).max(64).optional(),
  /** Files the request is about, relative to the workspace root. */
  files: z.array(z.string()).optional(),
  /** Steps of the free loop. */
  maxTurns: z.number().int().positive().optional(),
  maxSeconds: z.number().positive().optional(),
  maxCostUsd: z.number().positive().optional(),
  permissionMode: PermissionMode.optional(),
  /** Leave what was changed in place even when verify fails. */
  keep: z.boolean().optional(),
  /** JSON Schema the answer must follow. */
  outputSchema: z.record(z.string(), z.unknown()).optional(),
  /** Keep every attempt's files as `attempts.json` beside the session, for measuring. */
  keepAttempts: z.boolean().optional(),
  /** Mechanisms of the pipeline to leave out, for measuring what each one earns. */
  without: z.array(z.string()).optional(),
});
export type TurnOptions = z.infer<typeof TurnOptions>;

export const CreateSession = z.object({ settings: SessionSettings, title: z.string().max(200).default('') });
export const StartTurn = z.object({ text: z.string().min(1), options: TurnOptions.default({}) });
export const ResolveApproval = z.object({ decision: z.enum(['allow', 'deny']), note: z.string().optional() });
export const ForkSession = z.object({ seq: z.number().int().positive().optional() });
export const UndoTurns = z.object({ turns: z.number().int().positive().default(1) });

export const SessionInfo = z.object({
  id: z.string(),
  title: z.string(),
  cwd: z.string(),
  createdAt: z.string(),
  updatedAt: z.string(),
  events: z.number().int(),
});
export type SessionInfo = z.infer<typeof SessionInfo>;
