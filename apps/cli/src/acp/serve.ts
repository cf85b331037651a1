import { isAbsolute } from 'node:path';
import {
  type AgentContext,
  agent,
  type McpServer,
  methods,
  ndJsonStream,
  PROTOCOL_VERSION,
  RequestError,
} from '@agentclientprotocol/sdk';
import { AppError, initialView, isAppError, reduce } from '@tandem/protocol';
import type { Machine, Place } from './machine.ts';
import { AcpSession } from './session.ts';

const pageLength = 50;

/** Speaks the Agent Client Protocol until the client closes its end, or the signal aborts; turns that run are ended first. */
export const serve = async (machine: Machine, signal: AbortSignal): Promise<void> => {
  const desk = new Desk(machine);
  const { session } = methods.agent;
  const app = agent({ name: 'tandem' })
    .onRequest(methods.agent.initialize, () => ({
      protocolVersion: PROTOCOL_VERSION,
      agentInfo: { name: 'tandem', title: 'Tandem', version: machine.version },
      authMethods: [],
      agentCapabilities: {
        loadSession: true,
        promptCapabilities: { embeddedContext: true },
        mcpCapabilities: { http: true },
        sessionCapabilities: { list: {}, resume: {}, close: {} },
      },
    }))
    .onRequest(session.new, ({ params, client }) =>
      refusing(async () => {
        const made = await desk.create(params.cwd, params.mcpServers, client);
        return { sessionId: made.id, modes: made.modes };
      }),
    )
    .onRequest(session.load, ({ params, client }) =>
      refusing(async () => {
        const loaded = await desk.load(params, client);
        loaded.replay();
        return { modes: loaded.modes };
      }),
    )
    .onRequest(session.resume, ({ params, client }) =>
      refusing(async () => ({ modes: (await desk.load(params, client)).modes })),
    )
    .onRequest(session.list, ({ params }) => refusing(() => desk.list(params)))
    .onRequest(session.setMode, ({ params }) =>
      refusing(async () => {
        await desk.session(params.sessionId).setMode(params.modeId);
        return {};
      }),
    )
    .onRequest(session.prompt, ({ params, signal: ended }) =>
      refusing(async () => ({
        stopReason: await desk.session(params.sessionId).prompt(params.prompt, ended),
      })),
    )
    .onNotification(session.cancel, ({ params }) => desk.session(params.sessionId).cancel())
    .onRequest(session.close, ({ params }) =>
      refusing(async () => {
        await desk.leave(params.sessionId);
        return {};
      }),
    );
  const connection = app.connect(ndJsonStream(machine.output, machine.input));
  try {
    await Promise.race([connection.closed, aborted(signal)]);
    await desk.cancelAll();
    connection.close();
  } finally {
    await desk.close();
  }
};

type Found = { readonly sessionId: string; readonly cwd: string; readonly mcpServers?: readonly McpServer[] };

/** The sessions of one client, and the places that they work in. */
class Desk {
  readonly #machine: Machine;
  readonly #places = new Map<string, Promise<Place>>();
  readonly #sessions = new Map<string, AcpSession>();

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  async create(path: string, servers: readonly McpServer[], client: AgentContext): Promise<AcpSession> {
    const cwd = this.#directory(path);
    const place = await this.#placeAt(cwd, servers);
    const settings = { model: place.model, cwd, permissionMode: place.mode };
    const { session } = await place.client.createSession({ settings });
    const made = await new AcpSession(session, place, client).read();
    this.#sessions.set(session, made);
    return made;
  }

  /** @throws AppError not_found | usage */
  async load({ sessionId, cwd: path, mcpServers = [] }: Found, client: AgentContext): Promise<AcpSession> {
    const cwd = this.#directory(path);
    const known = this.#sessions.get(sessionId);
    const loaded = known ?? new AcpSession(sessionId, await this.#placeAt(cwd, mcpServers), client);
    if ((await loaded.read()).cwd !== cwd)
      throw new AppError('usage', `session ${sessionId} works in ${loaded.cwd}`);
    this.#sessions.set(sessionId, loaded);
    return loaded;
  }

  /** Newest first. Sessions that nothing was said in, and attempts of others, are left out. */
  async list(wanted: { readonly cwd?: string | null; readonly cursor?: string | null }) {
    const from = Number(wanted.cursor ?? 0);
    if (!Number.isSafeInteger(from) || from < 0) throw new AppError('usage', 'there is no such page');
    const cwd = wanted.cwd == null ? null : this.#directory(wanted.cwd);
    const { client } = await this.#placeAt(this.#machine.directory(this.#machine.cwd), []);
    const found = (await client.sessions()).filter(
      (one) => one.parent === undefined && one.events > 1 && (cwd === null || one.cwd === cwd),
    );
    const next = from + pageLength;
    const sessions = await Promise.all(
      found.slice(from, next).map(async ({ id, cwd: at, title, updatedAt }) => {
        // Made before anything was said, it has no title of its own.
        const named = title || (await client.events(id)).reduce(reduce, initialView).title;
        return { sessionId: id, cwd: at, title: named, updatedAt };
      }),
    );
    return { sessions, ...(next < found.length ? { nextCursor: String(next) } : {}) };
  }

  /** @throws AppError not_found */
  session(id: string): AcpSession {
    const found = this.#sessions.get(id);
    if (found === undefined) throw new AppError('not_found', `session ${id} is not open here; load it first`);
    return found;
  }

  async leave(id: string): Promise<void> {
    await this.session(id).cancel();
    this.#sessions.delete(id);
  }

  async cancelAll(): Promise<void> {
    await Promise.all([...this.#sessions.values()].map((one) => one.cancel()));
  }

  async close(): Promise<void> {
    await Promise.allSettled([...this.#places.values()].map(async (place) => (await place).close()));
  }

  #directory(path: string): string {
    if (!isAbsolute(path)) throw new AppError('usage', `${path} is no absolute path`);
    return this.#machine.directory(path);
  }

  /** A place that cannot be opened is not remembered: its settings may be mended. */
  #placeAt(cwd: string, servers: readonly McpServer[]): Promise<Place> {
    const key = JSON.stringify([cwd, servers]);
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    const opening = this.#machine.open(cwd, serversOf(servers));
    this.#places.set(key, opening);
    opening.catch(() => this.#places.delete(key));
    return opening;
  }
}

/** As a `.mcp.json` describes them; a name keeps what a name of ours may hold. */
const serversOf = (servers: readonly McpServer[]): Readonly<Record<string, object>> => {
  const table = (pairs: readonly { readonly name: string; readonly value: string }[]): object =>
    Object.fromEntries(pairs.map(({ name, value }) => [name, value]));
  const nameOf = ({ name }: McpServer): string => name.replaceAll(/[^\w.-]+/g, '-').slice(0, 40);
  return Object.fromEntries(
    servers.map((server) =>
      'command' in server
        ? [nameOf(server), { command: server.command, args: server.args, env: table(server.env) }]
        : [nameOf(server), { type: server.type, url: server.url, headers: table(server.headers) }],
    ),
  );
};

/** The protocol's own error for each refusal; our words and code stay in it. */
const refusing = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    if (!isAppError(error)) throw error;
    const code = error.code === 'not_found' ? -32_002 : error.code === 'usage' ? -32_602 : -32_603;
    throw new RequestError(code, error.message, { code: error.code });
  }
};

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
    if (signal.aborted) resolve();
  });
