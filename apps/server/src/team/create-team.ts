import type { Team } from '@tandem/api';
import type { Engine, Ids } from '@tandem/core';
import type pg from 'pg';
import type { SignInFailures } from '../audit/sign-in.ts';
import type { DurableEngine } from '../engine/engine.ts';
import type { Vault } from '../secret/vault.ts';
import type { Doorbell } from '../store/doorbell.ts';
import type { Reach } from '../webhook/address.ts';
import { audit } from './audit.ts';
import { bundles } from './bundles.ts';
import { membersAndKeys } from './keys.ts';
import { organisations } from './organisations.ts';
import { repositories } from './repositories.ts';
import { setup } from './setup.ts';
import { tasks } from './tasks.ts';
import { usage } from './usage.ts';
import { webhooks } from './webhooks.ts';

export type IdKind = 'org' | 'mem' | 'key' | 'rep' | 'task' | 'whk' | 'bdl';

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
  /** This server among all on the database: where its files lie. */
  readonly place: string;
  /** Takes away the files of a task that is over. */
  readonly clear: (task: string) => Promise<void>;
  /** Told of each wrong key. */
  readonly failures: Pick<SignInFailures, 'count'>;
  readonly vault: Vault;
  /** Where webhooks may be sent besides the public internet. */
  readonly reach: Reach;
};

/** The team behind the door, on the server's database. */
export const createTeam = (parts: TeamParts): Team => ({
  ...organisations(parts),
  ...membersAndKeys(parts),
  ...repositories(parts),
  ...bundles(parts),
  ...tasks(parts),
  ...webhooks(parts),
  ...audit(parts),
  ...usage(parts),
  ...setup(parts),
});
