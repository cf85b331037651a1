import { isKnown } from '@tandem/protocol';
import type { PipelineContext, PipelineOutcome } from '../pipeline/pipeline.ts';
import type { Draft, Logged } from '../session/log.ts';
import { standing } from '../session/standing.ts';
import { segmentsOfTurn } from '../session/timeline.ts';
import type { FilePreview } from '../tool/tool.ts';
import { decide, evaluated } from './authorize.ts';
import type { End } from './complete.ts';
import { hookedWrites, mayStop } from './hooks.ts';
import { putBack } from './snapshot.ts';
import { type MindedWork, modeOf } from './work.ts';

/** Earlier turns the pipeline is told of: a small model cannot read more with profit. */
const HISTORY_LIMIT = 10;

/** The whole turn by the pipeline, which a kill makes begin again. */
export const pipelineTurn = async (work: MindedWork): Promise<End> => {
  await discardHalfDone(work);
  // Awaited even after an abort, which it obeys itself: a pipeline left behind could still be writing files.
  const outcome = await work.parts.runPipeline(contextOf(work));
  work.signal.throwIfAborted();
  await tell(work, outcome);
  // Told, and not heeded: the pipeline does not go on by itself.
  await mayStop(work, outcome.answer);
  return endOfPipeline(outcome);
};

/** Attempts of an earlier process are gone with its scratch copies; files it had begun to write are put back. */
const discardHalfDone = async (work: MindedWork): Promise<void> => {
  const { attempts, landing } = work.now();
  const drafts: Draft[] = attempts.map((attempt) => ({
    type: 'worktree.discarded',
    data: { attempt, reason: 'interrupted' },
  }));
  if (landing !== null) {
    const segments = segmentsOfTurn(work.log.events, work.turn);
    drafts.push(...(await putBack(work, { segments, target: landing })));
  }
  await work.record(...drafts);
};

const contextOf = (work: MindedWork): PipelineContext => {
  const { ports, model, signal, workspace, live, log } = work;
  const turn = work.now();
  const item = ports.ids.next('itm');
  return {
    request: turn.inputs[0] ?? '',
    options: turn.options,
    workspace: {
      ...workspace,
      ...hookedWrites(work),
      snapshot: (id) => workspace.snapshot(id, { session: log.session }),
    },
    code: ports.code,
    runner: ports.runner,
    model,
    clock: ports.clock,
    ids: ports.ids,
    signal,
    instructions: work.instructions,
    history: historyOf(standing(log.events)),
    record: async (...events) => {
      signal.throwIfAborted();
      await work.record(...events);
    },
    progress: work.progress,
    withheld: (changes) => withheld(work, changes),
    say: (text) => live({ type: 'item.delta', session: log.session, item, text }),
    keepFile: (name, text) => ports.keepFile(log.session, `${work.turn}-${name}`, text),
  };
};

/**
 * Whoever asks for a change has said yes to an ordinary one of the workspace's files, so that only planning forbids it; what
 * the guard would ask about or deny is not written, since a small model does not wait for an answer.
 */
const withheld = async (work: MindedWork, changes: readonly FilePreview[]): Promise<string | null> => {
  const wanted = modeOf(work);
  const mode = wanted === 'default' || wanted === 'dontAsk' ? 'acceptEdits' : wanted;
  for (const preview of changes) {
    const { path, after } = preview;
    const action = {
      tool: 'write',
      effect: 'write',
      arguments: { path, text: after },
      mode,
      preview,
    } as const;
    const permit = await decide(work, action);
    const data = evaluated(work.ports.ids.next('itm'), permit);
    await work.record({ type: 'permission.evaluated', data });
    if (permit.decision !== 'allow') return `${path} may not be changed (${permit.reasons.join('; ')})`;
  }
  return null;
};

/** The answer and the change as items, where the pipeline has not recorded them itself. */
const tell = async (work: MindedWork, outcome: PipelineOutcome): Promise<void> => {
  const { told } = work.now();
  const drafts: Draft[] = [];
  const { diff, answer } = outcome;
  if (!told.change && outcome.files.length > 0)
    drafts.push(
      itemDraft({
        id: work.ports.ids.next('itm'),
        type: 'file_change',
        files: [...outcome.files],
        diff,
        status: 'completed',
      }),
    );
  if (!told.message && answer !== '')
    drafts.push(itemDraft({ id: work.ports.ids.next('itm'), type: 'agent_message', text: answer }));
  await work.record(...drafts);
};

type CompletedItem = Extract<Draft, { type: 'item.completed' }>['data']['item'];
const itemDraft = (item: CompletedItem): Draft => ({ type: 'item.completed', data: { item } });

const endOfPipeline = (outcome: PipelineOutcome): End => {
  const { answer, files, verify, usage, patch } = outcome;
  const end = { answer, files, verify, usage, ...(patch === undefined ? {} : { patch }) };
  switch (outcome.type) {
    case 'answered':
    case 'solved':
    case 'unverified':
      return { ...end, outcome: 'ok' };
    case 'withheld':
      return {
        ...end,
        outcome: 'failed',
        error: { code: 'approval_required', message: answer.split('\n')[0] ?? 'a person must look at it' },
      };
    case 'unsolved':
      return {
        ...end,
        outcome: 'failed',
        error: { code: 'verify_failed', message: answer.split('\n')[0] ?? 'no attempt passed' },
      };
  }
};

const historyOf = (events: readonly Logged[]): PipelineContext['history'] => {
  const requests = new Map<string, string>();
  const history: { readonly request: string; readonly answer: string }[] = [];
  for (const event of events) {
    if (!isKnown(event) || event.turn === undefined) continue;
    if (event.type === 'turn.admitted' && !requests.has(event.turn))
      requests.set(event.turn, event.data.text);
    if (event.type === 'turn.completed')
      history.push({ request: requests.get(event.turn) ?? '', answer: event.data.answer });
  }
  return history.slice(-HISTORY_LIMIT);
};
