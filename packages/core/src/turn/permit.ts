import type { PermissionMode } from '@tandem/protocol';
import { isOutside } from '../tool/paths.ts';
import type { FilePreview, Tool, ToolArguments } from '../tool/tool.ts';
import type { Ran } from './gate.ts';
import { isReadOnlyCommand } from './read-only-command.ts';

export type Action = {
  readonly tool: string;
  readonly effect: Tool['effect'];
  readonly arguments: ToolArguments;
  readonly mode: PermissionMode;
  /** Of a call that goes to a program of others: whether the person allows it by name; nothing else is known of it. */
  readonly outside?: 'unknown' | 'allowed';
  /** Absolute. */
  readonly root: string;
  /** The turn's own verify command: the person who gave it has allowed it. */
  readonly verify: string | undefined;
  /** What the call would make of a file; null where it changes none or cannot be told before. */
  readonly preview: FilePreview | null;
  /** The session's events so far, oldest first: what was decided and who said yes to what. */
  readonly events: readonly { readonly type: string; readonly data: unknown }[];
  /** Runs a check on the workspace as it is before the call, confined like every command of the turn. */
  readonly check?: Ran['check'];
};

export type PermitDecision = {
  readonly decision: 'allow' | 'ask' | 'deny';
  readonly rules: readonly string[];
  /** 0 is harmless, 1 is never allowed. */
  readonly score: number;
  readonly reasons: readonly string[];
  /** The kind of harm, where one is feared. */
  readonly category?: string;
  /** What the action would do, as plain data for the log. */
  readonly effects?: readonly unknown[];
  /** The same for two actions only if they do the same: a person's yes to one is a yes to the other. */
  readonly action?: string;
  /** One general rule that a person may take instead of answering again, and the sentence that explains it. */
  readonly offer?: { readonly explain: string; readonly rule: string };
  /** Time that the decision took, in microseconds. */
  readonly us?: number;
};

/**
 * May this action run? What it cannot judge it asks about. Rejects only with the signal's reason: a guard that fails asks.
 */
export type Permit = (action: Action, signal: AbortSignal) => Promise<PermitDecision>;

/** Decides by mode and effect class alone: for a program that brings no guard. */
export const permitByMode: Permit = async (action) => {
  const path = action.arguments.path;
  if (typeof path === 'string' && isOutside(path, action.root))
    return decide('deny', 'path:outside', `${path} is outside the workspace`);
  switch (action.effect) {
    case 'read':
      return decide('allow', 'effect:read', 'reads inside the workspace');
    case 'write':
      return write(action.mode);
    case 'exec':
      return exec(action);
    case 'network':
      if (action.mode === 'bypass') return decide('allow', 'mode:bypass', 'everything is allowed');
      return ask(action.mode, 'effect:network', 'reaches the network');
  }
};

const write = (mode: PermissionMode): PermitDecision => {
  switch (mode) {
    case 'acceptEdits':
    case 'auto':
    case 'bypass':
      return decide('allow', `mode:${mode}`, 'changes of files are allowed');
    case 'plan':
      return decide('deny', 'mode:plan', 'nothing is changed while planning');
    case 'default':
    case 'dontAsk':
      return ask(mode, 'effect:write', 'changes a file');
  }
};

const exec = (action: Action): PermitDecision => {
  const { mode } = action;
  const command = String(action.arguments.command ?? '');
  if (mode === 'bypass') return decide('allow', 'mode:bypass', 'everything is allowed');
  if (mode === 'plan') return decide('deny', 'mode:plan', 'nothing is run while planning');
  if (mode === 'auto' && action.verify !== undefined && command.trim() === action.verify.trim())
    return decide('allow', 'command:verify', 'it is the verify command of this turn');
  if (mode === 'auto' && isReadOnlyCommand(command))
    return decide('allow', 'command:read-only', 'it only reads');
  return ask(mode, 'effect:exec', 'runs a command');
};

const ask = (mode: PermissionMode, rule: string, reason: string): PermitDecision =>
  mode === 'dontAsk'
    ? {
        ...decide('deny', 'mode:dontAsk', `${reason}, and nobody may be asked`),
        rules: [rule, 'mode:dontAsk'],
      }
    : decide('ask', rule, reason);

const scores = { allow: 0, ask: 0.5, deny: 1 } as const;

const decide = (decision: PermitDecision['decision'], rule: string, reason: string): PermitDecision => ({
  decision,
  rules: [rule],
  score: scores[decision],
  reasons: [reason],
});
