import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { quoted } from '@tandem/permit/quote';
import { AppError } from '@tandem/protocol/error';
import { writeJsonFile } from '../config/json-file.ts';
import type { HookAgent } from './hook-answer.ts';

type Request = {
  readonly agent: HookAgent;
  readonly cwd: string;
  /** Absolute path of the tandem launcher. */
  readonly program: string;
};

type Entry = { readonly type: string; readonly command: string };
type Group = { readonly matcher?: string; readonly hooks: readonly Entry[] };
type Settings = { readonly hooks?: Readonly<Record<string, readonly Group[]>> };

/** Tools whose calls the guard has something to say about. */
const matcher = 'Bash|Edit|Write|MultiEdit|NotebookEdit|Read|WebFetch|apply_patch|shell|exec_command';

const fileOf = ({ agent, cwd }: Request): string =>
  agent === 'claude' ? join(cwd, '.claude', 'settings.json') : join(cwd, '.codex', 'hooks.json');

const commandOf = ({ agent, program }: Request): string => `${quoted(program)} judge --hook ${agent}`;

const isOurs = (entry: Entry): boolean => /\bjudge --hook (?:claude|codex)$/.test(entry.command);

/** Adds one entry before every use of a tool; everything else in the file stays. Returns what to tell the person. */
export const installAgentHook = async (request: Request): Promise<string> => {
  const file = fileOf(request);
  const settings = await readSettings(file);
  const others = withoutOurs(settings.hooks?.PreToolUse ?? []);
  const group: Group = { matcher, hooks: [{ type: 'command', command: commandOf(request) }] };
  writeJsonFile(file, { ...settings, hooks: { ...settings.hooks, PreToolUse: [...others, group] } });
  const restart = request.agent === 'claude' ? 'Claude Code' : 'Codex';
  return `${file}: the guard now answers before every use of a tool; restart ${restart} and approve the hook there\n`;
};

export const removeAgentHook = async (request: Request): Promise<string> => {
  const file = fileOf(request);
  const settings = await readSettings(file);
  const before = settings.hooks?.PreToolUse ?? [];
  const others = withoutOurs(before);
  if (JSON.stringify(others) === JSON.stringify(before)) return `${file}: the guard was not in it\n`;
  writeJsonFile(file, { ...settings, hooks: { ...settings.hooks, PreToolUse: others } });
  return `${file}: the guard is taken out\n`;
};

const withoutOurs = (groups: readonly Group[]): readonly Group[] =>
  groups
    .map((group) => ({ ...group, hooks: group.hooks.filter((entry) => !isOurs(entry)) }))
    .filter((group) => group.hooks.length > 0);

const readSettings = async (file: string): Promise<Settings> => {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '{}';
    throw new AppError('disk', `${file} cannot be read: ${error.message}`);
  });
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Settings;
  } catch {
    // Said below: a file with comments or a slip in it is the person's to mend, not ours to rewrite.
  }
  throw new AppError('configuration', `${file} is not a JSON object; mend it, then install again`);
};
