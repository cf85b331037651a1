import { randomBytes } from 'node:crypto';
import type { Team } from '@tandem/api';
import { AppError } from '@tandem/protocol/error';
import { scopes } from '@tandem/protocol/team';
import type pg from 'pg';
import { inTransaction, type Query } from '../database/transaction.ts';
import type { TeamParts } from './create-team.ts';
import { hashOf, makeKey, makeMember } from './keys.ts';
import { administrator, makeOrganisation } from './organisations.ts';

/** Long enough to find the terminal again, too short to be found in old output. */
export const codeMinutes = 30;

/** Servers that start at once, and requests with the same code, wait for each other on this number. */
const lockKey = 7_263_501_844;
const lock = async (client: Query): Promise<void> => {
  await client.query('select pg_advisory_xact_lock($1)', [lockKey]);
};

const isSetUp = async (client: Query): Promise<boolean> =>
  (await client.query('select from tandem.organisation limit 1')).rowCount !== 0;

/** A code for the first organisation, in place of every earlier one; null where there is an organisation already. */
export const newSetupCode = (pool: pg.Pool): Promise<string | null> =>
  inTransaction(pool, async (client) => {
    await lock(client);
    if (await isSetUp(client)) return null;
    const code = `setup_${randomBytes(32).toString('base64url')}`;
    await client.query('delete from tandem.setup');
    const insert = `insert into tandem.setup (hash, expires_at) values ($1, now() + interval '${codeMinutes} minutes')`;
    await client.query(insert, [hashOf(code)]);
    return code;
  });

export const setup = ({ pool, ids }: Pick<TeamParts, 'pool' | 'ids'>): Pick<Team, 'setUp'> => ({
  setUp: (asked) =>
    inTransaction(pool, async (client) => {
      await lock(client);
      const use = `update tandem.setup set used_at = now()
        where hash = $1 and used_at is null and expires_at > now()`;
      const isCode = (await client.query(use, [hashOf(asked.code)])).rowCount === 1;
      if (!isCode || (await isSetUp(client)))
        throw new AppError(
          'not_found',
          'This code is not known, was used, or is over. While there is no organisation, tandem server setup on the machine prints a new one.',
        );
      const organisation = await makeOrganisation(client, ids, { name: asked.organisation, maxRunning: 2 });
      const caller = { ...administrator, organisation: organisation.id, scopes };
      const member = await makeMember(client, ids, { caller, input: { name: asked.member, role: 'owner' } });
      const input = { name: 'setup', member: member.id };
      return { organisation, member, key: await makeKey(client, ids, { caller, input }) };
    }),
});
