import { writeFileSync } from 'node:fs';
import type { Client } from '@tandem/sdk';
import { exitCode } from '../exit-code.ts';
import type { Host } from '../host.ts';
import type { SessionInUse } from './choose-session.ts';
import type { TurnPlan } from './plan.ts';
import { createProgress } from './progress.ts';
import { report } from './report.ts';
import { exitOf, resultOf } from './result.ts';
import { runTurn } from './turn.ts';
import { createWatcher } from './watcher.ts';

export type Performance = {
  readonly client: Client;
  readonly host: Host;
  readonly signal: AbortSignal;
  readonly plan: TurnPlan;
  /** Of the session, or of the new one. */
  readonly model: string;
  /** Null: a new one. */
  readonly session: SessionInUse | null;
  readonly text: string;
  /** Answers stream to stdout as they come, and a person at the terminal is asked for approvals. */
  readonly attended: boolean;
};

/** One turn from its prompt to its exit code, shown in the format that was asked for. */
export const perform = async (input: Performance): Promise<number> => {
  const { client, host, plan } = input;
  const opened = await openSession(input);
  const progress = createProgress(host);
  const watcher = createWatcher({ host, progress, format: plan.format, attended: input.attended });
  try {
    const { id: session, model } = opened;
    const { text, signal } = input;
    const finished = await runTurn({
      client,
      session,
      after: opened.seq,
      text,
      options: plan.options,
      signal,
      watcher,
    });
    progress.end();
    const { result, end } = resultOf(session, finished.turn, finished.events);
    if (plan.outputFile !== null) writeFileSync(plan.outputFile, ended(result.answer));
    const problem =
      finished.unanswered === null ? (end?.error?.message ?? null) : approvalAdvice(finished.unanswered);
    report({ host, plan, model, result, problem, patch: end?.patch ?? null, streamed: watcher.streamed() });
    return finished.unanswered === null ? exitOf(end) : exitCode.approval;
  } finally {
    progress.end();
  }
};

const openSession = async (input: Performance): Promise<SessionInUse> => {
  if (input.session !== null) return input.session;
  const { client, plan, model, text } = input;
  const settings = { model, cwd: plan.cwd, permissionMode: plan.permissionMode };
  const created = await client.createSession({ settings, title: titleOf(text) });
  return { id: created.session, model, seq: 0 };
};

const titleOf = (text: string): string => {
  const line = text.trim().split('\n')[0]!.trim();
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
};

const ended = (text: string): string => (text === '' || text.endsWith('\n') ? text : `${text}\n`);

const approvalAdvice = (question: string): string =>
  `an approval is needed and nobody can answer here: ${question}\n` +
  'Pass --permission-mode auto to let it do what looks harmless, or --permission-mode bypass to ask about nothing.';
