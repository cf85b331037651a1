/** A command as a sandbox is given it. */
export type ConfinedRun = {
  /** An argv that no shell sees. */
  readonly command: readonly string[];
  /** Absolute, inside the place. */
  readonly cwd: string;
  /** What the caller gives on purpose. */
  readonly given: Readonly<Record<string, string>>;
};

/** How one command is started confined. */
export type Confinement = {
  readonly argv: readonly string[];
  /** What the command may see of the environment that it would have had. */
  readonly environment: (from: Readonly<Record<string, string>>) => Record<string, string>;
  /** Files that the launcher finds open from number 3 on. */
  readonly files: readonly string[];
  /** Processes between ours and the command. They get no gentle signal: their end is everyone's. */
  readonly depth: number;
  /** To be called once, when nothing of it runs any more. What people and the model should know, or ''. */
  readonly end: () => Promise<string>;
};
