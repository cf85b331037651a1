import { isAppError, isKnown } from '@tandem/protocol';
import type { Draft } from '../session/log.ts';
import { standing } from '../session/standing.ts';
import { checkArguments } from '../tool/check-arguments.ts';
import { fileHistory } from '../tool/history.ts';
import { failure, type Tool, type ToolArguments, type ToolOutcome } from '../tool/tool.ts';
import { authorize } from './authorize.ts';
import { type Gated, gateChanges } from './gate.ts';
import { tellAfterCall } from './hooks.ts';
import { loopNote } from './loop-guard.ts';
import { putAwayOutside } from './outside.ts';
import { askerOf } from './questions.ts';
import { takeSnapshot } from './snapshot.ts';
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
  if (call.intent === 'never') return finish(work, call, failure(interruptedText), { status: 'interrupted' });
  if (call.intent === null) {
    const answer = await authorize(work, call, { tool, value: checked.value });
    if (answer.type === 'waiting') return 'waiting';
    if (answer.type === 'refused') return finish(work, call, failure(answer.message));
    if (answer.type === 'fails') return finish(work, call, answer.outcome);
    const away = tool.effect === 'exec' ? await putAwayOutside(work, call) : nothingAway;
    if (away.type === 'refused') return finish(work, call, failure(away.message));
    await recordIntent(work, call, { tool, value: checked.value, notes: away.notes });
  }
  const done = await execute(work, call, { tool, value: checked.value });
  const outcome = await tellAfterCall(work, call, { value: checked.value, outcome: done });
  const { outcome: told, drafts } = await settleChanges(work, call, { tool, value: checked.value, outcome });
  return finish(work, call, told, { left: drafts });
};

const changesFiles = (tool: Tool): boolean => changing(tool) !== null;

const changing = ({ effect }: Tool): 'write' | 'exec' | null =>
  effect === 'write' || effect === 'exec' ? effect : null;

/** What the call left, so that an undo can tell it from what somebody else changes later. */
const settleChanges = async (
  work: Work,
  call: OpenCall,
  { tool, value, outcome }: Prepared & { readonly outcome: ToolOutcome },
): Promise<Gated> => {
  const effect = changing(tool);
  const before = effect === null ? null : lastSnapshot(work);
  if (effect === null || before === null) return { outcome, drafts: [] };
  return await gateChanges(work, call, { before, effect, value, outcome });
};

/** Taken with the intent; whatever else was taken since ended what began there. */
const lastSnapshot = (work: Work): string | null => {
  for (const event of work.log.events.toReversed())
    if (isKnown(event) && event.type === 'snapshot.taken')
      return event.data.after === undefined ? event.data.snapshot : null;
  return null;
};

type Prepared = { readonly tool: Tool; readonly value: ToolArguments };

const nothingAway = { type: 'kept', notes: [] } as const;

const recordIntent = async (
  work: Work,
  call: OpenCall,
  { tool, value, notes }: Prepared & { readonly notes: readonly string[] },
): Promise<void> => {
  const drafts: Draft[] = [];
  if (changesFiles(tool)) drafts.push(await takeSnapshot(work, { reason: `before ${call.name}`, notes }));
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
  work.progress(
    `${call.name} ${String(value.command ?? value.path ?? value.pattern ?? value.name ?? '')}`.slice(0, 120),
  );
  try {
    const outcome = await tool.run(value, {
      workspace,
      signal,
      history: fileHistory(standing(log.events), workspace.root),
      onOutput: (text) => live({ type: 'command.output', session: log.session, item: call.item, text }),
      fetchPage: ports.fetchPage,
      background: work.background,
      ask: askerOf(work, call),
      nextBackground: () => `bg_${countOf(log.events)}`,
    });
    signal.throwIfAborted();
    return outcome;
  } catch (error) {
    if (signal.aborted || !isAppError(error)) throw error;
    return failure(error.message);
  }
};

/** Counted in the log, so that no id comes again after a start of the program. */
const countOf = (events: Work['log']['events']): number =>
  events.filter(
    (event) =>
      isKnown(event) &&
      event.type === 'tool.started' &&
      event.data.name === 'bash' &&
      (event.data.arguments as { readonly background?: unknown }).background === true,
  ).length;

const finish = async (
  work: Work,
  call: OpenCall,
  outcome: ToolOutcome,
  {
    status = 'done',
    left = [],
  }: { readonly status?: 'done' | 'interrupted'; readonly left?: readonly Draft[] } = {},
): Promise<'settled'> => {
  const { item, name, arguments: given } = call;
  await work.log.commit((events) => {
    const note = loopNote(events, work.turn, { name, arguments: given, output: outcome.output });
    const told = { ...outcome, output: outcome.output + note };
    const drafts = outcomeDrafts({ turn: work.turn, item, name, given, outcome: told, status });
    return [...left.map((draft) => ({ ...draft, turn: work.turn })), ...drafts];
  });
  return 'settled';
};

const toolOf = (work: Work, call: OpenCall): Tool | undefined =>
  work.tools.find((tool) => tool.spec.name === call.name);

const unknownTool = (work: Work, name: string): string =>
  `There is no tool ${name}. There are: ${work.tools.map((tool) => tool.spec.name).join(', ')}.`;
