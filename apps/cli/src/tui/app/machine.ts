import type { PermissionMode, SessionInfo, StartTurn, View } from '@tandem/protocol';
import type { Client } from '@tandem/sdk';
import type { SlashCommand } from './commands.ts';
import type { ShellOutcome } from './shell.ts';

/** One line on what this machine has or lacks; `bad` is unusable, `poor` takes something away. */
export type Finding = { readonly mark: 'ok' | 'poor' | 'bad'; readonly line: string };

export type Door = {
  readonly client: Client;
  readonly close: () => Promise<void>;
  /** What really confines commands; null: nothing. */
  readonly sandbox: { readonly profile: string; readonly level: string } | null;
  /** The person's policy has changed: it is read again before the next action. */
  readonly policyChanged: () => void;
  /** What was typed, with `/name` of a command or a skill replaced by its text. */
  readonly expand: (
    prompt: string,
    signal: AbortSignal,
  ) => Promise<{ readonly text: string; readonly notes: readonly string[] }>;
  /** What the workspace brings along may run from now on. */
  readonly trustWorkspace: () => void;
};

/** What flags, variables and config files say. */
export type Settings = {
  readonly model: string;
  readonly mode: PermissionMode;
  readonly options: NonNullable<(typeof StartTurn)['_input']['options']>;
  readonly sandbox: string;
};

/** A worktree in a line. */
export type Beside = {
  readonly name: string;
  /** Absolute. */
  readonly root: string;
  readonly present: boolean;
  readonly note: string;
};

/** Kinds of what a person and a workspace add to the agent. */
export type Added = 'hooks' | 'skills' | 'agents' | 'mcp';

/** All that the screen asks of where it runs, beside the door: handed in, so that the screen knows neither engine nor models. */
export type Machine = {
  readonly version: string;
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The machine that is worked on, where it is not the person's, and the folder here that files for the person go to. */
  readonly elsewhere: { readonly name: string; readonly folder: string } | null;
  /** Where sent prompts are remembered. */
  readonly historyFile: string;
  /** Read while the first frame is drawn. @throws AppError configuration | usage */
  readonly settings: Promise<Settings>;
  /** `[keys]` of the person's config, as it stands there. @throws as `settings` */
  readonly keys: () => Promise<Readonly<Record<string, unknown>>>;
  /** Opens the engine; called once, after the first frame is drawn. */
  readonly door: () => Promise<Door>;
  readonly branch: (signal: AbortSignal, cwd: string) => Promise<string | null>;
  /** What the first start should know: the model, git, the sandbox. */
  readonly findings: (signal: AbortSignal) => Promise<readonly Finding[]>;
  readonly doctor: (signal: AbortSignal) => Promise<readonly Finding[]>;
  /** Commands and skills that a person and the workspace have added, callable by `/name`. */
  readonly commands: () => Promise<readonly SlashCommand[]>;
  /** What was added to the agent, as lines. */
  readonly listing: (what: Added) => Promise<readonly string[]>;
  /** What the workspace brings along that may run only where a person trusts it; null: nothing, or it was answered. */
  readonly trustQuestion: () => Promise<{ readonly root: string; readonly what: string } | null>;
  /** Remembers the answer. */
  readonly answerTrust: (root: string, answer: 'trusted' | 'refused') => Promise<void>;
  readonly models: () => Promise<readonly { readonly id: string; readonly note: string }[]>;
  /** Weights on the disk, fetched where they are missing. */
  readonly readyModel: (
    id: string,
    options: { readonly say: (text: string) => void; readonly signal: AbortSignal },
  ) => Promise<void>;
  /** Adds one rule to the person's policy. */
  readonly allowKind: (rule: string) => Promise<void>;
  readonly markdownOf: (view: View) => Promise<string>;
  /** Worktrees of the repository that a directory lies in. */
  readonly worktrees: {
    readonly list: (origin: string) => Promise<readonly Beside[]>;
    /** With the files as they are there; an empty name: one that is free. */
    readonly make: (
      input: { readonly origin: string; readonly name: string },
      signal: AbortSignal,
    ) => Promise<{ readonly name: string; readonly root: string; readonly branch: string }>;
    /** Its own work, as one diff. */
    readonly diff: (origin: string, name: string) => Promise<string>;
  };
  /** A line for the person's shell on the machine that is worked on. */
  readonly shell: (
    command: string,
    at: { readonly cwd: string; readonly signal: AbortSignal },
  ) => Promise<ShellOutcome>;
  /** This program with these words, on the terminal that is lent to it; its exit code, null for a signal. */
  readonly runTandem: (words: readonly string[], cwd: string) => Promise<number | null>;
  /** AGENTS.md for a folder, from its files, which are named relative to it. */
  readonly draftInstructions: (cwd: string, files: readonly string[]) => Promise<string>;
  /** The session to open with; null: a new one. */
  readonly open: ((client: Client) => Promise<SessionInfo>) | null;
  /** Sent as soon as the screen is there. */
  readonly prompt: string | null;
  readonly screenReader: boolean;
};
