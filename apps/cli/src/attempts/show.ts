import { readFileSync } from 'node:fs';
import { AppError, type AttemptsRun, type SessionInfo } from '@tandem/protocol';
import type { Host } from '../host.ts';
import { reportOf } from './report.ts';
import { clean } from './table.ts';

/** The diff of one attempt, as it is kept; what is known of it goes to stderr. */
export const showAttempt = (host: Host, run: AttemptsRun, typed: string): number => {
  const attempt = run.attempts.find(({ id, number }) => id === typed || String(number) === typed);
  if (attempt === undefined) {
    const numbers = run.attempts.map(({ number }) => number).join(', ');
    throw new AppError('not_found', `there is no attempt ${typed}; there are ${numbers || 'none'}`);
  }
  const { number, model, hypothesis, note, diff, path, session, output, regressions } = attempt;
  host.err(`attempt ${number} · ${clean(hypothesis ?? model)} · ${clean(attempt.error?.message ?? note)}\n`);
  if (path !== null) host.err(`worktree ${path}\n`);
  host.err(`session ${session}: tandem export ${session}\n`);
  for (const name of regressions) host.err(`breaks ${clean(name)}\n`);
  if (diff === null) {
    host.err('It has no diff.\n');
    return 0;
  }
  host.out(readKept(diff));
  if (attempt.verify !== null && attempt.verify.exit !== 0 && output !== '')
    host.err(`${attempt.verify.command} ends with exit ${attempt.verify.exit}:\n${cleanLines(output)}\n`);
  return 0;
};

const cleanLines = (text: string): string => text.split('\n').map(clean).join('\n');

const readKept = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new AppError('not_found', `the diff was kept in ${file}, which cannot be read`, { cause });
  }
};

/** One line a goal, newest first. */
export const showList = (
  host: Host,
  runs: readonly { readonly info: SessionInfo; readonly run: AttemptsRun }[],
  { json }: { readonly json: boolean },
): number => {
  const reports = runs.map(({ info, run }) => reportOf(info.id, run));
  if (json) host.out(`${JSON.stringify(reports)}\n`);
  else
    for (const [index, { session, goal, attempts, chosen, status }] of reports.entries()) {
      const at = (runs[index]?.info.createdAt ?? '').slice(0, 16).replace('T', ' ');
      const landed = attempts.some((one) => one.landed) ? ', in your files' : '';
      const outcome = chosen === null ? status : `${chosen} of ${attempts.length} chosen${landed}`;
      host.out(`${session}  ${at}  ${outcome}  ${clean(goal.split('\n')[0] ?? '')}\n`);
    }
  if (reports.length === 0) host.err('No attempts here yet. The first ones: tandem attempts "…" -n 3\n');
  return 0;
};
