import type { PageOf } from '@tandem/api';
import type { Page } from '@tandem/protocol/team';
import type { Query } from '../database/transaction.ts';

/**
 * A page of rows, newest first: ids sort by the time they were made. `select` ends in a where clause that further conditions
 * may follow; its values come first.
 */
export const readPage = async <Row extends { readonly id: string }, T>(
  client: Query,
  input: PageOf & {
    readonly select: string;
    readonly values?: readonly unknown[];
    readonly of: (row: Row) => T;
  },
): Promise<Page<T>> => {
  const { select, values = [], after, limit, of } = input;
  const cursor = `$${values.length + 1}::text`;
  const asked = `${select} and (${cursor} is null or id < ${cursor}) order by id desc limit $${values.length + 2}`;
  const { rows } = await client.query<Row>(asked, [...values, after ?? null, limit + 1]);
  const shown = rows.slice(0, limit);
  return { data: shown.map(of), next: rows.length > limit ? (shown.at(-1)?.id ?? null) : null };
};
