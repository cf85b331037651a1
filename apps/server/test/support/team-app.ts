import { randomBytes } from 'node:crypto';
import { createApi } from '@tandem/api';
import { createIds, systemClock } from '@tandem/workspace/identity';
import { countSignInFailures } from '../../src/audit/sign-in.ts';
import { createPostgresEngine } from '../../src/engine/postgres-engine.ts';
import { createVault } from '../../src/secret/vault.ts';
import { Doorbell } from '../../src/store/doorbell.ts';
import { createTeam, teamIds } from '../../src/team/create-team.ts';
import { reachOf } from '../../src/webhook/address.ts';
import { sendDeliveries } from '../../src/webhook/sender.ts';
import { openStore, type TestDatabase } from './database.ts';

export const token = 'the-token-of-the-machine';

/** The team's door over a test database, without a worker and without an agent. */
export const openTeamApp = (
  { database }: TestDatabase,
  { webhooksTo = '', perMinute = 0, state = '/nowhere' } = {},
) => {
  const { pool, connect } = database;
  const vault = createVault(randomBytes(32));
  const reach = reachOf(webhooksTo);
  const store = openStore(database);
  const closing = new AbortController();
  const durable = createPostgresEngine({ pool, clock: systemClock, life: store.life });
  const bell = new Doorbell({
    ...{ pool, connect, clock: systemClock, forMs: 0, signal: closing.signal },
    ...{ channel: 'tandem_task', table: 'tandem.task' },
  });
  const failures = countSignInFailures(pool, 0);
  const team = createTeam({
    ...{ pool, durable, bell, vault, reach, failures, state, place: state },
    engine: store as never,
    ids: teamIds(createIds()),
    isAdministrator: async (given) => given === token,
    clear: async () => {},
  });
  const app = createApi({} as never, {
    ...{ token, team },
    ...(perMinute === 0 ? {} : { rate: { perMinute, now: systemClock.ms } }),
  });
  const { life } = store;
  return {
    /** Until the signal aborts. */
    send: (signal: AbortSignal) =>
      sendDeliveries(
        { pool, life, vault, reach, clock: systemClock, random: () => 0.5, say: console.warn },
        signal,
      ),
    token,
    durable,
    fetch: (path: string, init: RequestInit) => app.request(path, init),
    close: async () => {
      closing.abort();
      await failures.close();
      await bell.ended();
      await store.close();
    },
  };
};
