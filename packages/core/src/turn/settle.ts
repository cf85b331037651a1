import { isAppError } from '@tandem/protocol';
import type { Draft } from '../session/log.ts';
import { checkArguments } from '../tool/check-arguments.ts';
import { fileHistory } from '../tool/history.ts';
import { failure, type Tool, type ToolArguments, type ToolOutcome } from '../tool/tool.ts';
import { authorize } from './authorize.ts';
import { loopNote } from './loop-guard.ts';
import type { OpenCall, OpenTurn } from './state.ts';
import { outcomeDrafts } from './tool-result.ts';
import type { Work } from './work.ts';

/** Reads done at one time. */
const PARALLEL_LIMIT = 8;

export const interruptedText =
  'Interrupted: the work ended while this ran. It may or may not have taken effect; look before doing it again.';

/** Settles every call of the last step, or stops at the first that a person must answer. */
export const settleCalls = async (work: Work, turn: OpenTurn): Promise<'settled' | 'waiting'> => {
  const open = turn.calls.filter((call) => !call.settled);
  if (open.length > 1 && open.every((call) => toolOf(work, call)?.effect === 'read')) {
    for (let start = 0; start < open.length; start += PARALLEL_LIMIT)
      await Promise.all(open.slice(start, start + PARALLEL_LIMIT).map((call) => settleCall(work, call)));
    return 'settled';
  }
  for (const call of open) {
    work.signal.throwIfAborted();
    if ((await settleCall(work, call)) === 'waiting') return 'waiting';
  }
  return 'settled';
};

const settleCall = async (work: Work, call: OpenCall): Promise<'settled' | 'waiting'> => {
  const tool = toolOf(work, call);
  if (tool === undefined) return finish(work, call, failure(unknownTool(work, call.name)));
  const checked = checkArguments(tool.spec, call.arguments);
  if (checked.type === 'bad') return finish(work, call, failure(checked.message));
  // The intent is in the log and no outcome: a kill fell between them.
  if (call.intent === 'never') return finish(work, call, failure(interruptedText), 'interrupted');
  if (call.intent === null) {
    const answer = await authorize(work, call, { tool, value: checked.value });
    if (answer.type === 'waiting') return 'waiting';
    if (answer.type === 'refused') return finish(work, call, failure(answer.message));
    await recordIntent(work, call, { tool, value: checked.value });
  }
  return finish(work, call, await execute(work, call, { tool, value: checked.value }));
};

type Prepared = { readonly tool: Tool; readonly value: ToolArguments };

const recordIntent = async (work: Work, call: OpenCall, { tool, value }: Prepared): Promise<void> => {
  const drafts: Draft[] = [];
  if (tool.effect === 'exec') {
    const snapshot = work.ports.ids.next('snp');
    await work.workspace.snapshot(snapshot);
    drafts.push({ type: 'snapshot.taken', data: { snapshot, reason: `before ${call.name}` } });
  }
  const { effect, replay } = tool;
  const { item, name } = call;
  drafts.push({
    type: 'tool.started',
    data: { callId: item, name, arguments: value, replay, effect, result: item },
  });
  work.signal.throwIfAborted();
  await work.record(...drafts);
};

const execute = async (work: Work, call: OpenCall, { tool, value }: Prepared): Promise<ToolOutcome> => {
  const { workspace, signal, live, log, ports } = work;
  work.progress(`${call.name} ${String(value.command ?? value.path ?? value.pattern ?? '')}`.slice(0, 120));
  try {
    const outcome = await tool.run(value, {
      workspace,
      signal,
      history: fileHistory(log.events, workspace.root),
      onOutput: (text) => live({ type: 'command.output', session: log.session, item: call.item, text }),
      fetchPage: ports.fetchPage,
    });
    signal.throwIfAborted();
    return outcome;
  } catch (error) {
    if (signal.aborted || !isAppError(error)) throw error;
    return failure(error.message);
  }
};

const finish = async (
  work: Work,
  call: OpenCall,
  outcome: ToolOutcome,
  status: 'done' | 'interrupted' = 'done',
): Promise<'settled'> => {
  const { item, name, arguments: given } = call;
  await work.log.commit((events) => {
    const note = loopNote(events, work.turn, { name, arguments: given, output: outcome.output });
    const told = { ...outcome, output: outcome.output + note };
    return outcomeDrafts({ turn: work.turn, item, name, given, outcome: told, status });
  });
  return 'settled';
};

const toolOf = (work: Work, call: OpenCall): Tool | undefined =>
  work.tools.find((tool) => tool.spec.name === call.name);

const unknownTool = (work: Work, name: string): string =>
  `There is no tool ${name}. There are: ${work.tools.map((tool) => tool.spec.name).join(', ')}.`;
