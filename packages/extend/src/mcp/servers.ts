import type { CallResult, Connecting, Connection, During, ServedTool } from './connect.ts';
import type { Server } from './read-servers.ts';

/** A tool with the server that serves it. */
export type FoundTool = ServedTool & { readonly server: string };

export type Found = { readonly tools: readonly FoundTool[]; readonly problems: readonly string[] };

/** What servers are told of us, and where sign-ins are kept. */
export type ServersAbout = Omit<Connecting, 'signal'>;

/** The servers of one directory, each started when it is first needed and again when it has gone. */
export class Servers {
  readonly #servers: readonly Server[];
  readonly #about: ServersAbout;
  readonly #open = new Map<string, Promise<Connection>>();

  constructor({ servers, ...about }: ServersAbout & { readonly servers: readonly Server[] }) {
    this.#servers = servers;
    this.#about = about;
  }

  get all(): readonly Server[] {
    return this.#servers;
  }

  /** What all of them serve; a server that fails is a problem, not a failure. Rejects only with the signal's reason. */
  async tools(signal: AbortSignal): Promise<Found> {
    const found = await Promise.all(this.#servers.map((server) => this.#toolsOf(server, signal)));
    return {
      tools: found.flatMap(({ tools }) => tools),
      problems: found.flatMap(({ problems }) => problems),
    };
  }

  async call(
    server: Server,
    given: { readonly tool: string; readonly arguments: Readonly<Record<string, unknown>> },
    during: During,
  ): Promise<CallResult> {
    try {
      const connection = await this.#connected(server, during.signal);
      return await connection.call(given.tool, given.arguments, during);
    } catch (error) {
      during.signal.throwIfAborted();
      return { output: (error as Error).message, isError: true };
    }
  }

  async close(): Promise<void> {
    const open = [...this.#open.values()];
    this.#open.clear();
    await Promise.allSettled(open.map(async (connection) => await (await connection).close()));
  }

  async #toolsOf(server: Server, signal: AbortSignal): Promise<Found> {
    try {
      const tools = await (await this.#connected(server, signal)).tools(signal);
      return { tools: tools.map((tool) => ({ ...tool, server: server.name })), problems: [] };
    } catch (error) {
      signal.throwIfAborted();
      return { tools: [], problems: [(error as Error).message] };
    }
  }

  async #connected(server: Server, signal: AbortSignal): Promise<Connection> {
    const known = await this.#open.get(server.name);
    if (known?.isOpen() === true) return known;
    const opening = this.#connect(server, signal);
    this.#open.set(server.name, opening);
    opening.catch(() => this.#open.delete(server.name));
    return await opening;
  }

  /** The protocol's own library is loaded only where there is somebody to speak to. */
  async #connect(server: Server, signal: AbortSignal): Promise<Connection> {
    const { connect } = await import('./connect.ts');
    return await connect(server, { ...this.#about, signal });
  }
}
