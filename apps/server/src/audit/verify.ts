import type { Query } from '../database/transaction.ts';
import { type Chained, chainedColumns, firstPrevious, hashOfRow } from './hash.ts';

const pageSize = 1_000;

export type Head = { readonly seq: number; readonly hash: string };
export type Verified =
  | { readonly ok: true; readonly head: Head | null }
  | { readonly ok: false; readonly seq: number; readonly why: string };

/**
 * Reads a chain from its first row and says where it breaks. That its end was not cut off, or all of it written anew, shows only
 * `expected`: a head that was noted outside of the database.
 */
export const verifyChain = async (
  client: Query,
  chain: string,
  expected: Head | null = null,
): Promise<Verified> => {
  const asked = `select ${chainedColumns} from tandem.audit where org_id = $1 and seq > $2 order by seq limit ${pageSize}`;
  let last: Head = { seq: 0, hash: firstPrevious };
  for (;;) {
    const { rows } = await client.query<Chained>(asked, [chain, last.seq]);
    for (const row of rows) {
      const why = breakAt(row, last);
      if (why !== null) return { ok: false, seq: last.seq + 1, why };
      if (expected?.seq === row.seq && expected.hash !== row.hash)
        return { ok: false, seq: row.seq, why: 'it is not the row whose hash was noted' };
      last = row;
    }
    if (rows.length < pageSize) break;
  }
  if (expected !== null && expected.seq > last.seq)
    return { ok: false, seq: last.seq + 1, why: `the rows up to ${expected.seq} are missing` };
  return { ok: true, head: last.seq === 0 ? null : { seq: last.seq, hash: last.hash } };
};

const breakAt = (row: Chained, last: Head): string | null => {
  if (row.seq !== last.seq + 1) return `it is missing; ${row.seq} comes next`;
  if (row.previous !== last.hash) return 'it does not follow the row before';
  return row.hash === hashOfRow(row) ? null : 'it was changed';
};
