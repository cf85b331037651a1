import type { Team } from '@tandem/api';
import type { Engine, Ids } from '@tandem/core';
import type pg from 'pg';
import type { DurableEngine } from '../engine/engine.ts';
import type { Doorbell } from '../store/doorbell.ts';
import { membersAndKeys } from './keys.ts';
import { organisations } from './organisations.ts';
import { repositories } from './repositories.ts';
import { tasks } from './tasks.ts';

export type IdKind = 'org' | 'mem' | 'key' | 'rep' | 'task';

/** Ids of this server's own kinds, that sort by the time they were made. */
export const teamIds =
  (ids: Ids) =>
  (kind: IdKind): string =>
    ids.next('evt').replace('evt_', `${kind}_`);

export type TeamParts = {
  readonly pool: pg.Pool;
  readonly ids: (kind: IdKind) => string;
  /** Whether a token is that of the machine. */
  readonly isAdministrator: (token: string) => Promise<boolean>;
  readonly durable: DurableEngine;
  /** Rings for tasks. */
  readonly bell: Doorbell;
  readonly engine: Pick<Engine, 'follow'>;
  /** The server's own folder. */
  readonly state: string;
  /** Takes away the files of a task that is over. */
  readonly clear: (task: string) => Promise<void>;
};

/** The team behind the door, on the server's database. */
export const createTeam = (parts: TeamParts): Team => ({
  ...organisations(parts),
  ...membersAndKeys(parts),
  ...repositories(parts),
  ...tasks(parts),
});
