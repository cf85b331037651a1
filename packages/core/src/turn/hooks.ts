import { AppError, isKnown } from '@tandem/protocol';
import type { HookAnswer, HookMoment } from '../hooks.ts';
import type { Workspace } from '../ports.ts';
import type { Draft } from '../session/log.ts';
import type { ToolArguments, ToolOutcome } from '../tool/tool.ts';
import type { PermitDecision } from './permit.ts';
import type { OpenCall } from './state.ts';
import { modeOf, type Work } from './work.ts';

/** Times in a turn that hooks may keep the agent from stopping: one that always does must not hold it for ever. */
const STOP_LIMIT = 5;

type Asked = { readonly answer: HookAnswer; readonly draft: Draft };

/** What the hooks say, told to the person and ready for the log; null where nobody is asked. */
const ask = async (work: Work, moment: HookMoment): Promise<Asked | null> => {
  const { parts, workspace, log, signal } = work;
  if (parts.hooks === undefined) return null;
  const place = { session: log.session, cwd: workspace.root, mode: modeOf(work) };
  const answer = await parts.hooks(moment, place, signal);
  if (answer === null) return null;
  for (const note of answer.notes) work.progress(note);
  const { block, permission, context, stop, notes } = answer;
  return {
    answer,
    draft: {
      type: 'hook.ran',
      data: {
        moment: moment.type,
        ...('call' in moment ? { callId: moment.call } : {}),
        ...(block === null ? {} : { block }),
        ...(permission === null ? {} : { permission }),
        ...(context === '' ? {} : { context }),
        ...(stop === null ? {} : { stop }),
        ...(notes.length === 0 ? {} : { notes: [...notes] }),
      },
    },
  };
};

/** @throws AppError interrupted, where a hook ends the turn */
const heed = ({ stop }: HookAnswer): void => {
  if (stop !== null) throw new AppError('interrupted', `a hook ended the turn: ${stop}`);
};

/**
 * Asked before a prompt joins the conversation. The drafts belong into the append that holds the prompt.
 * @throws AppError interrupted when a hook ends the turn; that is in the log then
 */
export const askBeforePrompt = async (
  work: Work,
  prompt: string,
): Promise<{ readonly drafts: readonly Draft[]; readonly refused: boolean }> => {
  const { model } = work.settings;
  const source = work.log.events.some(({ type }) => type === 'turn.completed') ? 'resume' : 'startup';
  const begun = await ask(work, { type: 'SessionStart', source, model });
  const asked = await ask(work, { type: 'UserPromptSubmit', prompt });
  const drafts = [begun, asked].flatMap((one) => (one === null ? [] : [one.draft]));
  const answers = [begun, asked].flatMap((one) => (one === null ? [] : [one.answer]));
  if (answers.some(({ stop }) => stop !== null)) await work.record(...drafts);
  for (const answer of answers) heed(answer);
  return { drafts, refused: asked !== null && asked.answer.block !== null };
};

export type BeforeCall = {
  readonly drafts: readonly Draft[];
  /** What the hooks make of the guard's decision. */
  readonly decide: (permit: PermitDecision) => PermitDecision;
};

/** Asked before the guard; what they refuse is refused whatever it says. */
export const askBeforeCall = async (
  work: Work,
  call: OpenCall,
  value: ToolArguments,
): Promise<BeforeCall> => {
  const asked = await ask(work, { type: 'PreToolUse', call: call.item, tool: call.name, arguments: value });
  if (asked === null) return { drafts: [], decide: (permit) => permit };
  const { answer, draft } = asked;
  if (answer.stop !== null) await work.record(draft);
  heed(answer);
  return { drafts: [draft], decide: (permit) => decided(permit, answer) };
};

const rule = 'hook:PreToolUse';

const decided = (permit: PermitDecision, { block, permission, reason }: HookAnswer): PermitDecision => {
  const rules = [rule, ...permit.rules];
  if (block !== null) return { ...permit, decision: 'deny', rules, reasons: [block] };
  if (permission === 'ask' && permit.decision === 'allow')
    return { ...permit, decision: 'ask', rules, reasons: [reason, ...permit.reasons] };
  if (permission === 'allow' && permit.decision === 'ask')
    return { ...permit, decision: 'allow', rules, reasons: [reason, ...permit.reasons] };
  return permit;
};

/** Told what a call gave, before its files are looked at: what a hook writes there belongs to the call. */
export const tellAfterCall = async (
  work: Work,
  call: OpenCall,
  { value, outcome }: { readonly value: ToolArguments; readonly outcome: ToolOutcome },
): Promise<ToolOutcome> => {
  const { output, isError } = outcome;
  const moment = { call: call.item, tool: call.name, arguments: value, output, isError };
  const asked = await ask(work, { type: 'PostToolUse', ...moment });
  if (asked === null) return outcome;
  await work.record(asked.draft);
  heed(asked.answer);
  return { ...outcome, output: withSaid(output, asked.answer) };
};

const withSaid = (output: string, { block, context }: HookAnswer): string =>
  [
    output,
    ...(block === null ? [] : [`[hook] ${block}`]),
    ...(context === '' ? [] : [`[hook] ${context}`]),
  ].join('\n');

/** False when a hook wants the work to go on; why is in the log, where the model reads it. */
export const mayStop = async (work: Work, answer: string): Promise<boolean> => {
  const kept = work.log.events.filter(
    (event) =>
      event.turn === work.turn &&
      isKnown(event) &&
      event.type === 'hook.ran' &&
      isStop(event.data.moment) &&
      event.data.block !== undefined,
  ).length;
  if (kept >= STOP_LIMIT) return true;
  const asked = await ask(work, { type: isChild(work) ? 'SubagentStop' : 'Stop', answer, again: kept > 0 });
  if (asked === null) return true;
  await work.record(asked.draft);
  heed(asked.answer);
  return asked.answer.block === null;
};

export const isStop = (moment: string): boolean => moment === 'Stop' || moment === 'SubagentStop';

/** An attempt of another session, or what an agent of it does. */
export const isChild = ({ log }: Pick<Work, 'log'>): boolean =>
  log.events.some(
    (event) => isKnown(event) && event.type === 'session.created' && event.data.parent !== undefined,
  );

export const tellBeforeCompaction = async (work: Work): Promise<void> => {
  const asked = await ask(work, { type: 'PreCompact' });
  if (asked !== null) await work.record(asked.draft);
};

/** A person is waited for. */
export const tellWaiting = async (work: Work, message: string): Promise<void> => {
  const asked = await ask(work, { type: 'Notification', message, kind: 'permission_prompt' });
  if (asked !== null) await work.record(asked.draft);
};

/** The workspace as the pipeline writes to it: each file is a call of write, asked about and told of. */
export const hookedWrites = (work: Work): Pick<Workspace, 'write'> => ({
  write: async (path, text) => {
    const { workspace, parts, ports } = work;
    if (parts.hooks === undefined) return await workspace.write(path, text);
    const moment = { call: ports.ids.next('itm'), tool: 'write', arguments: { path, text } };
    const before = await ask(work, { type: 'PreToolUse', ...moment });
    if (before !== null) {
      await work.record(before.draft);
      heed(before.answer);
      const { block } = before.answer;
      if (block !== null) throw new AppError('conflict', `a hook refused the change of ${path}: ${block}`);
    }
    await workspace.write(path, text);
    const after = await ask(work, {
      type: 'PostToolUse',
      ...moment,
      output: `Wrote ${path}.`,
      isError: false,
    });
    if (after === null) return;
    await work.record(after.draft);
    heed(after.answer);
  },
});
