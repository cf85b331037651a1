import { z } from 'zod';

/** One thing that a program of others wants to know of a person. What is filled in is text, whatever its kind. */
export const AskedField = z.object({
  name: z.string().max(200),
  title: z.string().max(500),
  kind: z.enum(['text', 'number', 'integer', 'yes or no', 'choice', 'choices']),
  /** Of `choice` and `choices`. */
  options: z.array(z.object({ value: z.string(), title: z.string() })).optional(),
  /** What it is unless the person says otherwise. */
  initial: z.string().optional(),
  required: z.boolean(),
});
export type AskedField = z.infer<typeof AskedField>;
