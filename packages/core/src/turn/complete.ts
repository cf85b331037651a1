import { AppError, type FileDelta, isAppError, type Usage, type VerifyOutcome } from '@tandem/protocol';
import type { Draft } from '../session/log.ts';
import { segmentsOfTurn } from '../session/timeline.ts';
import { schemaProblem } from '../tool/check-arguments.ts';
import { failure } from '../tool/tool.ts';
import { interruptedText } from './settle.ts';
import { putBack } from './snapshot.ts';
import { userMessage } from './start.ts';
import { foldTurn, type OpenTurn } from './state.ts';
import { outcomeDrafts } from './tool-result.ts';
import type { Work } from './work.ts';

/** How a turn ended. What is absent is taken from the log and the workspace. */
export type End = {
  readonly outcome: 'ok' | 'interrupted' | 'failed' | 'limit';
  readonly answer: string;
  readonly error?: { readonly code: string; readonly message: string };
  readonly verify?: VerifyOutcome | null;
  readonly files?: readonly FileDelta[];
  readonly usage?: Usage;
  readonly patch?: string;
};

/** The answer as the person gets it; one that was to be JSON is bare, and checked. @throws AppError model_failed */
export const goodEnd = (turn: OpenTurn): End => {
  const answer = turn.answer ?? '';
  const { outputSchema } = turn.options;
  if (outputSchema === undefined) return { outcome: 'ok', answer };
  const bare = (/```(?:json)?\s*\n([\s\S]*?)\n\s*```/.exec(answer)?.[1] ?? answer).trim();
  const problem = shapeProblem(outputSchema, bare);
  if (problem === null) return { outcome: 'ok', answer: bare };
  throw new AppError('model_failed', `the answer does not follow the output schema: ${problem}`);
};

const shapeProblem = (schema: Readonly<Record<string, unknown>>, text: string): string | null => {
  try {
    return schemaProblem(schema, JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError) return 'it is no JSON';
    throw error;
  }
};

/** Refusals and bugs end a turn, never the session. */
export const endOf = (error: unknown, signal: AbortSignal): End => {
  const cause = signal.aborted ? (signal.reason ?? error) : error;
  const { code, message } = isAppError(cause)
    ? cause
    : new AppError('internal', cause instanceof Error ? cause.message : String(cause));
  const outcome = code === 'interrupted' || code === 'limit' ? code : 'failed';
  return { outcome, answer: '', error: { code, message } };
};

/**
 * Puts the files right and closes the turn. False when an input came in between that the turn must still answer; only
 * a good end waits for those.
 */
export const completeTurn = async (work: Work, end: End, ms: number): Promise<boolean> => {
  const turn = work.now();
  const left = await settleFiles(work, turn, end);
  const verify = end.verify ?? turn.verified;
  const patch = end.patch ?? left.patch;
  const committed = await work.log.commit((events) => {
    const now = foldTurn(events, work.turn);
    if (end.outcome === 'ok' && now.taken < now.inputs.length && end.usage === undefined) return [];
    const drafts: readonly Draft[] = [
      ...(end.outcome === 'ok' ? [] : looseEnds(work, now)),
      ...left.drafts,
      {
        type: 'turn.completed',
        data: {
          outcome: end.outcome,
          answer: end.answer,
          files: [...(end.files ?? left.files)],
          verify,
          usage: end.usage ?? now.usage,
          ms,
          ...(end.error === undefined ? {} : { error: end.error }),
          ...(patch === undefined ? {} : { patch }),
        },
      },
    ];
    return drafts.map((draft) => ({ ...draft, turn: work.turn }));
  });
  return committed.length > 0;
};

type Left = {
  readonly drafts: readonly Draft[];
  readonly files: readonly FileDelta[];
  readonly patch?: string;
};

/**
 * A good end keeps the files; any other puts them back unless told to keep them, and what was done is kept as a patch.
 * A turn that changed nothing touches nothing: what a person changed meanwhile stays.
 */
const settleFiles = async (work: Work, turn: OpenTurn, end: End): Promise<Left> => {
  const snapshot = turn.touched ? turn.snapshot : turn.landing;
  if (snapshot === null) return { drafts: [], files: [] };
  const { diff, files } = await work.workspace.diffSince(snapshot);
  if (end.outcome === 'ok' || turn.options.keep === true || files.length === 0) return { drafts: [], files };
  const patch = await work.ports.keepFile(work.log.session, `${work.turn}.patch`, diff);
  const segments = segmentsOfTurn(work.log.events, work.turn);
  return { drafts: await putBack(work, { segments, target: snapshot }), files: [], patch };
};

/** Nothing may stay open in a closed turn: calls get a result, inputs their place in the conversation. */
const looseEnds = (work: Work, turn: OpenTurn): readonly Draft[] => {
  const calls = turn.calls
    .filter((call) => !call.settled)
    .flatMap(({ item, name, arguments: given }) =>
      outcomeDrafts({
        turn: work.turn,
        item,
        name,
        given,
        outcome: failure(interruptedText),
        status: 'interrupted',
      }),
    );
  const { openVerify: id, options } = turn;
  const untaken = options.compact === undefined ? turn.inputs.slice(turn.taken) : [];
  const inputs = untaken.map((text) => userMessage(work, text));
  if (id === null) return [...calls, ...inputs];
  const item = {
    id,
    type: 'command',
    command: options.verify ?? '',
    cwd: '.',
    output: '',
    exit: null,
    status: 'interrupted',
  } as const;
  return [...calls, { type: 'item.completed', data: { item } }, ...inputs];
};
