import type { PermissionMode } from '@tandem/protocol';
import type { Draft } from '../session/log.ts';
import type { ToolArguments, ToolOutcome } from '../tool/tool.ts';
import type { PermitDecision } from './permit.ts';
import { putBack, takeSnapshot } from './snapshot.ts';
import type { OpenCall } from './state.ts';
import type { Work } from './work.ts';

/** A command that has run, and what it changed in files. */
export type Ran = {
  readonly tool: string;
  readonly arguments: ToolArguments;
  readonly mode: PermissionMode;
  /** Absolute. */
  readonly root: string;
  /** Unified diff of all files that it changed, made when asked for; null where it changed none. */
  readonly diff: () => Promise<string | null>;
};

/** Judges what a command wrote as if it had been an edit; null where it may stay. Rejects only with the signal's reason. */
export type Gate = (ran: Ran, signal: AbortSignal) => Promise<PermitDecision | null>;

export type Gated = { readonly outcome: ToolOutcome; readonly drafts: readonly Draft[] };

/** Keeps what a command left, or puts it back where the gate says that it must not stay without a person. */
export const gateCommand = async (
  work: Work,
  call: OpenCall,
  given: { readonly before: string; readonly value: ToolArguments; readonly outcome: ToolOutcome },
): Promise<Gated> => {
  const { before, value, outcome } = given;
  const left = await takeSnapshot(work, { reason: `after ${call.name}`, after: before });
  const judged = await judgeChanges(work, call, before, value);
  if (judged === null) return { outcome, drafts: [left] };
  const segment = { before, after: left.data.snapshot };
  const back = await putBack(work, { segments: [segment], target: before });
  const { decision, rules, score, reasons, category } = judged;
  return {
    outcome: { ...outcome, isError: true, output: `${outcome.output}\n${noteOf(judged)}` },
    drafts: [
      left,
      {
        type: 'permission.evaluated',
        data: {
          callId: `${call.item}:changes`,
          decision,
          rules: [...rules],
          score,
          reasons: [...reasons],
          ...(category === undefined ? {} : { category }),
        },
      },
      ...back,
    ],
  };
};

const judgeChanges = async (
  { parts, workspace, settings, now, signal }: Work,
  call: OpenCall,
  before: string,
  value: ToolArguments,
): Promise<PermitDecision | null> => {
  if (parts.gate === undefined) return null;
  const diff = async (): Promise<string | null> => {
    const changed = await workspace.diffSince(before);
    return changed.files.length === 0 ? null : changed.diff;
  };
  const mode = now().options.permissionMode ?? settings.permissionMode;
  return await parts.gate({ tool: call.name, arguments: value, mode, root: workspace.root, diff }, signal);
};

const noteOf = ({ reasons }: PermitDecision): string =>
  `The files that this command changed were put back: ${reasons.join('; ')}. ` +
  'If the change is meant, make it with edit or write, so that a person can be asked.';
