import { type EventOf, isAppError } from '@tandem/protocol';
import type { Draft } from '../session/log.ts';
import type { FilePreview, Tool, ToolArguments } from '../tool/tool.ts';
import type { PermitDecision } from './permit.ts';
import type { OpenCall } from './state.ts';
import type { Work } from './work.ts';

export type Authorized =
  | { readonly type: 'allowed' }
  | { readonly type: 'refused'; readonly message: string }
  | { readonly type: 'waiting' };

/** May the call run? What was decided before a kill or a wait is not decided again. */
export const authorize = async (
  work: Work,
  call: OpenCall,
  prepared: { readonly tool: Tool; readonly value: ToolArguments },
): Promise<Authorized> => {
  if (call.approval !== null) return answered(call.approval);
  if (call.permission === 'allow') return { type: 'allowed' };
  const { settings, workspace, parts, ports } = work;
  const { options } = work.now();
  const { tool, value } = prepared;
  const permit = await parts.permit(
    {
      tool: call.name,
      effect: tool.effect,
      arguments: value,
      mode: options.permissionMode ?? settings.permissionMode,
      root: workspace.root,
      verify: options.verify,
      preview: await previewOf(work, tool, value),
      events: work.log.events,
    },
    work.signal,
  );
  const { decision, reasons } = permit;
  const drafts: Draft[] = [{ type: 'permission.evaluated', data: evaluated(call.item, permit) }];
  if (decision === 'ask') {
    const approval = ports.ids.next('apr');
    const question = `${questionOf(call.name, value)} (${reasons.join('; ')})`;
    drafts.push({
      type: 'approval.requested',
      data: { approval, callId: call.item, question, ...offerOf(permit) },
    });
  }
  await work.record(...drafts);
  if (decision === 'ask') return { type: 'waiting' };
  if (decision === 'deny') return { type: 'refused', message: `Not allowed: ${reasons.join('; ')}.` };
  return { type: 'allowed' };
};

/** A file that cannot be read has no preview; the call itself then says why. */
const previewOf = async (work: Work, tool: Tool, value: ToolArguments): Promise<FilePreview | null> => {
  try {
    return (await tool.preview?.(value, work.workspace)) ?? null;
  } catch (error) {
    if (work.signal.aborted || !isAppError(error)) throw error;
    return null;
  }
};

const offerOf = ({ offer }: PermitDecision): Pick<EventOf<'approval.requested'>['data'], 'offer'> =>
  offer === undefined ? {} : { offer };

const evaluated = (
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

const questionOf = (name: string, value: ToolArguments): string => {
  if (name === 'bash') return `Run \`${String(value.command)}\`?`;
  if (typeof value.path === 'string') return `${name === 'write' ? 'Write' : 'Change'} ${value.path}?`;
  if (typeof value.url === 'string') return `Fetch ${value.url}?`;
  return `Use ${name}?`;
};
