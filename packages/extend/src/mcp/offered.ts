import type { Readable, Writable } from 'node:stream';

/** A tool of ours as other programs are offered it. */
export type OfferedTool = {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** JSON Schema of its arguments: an object. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly effect: 'read' | 'write';
  /** Checks its arguments itself. An AppError is an answer that says no; anything else thrown is a bug. */
  readonly run: (given: Readonly<Record<string, unknown>>, call: OfferedCall) => Promise<OfferedAnswer>;
};

export type OfferedCall = {
  /** Ends with the client's cancel, and with the client. */
  readonly signal: AbortSignal;
  /** One line of how far it is. */
  readonly say: (text: string) => void;
  /** Null where the client can ask nobody. An answer of null: nobody gave one. */
  readonly ask: ((question: string, signal: AbortSignal) => Promise<'allow' | 'deny' | null>) | null;
};

export type OfferedAnswer = {
  readonly text: string;
  readonly isError: boolean;
  /** The same for a program to read. */
  readonly data?: object;
};

export type Serving = {
  readonly version: string;
  /** What a client's model is told of the whole. */
  readonly instructions: string;
  readonly input: Readable;
  /** Carries the protocol alone. */
  readonly output: Writable;
  readonly signal: AbortSignal;
};
