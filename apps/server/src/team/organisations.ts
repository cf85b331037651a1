import type { Caller, Identity, PageOf, Team } from '@tandem/api';
import { AppError } from '@tandem/protocol/error';
import {
  type CreateOrganisation,
  type Organisation,
  type Role,
  type Scope,
  scopes,
  scopesOf,
} from '@tandem/protocol/team';
import { recordAct } from '../audit/record.ts';
import { unknownKey } from '../audit/sign-in.ts';
import { asOrganisation, inTransaction, type Query } from '../database/transaction.ts';
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

type Found = {
  readonly key: string;
  readonly org_id: string;
  readonly scopes: readonly Scope[];
  readonly role: Role;
  readonly member: string;
  readonly name: string;
};

/** Whoever has the machine. */
export const administrator = { actor: 'administrator', name: 'administrator', key: null } as const;

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
  failures,
}: Pick<TeamParts, 'pool' | 'ids' | 'isAdministrator' | 'failures'>): Organisations => ({
  identify: async (token) => {
    if (await isAdministrator(token)) return { type: 'administrator' };
    const asked = `select k.id as key, k.org_id, k.scopes, m.role, m.id as member, m.name,
        k.revoked_at is null and (k.expires_at is null or k.expires_at > now()) as valid
      from tandem.api_key k join tandem.member m on m.id = k.member_id and m.org_id = k.org_id where k.hash = $1`;
    const { rows } = await pool.query<Found & { valid: boolean }>(asked, [hashOf(token)]);
    const [found] = rows;
    if (found?.valid === true) return identityOf(found);
    failures.count(found === undefined ? unknownKey : { organisation: found.org_id, subject: found.key });
    return null;
  },
  administratorIn: async (named) => {
    const asked = 'select id from tandem.organisation where id = $1 or name = $1';
    const { rows } = await pool.query<{ id: string }>(asked, [named]);
    if (rows[0] === undefined)
      throw new AppError(
        'not_found',
        `There is no organisation ${named}; tandem server organisation list shows which there are.`,
      );
    return { organisation: rows[0].id, ...administrator, scopes };
  },
  organisations: (page: PageOf) =>
    readPage(pool, { ...page, select: 'select * from tandem.organisation where true', of: organisationOf }),
  createOrganisation: (input) => inTransaction(pool, (client) => makeOrganisation(client, ids, input)),
  organisation: ({ organisation }: Caller) =>
    asOrganisation(pool, organisation, async (client) => {
      const { rows } = await client.query<Row>('select * from tandem.organisation where id = $1', [
        organisation,
      ]);
      return organisationOf(rows[0]!);
    }),
  changeOrganisation: (caller, { maxRunning }) =>
    asOrganisation(pool, caller.organisation, async (client) => {
      const { organisation } = caller;
      const update = 'update tandem.organisation set max_running = $2 where id = $1 returning *';
      const { rows } = await client.query<Row>(update, [organisation, maxRunning]);
      const act = { action: 'organisation.changed', subject: organisation, data: { maxRunning } } as const;
      await recordAct(client, caller, act);
      return organisationOf(rows[0]!);
    }),
});

/** A key never does more than its member's role, whatever it was once given. */
const identityOf = (found: Found): Identity => ({
  type: 'caller',
  caller: {
    organisation: found.org_id,
    actor: `member:${found.member}`,
    name: found.name,
    key: found.key,
    scopes: found.scopes.filter((scope) => scopesOf[found.role].includes(scope)),
  },
});

/** In the caller's transaction, by whoever has the machine. @throws AppError conflict */
export const makeOrganisation = async (
  client: Query,
  ids: TeamParts['ids'],
  { name, maxRunning }: CreateOrganisation,
): Promise<Organisation> => {
  const insert = 'insert into tandem.organisation (id, name, max_running) values ($1, $2, $3) returning *';
  const { rows } = await client.query<Row>(insert, [ids('org'), name, maxRunning]).catch(nameTaken(name));
  const made = organisationOf(rows[0]!);
  const act = { action: 'organisation.created', subject: made.id, data: { name, maxRunning } } as const;
  await recordAct(client, { ...administrator, organisation: made.id }, act);
  return made;
};
