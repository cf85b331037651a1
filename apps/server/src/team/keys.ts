import { createHash, randomBytes } from 'node:crypto';
import type { Caller, Team } from '@tandem/api';
import { AppError } from '@tandem/protocol/error';
import {
  type CreatedKey,
  type CreateKey,
  type CreateMember,
  type Key,
  type Member,
  type Role,
  type Scope,
  scopesOf,
} from '@tandem/protocol/team';
import { recordAct } from '../audit/record.ts';
import { asOrganisation, type Query } from '../database/transaction.ts';
import type { TeamParts } from './create-team.ts';
import { doOnce, nameTaken } from './once.ts';
import { readPage } from './page.ts';

/** A key is 256 random bits: nobody guesses one, so a plain hash keeps it. */
export const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');

type MemberRow = {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly created_at: Date;
};
const memberOf = ({ id, name, role, created_at }: MemberRow): Member => ({
  ...{ id, name, role },
  createdAt: created_at.toISOString(),
});

type KeyRow = {
  readonly id: string;
  readonly name: string;
  readonly member_id: string;
  readonly scopes: readonly Scope[];
  readonly created_at: Date;
  readonly expires_at: Date | null;
  readonly revoked_at: Date | null;
};
const keyOf = (row: KeyRow): Key => ({
  id: row.id,
  name: row.name,
  member: row.member_id,
  scopes: row.scopes,
  createdAt: row.created_at.toISOString(),
  expiresAt: row.expires_at?.toISOString() ?? null,
  revokedAt: row.revoked_at?.toISOString() ?? null,
});

type Members = Pick<Team, 'members' | 'createMember' | 'keys' | 'createKey' | 'revokeKey'>;

export const membersAndKeys = ({ pool, ids }: Pick<TeamParts, 'pool' | 'ids'>): Members => ({
  members: ({ organisation }, page) =>
    asOrganisation(pool, organisation, (client) =>
      readPage(client, {
        ...page,
        select: 'select * from tandem.member where org_id = $1',
        values: [organisation],
        of: memberOf,
      }),
    ),
  createMember: (caller, { input, once }) =>
    asOrganisation(pool, caller.organisation, (client) =>
      doOnce(client, {
        caller,
        once,
        make: () => makeMember(client, ids, { caller, input }),
      }),
    ),
  keys: ({ organisation }, page) =>
    asOrganisation(pool, organisation, (client) =>
      readPage(client, {
        ...page,
        select: 'select * from tandem.api_key where org_id = $1',
        values: [organisation],
        of: keyOf,
      }),
    ),
  createKey: (caller, { input, once }) =>
    asOrganisation(pool, caller.organisation, (client) =>
      doOnce(client, {
        caller,
        once,
        make: () => makeKey(client, ids, { caller, input }),
        kept: (made) => ({ ...made, secret: null }),
      }),
    ),
  revokeKey: (caller, id) =>
    asOrganisation(pool, caller.organisation, async (client) => {
      const update =
        'update tandem.api_key set revoked_at = coalesce(revoked_at, now()) where id = $1 and org_id = $2';
      if ((await client.query(update, [id, caller.organisation])).rowCount === 0)
        throw new AppError('not_found', `There is no key ${id}; list them to see.`);
      await recordAct(client, caller, { action: 'key.revoked', subject: id });
    }),
});

type Making<T> = { readonly caller: Caller; readonly input: T };

/** In the caller's transaction. @throws AppError conflict | usage */
export const makeMember = async (
  client: Query,
  ids: TeamParts['ids'],
  { caller, input: { name, role } }: Making<CreateMember>,
): Promise<Member> => {
  requireWithin(caller, scopesOf[role]);
  const insert = 'insert into tandem.member (id, org_id, name, role) values ($1, $2, $3, $4) returning *';
  const { rows } = await client
    .query<MemberRow>(insert, [ids('mem'), caller.organisation, name, role])
    .catch(nameTaken(name));
  const made = memberOf(rows[0]!);
  await recordAct(client, caller, { action: 'member.added', subject: made.id, data: { name, role } });
  return made;
};

/** In the caller's transaction. @throws AppError not_found | usage */
export const makeKey = async (
  client: Query,
  ids: TeamParts['ids'],
  { caller, input }: Making<CreateKey>,
): Promise<CreatedKey> => {
  const secret = `tandem_${randomBytes(32).toString('base64url')}`;
  const { member, name } = input;
  const expiresAt = input.expiresAt === undefined ? null : new Date(input.expiresAt).toISOString();
  const granted = await scopesFor(client, caller, { member, wanted: input.scopes });
  const insert = `insert into tandem.api_key (id, org_id, member_id, name, hash, scopes, expires_at)
    values ($1, $2, $3, $4, $5, $6, $7) returning *`;
  const values = [ids('key'), caller.organisation, member, name, hashOf(secret), granted, expiresAt];
  const made = keyOf((await client.query<KeyRow>(insert, values)).rows[0]!);
  const data = { name, member, scopes: granted, expiresAt };
  await recordAct(client, caller, { action: 'key.created', subject: made.id, data });
  return { ...made, secret };
};

const scopesFor = async (
  client: Query,
  caller: Caller,
  { member, wanted }: { readonly member: string; readonly wanted: readonly Scope[] | undefined },
): Promise<readonly Scope[]> => {
  const asked = 'select role from tandem.member where id = $1 and org_id = $2';
  const { rows } = await client.query<{ role: Role }>(asked, [member, caller.organisation]);
  if (rows[0] === undefined)
    throw new AppError('not_found', `There is no member ${member}; list them to see.`);
  const most = scopesOf[rows[0].role];
  const granted = wanted ?? most;
  const beyond = granted.filter((scope) => !most.includes(scope));
  if (beyond.length > 0)
    throw new AppError('usage', `A ${rows[0].role} may not ${beyond.join(', ')}; leave that out.`);
  requireWithin(caller, granted);
  return granted;
};

/** Nobody gives what they do not have. */
const requireWithin = (caller: Caller, granted: readonly Scope[]): void => {
  const beyond = granted.filter((scope) => !caller.scopes.includes(scope));
  if (beyond.length > 0)
    throw new AppError('usage', `Your key may not ${beyond.join(', ')}, so it cannot give that to another.`);
};
