import type { Clock } from '@tandem/core';
import type pg from 'pg';
import type { SignOfLife } from '../store/sign-of-life.ts';
import type { DurableEngine } from './engine.ts';
import { workflowVersion } from './version.ts';
import { Worker } from './worker.ts';

export type EngineParts = { readonly pool: pg.Pool; readonly clock: Clock; readonly life: SignOfLife };

/** The durable engine on the server's own database: a row a run, claimed by lease, and a fence on every write. */
export const createPostgresEngine = (parts: EngineParts): DurableEngine => ({
  enqueue: async (client, { id, organisation, stage, place }) => {
    const insert = `insert into tandem.run (id, org_id, version, stage, state, place) values ($1, $2, $3, $4, 'queued', $5)`;
    await client.query(insert, [id, organisation, workflowVersion, stage, place]);
  },
  cancel: async (client, id) => {
    const ended = `update tandem.run set state = 'done', cancelled_at = now() where id = $1 and state in ('queued', 'waiting')`;
    if ((await client.query(ended, [id])).rowCount === 1) return 'ended';
    const asked = `update tandem.run set cancelled_at = now() where id = $1 and state = 'running' and cancelled_at is null`;
    return (await client.query(asked, [id])).rowCount === 1 ? 'requested' : 'final';
  },
  answer: async (client, id, { topic, value, actor }) => {
    const insert = `insert into tandem.answer (org_id, run_id, topic, value, actor)
      select org_id, id, $2, $3, $4 from tandem.run where id = $1 and state in ('queued', 'running') on conflict do nothing`;
    return (await client.query(insert, [id, topic, JSON.stringify(value), actor])).rowCount === 1;
  },
  wake: async (client, id, { waitsAt, end }) => {
    const update = `update tandem.run set state = $3, ready_at = now() where id = $1 and stage = $2 and state = 'waiting'`;
    return (await client.query(update, [id, waitsAt, end ? 'done' : 'queued'])).rowCount === 1;
  },
  work: (input) => new Worker({ ...parts, ...input }).run(),
});
