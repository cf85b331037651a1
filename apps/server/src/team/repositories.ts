import { isAbsolute } from 'node:path';
import type { Team } from '@tandem/api';
import { AppError } from '@tandem/protocol/error';
import type { Repository } from '@tandem/protocol/team';
import { recordAct } from '../audit/record.ts';
import { asOrganisation, type Query } from '../database/transaction.ts';
import { askGit } from '../repository/git.ts';
import type { TeamParts } from './create-team.ts';
import { doOnce, nameTaken } from './once.ts';
import { readPage } from './page.ts';

type Row = {
  readonly id: string;
  readonly name: string;
  readonly path: string;
  readonly created_at: Date;
};
const repositoryOf = ({ id, name, path, created_at }: Row): Repository => ({
  ...{ id, name, path },
  createdAt: created_at.toISOString(),
});

export const repositories = ({
  pool,
  ids,
}: Pick<TeamParts, 'pool' | 'ids'>): Pick<Team, 'repositories' | 'repository' | 'createRepository'> => ({
  repositories: ({ organisation }, page) =>
    asOrganisation(pool, organisation, (client) =>
      readPage(client, {
        ...page,
        select: 'select * from tandem.repository where org_id = $1',
        values: [organisation],
        of: repositoryOf,
      }),
    ),
  repository: ({ organisation }, id) =>
    asOrganisation(pool, organisation, (client) => findRepository(client, organisation, id)),
  createRepository: async (caller, { input, once }) => {
    if (caller.actor !== 'administrator')
      throw new AppError(
        'usage',
        'A path on the server is named by who has the token of the machine: tandem server repository.',
      );
    await requireRepository(input.path);
    return await asOrganisation(pool, caller.organisation, (client) =>
      doOnce(client, {
        caller,
        once,
        make: async () => {
          const { name, path } = input;
          const insert =
            'insert into tandem.repository (id, org_id, name, path) values ($1, $2, $3, $4) returning *';
          const { rows } = await client
            .query<Row>(insert, [ids('rep'), caller.organisation, name, path])
            .catch(nameTaken(name));
          const made = repositoryOf(rows[0]!);
          await recordAct(client, caller, {
            ...{ action: 'repository.added', subject: made.id },
            data: { name, path },
          });
          return made;
        },
      }),
    );
  },
});

/** By id or name. @throws AppError not_found */
export const findRepository = async (
  client: Query,
  organisation: string,
  named: string,
): Promise<Repository> => {
  const asked = 'select * from tandem.repository where org_id = $1 and (id = $2 or name = $2)';
  const { rows } = await client.query<Row>(asked, [organisation, named]);
  if (rows[0] === undefined)
    throw new AppError('not_found', `There is no repository ${named}; list them to see.`);
  return repositoryOf(rows[0]);
};

const requireRepository = async (path: string): Promise<void> => {
  if (!isAbsolute(path)) throw new AppError('usage', `${path} is not absolute; give the whole path.`);
  const found = await askGit({ cwd: '/', words: ['ls-remote', '--quiet', '--', path, 'HEAD'] });
  if (found === null)
    throw new AppError(
      'configuration',
      `${path} is no git repository that the server can read; make one there, or give another path.`,
    );
};
