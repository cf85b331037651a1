/** What crosses the team server's door about its audit: who did what, as rows that are chained by their hashes. */
import { z } from 'zod';

export const auditActions = [
  'organisation.created',
  'organisation.changed',
  'member.added',
  'key.created',
  'key.revoked',
  'repository.added',
  'bundle.received',
  'task.created',
  'task.answered',
  'task.cancel_asked',
  'task.published',
  'task.completed',
  'task.failed',
  'task.cancelled',
  'webhook.created',
  'webhook.changed',
  'webhook.deleted',
  'webhook.disabled',
  'webhook.tested',
  'delivery.replayed',
  'secret.changed',
  'sign_in.failed',
] as const;
const AuditAction = z.enum(auditActions);
export type AuditAction = z.infer<typeof AuditAction>;

export const AuditRow = z.object({
  /** From 1 in the organisation's chain, without a gap. */
  seq: z.number().int(),
  /** To the microsecond, as it was hashed. */
  at: z.string(),
  /** `member:…`, `administrator` or `server`. */
  actor: z.string(),
  /** As people call the actor. */
  actorName: z.string(),
  action: AuditAction,
  /** The id of what it was done to. */
  subject: z.string(),
  /** As text, because that is what was hashed: JSON. */
  data: z.string(),
  /** Hash of the row before; 64 zeros in the first. */
  previous: z.string(),
  hash: z.string(),
});
export type AuditRow = z.infer<typeof AuditRow>;

const actor = z.string().regex(/^[\w: -]{1,80}$/, 'as a row has it');

export const AuditQuery = z.object({
  action: AuditAction.optional(),
  actor: actor.optional(),
  subject: actor.optional(),
});
export type AuditQuery = z.infer<typeof AuditQuery>;
