import type { Me, Page } from '@tandem/protocol/team';
import type { AuditQuery, AuditRow } from '@tandem/protocol/team-audit';
import type { SetUp, SetUpDone } from '@tandem/protocol/team-setup';
import type { UsageQuery, UsageReport } from '@tandem/protocol/team-usage';
import type {
  ChangeWebhook,
  CreatedWebhook,
  CreateWebhook,
  Delivery,
  DeliveryReport,
  DeliveryState,
  Webhook,
} from '@tandem/protocol/team-webhook';
import { type Call, type ClientOptions, send, sendJson } from './transport.ts';

type PageOf = Partial<{ readonly after: string; readonly limit: number }>;
/** Without what has a default. */
type NewWebhook = Pick<CreateWebhook, 'url'> & Partial<CreateWebhook>;

/** What an organisation's owner sees to: where it is told of its tasks, who did what, what was used. Rejects as the rest does. */
export type OrganisationClient = {
  /** The first organisation, with the code that the server printed; needs no token. */
  readonly setUp: (input: SetUp) => Promise<SetUpDone>;
  readonly webhooks: (page?: PageOf) => Promise<Page<Webhook>>;
  readonly webhook: (id: string) => Promise<Webhook>;
  /** The same `once` twice makes one, and tells its secret the first time only. */
  readonly createWebhook: (input: NewWebhook, once?: string) => Promise<CreatedWebhook>;
  readonly changeWebhook: (id: string, change: ChangeWebhook) => Promise<Webhook>;
  readonly deleteWebhook: (id: string) => Promise<void>;
  /** For a day deliveries are signed with the old secret too. */
  readonly rotateSecret: (id: string, once?: string) => Promise<CreatedWebhook>;
  readonly testWebhook: (id: string, once?: string) => Promise<Delivery>;
  readonly deliveries: (
    id: string,
    page?: PageOf & Partial<{ readonly state: DeliveryState }>,
  ) => Promise<Page<Delivery>>;
  readonly delivery: (id: string, delivery: string) => Promise<DeliveryReport>;
  readonly replayDelivery: (id: string, delivery: string) => Promise<DeliveryReport>;
  readonly audit: (query?: PageOf & AuditQuery) => Promise<Page<AuditRow>>;
  /** Whose key this client has, and what it opens. */
  readonly me: () => Promise<Me>;
  readonly usage: (query?: Partial<UsageQuery>) => Promise<UsageReport>;
};

export const createOrganisationClient = (options: ClientOptions): OrganisationClient => {
  const at = (...parts: readonly string[]): string =>
    ['/v1/webhooks', ...parts.map(encodeURIComponent)].join('/');
  const get = <T>(path: string, query: object = {}): Promise<T> =>
    sendJson(options, { method: 'GET', path: `${path}${searchOf(query)}` });
  const post = <T>(path: string, given: Pick<Call, 'body'> & { readonly once?: string | undefined } = {}) => {
    const { once, ...rest } = given;
    const headers = once === undefined ? {} : { headers: { 'idempotency-key': once } };
    return sendJson<T>(options, { method: 'POST', path, ...rest, ...headers });
  };
  return {
    setUp: (body) => post('/v1/setup', { body }),
    webhooks: (page) => get(at(), page),
    webhook: (id) => get(at(id)),
    createWebhook: (body, once) => post(at(), { body, once }),
    changeWebhook: (id, body) => sendJson(options, { method: 'PATCH', path: at(id), body }),
    deleteWebhook: async (id) => void (await send(options, { method: 'DELETE', path: at(id) })),
    rotateSecret: (id, once) => post(at(id, 'secret'), { once }),
    testWebhook: (id, once) => post(at(id, 'test'), { once }),
    deliveries: (id, page) => get(at(id, 'deliveries'), page),
    delivery: (id, delivery) => get(at(id, 'deliveries', delivery)),
    replayDelivery: (id, delivery) => post(at(id, 'deliveries', delivery, 'replay')),
    me: () => get('/v1/me'),
    audit: (query) => get('/v1/audit', query),
    usage: (query) => get('/v1/usage', query),
  };
};

const searchOf = (query: object): string => {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  const search = new URLSearchParams(given.map(([key, value]): [string, string] => [key, String(value)]));
  return search.size === 0 ? '' : `?${search}`;
};
