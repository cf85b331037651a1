import { createApi } from '@tandem/api';
import { createIds, systemClock } from '@tandem/workspace/identity';
import { createPostgresEngine } from '../../src/engine/postgres-engine.ts';
import { Doorbell } from '../../src/store/doorbell.ts';
import { createTeam, teamIds } from '../../src/team/create-team.ts';
import { openStore, type TestDatabase } from './database.ts';

export const token = 'the-token-of-the-machine';

/** The team's door over a test database, without a worker and without an agent. */
export const openTeamApp = ({ database }: TestDatabase) => {
  const { pool, connect } = database;
  const store = openStore(database);
  const closing = new AbortController();
  const durable = createPostgresEngine({ pool, clock: systemClock, life: store.life });
  const bell = new Doorbell({
    ...{ pool, connect, clock: systemClock, forMs: 0, signal: closing.signal },
    ...{ channel: 'tandem_task', table: 'tandem.task' },
  });
  const team = createTeam({
    ...{ pool, durable, bell, state: '/nowhere' },
    engine: store as never,
    ids: teamIds(createIds()),
    isAdministrator: async (given) => given === token,
    clear: async () => {},
  });
  const app = createApi({} as never, { token, team });
  return {
    token,
    durable,
    fetch: (path: string, init: RequestInit) => app.request(path, init),
    close: async () => {
      closing.abort();
      await bell.ended();
      await store.close();
    },
  };
};
