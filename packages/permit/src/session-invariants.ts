/** Runs a command on the workspace as it is, confined like every command of the session. */
export type Check = (
  command: string,
  timeoutMs: number,
) => Promise<{ readonly exit: number; readonly output: string; readonly timedOut: boolean }>;

export type SessionInvariants = {
  /** Once for each workspace: what holds before the first change. */
  readonly measure: (root: string, check: Check) => Promise<void>;
  /** Why a change may not stay: a check that held before it fails now. Null where all hold. */
  readonly broken: (root: string, check: Check) => Promise<string | null>;
};

/** Somebody waits after each change; what takes longer is left to `tandem judge --staged`. */
const timeoutMs = 30_000;
const maxOutput = 600;

/**
 * The person's invariants while a session changes files. A check that failed, or took too long, before the first change is
 * not held against the changes after it, until it succeeds once.
 */
export const sessionInvariants = (commands: readonly string[]): SessionInvariants => {
  const known = new Map<string, Set<string>>();
  return {
    measure: async (root, check) => {
      if (known.has(root)) return;
      const held = new Set<string>();
      for (const command of commands) if ((await check(command, timeoutMs)).exit === 0) held.add(command);
      known.set(root, held);
    },
    broken: async (root, check) => {
      const held = known.get(root) ?? new Set(commands);
      for (const command of commands) {
        const { exit, output, timedOut } = await check(command, timeoutMs);
        if (exit === 0) held.add(command);
        else if (held.has(command))
          return timedOut
            ? `the invariant \`${command}\` did not end within ${timeoutMs / 1_000} s`
            : `the invariant \`${command}\` held before and fails now:\n${output.slice(-maxOutput).trim()}`;
      }
      return null;
    },
  };
};
