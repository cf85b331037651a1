import type { Change } from './diff/change.ts';
import type { Facts } from './facts/facts.ts';

/** An intended action, as text. */
export type JudgeRequest = {
  readonly kind: RequestKind;
  /** A command line, a statement, a snippet; for `edit` a unified diff. */
  readonly input: string;
  /** Of an `edit`: the files before and after, where they are known better than by the diff. */
  readonly change?: Change;
  /** Absolute; the workspace if it is left out. */
  readonly cwd?: string;
  /** Absolute. Left out, everything that is neither the system nor a home counts as a place to work in. */
  readonly workspace?: string;
  /** Absolute. */
  readonly home?: string;
  /** Absolute paths of files that the session has made itself: nothing of the person's is in them. */
  readonly created?: readonly string[];
  readonly facts?: Facts;
};

export const requestKinds = ['bash', 'git', 'sql', 'python', 'node', 'edit'] as const;
export type RequestKind = (typeof requestKinds)[number];

const aliases: Readonly<Record<string, RequestKind>> = {
  sh: 'bash',
  shell: 'bash',
  zsh: 'bash',
  command: 'bash',
  javascript: 'node',
  typescript: 'node',
  js: 'node',
  ts: 'node',
  py: 'python',
  diff: 'edit',
  patch: 'edit',
};

/** The kind that a name stands for; null where there is none. */
export const kindOf = (name: string): RequestKind | null =>
  requestKinds.find((kind) => kind === name) ?? (Object.hasOwn(aliases, name) ? aliases[name]! : null);
