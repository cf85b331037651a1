import type { HookAnswer } from '@tandem/core';
import { isTable, type Table } from '../table.ts';
import type { Moment } from './read-hooks.ts';

/** How a hook's program ended. */
export type Ended = {
  readonly exit: number;
  readonly output: string;
  readonly errors: string;
  readonly timedOut: boolean;
};

type Said = { readonly moment: Moment; readonly command: string; readonly ended: Ended };

/** Characters of a hook's words that reach a model: more is a log, and belongs in a file. */
const contextLimit = 10_000;

export const silence: HookAnswer = {
  block: null,
  permission: null,
  reason: '',
  context: '',
  stop: null,
  notes: [],
};

/** Exit codes with which a shell says that it could not run a command at all. */
const couldNotRun = new Set([126, 127]);

/**
 * What one hook says. Exit 0: JSON on stdout, or plain words that the model reads where a prompt or a session begins. Exit 2:
 * it must not go on, for what stderr says. Any other exit: the person is told and the work goes on; but a hook before a tool
 * that could not be run, or not in time, has not judged it, so a person does.
 */
export const readAnswer = ({ moment, command, ended }: Said): HookAnswer => {
  const { exit, output, errors, timedOut } = ended;
  const named = `the hook \`${shortened(command, 80)}\` of ${moment}`;
  const words = capped(errors.trim());
  if (exit === 2 && !timedOut) return refusing(moment, words === '' ? `${named} refused it` : words);
  if (exit !== 0) {
    const why = timedOut ? `${named} took too long` : `${named} failed (exit ${exit})`;
    const note = words === '' ? why : `${why}: ${shortened(words, 300)}`;
    const unjudged = moment === 'PreToolUse' && (timedOut || couldNotRun.has(exit));
    return unjudged
      ? { ...silence, permission: 'ask', reason: note, notes: [note] }
      : { ...silence, notes: [note] };
  }
  const text = output.trim();
  if (text.startsWith('{')) {
    const json = parsed(text);
    if (json !== null) return fromJson(moment, json);
    return { ...silence, notes: [`${named} printed JSON that cannot be read`] };
  }
  return moment === 'UserPromptSubmit' || moment === 'SessionStart'
    ? { ...silence, context: capped(text) }
    : silence;
};

/** Where nothing is left to be kept from happening, a refusal is only said. */
const refusing = (moment: Moment, words: string): HookAnswer => {
  switch (moment) {
    case 'PreToolUse':
    case 'PostToolUse':
    case 'UserPromptSubmit':
    case 'Stop':
    case 'SubagentStop':
      return { ...silence, block: words };
    case 'SessionStart':
    case 'SessionEnd':
    case 'PreCompact':
    case 'Notification':
      return { ...silence, notes: [words] };
  }
};

const fromJson = (moment: Moment, json: Table): HookAnswer => {
  const { decision, reason, systemMessage, stopReason } = json;
  const own = isTable(json.hookSpecificOutput) ? json.hookSpecificOutput : {};
  const why = capped(textOf(own.permissionDecisionReason) || textOf(reason));
  const answer: HookAnswer = {
    ...silence,
    reason: why === '' ? 'a hook says so' : why,
    context: capped(textOf(own.additionalContext)),
    notes: textOf(systemMessage) === '' ? [] : [shortened(textOf(systemMessage), 1_000)],
    stop: json.continue === false ? textOf(stopReason) || why || 'it gave no reason' : null,
  };
  if (decision === 'block') return { ...answer, ...refusing(moment, answer.reason) };
  if (moment !== 'PreToolUse') return answer;
  const permission = own.permissionDecision ?? (decision === 'approve' ? 'allow' : undefined);
  if (permission === 'deny') return { ...answer, block: answer.reason };
  if (own.updatedInput !== undefined) return { ...answer, block: changed(own.updatedInput) };
  return permission === 'allow' || permission === 'ask' ? { ...answer, permission } : answer;
};

/** A call is never changed behind the model's back: it is told what to ask for instead. */
const changed = (input: unknown): string =>
  capped(`a hook wants other arguments here; make the call with these: ${JSON.stringify(input)}`);

/** Several hooks at one moment: the strictest word of each kind. */
export const merged = (answers: readonly HookAnswer[]): HookAnswer => {
  const texts = (pick: (answer: HookAnswer) => string | null): readonly string[] =>
    answers.map(pick).filter((text) => text !== null && text !== '') as readonly string[];
  const blocks = texts(({ block }) => block);
  const stops = texts(({ stop }) => stop);
  const permission =
    (['ask', 'allow'] as const).find((one) => answers.some((answer) => answer.permission === one)) ?? null;
  return {
    block: blocks.length === 0 ? null : capped(blocks.join('\n')),
    permission,
    reason: texts((answer) => (answer.permission === permission ? answer.reason : '')).join('; '),
    context: capped(texts(({ context }) => context).join('\n')),
    stop: stops.length === 0 ? null : stops.join('; '),
    notes: answers.flatMap(({ notes }) => notes),
  };
};

export const isSilent = ({ block, permission, context, stop, notes }: HookAnswer): boolean =>
  block === null && permission === null && context === '' && stop === null && notes.length === 0;

const parsed = (text: string): Table | null => {
  try {
    const value: unknown = JSON.parse(text);
    return isTable(value) ? value : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
};

const textOf = (value: unknown): string => (typeof value === 'string' ? value.trim() : '');

const shortened = (text: string, limit: number): string =>
  text.length > limit ? `${text.slice(0, limit - 1)}…` : text;

const capped = (text: string): string =>
  text.length > contextLimit
    ? `${text.slice(0, contextLimit)}\n[… ${text.length - contextLimit} characters cut out …]`
    : text;
