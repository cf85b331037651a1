/** What crosses the team server's door about webhooks: where an organisation is told of what happens to its tasks. */
import { z } from 'zod';
import { taskEventTypes } from './team.ts';

const time = z.iso.datetime();

export const webhookEventTypes = [...taskEventTypes, 'webhook.test'] as const;
const WebhookEventType = z.enum(webhookEventTypes);
const url = z
  .string()
  .max(2_000)
  .regex(/^https?:\/\/[!-~]+$/, 'an address that begins with https://');
const events = z.array(z.enum(taskEventTypes)).min(1).max(taskEventTypes.length).readonly();
const description = z
  .string()
  .max(200)
  .regex(/^[ -~\u00a0-\uffff]*$/, 'one line');

export const Webhook = z.object({
  id: z.string(),
  url: z.string(),
  /** What it is told of. */
  events,
  description: z.string(),
  enabled: z.boolean(),
  /** Why it was disabled, for people; null while it is enabled. */
  disabledWhy: z.string().nullable(),
  /** Since when no delivery came through; null while the last one did. */
  failingSince: time.nullable(),
  /** Until then deliveries carry the signature of the secret before the last rotation too. */
  previousSecretUntil: time.nullable(),
  createdAt: time,
  updatedAt: time,
});
export type Webhook = z.infer<typeof Webhook>;
export const CreateWebhook = z.strictObject({
  /** https; http only to loopback where the server was started to allow it. */
  url,
  /** Absent: all that happens to tasks. */
  events: events.default(taskEventTypes),
  description: description.default(''),
});
export type CreateWebhook = z.infer<typeof CreateWebhook>;
export const ChangeWebhook = z.strictObject({
  url: url.optional(),
  events: events.optional(),
  description: description.optional(),
  /** True also forgets that it failed. */
  enabled: z.boolean().optional(),
});
export type ChangeWebhook = z.infer<typeof ChangeWebhook>;
/** `secret` is shown this once; null where the request was made before with the same `Idempotency-Key`. */
export const CreatedWebhook = Webhook.extend({ secret: z.string().nullable() });
export type CreatedWebhook = z.infer<typeof CreatedWebhook>;

export const DeliveryState = z.enum(['waiting', 'delivered', 'failed']);
export type DeliveryState = z.infer<typeof DeliveryState>;

/** One event on its way to one webhook. */
export const Delivery = z.object({
  id: z.string(),
  webhook: z.string(),
  /** Sent as `webhook-id`: the same each time that it is tried. */
  event: z.string(),
  type: WebhookEventType,
  state: DeliveryState,
  /** How often it was tried. */
  tried: z.number().int(),
  /** When it is tried next; null when it is over. */
  nextAt: time.nullable(),
  createdAt: time,
  endedAt: time.nullable(),
});
export type Delivery = z.infer<typeof Delivery>;

export const DeliveryTry = z.object({
  /** From 1. */
  number: z.number().int(),
  at: time,
  ms: z.number().int(),
  /** Of the answer; null where there was none. */
  status: z.number().int().nullable(),
  /** Why it counts as failed; null where it came through. */
  error: z.string().nullable(),
  /** How the answer began: at most 500 characters. */
  answer: z.string().nullable(),
});
export type DeliveryTry = z.infer<typeof DeliveryTry>;

export const DeliveryReport = Delivery.extend({
  /** Exactly as it is sent. */
  body: z.string(),
  tries: z.array(DeliveryTry).readonly(),
});
export type DeliveryReport = z.infer<typeof DeliveryReport>;
