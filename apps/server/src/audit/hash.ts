import { createHash } from 'node:crypto';

/** A row of a chain as it lies in the database; all as text. */
export type Chained = {
  readonly org_id: string;
  readonly seq: number;
  /** UTC to the microsecond, as `2026-01-31T10:00:00.000001Z`. */
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly data: string;
  readonly previous: string;
  readonly hash: string;
};

/** SQL: a chain's rows in the form that was hashed. */
export const chainedColumns = `org_id, seq, to_char(at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at, actor, action,
  subject, data::text as data, previous, hash`;

export const firstPrevious = '0'.repeat(64);

/** What the database's own function makes of the same row; computed here without it. */
export const hashOfRow = (row: Omit<Chained, 'hash'>): string => {
  const { previous, org_id, seq, at, actor, action, subject, data } = row;
  const parts = [previous, org_id, String(seq), at, actor, action, subject, data];
  const text = parts.map((part) => `${Buffer.byteLength(part)}:${part},`).join('');
  return createHash('sha256').update(text).digest('hex');
};
