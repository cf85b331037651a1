import type { HookAnswer, HookMoment, HookPlace, Hooks } from '@tandem/core';
import type { RunProgram } from '../run-program.ts';
import { isSilent, merged, readAnswer } from './read-answer.ts';
import type { Hook, Moment } from './read-hooks.ts';
import { type NamedCall, namedCall } from './tool-names.ts';

export type HooksInput = {
  /** Those that may run, for a session that works in a directory. */
  readonly hooksOf: (cwd: string) => Promise<{ readonly hooks: readonly Hook[]; readonly root: string }>;
  readonly run: RunProgram;
  /** Absolute path of a session's log. */
  readonly transcript: (session: string) => string;
};

export type RunningHooks = {
  readonly hooks: Hooks;
  /** Tells the hooks of SessionEnd about every session that began here. */
  readonly end: () => Promise<void>;
};

/** The program ends with these: they must not hold it for long. */
const endMs = 5_000;
const streamLimit = 100_000;

/** Runs a person's hooks at the moments of a session, those of one moment side by side, each command once. */
export const createHooks = (input: HooksInput): RunningHooks => {
  const begun = new Map<string, HookPlace>();
  const hooks: Hooks = async (moment, place, signal) => {
    if (moment.type === 'SessionStart') {
      if (begun.has(place.session)) return null;
      begun.set(place.session, place);
    }
    return await ask(input, { moment: moment.type, ...wordsOf(moment, place.cwd) }, { place, signal });
  };
  const end = async (): Promise<void> => {
    const said = { moment: 'SessionEnd', about: null, fields: { reason: 'other' } } as const;
    const signal = AbortSignal.timeout(endMs);
    // Nobody is left to be told what they say or that they were too slow.
    await Promise.allSettled([...begun.values()].map((place) => ask(input, said, { place, signal })));
    begun.clear();
  };
  return { hooks, end };
};

type Words = {
  /** What a matcher is held against: any of them; null where there is nothing to match. */
  readonly about: readonly string[] | null;
  readonly fields: Readonly<Record<string, unknown>>;
};

const ask = async (
  { hooksOf, run, transcript }: HooksInput,
  { moment, about, fields }: Words & { readonly moment: Moment },
  { place, signal }: { readonly place: HookPlace; readonly signal: AbortSignal },
): Promise<HookAnswer | null> => {
  const { hooks, root } = await hooksOf(place.cwd);
  const asked = hooks.filter(
    (hook) =>
      hook.moment === moment &&
      (about === null || hook.matcher === null || about.some((name) => hook.matcher?.test(name))),
  );
  if (asked.length === 0) return null;
  const stdin = JSON.stringify({
    session_id: place.session,
    transcript_path: transcript(place.session),
    cwd: place.cwd,
    permission_mode: permissionModes[place.mode],
    hook_event_name: moment,
    ...fields,
  });
  const once = [...new Map(asked.map((hook) => [hook.command, hook])).values()];
  const answers = await Promise.all(
    once.map(async ({ command, timeoutMs }) => {
      const environment = { CLAUDE_PROJECT_DIR: root, TANDEM_PROJECT_DIR: root };
      const limits = { timeoutMs, signal, maxOutput: streamLimit };
      const ended = await run({ command, cwd: place.cwd, environment, stdin, ...limits });
      return readAnswer({ moment, command, ended });
    }),
  );
  const answer = merged(answers);
  return isSilent(answer) ? null : answer;
};

/** In the words of the assistants that hooks are written for. */
const permissionModes = {
  default: 'default',
  acceptEdits: 'acceptEdits',
  plan: 'plan',
  auto: 'auto',
  dontAsk: 'dontAsk',
  bypass: 'bypassPermissions',
} as const;

const wordsOf = (moment: HookMoment, cwd: string): Words => {
  switch (moment.type) {
    case 'SessionStart':
      return { about: [moment.source], fields: { source: moment.source, model: moment.model } };
    case 'UserPromptSubmit':
      return { about: null, fields: { prompt: moment.prompt } };
    case 'PreToolUse': {
      const call = namedCall(moment.tool, moment.arguments, cwd);
      return { about: [call.name, moment.tool], fields: callFields(call, moment.call) };
    }
    case 'PostToolUse': {
      const call = namedCall(moment.tool, moment.arguments, cwd);
      const response = { success: !moment.isError, output: moment.output };
      const fields = { ...callFields(call, moment.call), tool_response: response };
      return { about: [call.name, moment.tool], fields };
    }
    case 'Stop':
    case 'SubagentStop':
      return {
        about: null,
        fields: { stop_hook_active: moment.again, last_assistant_message: moment.answer },
      };
    case 'PreCompact':
      return { about: ['auto'], fields: { trigger: 'auto', custom_instructions: '' } };
    case 'Notification':
      return { about: [moment.kind], fields: { message: moment.message, notification_type: moment.kind } };
  }
};

const callFields = ({ name, input }: NamedCall, call: string): Words['fields'] => ({
  tool_name: name,
  tool_input: input,
  tool_use_id: call,
});
