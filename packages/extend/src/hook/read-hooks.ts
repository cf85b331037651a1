import type { Owner } from '../settings/place.ts';
import type { Settings } from '../settings/read-settings.ts';
import { isTable } from '../table.ts';

/** The moments at which hooks are asked, named as users of other assistants know them. */
export const moments = [
  'SessionStart',
  'SessionEnd',
  'UserPromptSubmit',
  'PreToolUse',
  'PostToolUse',
  'Stop',
  'SubagentStop',
  'PreCompact',
  'Notification',
] as const;
export type Moment = (typeof moments)[number];

export type Hook = {
  readonly moment: Moment;
  /** What it is asked about: tools, or how a session starts; null: everything. */
  readonly matcher: RegExp | null;
  readonly command: string;
  readonly timeoutMs: number;
  readonly file: string;
  readonly owner: Owner;
};

export type ReadHooks = { readonly hooks: readonly Hook[]; readonly problems: readonly string[] };

/** A hook that says nothing about its time gets as long as in other assistants. */
const usualSeconds = 60;
const mostSeconds = 600;

/** Tandem's own guard inside another assistant: here it judges anyway. */
const isOurs = (command: string): boolean => /\bjudge --hook (?:claude|codex)\s*$/.test(command);

/** Reads `{ Moment: [{ matcher?, hooks: [{ type: "command", command, timeout? }] }] }`. What is wrong is left out and said. */
export const readHooks = ({ file, owner, hooks: raw }: Settings): ReadHooks => {
  if (raw === undefined) return { hooks: [], problems: [] };
  if (!isTable(raw)) return { hooks: [], problems: [`${file}: hooks is no table`] };
  const found = Object.entries(raw).flatMap(([moment, groups]) => readMoment(moment, groups));
  return {
    hooks: found.flatMap((one) => (typeof one === 'string' ? [] : [{ ...one, file, owner }])),
    problems: found.filter((one) => typeof one === 'string').map((text) => `${file}: ${text}`),
  };
};

type Found = Omit<Hook, 'file' | 'owner'> | string;

const readMoment = (name: string, groups: unknown): readonly Found[] => {
  const moment = moments.find((one) => one === name);
  if (moment === undefined) return [`there is no moment ${name} in this version; its hooks do nothing`];
  if (!Array.isArray(groups)) return [`hooks of ${name} are no list`];
  return groups.flatMap((group) => readGroup(moment, group));
};

const readGroup = (moment: Moment, group: unknown): readonly Found[] => {
  if (!isTable(group) || !Array.isArray(group.hooks)) return [`a hook of ${moment} has no list "hooks"`];
  const matcher = readMatcher(group.matcher);
  if (matcher === undefined)
    return [`the matcher ${JSON.stringify(group.matcher)} of ${moment} is no pattern`];
  return group.hooks.flatMap((entry) => readEntry({ moment, matcher }, entry));
};

const readEntry = (group: Pick<Hook, 'moment' | 'matcher'>, entry: unknown): readonly Found[] => {
  if (!isTable(entry)) return [`a hook of ${group.moment} is no table`];
  const { type = 'command', command, timeout } = entry;
  if (type !== 'command') return [`hooks of type ${String(type)} are not in this version`];
  if (typeof command !== 'string' || command.trim() === '')
    return [`a hook of ${group.moment} has no command`];
  if (isOurs(command)) return [];
  const seconds = typeof timeout === 'number' && timeout > 0 ? Math.min(timeout, mostSeconds) : usualSeconds;
  return [{ ...group, command, timeoutMs: seconds * 1_000 }];
};

/** Undefined where it is no pattern. The whole name must match. */
const readMatcher = (matcher: unknown): RegExp | null | undefined => {
  if (matcher === undefined || matcher === '' || matcher === '*') return null;
  if (typeof matcher !== 'string') return undefined;
  try {
    return new RegExp(`^(?:${matcher})$`);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
};
