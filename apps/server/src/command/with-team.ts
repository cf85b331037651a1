import type { Caller, PageOf } from '@tandem/api';
import type { Page } from '@tandem/protocol/team';
import { createIds } from '@tandem/workspace/identity';
import type { CommandInput } from '../main.ts';
import { teamIds } from '../team/create-team.ts';
import { membersAndKeys } from '../team/keys.ts';
import { organisations } from '../team/organisations.ts';
import { repositories } from '../team/repositories.ts';
import { withMigrated } from './with-database.ts';

type Administered = ReturnType<typeof organisations> &
  ReturnType<typeof membersAndKeys> &
  ReturnType<typeof repositories>;

/** Organisations as whoever has this machine manages them, whether a server runs or not. */
export const withTeam = <T>(
  input: CommandInput,
  work: (team: Administered, inOrganisation: (named: string) => Promise<Caller>) => Promise<T>,
): Promise<T> =>
  withMigrated(input, async ({ database }) => {
    const { pool } = database;
    const parts = {
      pool,
      ids: teamIds(createIds()),
      isAdministrator: () => Promise.resolve(false),
      failures: { count: () => {} },
    };
    const team = { ...organisations(parts), ...membersAndKeys(parts), ...repositories(parts) };
    return await work(team, team.administratorIn);
  });

/** Everything of a list that comes in pages. */
export const everyPage = async <T>(read: (page: PageOf) => Promise<Page<T>>): Promise<readonly T[]> => {
  const found: T[] = [];
  let after: string | undefined;
  for (;;) {
    const { data, next } = await read({ after, limit: 100 });
    found.push(...data);
    if (next === null) return found;
    after = next;
  }
};
