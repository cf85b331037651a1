/**
 * What a person's own programs are asked and told while a session works. Names and meaning of the moments are those that
 * hooks of other assistants already use.
 */
import type { PermissionMode } from '@tandem/protocol';
import type { ToolArguments } from './tool/tool.ts';

export type HookMoment =
  /** Before each turn; answers at most once a session and process. */
  | { readonly type: 'SessionStart'; readonly source: 'startup' | 'resume'; readonly model: string }
  | { readonly type: 'UserPromptSubmit'; readonly prompt: string }
  | {
      readonly type: 'PreToolUse';
      readonly call: string;
      readonly tool: string;
      readonly arguments: ToolArguments;
    }
  | {
      readonly type: 'PostToolUse';
      readonly call: string;
      readonly tool: string;
      readonly arguments: ToolArguments;
      readonly output: string;
      readonly isError: boolean;
    }
  /** The agent would yield the floor. `again`: a hook has kept it from that in this turn already. */
  | { readonly type: 'Stop' | 'SubagentStop'; readonly answer: string; readonly again: boolean }
  | { readonly type: 'PreCompact' }
  | { readonly type: 'Notification'; readonly message: string; readonly kind: 'permission_prompt' };

/** Whose moment it is. */
export type HookPlace = {
  readonly session: string;
  /** Absolute. */
  readonly cwd: string;
  readonly mode: PermissionMode;
};

export type HookAnswer = {
  /** Why it must not go on: the call, the prompt, the end of the turn; null: nothing is against it. */
  readonly block: string | null;
  /** Of PreToolUse. `allow` answers what a person would be asked, and never what the guard denies. */
  readonly permission: 'allow' | 'ask' | null;
  /** Why that permission. */
  readonly reason: string;
  /** For the model: data, capped; '' for none. */
  readonly context: string;
  /** Why the whole turn ends here; null: it does not. */
  readonly stop: string | null;
  /** For the person. */
  readonly notes: readonly string[];
};

/** Null where nobody is asked at this moment. A hook that fails is a note. Rejects only with the signal's reason. */
export type Hooks = (moment: HookMoment, place: HookPlace, signal: AbortSignal) => Promise<HookAnswer | null>;
