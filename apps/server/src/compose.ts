/** The only place where implementations meet ports. */

import { createHash, timingSafeEqual } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism, homedir, hostname } from 'node:os';
import { join } from 'node:path';
import { type ApiOptions, createApi } from '@tandem/api';
import { createCodeKnowledge, createCodeRunner } from '@tandem/code';
import {
  createEngine,
  type Engine,
  type EnginePorts,
  type Ids,
  type Model,
  type Workspace,
} from '@tandem/core';
import { openOnce } from '@tandem/core/open-once';
import { openModel } from '@tandem/models';
import { createPermit } from '@tandem/permit';
import { policyFolders } from '@tandem/permit/places';
import {
  createRepositoryPlaces,
  createTrash,
  createWorktrees,
  openSandbox,
  openWorkspace,
  readInstructions,
  type WorkspaceOptions,
} from '@tandem/workspace';
import { createIds, systemClock } from '@tandem/workspace/identity';
import { isAlive, processScope, startTime } from '@tandem/workspace/processes';
import { countSignInFailures } from './audit/sign-in.ts';
import type { Database } from './database/open-database.ts';
import { createPostgresEngine } from './engine/postgres-engine.ts';
import type { Host } from './host.ts';
import { pathsOf } from './host.ts';
import type { Vault } from './secret/vault.ts';
import { Doorbell } from './store/doorbell.ts';
import { openPostgresStore, type PostgresStore } from './store/open-postgres-store.ts';
import { sweepBundles } from './task/bundle-files.ts';
import { clearTask, sweepTasks, taskWorkflow } from './task/workflow.ts';
import { createTeam, teamIds } from './team/create-team.ts';
import type { Reach } from './webhook/address.ts';
import { sendDeliveries } from './webhook/sender.ts';

export type SandboxProfile = 'workspace-write' | 'read-only' | 'full';

export type Composed = {
  readonly engine: Engine;
  readonly store: PostgresStore;
  /** Works on tasks, and tells of them, until the signal aborts. */
  readonly work: (signal: AbortSignal) => Promise<void>;
  /** The door; asks for the token on every route. */
  readonly fetch: (request: Request) => Response | Promise<Response>;
  readonly close: () => Promise<void>;
};

export const compose = async (input: ComposeInput): Promise<Composed> => {
  const { host, database } = input;
  const confined = await sandboxOf(input);
  const ids = createIds();
  const { pool, connect } = database;
  const store = openPostgresStore({
    ...{ pool, connect, isAlive },
    clock: systemClock,
    holder: {
      id: ids.next('evt').replace('evt_', 'hld_'),
      host: `${hostname()} ${processScope()}`,
      pid: host.pid,
      started: startTime('self'),
    },
  });
  const models = new Map<string, Promise<Model>>();
  const ports = { ...portsOf({ host, models, confined }), store, ids };
  const engine = guardedEngine(host, ports);
  const team = openTeam({ ...input, ids, store, engine, workspace: ports.workspace });
  return {
    engine,
    store,
    work: team.work,
    fetch: createApi(engine, { token: input.token, team: team.team, ...rateOf(input.perMinute) }).fetch,
    close: async () => {
      await engine.close();
      await Promise.allSettled([...models.values()].map(async (model) => (await model).close()));
      await team.close();
      await store.close();
    },
  };
};

/** The engine under the server's policy: what may run is judged here as on a person's own machine. */
const guardedEngine = (host: Host, ports: EnginePorts): Engine => {
  const home = host.env.HOME || homedir();
  const { permit, gate, clauses } = createPermit({ home, policies: policyFolders(host.env) });
  const instructions: EnginePorts['instructions'] = async (root) => [
    { path: 'constitution', text: await clauses(root) },
    ...(await ports.instructions(root)),
  ];
  return createEngine({ ...ports, instructions }, { permit, gate });
};

export type ComposeInput = {
  readonly host: Host;
  readonly database: Database;
  readonly token: string;
  readonly sandbox: SandboxProfile;
  /** Tasks worked on at once. */
  readonly slots: number;
  /** Requests that one key may make in a minute; 0: as many as it likes. */
  readonly perMinute: number;
  readonly vault: Vault;
  /** Where webhooks may be sent besides the public internet. */
  readonly reach: Reach;
  readonly signal: AbortSignal;
};

/** Organisations and their tasks, and the durable engine that works on these. */
const openTeam = (
  input: Omit<ComposeInput, 'sandbox' | 'signal'> & {
    readonly ids: Ids;
    readonly store: PostgresStore;
    readonly engine: Engine;
    readonly workspace: EnginePorts['workspace'];
  },
) => {
  const { host, database, store, engine, workspace, slots, vault, reach } = input;
  const { pool, connect } = database;
  const { server: state } = pathsOf(host.env);
  const closing = new AbortController();
  const durable = createPostgresEngine({ pool, clock: systemClock, life: store.life });
  const parts = { pool, engine, workspace, state, say: host.say };
  const bell = new Doorbell({
    ...{ pool, connect, clock: systemClock, forMs: 0, signal: closing.signal },
    ...{ channel: 'tandem_task', table: 'tandem.task' },
  });
  const failures = countSignInFailures(pool);
  const place = `${hostname()} ${state}`;
  const team = createTeam({
    ...{ pool, durable, bell, engine, state, place, vault, reach, failures },
    ids: teamIds(input.ids),
    isAdministrator: async (token) => timingSafeEqual(digest(token), digest(input.token)),
    clear: (task) => clearTask(parts, task),
  });
  const { life } = store;
  const sending = { pool, life, vault, reach, clock: systemClock, random: Math.random, say: host.say };
  return {
    team,
    work: async (signal: AbortSignal) => {
      await sweepTasks(parts).catch(() => {});
      await sweepBundles({ pool, state, place }).catch(() => {});
      await Promise.all([
        durable.work({ workflow: taskWorkflow(parts), slots, place, signal }),
        sendDeliveries(sending, signal),
      ]);
    },
    close: async () => {
      closing.abort();
      await failures.close();
      await bell.ended();
    },
  };
};

const rateOf = (perMinute: number): Pick<ApiOptions, 'rate'> =>
  perMinute === 0 ? {} : { rate: { perMinute, now: systemClock.ms } };

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

type Confined = Pick<WorkspaceOptions, 'sandbox'>;

/** Probed before anything else begins: what was asked for holds, or the server does not start. */
const sandboxOf = async (input: {
  readonly host: Host;
  readonly sandbox: SandboxProfile;
  readonly signal: AbortSignal;
}): Promise<Confined> => {
  const { host, sandbox: profile, signal } = input;
  if (profile === 'full') return {};
  const { server: stateDir, cache: cacheDir } = pathsOf(host.env);
  return { sandbox: await openSandbox({ profile, environment: host.env, stateDir, cacheDir, signal }) };
};

const portsOf = (input: {
  readonly host: Host;
  readonly models: Map<string, Promise<Model>>;
  readonly confined: Confined;
}): Omit<EnginePorts, 'store' | 'ids'> => {
  const { host, models, confined } = input;
  const { server: stateDir, models: modelsDir } = pathsOf(host.env);
  const workspaces = new Map<string, Promise<Workspace>>();
  const place = { stateDir, worktreesDir: stateDir, clock: systemClock };
  return {
    clock: systemClock,
    code: createCodeKnowledge(),
    runner: createCodeRunner(),
    instructions: readInstructions,
    trash: createTrash({ folder: join(stateDir, 'trash'), now: systemClock.iso }),
    worktrees: createWorktrees({ stateDir, now: systemClock.iso }),
    repository: createRepositoryPlaces(),
    capacity: () => ({ cores: availableParallelism(), freeBytes: process.availableMemory() }),
    model: (id) => openOnce(models, id, () => openModelOf({ host, modelsDir, stateDir, id })),
    workspace: (cwd) => openOnce(workspaces, cwd, () => openWorkspace(cwd, { ...place, ...confined })),
    keepFile: async (session, name, text) => {
      const folder = join(stateDir, 'kept', session);
      await mkdir(folder, { recursive: true });
      const file = join(folder, name.replaceAll(/[^\w.-]/g, '_'));
      await writeFile(file, text);
      return file;
    },
  };
};

const openModelOf = (input: {
  readonly host: Host;
  readonly modelsDir: string;
  readonly stateDir: string;
  readonly id: string;
}): Promise<Model> =>
  openModel(input.id, {
    env: input.host.env,
    cwd: input.host.cwd,
    offline: false,
    clock: systemClock,
    modelsDir: input.modelsDir,
    stateDir: join(input.stateDir, 'kv'),
    config: {},
  });
