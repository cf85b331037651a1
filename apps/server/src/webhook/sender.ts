import type { Clock } from '@tandem/core';
import { isAppError } from '@tandem/protocol/error';
import type pg from 'pg';
import { mayPass } from '../database/error.ts';
import type { Vault } from '../secret/vault.ts';
import type { SignOfLife } from '../store/sign-of-life.ts';
import { type Reach, resolveUrl } from './address.ts';
import { type Claimed, claimDeliveries } from './claim.ts';
import { forgetDeliveries, recordTry, type Tried } from './outcome.ts';
import { post } from './post.ts';
import { signedHeaders } from './signature.ts';

export type SenderParts = {
  readonly pool: pg.Pool;
  readonly clock: Clock;
  readonly life: SignOfLife;
  readonly vault: Vault;
  readonly reach: Reach;
  /** From 0 to 1. */
  readonly random: () => number;
  readonly say: (line: string) => void;
};

/** How late a delivery begins. A look is one small query. */
const lookMs = 500;
const atOnce = 16;
const forgetMs = 60 * 60_000;

/** The place of a webhook's secret in the database. */
export const secretPlace = (id: string) => ({ table: 'tandem.webhook', column: 'secret', id });

/** Sends what is due until the signal aborts; what is then on its way is sent again by the next server, with the same id. */
export const sendDeliveries = async (parts: SenderParts, signal: AbortSignal): Promise<void> => {
  const { pool, clock, life, say } = parts;
  const sending = new Map<string, { readonly webhook: string; readonly done: Promise<void> }>();
  let said = '';
  let forgottenAt = Number.NEGATIVE_INFINITY;
  const look = async (): Promise<void> => {
    if (clock.ms() - forgottenAt > forgetMs) {
      forgottenAt = clock.ms();
      await forgetDeliveries(pool);
    }
    const busy = (webhook: string): number =>
      [...sending.values()].filter((one) => one.webhook === webhook).length;
    const mine = [...sending.keys()];
    const claimed = await claimDeliveries({ pool, life, mine, most: atOnce - sending.size }, busy);
    if (claimed.length > 0) life.begin();
    for (const delivery of claimed) {
      const done = send(parts, delivery, signal).finally(() => sending.delete(delivery.id));
      sending.set(delivery.id, { webhook: delivery.webhook_id, done });
    }
  };
  while (!signal.aborted) {
    await look().catch((error: unknown) => {
      // The database may be away; the next look finds it again. A trouble that lasts is said when it begins.
      if (!mayPass(error) && said !== String(error)) say(`webhooks cannot be sent: ${String(error)}`);
      said = String(error);
    });
    await clock.sleep(lookMs, signal).catch(() => {});
  }
  await Promise.all([...sending.values()].map(({ done }) => done));
};

const send = async (parts: SenderParts, delivery: Claimed, signal: AbortSignal): Promise<void> => {
  const { clock } = parts;
  const at = new Date(clock.iso());
  const began = clock.ms();
  const outcome = await tryOnce(parts, delivery, signal);
  // The server ends: whether it came through is not known, so it counts as not tried.
  if (signal.aborted && outcome.status === null) return;
  const tried: Tried = { ...outcome, at, ms: Math.round(clock.ms() - began) };
  // A database that is away learns it by the next try: the same event with the same id.
  await recordTry(parts, delivery, tried).catch(() => {});
};

const tryOnce = async (
  { vault, reach, clock }: SenderParts,
  delivery: Claimed,
  signal: AbortSignal,
): Promise<Omit<Tried, 'at' | 'ms'>> => {
  try {
    const { event_id: id, webhook_id: webhook, body, previous_secret: before, previous_until } = delivery;
    const now = Date.parse(clock.iso());
    const sealed = [delivery.secret];
    if (before !== null && previous_until !== null && previous_until.getTime() > now) sealed.push(before);
    const secrets = sealed.map((one) => vault.open(secretPlace(webhook), one));
    const checked = await resolveUrl(delivery.url, reach, signal);
    const timestamp = Math.floor(now / 1_000);
    const headers = signedHeaders({ id, timestamp, body }, secrets);
    const { status, answer } = await post(checked, { body, headers, signal });
    if (status >= 200 && status < 300) return { status, answer, error: null };
    const redirected = status >= 300 && status < 400 ? '; redirects are not followed' : '';
    return { status, answer, error: `answered ${status}${redirected}` };
  } catch (error) {
    return { status: null, answer: null, error: wordsOf(error) };
  }
};

/** Refusals of ours as they are; of the network its own short words, which name what was connected to and nothing else. */
const wordsOf = (error: unknown): string => {
  if (isAppError(error)) return error.message;
  return (error instanceof Error ? error.message : String(error)).slice(0, 300);
};
