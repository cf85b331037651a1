/** Runs one of the person's programs, without secrets in its environment. Rejects only with the signal's reason. */
export type RunProgram = (request: {
  readonly command: string;
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly stdin: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Characters kept of each stream. */
  readonly maxOutput: number;
}) => Promise<{
  readonly exit: number;
  readonly output: string;
  readonly errors: string;
  readonly timedOut: boolean;
}>;
