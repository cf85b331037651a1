import { z } from 'zod';

export const ItemStatus = z.enum(['in_progress', 'completed', 'failed', 'interrupted']);

/** Lines added and removed in one file; the path is relative to the workspace root, with forward slashes. */
export const FileDelta = z.object({
  path: z.string(),
  added: z.number().int().nonnegative(),
  removed: z.number().int().nonnegative(),
});
export type FileDelta = z.infer<typeof FileDelta>;

const base = { id: z.string() };

/** What a person sees of a turn: started → delta* → completed, the full value in the completing event. */
export const Item = z.discriminatedUnion('type', [
  z.object({ ...base, type: z.literal('user_message'), text: z.string() }),
  z.object({ ...base, type: z.literal('agent_message'), text: z.string() }),
  z.object({ ...base, type: z.literal('reasoning'), text: z.string() }),
  z.object({
    ...base,
    type: z.literal('tool_call'),
    callId: z.string(),
    name: z.string(),
    arguments: z.unknown(),
    output: z.string(),
    status: ItemStatus,
  }),
  z.object({
    ...base,
    type: z.literal('command'),
    callId: z.string().optional(),
    command: z.string(),
    cwd: z.string(),
    output: z.string(),
    exit: z.number().int().nullable(),
    status: ItemStatus,
  }),
  z.object({
    ...base,
    type: z.literal('file_change'),
    callId: z.string().optional(),
    files: z.array(FileDelta),
    diff: z.string(),
    status: ItemStatus,
  }),
  z.object({
    ...base,
    type: z.literal('plan'),
    steps: z.array(z.object({ text: z.string(), status: z.enum(['pending', 'in_progress', 'completed']) })),
  }),
  z.object({
    ...base,
    type: z.literal('compaction'),
    summary: z.string(),
    /** Events up to and including this sequence number are represented by the summary in later contexts. */
    upTo: z.number().int().nonnegative(),
  }),
]);
export type Item = z.infer<typeof Item>;
export type ItemType = Item['type'];
