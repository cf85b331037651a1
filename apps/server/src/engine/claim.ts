import type pg from 'pg';
import { inTransaction, type Query } from '../database/transaction.ts';
import { type HeldBy, isLive, type SignOfLife } from '../store/sign-of-life.ts';
import type { Claimed, Workflow } from './engine.ts';

export type Claim = Claimed & { readonly fence: number };

/** Whoever changes how many runs of an organisation are worked on holds this lock: its limit is strict. */
const lockKey = 7_263_501_843;
export const lockClaims = async (client: Query): Promise<void> => {
  await client.query('select pg_advisory_xact_lock($1)', [lockKey]);
};

type Claiming = {
  readonly pool: pg.Pool;
  readonly life: SignOfLife;
  readonly workflow: Workflow;
  readonly place: string;
  /** Runs that this process is at. */
  readonly mine: readonly string[];
  readonly most: number;
};

type Candidate = HeldBy & { readonly id: string; readonly state: string; readonly parked: boolean };

/** Those that wait for a worker, and those that have one that is not this process: whether it lives is seen here. */
const candidates = `select r.id, r.state, r.parked, r.holder_id, h.host, h.pid, h.started, ${isLive('r.holder_id')} as live
  from tandem.run r left join tandem.holder h on h.id = r.holder_id
  where r.version <= $1 and (r.place is null or r.place = $2)
    and ((r.state = 'queued' and r.ready_at <= now()) or (r.state = 'running' and not r.id = any($3)))
  order by r.state desc, r.ready_at limit 500`;

/** The oldest of each organisation, as far as its limit goes; those with the least work first. */
const startable = `with busy as (
  select org_id, count(*) as count from tandem.run where state = 'running' and not parked group by org_id
), ranked as (
  select r.id, o.max_running, coalesce(b.count, 0) + row_number()
    over (partition by r.org_id order by r.ready_at, r.id) as place
  from tandem.run r join tandem.organisation o on o.id = r.org_id left join busy b on b.org_id = r.org_id
  where r.state = 'queued' and r.ready_at <= now() and r.version <= $1 and (r.place is null or r.place = $2)
)
select id from ranked where place <= max_running order by place, id limit $3`;

const take = `update tandem.run set state = 'running', parked = false, holder_id = $2, fence = fence + 1, attempts = attempts + 1
  where id = any($1) returning id, org_id, stage, attempts, fence`;

type Row = {
  readonly id: string;
  readonly org_id: string;
  readonly stage: string;
  readonly attempts: number;
  readonly fence: number;
};

/** Runs that are this worker's from now on: those of dead workers first, then new ones, never more than a limit allows. */
export const claimRuns = async (claiming: Claiming): Promise<readonly Claim[]> => {
  const { pool, workflow, place, mine } = claiming;
  const { rows } = await pool.query<Candidate>(candidates, [workflow.version, place, mine]);
  if (!rows.some((row) => row.state === 'queued' || isAbandoned(claiming, row))) return [];
  return await inTransaction(pool, (client) => claimIn(client, claiming));
};

/** Held by this process but not in its memory: an answer of the database was lost on the way. */
const isAbandoned = ({ life }: Claiming, row: Candidate): boolean =>
  row.state === 'running' && (row.holder_id === life.id || !life.lives(row));

const claimIn = async (client: Query, claiming: Claiming): Promise<readonly Claim[]> => {
  const { life, workflow, place, mine, most } = claiming;
  await lockClaims(client);
  await life.register(client);
  const { rows } = await client.query<Candidate>(`${candidates} for update of r`, [
    workflow.version,
    place,
    mine,
  ]);
  const abandoned = rows.filter((row) => isAbandoned(claiming, row));
  // What waited for a person takes no slot; it gets one in its turn.
  const parked = abandoned.filter((row) => row.parked).map(({ id }) => id);
  if (parked.length > 0)
    await client.query(
      "update tandem.run set state = 'queued', parked = false, holder_id = null where id = any($1)",
      [parked],
    );
  const dead = abandoned.filter((row) => !row.parked).map(({ id }) => id);
  const taken = dead.slice(0, most);
  const fresh = await client.query<{ id: string }>(startable, [
    workflow.version,
    place,
    Math.max(0, most - taken.length),
  ]);
  const ids = [...taken, ...fresh.rows.map(({ id }) => id)];
  if (ids.length === 0) return [];
  const claimed = (await client.query<Row>(take, [ids, life.id])).rows.map(
    ({ id, org_id: organisation, stage, attempts: attempt, fence }): Claim => ({
      ...{ id, organisation, stage, attempt, fence, takenOver: taken.includes(id) },
    }),
  );
  for (const claim of claimed) await workflow.claimed(client, claim);
  return claimed;
};
