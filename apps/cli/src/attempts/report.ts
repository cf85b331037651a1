import type { AttemptsReport, AttemptsRun, IsolatedAttempt } from '@tandem/protocol';

type Row = AttemptsReport['attempts'][number];

/** The attempts of a session as scripts read them, from its log alone. */
export const reportOf = (session: string, run: AttemptsRun): AttemptsReport => {
  const { baseline } = run;
  const attempts = [...run.attempts].sort((a, b) => a.number - b.number).map(rowOf);
  const chosen = attempts.find((one) => one.chosen) ?? null;
  const verify = baseline?.verify ?? null;
  const outcome = (one: typeof verify): Row['verify'] =>
    one === null ? null : { command: one.command, exit: one.exit };
  return {
    version: 1,
    session,
    goal: run.goal,
    status: run.status,
    verify: verify?.command ?? null,
    sandbox: run.attempts.find(({ sandbox }) => sandbox !== null)?.sandbox ?? null,
    baseline: baseline === null ? null : { verify: outcome(verify), tests: outcome(baseline.tests) },
    attempts,
    chosen: chosen?.number ?? null,
    reason: run.reason,
    steps: stepsOf(attempts, run),
    stopped: run.stopped,
    overlaps: run.overlaps.map(({ attempt, with: other, overlaps, advice, why }) => ({
      attempt: attempts.find(({ id }) => id === attempt)?.number ?? null,
      with: other.session,
      overlaps,
      advice,
      why,
    })),
    error: run.error,
    ms: run.ms,
  };
};

const rowOf = (one: IsolatedAttempt): Row => {
  const { rank, usage, discarded, output: _output, sandbox: _sandbox, ...kept } = one;
  return {
    ...kept,
    regressions: [...one.regressions],
    files: [...one.files],
    checks: rank?.checks ?? null,
    agreement: rank?.agreement ?? null,
    tokens: { in: usage.in, out: usage.out },
    costUsd: usage.costUsd,
    discarded: discarded !== null,
    why: rank?.why ?? '',
  };
};

export const passes = ({ status, verify, flaky }: Row): boolean =>
  status === 'verified' && (verify === null || verify.exit === 0) && !flaky;

export const changedLines = ({ files }: Row): { readonly added: number; readonly removed: number } => ({
  added: files.reduce((sum, file) => sum + file.added, 0),
  removed: files.reduce((sum, file) => sum + file.removed, 0),
});

/** One sentence for each stage that had something to say. */
const stepsOf = (rows: readonly Row[], run: AttemptsRun): string[] => {
  const made = rows.filter(({ status }) => status === 'verified');
  if (made.length === 0) return [];
  const passing = made.filter(passes);
  const command = run.baseline?.verify?.command;
  const steps = [
    command === undefined
      ? 'verify: there was no command that could say which is good'
      : `verify: ${passing.length} of ${made.length} pass \`${command}\`${flakyWords(made)}`,
  ];
  const breaking = passing.filter(({ regressions }) => regressions.length > 0);
  if (passing.length > 0 && run.baseline !== null) steps.push(`regressions: ${regressionWords(breaking)}`);
  const able = passing.filter(({ regressions }) => regressions.length === 0);
  if (able.length > 1) {
    const each = (say: (row: Row) => string): string =>
      able.map((row) => `${row.number}: ${say(row)}`).join(', ');
    const apart = able.some(({ checks }) => checks !== null);
    steps.push(
      apart
        ? `checks made here: ${each(({ checks }) => (checks === null ? '–' : `${checks.held} of ${checks.total}`))}`
        : 'checks made here: none tells them apart',
      `agreement: ${each(({ agreement }) => percent(agreement))}`,
      `size: ${each((row) => sizeWords(row))}`,
    );
  }
  const chosen = rows.find((one) => one.chosen);
  if (chosen !== undefined) steps.push(`chosen: attempt ${chosen.number}: ${run.reason}`);
  return steps;
};

const flakyWords = (rows: readonly Row[]): string => {
  const flaky = rows.filter((one) => one.flaky).map(({ number }) => number);
  return flaky.length === 0 ? '' : `; ${flaky.join(', ')} passed once and then failed`;
};

const regressionWords = (breaking: readonly Row[]): string =>
  breaking.length === 0
    ? 'none breaks what passed before'
    : breaking.map(({ number, regressions }) => `${number} breaks ${named(regressions)}`).join('; ');

const named = (tests: readonly string[]): string =>
  tests.length > 3 ? `${tests.slice(0, 3).join(', ')} and ${tests.length - 3} more` : tests.join(', ');

export const percent = (share: number | null): string =>
  share === null ? '–' : `${Math.round(share * 100)} %`;

export const sizeWords = (row: Row): string => {
  const { added, removed } = changedLines(row);
  return `+${added} −${removed}`;
};
