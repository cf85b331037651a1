import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '@tandem/workspace/identity';
import type pg from 'pg';
import { forgetBundle } from '../repository/bundle.ts';
import { type Context, mirrorFolder } from './context.ts';

/** Bundles that were handed over, until their task ends; `.part` while one comes in. */
export const bundlesFolder = (state: string): string => join(state, 'bundles');

export const bundleFile = (state: string, id: string): string => join(bundlesFolder(state), `${id}.bundle`);

/** As long as a bundle waits for its task. */
const keptMs = 24 * 60 * 60_000;

type Kept = { readonly id: string; readonly repository_id: string };
type Places = { readonly pool: pg.Pool; readonly state: string };

/** Once its task is over. */
export const clearBundle = async ({ pool, state, task }: Context): Promise<void> => {
  const asked = 'delete from tandem.bundle where task_id = $1 returning id, repository_id';
  const { rows } = await pool.query<Kept>(asked, [task.id]);
  for (const row of rows) await removeBundle(state, row);
};

/** Those that no task asked for within a day, those that a kill left after the end of their task, and what is of none. */
export const sweepBundles = async ({
  pool,
  state,
  place,
}: Places & { readonly place: string }): Promise<void> => {
  const asked = `delete from tandem.bundle b where place = $1 and (
      (task_id is null and created_at < now() - $2 * interval '1 millisecond')
      or exists (select from tandem.task t where t.id = b.task_id and t.state in ('completed', 'failed', 'cancelled')))
    returning id, repository_id`;
  const { rows } = await pool.query<Kept>(asked, [place, keptMs]);
  for (const row of rows) await removeBundle(state, row);
  const { rows: kept } = await pool.query<Pick<Kept, 'id'>>('select id from tandem.bundle where place = $1', [
    place,
  ]);
  const known = new Set(kept.map(({ id }) => `${id}.bundle`));
  for (const name of await readdir(bundlesFolder(state)).catch(() => [])) {
    const file = join(bundlesFolder(state), name);
    if (!known.has(name) && (await isOld(file))) await rm(file, { force: true });
  }
};

const removeBundle = async (state: string, { id, repository_id: repository }: Kept): Promise<void> => {
  await rm(bundleFile(state, id), { force: true });
  await forgetBundle({ folder: mirrorFolder(state, repository) }, id);
};

const isOld = async (file: string): Promise<boolean> => {
  const facts = await stat(file).catch(() => null);
  return facts !== null && Date.parse(systemClock.iso()) - facts.mtimeMs > keptMs;
};
