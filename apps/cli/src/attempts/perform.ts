import { writeFileSync } from 'node:fs';
import { AppError, type AttemptsReport, type AttemptsRun, foldAttempts } from '@tandem/protocol';
import type { Client } from '@tandem/sdk';
import { createProgress } from '../exec/progress.ts';
import { type FinishedTurn, runTurn, type TurnWatcher, watchTurn } from '../exec/turn.ts';
import { createWatcher } from '../exec/watcher.ts';
import { exitCode, exitOfError } from '../exit-code.ts';
import type { Host } from '../host.ts';
import { reportOf } from './report.ts';
import { tableOf } from './table.ts';

export type Shown = {
  readonly host: Host;
  readonly json: boolean;
  /** Absolute; the report goes there as well. */
  readonly outputFile: string | null;
};

type Watching = { readonly client: Client; readonly session: string; readonly signal: AbortSignal };

/** A new turn of attempts, watched to its end. */
export const startAttempts = (
  host: Host,
  input: Watching & {
    readonly text: string;
    readonly options: Parameters<typeof runTurn>[0]['options'];
    readonly after: number;
  },
): Promise<FinishedTurn> => watched(host, (watcher) => runTurn({ ...input, watcher }));

/** A turn that a kill left open and that goes on now. */
export const goOnWatching = (
  host: Host,
  input: Watching & { readonly turn: string; readonly after: number },
): Promise<FinishedTurn> => watched(host, (watcher) => watchTurn({ ...input, watcher }));

const watched = async (
  host: Host,
  watch: (watcher: TurnWatcher) => Promise<FinishedTurn>,
): Promise<FinishedTurn> => {
  const progress = createProgress(host);
  try {
    return await watch(createWatcher({ host, progress, format: 'text', attended: false }));
  } finally {
    progress.end();
  }
};

/** @throws AppError not_found */
export const runIn = async (client: Client, session: string): Promise<AttemptsRun> => {
  const run = foldAttempts(await client.events(session));
  if (run !== null) return run;
  throw new AppError('not_found', `session ${session} has no attempts; see tandem attempts list`);
};

/** Prints the report and what can be done next; the exit code. */
export const showReport = async (
  shown: Shown,
  { client, session }: Pick<Watching, 'client' | 'session'>,
): Promise<number> => {
  const { host } = shown;
  const report = reportOf(session, await runIn(client, session));
  const text = `${JSON.stringify(report)}\n`;
  if (shown.outputFile !== null) writeFileSync(shown.outputFile, text);
  host.out(shown.json ? text : tableOf(report, host.columns));
  if (report.error !== null) host.err(`tandem: ${report.error.message}\n`);
  for (const line of nextSteps(report)) host.err(`${line}\n`);
  return exitOfReport(report);
};

const nextSteps = ({ session, status, attempts }: AttemptsReport): readonly string[] => {
  const isOpen = status === 'open' || status === 'interrupted';
  if (isOpen || attempts.some((one) => one.status === 'open'))
    return [`To go on: tandem attempts resume ${session}`];
  const looked = attempts.some(({ diff }) => diff !== null);
  const open = attempts.some((one) => one.chosen) && !attempts.some((one) => one.landed);
  return [
    ...(open ? [`To take it: tandem attempts accept ${session}`] : []),
    ...(looked ? [`To see a diff: tandem attempts show ${session} NUMBER`] : []),
    ...(attempts.some(({ path, discarded }) => path !== null && !discarded)
      ? [`To clear the worktrees: tandem attempts discard ${session}`]
      : []),
  ];
};

const exitOfReport = ({ status, error }: AttemptsReport): number => {
  switch (status) {
    case 'ok':
      return exitCode.done;
    case 'open':
    case 'interrupted':
      return exitCode.interrupted;
    case 'limit':
      return exitCode.limit;
    case 'failed':
      return exitOfError(error?.code ?? 'internal');
  }
};
