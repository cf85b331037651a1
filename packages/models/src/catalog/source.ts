import type { PartFile } from './part-file.ts';

export type SourceInput = {
  readonly part: PartFile;
  readonly totalBytes: number;
  /** Scratch space on the disk of the weights. */
  readonly directory: string;
  readonly signal: AbortSignal;
  /** Called after each append. */
  readonly onBytes: () => void;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly fetch: typeof globalThis.fetch;
  readonly python: string;
};

/**
 * Why a source did not give the file; the next one is tried. `unreachable`: nothing answered, so that a machine
 * without any network can be told so. `wrong`: what it gives is not the file.
 */
export class SourceFailure extends Error {
  readonly kind: 'unreachable' | 'refused' | 'wrong' | 'no-python';

  constructor(kind: SourceFailure['kind'], message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'SourceFailure';
    this.kind = kind;
  }
}
