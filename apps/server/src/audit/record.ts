import type { AuditAction } from '@tandem/protocol/team-audit';
import type { Query } from '../database/transaction.ts';

/** What belongs to no organisation. */
export const serverChain = 'server';

export type Act = {
  readonly action: AuditAction;
  /** The id of what it was done to. */
  readonly subject: string;
  /** Nothing secret, no prompt and no code: a row is kept for good. */
  readonly data?: Readonly<Record<string, unknown>>;
};

/** Who acts; `key` is the id of the key that was shown, where one was. */
export type Acting = {
  readonly organisation: string;
  readonly actor: string;
  readonly key?: string | null;
};

/**
 * One row at the end of the organisation's chain, in the caller's transaction: it is there if and only if what it tells of is.
 * Last in the transaction, because whoever comes next in this organisation waits for its end.
 */
export const recordAct = async (client: Query, by: Acting, act: Act): Promise<void> => {
  const data = { ...act.data, ...(by.key === undefined || by.key === null ? {} : { key: by.key }) };
  const insert =
    'insert into tandem.audit (org_id, actor, action, subject, data) values ($1, $2, $3, $4, $5)';
  await client.query(insert, [by.organisation, by.actor, act.action, act.subject, JSON.stringify(data)]);
};
