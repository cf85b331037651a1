import type { Readable, Writable } from 'node:stream';
import type { PermissionMode, TurnOptions } from '@tandem/protocol';
import type { Client } from '@tandem/sdk';

/** A folder with a door, as one task needs it. */
export type Place = {
  readonly client: Client;
  readonly model: string;
  /** The widest mode that flags and config allow here. */
  readonly mode: PermissionMode;
  readonly options: TurnOptions;
  readonly readyModel: (signal: AbortSignal) => Promise<void>;
  readonly close: () => Promise<void>;
};

export type Look = (
  call: { readonly name: string; readonly arguments: unknown },
  signal: AbortSignal,
) => Promise<{ readonly output: string; readonly isError: boolean }>;

/** All that `tandem mcp` asks of where it runs. */
export type Machine = {
  readonly version: string;
  /** Absolute, links resolved: nothing outside of it is touched. */
  readonly root: string;
  readonly open: (folder: string, signal: AbortSignal) => Promise<Place>;
  /** The tools that only look, in the root. */
  readonly looking: {
    readonly specs: readonly {
      readonly name: string;
      readonly description: string;
      readonly parameters: Readonly<Record<string, unknown>>;
    }[];
    readonly look: Look;
  };
  /** The guard's answer to one action, as `tandem judge --json` prints it. */
  readonly judge: (request: object, signal: AbortSignal) => Promise<string>;
  readonly input: Readable;
  readonly output: Writable;
};
