import { type EventOf, isAppError } from '@tandem/protocol';
import type { Draft } from '../session/log.ts';
import { standing } from '../session/standing.ts';
import { fileHistory } from '../tool/history.ts';
import { type FilePreview, failure, type Tool, type ToolArguments, type ToolOutcome } from '../tool/tool.ts';
import { unifiedDiff } from '../tool/unified-diff.ts';
import { checkOf } from './gate.ts';
import { askBeforeCall, tellWaiting } from './hooks.ts';
import type { Action, PermitDecision } from './permit.ts';
import type { OpenCall } from './state.ts';
import { modeOf, type Work } from './work.ts';

export type Authorized =
  | { readonly type: 'allowed' }
  | { readonly type: 'refused'; readonly message: string }
  /** It would fail whoever allows it: nobody is asked. */
  | { readonly type: 'fails'; readonly outcome: ToolOutcome }
  | { readonly type: 'waiting' };

/** May the call run? What was decided before a kill or a wait is not decided again. */
export const authorize = async (
  work: Work,
  call: OpenCall,
  prepared: { readonly tool: Tool; readonly value: ToolArguments },
): Promise<Authorized> => {
  if (call.approval !== null) return answered(call.approval);
  if (call.permission === 'allow') return { type: 'allowed' };
  const { ports } = work;
  const { tool, value } = prepared;
  const preview = await previewOf(work, tool, value);
  if (preview !== null && 'output' in preview) return { type: 'fails', outcome: preview };
  const asked = await askBeforeCall(work, call, value);
  const action = {
    tool: call.name,
    effect: tool.effect,
    arguments: value,
    ...(tool.outside === undefined ? {} : { outside: tool.outside(value) }),
    mode: modeOf(work),
    preview,
    check: checkOf(work),
  };
  const judged = tool.delegates === true ? delegated : await decide(work, action);
  const permit = asked.decide(judged);
  const { decision, reasons } = permit;
  const drafts: Draft[] = [
    ...asked.drafts,
    { type: 'permission.evaluated', data: evaluated(call.item, permit) },
  ];
  if (decision === 'ask') {
    const approval = ports.ids.next('apr');
    const question = `${questionOf(tool, value)} (${reasons.join('; ')})`;
    drafts.push({
      type: 'approval.requested',
      data: { approval, callId: call.item, question, ...diffOf(preview), ...offerOf(permit) },
    });
  }
  await work.record(...drafts);
  if (decision === 'ask') {
    await tellWaiting(work, questionOf(tool, value));
    return { type: 'waiting' };
  }
  if (decision === 'deny') return { type: 'refused', message: `Not allowed: ${reasons.join('; ')}.` };
  return { type: 'allowed' };
};

const delegated: PermitDecision = {
  decision: 'allow',
  rules: ['tool:delegates'],
  score: 0,
  reasons: ['each of its actions is judged by itself'],
};

/** The permit's decision on something that the turn would do. */
export const decide = (
  work: Work,
  action: Omit<Action, 'root' | 'verify' | 'events'>,
): Promise<PermitDecision> => {
  const { parts, workspace, log, signal } = work;
  const { verify } = work.now().options;
  return parts.permit({ ...action, root: workspace.root, verify, events: log.events }, signal);
};

const previewOf = async (
  work: Work,
  tool: Tool,
  value: ToolArguments,
): Promise<FilePreview | ToolOutcome | null> => {
  const { workspace, log, signal } = work;
  try {
    const history = fileHistory(standing(log.events), workspace.root);
    return (await tool.preview?.(value, { workspace, history })) ?? null;
  } catch (error) {
    if (signal.aborted || !isAppError(error)) throw error;
    return failure(error.message);
  }
};

/** Characters of a diff that a person reads before an answer; a longer one would only fill the log. */
const SHOWN_LIMIT = 60_000;

const diffOf = (preview: FilePreview | null): Pick<EventOf<'approval.requested'>['data'], 'diff'> => {
  if (preview === null) return {};
  const { diff } = unifiedDiff(preview.path, preview.before, preview.after);
  return diff === '' || diff.length > SHOWN_LIMIT ? {} : { diff };
};

const offerOf = ({ offer }: PermitDecision): Pick<EventOf<'approval.requested'>['data'], 'offer'> =>
  offer === undefined ? {} : { offer };

/** A decision as the log keeps it. */
export const evaluated = (
  callId: string,
  { decision, rules, score, reasons, category, effects, action, us }: PermitDecision,
): EventOf<'permission.evaluated'>['data'] => ({
  callId,
  decision,
  rules: [...rules],
  score,
  reasons: [...reasons],
  ...(category === undefined ? {} : { category }),
  ...(effects === undefined ? {} : { effects: [...effects] }),
  ...(action === undefined ? {} : { action }),
  ...(us === undefined ? {} : { us }),
});

const answered = (approval: NonNullable<OpenCall['approval']>): Authorized => {
  if (approval.decision === null) return { type: 'waiting' };
  if (approval.decision === 'allow') return { type: 'allowed' };
  const note = approval.note === undefined ? '' : `: ${approval.note}`;
  return { type: 'refused', message: `The person declined this${note}. Do not try it again another way.` };
};

const questionOf = ({ spec: { name }, question }: Tool, value: ToolArguments): string => {
  if (question !== undefined) return question(value);
  if (name === 'bash') return `Run \`${String(value.command)}\`?`;
  if (typeof value.path === 'string') return `${name === 'write' ? 'Write' : 'Change'} ${value.path}?`;
  if (typeof value.url === 'string') return `Fetch ${value.url}?`;
  return `Use ${name}?`;
};
