import type { Team } from '@tandem/api';
import type { AuditAction, AuditRow } from '@tandem/protocol/team-audit';
import { type Chained, chainedColumns } from '../audit/hash.ts';
import { asOrganisation } from '../database/transaction.ts';
import type { TeamParts } from './create-team.ts';
import { actorName } from './names.ts';

type Row = Chained & { readonly actor_name: string };

const rowOf = ({ org_id, actor_name: name, ...row }: Row): AuditRow => ({
  ...row,
  actorName: name,
  action: row.action as AuditAction,
});

export const audit = ({ pool }: Pick<TeamParts, 'pool'>): Pick<Team, 'audit'> => ({
  audit: ({ organisation }, { after, limit, action = null, actor = null, subject = null }) =>
    asOrganisation(pool, organisation, async (client) => {
      const asked = `select ${chainedColumns}, ${actorName('a.actor')} as actor_name from tandem.audit a
        where org_id = $1 and ($2::bigint is null or seq < $2) and ($3::text is null or action = $3)
          and ($4::text is null or actor = $4) and ($5::text is null or subject = $5) order by seq desc limit $6`;
      const values = [organisation, after ?? null, action, actor, subject, limit + 1];
      const { rows } = await client.query<Row>(asked, values);
      const shown = rows.slice(0, limit);
      return {
        data: shown.map(rowOf),
        next: rows.length > limit ? String(shown.at(-1)!.seq) : null,
      };
    }),
});
