import type { PermissionMode, TurnOptions } from '@tandem/protocol';
import type { Client } from '@tandem/sdk';

/** The door, opened for one directory, and what the person's settings say for work there. */
export type Place = {
  readonly client: Client;
  /** Provider and name; never empty. */
  readonly model: string;
  readonly mode: PermissionMode;
  readonly options: TurnOptions;
  /** Fetches weights that are missing. @throws AppError offline | usage */
  readonly readyModel: (id: string, signal: AbortSignal) => Promise<void>;
  /** What was typed, with `/name` of a command or a skill replaced by its text. */
  readonly expand: (prompt: string, signal: AbortSignal) => Promise<string>;
  /** Adds a rule to the person's policy, which holds from the next action on. */
  readonly allowKind: (rule: string) => void;
  readonly close: () => Promise<void>;
};

/** What the agent needs of the process it runs in. */
export type Machine = {
  readonly version: string;
  /** Where it was started: the place of requests that name none. */
  readonly cwd: string;
  /** Links resolved. @throws AppError usage where it is no directory */
  readonly directory: (path: string) => string;
  /** @param cwd absolute, links resolved @param servers MCP servers of the client, by name, as in a `.mcp.json` */
  readonly open: (cwd: string, servers: Readonly<Record<string, object>>) => Promise<Place>;
  readonly input: ReadableStream<Uint8Array>;
  readonly output: WritableStream<Uint8Array>;
};
