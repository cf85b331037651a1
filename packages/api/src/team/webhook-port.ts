import type { Page } from '@tandem/protocol/team';
import type {
  ChangeWebhook,
  CreatedWebhook,
  CreateWebhook,
  Delivery,
  DeliveryReport,
  DeliveryState,
  Webhook,
} from '@tandem/protocol/team-webhook';
import type { Asked, Caller, PageOf } from './port.ts';

type DeliveryPlace = { readonly id: string; readonly delivery: string };

/** Where an organisation is told of its tasks. Rejects as the rest of the team does. */
export type WebhookPort = {
  readonly webhooks: (caller: Caller, page: PageOf) => Promise<Page<Webhook>>;
  readonly webhook: (caller: Caller, id: string) => Promise<Webhook>;
  readonly createWebhook: (caller: Caller, asked: Asked<CreateWebhook>) => Promise<CreatedWebhook>;
  readonly changeWebhook: (
    caller: Caller,
    asked: { readonly id: string; readonly change: ChangeWebhook },
  ) => Promise<Webhook>;
  readonly deleteWebhook: (caller: Caller, id: string) => Promise<void>;
  /** A new secret for the webhook of that id; for a day deliveries are signed with both. */
  readonly rotateSecret: (caller: Caller, asked: Asked<string>) => Promise<CreatedWebhook>;
  readonly testWebhook: (caller: Caller, asked: Asked<string>) => Promise<Delivery>;
  readonly deliveries: (
    caller: Caller,
    page: PageOf & { readonly id: string; readonly state: DeliveryState | undefined },
  ) => Promise<Page<Delivery>>;
  readonly delivery: (caller: Caller, place: DeliveryPlace) => Promise<DeliveryReport>;
  /** Sent again from the first pause on, with the same id. */
  readonly replayDelivery: (caller: Caller, place: DeliveryPlace) => Promise<DeliveryReport>;
};
