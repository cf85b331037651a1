import type { PermissionMode } from '@tandem/protocol';
import type { RunResult } from '../ports.ts';
import type { Draft } from '../session/log.ts';
import type { ToolArguments, ToolOutcome } from '../tool/tool.ts';
import type { PermitDecision } from './permit.ts';
import { putBack, takeSnapshot } from './snapshot.ts';
import type { OpenCall } from './state.ts';
import { modeOf, type Work } from './work.ts';

/** A call that has changed files, or may have, and what it changed in them. */
export type Ran = {
  readonly tool: string;
  readonly effect: 'write' | 'exec';
  readonly arguments: ToolArguments;
  readonly mode: PermissionMode;
  /** Absolute. */
  readonly root: string;
  /** A person was asked about this very call and said yes. */
  readonly approved: boolean;
  /** Unified diff of all files that it changed, made when asked for; null where it changed none. */
  readonly diff: () => Promise<string | null>;
  /** Runs a check on what it left, confined like every command of the turn. */
  readonly check: (command: string, timeoutMs: number) => Promise<RunResult>;
};

/** Judges what a call left as if it had been an edit; null where it may stay. Rejects only with the signal's reason. */
export type Gate = (ran: Ran, signal: AbortSignal) => Promise<PermitDecision | null>;

export type Gated = { readonly outcome: ToolOutcome; readonly drafts: readonly Draft[] };

type Given = {
  readonly before: string;
  readonly effect: Ran['effect'];
  readonly value: ToolArguments;
  readonly outcome: ToolOutcome;
};

/** Keeps what a call left, or puts it back where the gate says that it must not stay without a person. */
export const gateChanges = async (work: Work, call: OpenCall, given: Given): Promise<Gated> => {
  const { before, effect, outcome } = given;
  const left = await takeSnapshot(work, { reason: `after ${call.name}`, after: before });
  const judged = await judgeChanges(work, call, given);
  if (judged === null) return { outcome, drafts: [left] };
  const segment = { before, after: left.data.snapshot };
  const back = await putBack(work, { segments: [segment], target: before });
  const { decision, rules, score, reasons, category } = judged;
  return {
    outcome: { ...outcome, isError: true, output: `${outcome.output}\n${noteOf(judged, effect)}` },
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

/** Runs a check in the turn's workspace. */
export const checkOf =
  ({ workspace, signal }: Work): Ran['check'] =>
  (command, timeoutMs) =>
    workspace.run({ command, timeoutMs, signal, maxOutput: CHECK_OUTPUT_LIMIT });

const judgeChanges = async (
  work: Work,
  call: OpenCall,
  { before, effect, value }: Given,
): Promise<PermitDecision | null> => {
  const { parts, workspace, signal } = work;
  if (parts.gate === undefined) return null;
  const diff = async (): Promise<string | null> => {
    const changed = await workspace.diffSince(before);
    return changed.files.length === 0 ? null : changed.diff;
  };
  const check = checkOf(work);
  const ran: Ran = {
    tool: call.name,
    effect,
    arguments: value,
    mode: modeOf(work),
    root: workspace.root,
    approved: call.approval !== null && call.approval.decision === 'allow',
    diff,
    check,
  };
  return await parts.gate(ran, signal);
};

/** Characters of a check's output that are of use in a reason. */
const CHECK_OUTPUT_LIMIT = 4_000;

/** A person may be asked about an edit; nobody about a check that fails. */
const noteOf = ({ reasons, category }: PermitDecision, effect: Ran['effect']): string =>
  effect === 'write' || category === 'edit.invariant'
    ? `This change was put back: ${reasons.join('; ')}.`
    : `The files that this command changed were put back: ${reasons.join('; ')}. ` +
      'If the change is meant, make it with edit or write, so that a person can be asked.';
