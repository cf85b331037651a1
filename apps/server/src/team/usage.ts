import type { Team } from '@tandem/api';
import type { UsagePart, UsageReport, UsageRow } from '@tandem/protocol/team-usage';
import { asOrganisation } from '../database/transaction.ts';
import type { TeamParts } from './create-team.ts';
import { actorName } from './names.ts';

/** Past it a report is cut. */
const mostRows = 10_000;
const usualDays = 30;

type Sums = {
  readonly tasks: number;
  readonly in: number;
  readonly cached: number;
  readonly out: number;
  readonly cost: number;
  readonly ms: number;
};
type Row = Sums & {
  readonly day: string | null;
  readonly member: string | null;
  readonly member_name: string | null;
  readonly repository: string | null;
  readonly repository_name: string | null;
  readonly model: string | null;
};

const amountOf = ({ tasks, in: given, cached, out, cost, ms }: Sums) => ({
  ...{ tasks, in: given, cached, out },
  costUsd: cost,
  seconds: ms / 1_000,
});

const named = (id: string | null, name: string | null) => (id === null ? null : { id, name: name ?? id });

const rowOf = (row: Row): UsageRow => ({
  day: row.day,
  member: named(row.member, row.member_name),
  repository: named(row.repository, row.repository_name),
  model: row.model,
  ...amountOf(row),
});

const sums = `count(distinct task_id)::int as tasks, coalesce(sum(tokens_in), 0)::bigint as in,
  coalesce(sum(tokens_cached), 0)::bigint as cached, coalesce(sum(tokens_out), 0)::bigint as out,
  coalesce(sum(cost_usd), 0) as cost, coalesce(sum(ms), 0)::bigint as ms`;
const between = 'org_id = $1 and day between $2::date and $3::date';

const columns: Readonly<Record<UsagePart, string>> = {
  day: "to_char(day, 'YYYY-MM-DD')",
  member: 'created_by',
  repository: 'repository_id',
  model: 'model',
};

/** Names are looked up for the rows that are shown, after they were summed. */
const grouped = (by: ReadonlySet<string>): string => {
  const chosen = Object.entries(columns).map(
    ([part, column]) => `${by.has(part) ? column : 'null::text'} as ${part}`,
  );
  return `select u.*, ${actorName('u.member')} as member_name,
      (select r.name from tandem.repository r where r.id = u.repository) as repository_name
    from (select ${chosen.join(', ')}, ${sums} from tandem.usage where ${between}
      group by 1, 2, 3, 4 order by 1 desc nulls last, 2, 3, 4 limit ${mostRows + 1}) u`;
};

export const usage = ({ pool }: Pick<TeamParts, 'pool'>): Pick<Team, 'usage'> => ({
  usage: ({ organisation }, { from, to, by }) =>
    asOrganisation(pool, organisation, async (client): Promise<UsageReport> => {
      const span = `select to_char(last, 'YYYY-MM-DD') as to,
        to_char(coalesce($1::date, last - ${usualDays - 1}), 'YYYY-MM-DD') as from
        from (select coalesce($2::date, (now() at time zone 'utc')::date) as last) as asked`;
      const asked = await client.query<{ from: string; to: string }>(span, [from ?? null, to ?? null]);
      const days = asked.rows[0]!;
      const values = [organisation, days.from, days.to];
      const total = await client.query<Sums>(`select ${sums} from tandem.usage where ${between}`, values);
      const { rows } = await client.query<Row>(grouped(new Set(by.split(','))), values);
      return {
        ...days,
        total: amountOf(total.rows[0]!),
        data: rows.slice(0, mostRows).map(rowOf),
        truncated: rows.length > mostRows,
      };
    }),
});
