import type { Host } from '../host.ts';
import type { TurnPlan } from './plan.ts';
import type { ExecResult } from './result.ts';
import { summaryLine } from './summary.ts';

/** Shows what a turn came to: the answer or the JSON object on stdout, everything else on stderr. */
export const report = (input: {
  readonly host: Host;
  readonly plan: TurnPlan;
  readonly model: string;
  readonly result: ExecResult;
  /** Why it is not done, and what to do next. */
  readonly problem: string | null;
  /** Where the best attempt that did not pass is kept. */
  readonly patch: string | null;
  /** The part of the answer that already stands on the terminal. */
  readonly streamed: string;
}): void => {
  const { host, plan, result, problem, patch } = input;
  if (plan.format === 'json') host.out(`${JSON.stringify(result)}\n`);
  if (plan.format === 'text') writeAnswer(host, result.answer, input.streamed);
  for (const file of result.files) host.err(`  ${file.path} +${file.added} −${file.removed}\n`);
  if (result.verify !== null) {
    const outcome = result.verify.exit === 0 ? 'passes' : `fails with exit ${result.verify.exit}`;
    host.err(`verify: ${result.verify.command} ${outcome}\n`);
  }
  if (patch !== null && problem?.includes(patch) !== true)
    host.err(`The best attempt is kept as a patch: ${patch}\n`);
  if (problem !== null) host.err(`tandem: ${problem}\n`);
  host.err(`${summaryLine(input.model, result)}\n`);
};

const writeAnswer = (host: Host, answer: string, streamed: string): void => {
  const isShown = streamed.trim() !== '' && streamed.trim().endsWith(answer.trim());
  if (streamed !== '' && !streamed.endsWith('\n')) host.out('\n');
  if (isShown || answer === '') return;
  host.out(answer.endsWith('\n') ? answer : `${answer}\n`);
};
