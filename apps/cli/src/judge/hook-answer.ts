import type { Judged, JudgeRequest } from '@tandem/guard';
import { fetchingCommand, quoted, readingCommand } from '@tandem/permit/quote';
import { editOf } from './hook-edit.ts';

/** The assistants whose hooks the guard can be. They send the same JSON and read the answer differently. */
export const hookAgents = ['claude', 'codex'] as const;
export type HookAgent = (typeof hookAgents)[number];

/** What a tool call of another assistant would do; null where there is nothing for the guard to say. */
export type HookCall = {
  readonly request: JudgeRequest | null;
  readonly problem: string | null;
  /** An allowed command runs without the assistant's own question; an edit stays a matter of its own mode. */
  readonly approves: boolean;
};

type Input = Readonly<Record<string, unknown>>;

/** Where the assistant works. */
export type HookPlaces = {
  readonly home: string;
  /** The project, where the assistant tells it: the folder of a call follows every `cd`, and `cd /` makes no workspace. */
  readonly project: string | undefined;
};

/** Reads what an assistant sends before it uses a tool. What cannot be read has a problem, and is then refused. */
export const readHookCall = async (text: string, { home, project }: HookPlaces): Promise<HookCall> => {
  const input = parse(text);
  if (input === null) return nothing('the hook was not given a JSON object');
  if (input.hook_event_name !== undefined && input.hook_event_name !== 'PreToolUse') return nothing(null);
  const { tool_name: tool, tool_input: given, cwd } = input;
  if (typeof tool !== 'string' || typeof given !== 'object' || given === null)
    return nothing('the hook was given no tool and no input');
  const workspace = project?.startsWith('/') ? project : cwd;
  const place =
    typeof cwd === 'string' && cwd.startsWith('/') ? { cwd, workspace: workspace as string } : null;
  const values = given as Input;
  const command = commandOf(tool, values);
  if (command !== null) {
    const request = { kind: 'bash', input: command, home, ...place } as const;
    return { request, problem: null, approves: tool !== 'Read' && tool !== 'WebFetch' };
  }
  const edit = await editOf(tool, values, place ?? { cwd: '/', workspace: '/' });
  if (edit === null) return nothing(null);
  return { request: { kind: 'edit', ...edit, home, ...place }, problem: null, approves: false };
};

const nothing = (problem: string | null): HookCall => ({ request: null, problem, approves: false });

const parse = (text: string): Input | null => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Input) : null;
  } catch {
    return null;
  }
};

const commandTools = new Set([
  'Bash',
  'bash',
  'shell',
  'local_shell',
  'exec_command',
  'unified_exec',
  'run_shell_command',
]);

const commandOf = (tool: string, input: Input): string | null => {
  const path = typeof input.file_path === 'string' ? input.file_path : null;
  if (tool === 'Read' && path !== null) return readingCommand(path);
  if (tool === 'WebFetch' && typeof input.url === 'string') return fetchingCommand(input.url);
  if (!commandTools.has(tool)) return null;
  const { command, cmd } = input;
  const given = command ?? cmd;
  if (typeof given === 'string') return given;
  if (!Array.isArray(given) || !given.every((word) => typeof word === 'string')) return '\u0000';
  return given.map(quoted).join(' ');
};

/**
 * The answer in the assistant's own words; empty where it is silence. Codex takes only a refusal and otherwise goes
 * on, so there an ask is a refusal that says how to proceed.
 */
export const hookAnswer = (
  agent: HookAgent,
  judged: Judged | { readonly problem: string },
  approves = false,
): string => {
  const decision = 'problem' in judged ? 'ask' : judged.decision;
  const reason = 'problem' in judged ? judged.problem : reasonOf(judged);
  if (decision === 'allow' && !(approves && agent === 'claude')) return '';
  if (agent === 'claude') return answer(decision, reason);
  const how = decision === 'ask' ? ' A person may run it, or allow it in ~/.config/tandem/policy.toml.' : '';
  return answer('deny', `${reason}.${how}`);
};

const answer = (decision: string, reason: string): string =>
  `${JSON.stringify({
    hookSpecificOutput: {
      hookEventName: 'PreToolUse',
      permissionDecision: decision,
      permissionDecisionReason: `tandem: ${reason}`,
    },
  })}\n`;

const reasonOf = ({ decision, reasons }: Judged): string => {
  const shown = reasons.filter((reason) => reason.decision === decision).slice(0, 3);
  if (shown.length === 0) return 'nothing speaks against it';
  return shown.map(({ message, rule, clause }) => `${message} [${rule}, ${clause}]`).join('; ');
};
