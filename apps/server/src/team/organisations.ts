import type { Caller, Identity, PageOf, Team } from '@tandem/api';
import { AppError } from '@tandem/protocol/error';
import { type Organisation, type Role, type Scope, scopes, scopesOf } from '@tandem/protocol/team';
import { asOrganisation } from '../database/transaction.ts';
import type { TeamParts } from './create-team.ts';
import { hashOf } from './keys.ts';
import { nameTaken } from './once.ts';
import { readPage } from './page.ts';

type Row = {
  readonly id: string;
  readonly name: string;
  readonly max_running: number;
  readonly created_at: Date;
};
const organisationOf = ({ id, name, max_running: maxRunning, created_at }: Row): Organisation => ({
  ...{ id, name, maxRunning },
  createdAt: created_at.toISOString(),
});

type Organisations = Pick<
  Team,
  | 'identify'
  | 'administratorIn'
  | 'organisations'
  | 'createOrganisation'
  | 'organisation'
  | 'changeOrganisation'
>;

export const organisations = ({
  pool,
  ids,
  isAdministrator,
}: Pick<TeamParts, 'pool' | 'ids' | 'isAdministrator'>): Organisations => ({
  identify: async (token) => {
    if (await isAdministrator(token)) return { type: 'administrator' };
    const asked = `select k.id, k.org_id, k.scopes, m.role, m.id as member from tandem.api_key k
      join tandem.member m on m.id = k.member_id and m.org_id = k.org_id
      where k.hash = $1 and k.revoked_at is null and (k.expires_at is null or k.expires_at > now())`;
    type Found = { org_id: string; scopes: readonly Scope[]; role: Role; member: string };
    const { rows } = await pool.query<Found>(asked, [hashOf(token)]);
    return rows[0] === undefined ? null : identityOf(rows[0]);
  },
  administratorIn: async (named) => {
    const asked = 'select id from tandem.organisation where id = $1 or name = $1';
    const { rows } = await pool.query<{ id: string }>(asked, [named]);
    if (rows[0] === undefined) throw new AppError('not_found', `There is no organisation ${named}.`);
    return { organisation: rows[0].id, actor: 'administrator', scopes };
  },
  organisations: (page: PageOf) =>
    readPage(pool, { ...page, select: 'select * from tandem.organisation where true', of: organisationOf }),
  createOrganisation: async ({ name, maxRunning }) => {
    const insert = 'insert into tandem.organisation (id, name, max_running) values ($1, $2, $3) returning *';
    const { rows } = await pool.query<Row>(insert, [ids('org'), name, maxRunning]).catch(nameTaken(name));
    return organisationOf(rows[0]!);
  },
  organisation: ({ organisation }: Caller) =>
    asOrganisation(pool, organisation, async (client) => {
      const { rows } = await client.query<Row>('select * from tandem.organisation where id = $1', [
        organisation,
      ]);
      return organisationOf(rows[0]!);
    }),
  changeOrganisation: ({ organisation }, { maxRunning }) =>
    asOrganisation(pool, organisation, async (client) => {
      const update = 'update tandem.organisation set max_running = $2 where id = $1 returning *';
      return organisationOf((await client.query<Row>(update, [organisation, maxRunning])).rows[0]!);
    }),
});

/** A key never does more than its member's role, whatever it was once given. */
const identityOf = (found: {
  readonly org_id: string;
  readonly scopes: readonly Scope[];
  readonly role: Role;
  readonly member: string;
}): Identity => ({
  type: 'caller',
  caller: {
    organisation: found.org_id,
    actor: `member:${found.member}`,
    scopes: found.scopes.filter((scope) => scopesOf[found.role].includes(scope)),
  },
});
