import { createHash } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Team } from '@tandem/api';
import { AppError } from '@tandem/protocol/error';
import type { Bundle, Head } from '@tandem/protocol/team';
import { recordAct } from '../audit/record.ts';
import { asOrganisation, type Query } from '../database/transaction.ts';
import { isBundle } from '../repository/bundle.ts';
import { git } from '../repository/git.ts';
import { bundleFile, sweepBundles } from '../task/bundle-files.ts';
import type { TeamParts } from './create-team.ts';
import { doOnce } from './once.ts';
import { findRepository } from './repositories.ts';

/** Of one organisation, at the same time, without a task: two gigabytes. */
const maxWaiting = 32;
/** Branches past it are not told; who lacks them sends more than is needed. */
const maxHeads = 1_000;

type Row = {
  readonly id: string;
  readonly repository_id: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly created_at: Date;
};
type Received = Pick<Row, 'bytes' | 'sha256'>;

export const bundles = (parts: TeamParts): Pick<Team, 'createBundle' | 'heads'> => ({
  heads: async ({ organisation }, repository) => {
    const { path } = await asOrganisation(parts.pool, organisation, (client) =>
      findRepository(client, organisation, repository),
    );
    const text = await git({ cwd: '/', words: ['ls-remote', '--quiet', '--heads', '--', path] });
    return text.split('\n').flatMap(headOf).slice(0, maxHeads);
  },
  createBundle: async (caller, { repository, body, once }) => {
    const { pool, ids, state, place } = parts;
    const { organisation, actor } = caller;
    const found = await asOrganisation(pool, organisation, async (client) => {
      const wanted = await findRepository(client, organisation, repository);
      await requireRoom(client, organisation);
      return wanted.id;
    });
    await sweepBundles(parts);
    const id = ids('bdl');
    const file = bundleFile(state, id);
    const received = await receive(file, body);
    const make = async (client: Query): Promise<Bundle> => {
      const insert = `insert into tandem.bundle (id, org_id, repository_id, created_by, place, bytes, sha256)
        values ($1, $2, $3, $4, $5, $6, $7) returning *`;
      const { bytes, sha256 } = received;
      const values = [id, organisation, found, actor, place, bytes, sha256];
      const { rows } = await client.query<Row>(insert, values);
      const act = {
        action: 'bundle.received',
        subject: id,
        data: { repository: found, bytes, sha256 },
      } as const;
      await recordAct(client, caller, act);
      return bundleOf(rows[0]!);
    };
    try {
      const made = await asOrganisation(pool, organisation, (client) =>
        doOnce(client, { caller, once: onceOf(once, found, received), make: () => make(client) }),
      );
      if (made.id !== id) await rm(file, { force: true });
      return made;
    } catch (error) {
      await rm(file, { force: true });
      throw error;
    }
  },
});

const headOf = (line: string): readonly Head[] => {
  const [, commit, name] = /^([0-9a-f]{40,64})\trefs\/heads\/(.+)$/.exec(line) ?? [];
  return commit === undefined || name === undefined ? [] : [{ name, commit }];
};

const bundleOf = ({ id, repository_id: repository, bytes, sha256, created_at }: Row): Bundle => ({
  ...{ id, repository, bytes, sha256 },
  createdAt: created_at.toISOString(),
});

const onceOf = (key: string | undefined, repository: string, { sha256 }: Received) =>
  key === undefined
    ? null
    : { key, hash: createHash('sha256').update(`bundle ${repository} ${sha256}`).digest('hex') };

const requireRoom = async (client: Query, organisation: string): Promise<void> => {
  const asked =
    'select count(*)::integer as waiting from tandem.bundle where org_id = $1 and task_id is null';
  const { rows } = await client.query<{ waiting: number }>(asked, [organisation]);
  if (rows[0]!.waiting >= maxWaiting)
    throw new AppError(
      'limit',
      `${maxWaiting} bundles wait for their task already; make tasks of them, or come again tomorrow.`,
    );
};

/** As it comes, to the disk; there, whole and durable, when it resolves. @throws AppError configuration | disk */
const receive = async (file: string, body: AsyncIterable<Uint8Array>): Promise<Received> => {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const part = `${file}.part`;
  const opened = await open(part, 'wx', 0o600);
  const hash = createHash('sha256');
  let bytes = 0;
  let first = Buffer.alloc(0);
  try {
    for await (const chunk of body) {
      if (first.length < 16) first = Buffer.concat([first, chunk.subarray(0, 16)]);
      if (first.length >= 16 && !isBundle(first)) throw noBundle();
      bytes += chunk.length;
      hash.update(chunk);
      await opened.writeFile(chunk);
    }
    if (!isBundle(first)) throw noBundle();
    await opened.sync();
    await opened.close();
    await rename(part, file);
    return { bytes, sha256: hash.digest('hex') };
  } catch (error) {
    await opened.close().catch(() => {});
    await rm(part, { force: true });
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    throw new AppError('disk', 'There is no room for it on the server; ask who runs it.', { cause: error });
  }
};

const noBundle = (): AppError =>
  new AppError('configuration', 'The body is no git bundle; send what git bundle create writes.');

/** Gives a bundle to its task, in the caller's transaction; where it lies. @throws AppError not_found | usage | conflict */
export const claimBundle = async (
  client: Query,
  given: { readonly bundle: string; readonly task: string; readonly repository: string },
): Promise<string> => {
  const { bundle, task, repository } = given;
  const claim = `update tandem.bundle set task_id = $2 where id = $1 and repository_id = $3 and task_id is null returning place`;
  const { rows } = await client.query<{ place: string }>(claim, [bundle, task, repository]);
  if (rows[0] !== undefined) return rows[0].place;
  const asked = 'select task_id from tandem.bundle where id = $1';
  const [other] = (await client.query<{ task_id: string | null }>(asked, [bundle])).rows;
  if (other === undefined)
    throw new AppError('not_found', `There is no bundle ${bundle}, or no longer; hand the work over again.`);
  if (other.task_id === null)
    throw new AppError('usage', `${bundle} was handed over for another repository; name that one.`);
  throw new AppError('conflict', `${bundle} is that of ${other.task_id}; hand the work over again.`);
};
