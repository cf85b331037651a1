/** What crosses the team server's door about what tasks used of models. */
import { z } from 'zod';

const parts = ['day', 'member', 'repository', 'model'] as const;
export type UsagePart = (typeof parts)[number];
const part = `(?:${parts.join('|')})`;

export const UsageQuery = z.object({
  /** The first day, by UTC; absent: 30 days before the last. */
  from: z.iso.date().optional(),
  /** The last day; absent: today. */
  to: z.iso.date().optional(),
  /** What the rows are told apart by, with commas between. */
  by: z
    .string()
    .regex(new RegExp(`^${part}(?:,${part}){0,3}$`), 'day, member, repository and model, with commas')
    .default(parts.join(',')),
});
export type UsageQuery = z.infer<typeof UsageQuery>;

const Amount = z.object({
  /** That asked a model for something. */
  tasks: z.number().int(),
  in: z.number().int(),
  /** The part of `in` that was reused. */
  cached: z.number().int(),
  out: z.number().int(),
  costUsd: z.number(),
  /** That models took to answer. */
  seconds: z.number(),
});

const named = z.object({ id: z.string(), name: z.string() });

/** Null is what the rows are not told apart by. */
const UsageRow = Amount.extend({
  day: z.iso.date().nullable(),
  /** Who made the tasks: an actor. */
  member: named.nullable(),
  repository: named.nullable(),
  model: z.string().nullable(),
});
export type UsageRow = z.infer<typeof UsageRow>;

export const UsageReport = z.object({
  from: z.iso.date(),
  to: z.iso.date(),
  total: Amount,
  /** The newest day first; at most 10,000. */
  data: z.array(UsageRow).readonly(),
  /** There are more rows: ask for fewer days, or tell fewer things apart. */
  truncated: z.boolean(),
});
export type UsageReport = z.infer<typeof UsageReport>;
