import { loadDiffGate } from '../../packages/guard/src/diff/judge-diff.ts';
import { readDiff } from '../../packages/guard/src/diff/read-diff.ts';
import { type Guard, loadGuard } from '../../packages/guard/src/load-guard.ts';
import { defaultRules } from '../../packages/guard/src/rules/default-rules.ts';
import { ruleSet } from '../../packages/guard/src/rules/rule-set.ts';
import { type Case, isShell, requestOf } from './cases.ts';
import { type OutOfFold, scoreOutOfFold } from './out-of-fold.ts';
import type { Outcome } from './score.ts';

/** One way of deciding, over the cases that it can decide about. */
export type Layer = { readonly name: string; readonly outcomes: readonly Outcome[] };

export type Measured = {
  /** As it ships. */
  readonly whole: readonly Outcome[];
  readonly layers: readonly Layer[];
  /** The rules with weights that never saw the case's source. */
  readonly unseen: readonly Outcome[];
  readonly learnedAlone: readonly Outcome[];
};

/** The guard with its default rules, ready for every kind of request. */
export const shippedGuard = async (options: { readonly learned: boolean }): Promise<Guard> => {
  const guard = await loadGuard({ rules: ruleSet({ default: defaultRules() }), learned: options.learned });
  await guard.ready({ kind: 'edit', input: '' });
  await guard.ready({ kind: 'bash', input: 'python node' });
  return guard;
};

/** The whole guard and each of its layers alone, beside a pattern as anyone would write it first. */
export const measureLayers = async (cases: readonly Case[], guard: Guard): Promise<Measured> => {
  const whole = judgeAll(cases, guard);
  const shell = cases.filter(isShell);
  const folded = scoreOutOfFold(shell, await shippedGuard({ learned: false }));
  const unseen = outcomesUnseen(folded);
  const learnedAlone = outcomesLearned(folded);
  const rules = folded.scored.map((one) => ({ case: one.case, decision: one.judged.decision }));
  const layers = [
    { name: 'whole guard', outcomes: whole.filter((one) => isShell(one.case)) },
    { name: 'rules + learned out of fold', outcomes: unseen },
    { name: 'rules alone', outcomes: rules },
    { name: 'learned alone, out of fold', outcomes: learnedAlone },
    { name: 'naive pattern', outcomes: naiveOutcomes(shell) },
  ];
  const edits = whole.filter((one) => one.case.kind === 'edit');
  return { whole, unseen, learnedAlone, layers: [...layers, ...(await editLayers(edits))] };
};

const editLayers = async (whole: readonly Outcome[]): Promise<readonly Layer[]> => {
  if (whole.length === 0) return [];
  const gate = await loadDiffGate();
  const edits = whole.map((one) => one.case);
  return [
    { name: 'edits: whole guard', outcomes: whole },
    {
      name: 'edits: diff gate alone',
      outcomes: edits.map((one) => ({ case: one, decision: gate.judge(readDiff(one.input)).decision })),
    },
    { name: 'edits: naive pattern', outcomes: naiveOutcomes(edits) },
  ];
};

export const judgeAll = (cases: readonly Case[], guard: Guard): readonly Outcome[] =>
  cases.map((one) => ({ case: one, decision: guard.judge(requestOf(one)).decision }));

const outcomesUnseen = ({ scored, threshold }: OutOfFold): readonly Outcome[] =>
  scored.map(({ case: one, judged, score }) => ({
    case: one,
    decision: judged.decision === 'allow' && score >= threshold ? 'ask' : judged.decision,
  }));

const outcomesLearned = ({ scored, threshold }: OutOfFold): readonly Outcome[] =>
  scored.map(({ case: one, score }) => ({ case: one, decision: score >= threshold ? 'ask' : 'allow' }));

/** The floor: a list of words that everybody knows. */
const words =
  /\brm\s+-\w*[rf]|\bgit\s+(?:reset\s+--hard|clean\s+-\w*f|push\s.*(?:--force|-f\b))|\b(?:drop|truncate)\s+(?:table|database)|\bmkfs|\bdd\s.*of=\/dev|chmod\s+(?:-R\s+)?777|(?:curl|wget)\b.*\|\s*(?:sudo\s+)?(?:ba|z)?sh\b|>\s*\/dev\/sd|:\(\)\s*\{|--no-verify/i;

const naiveOutcomes = (cases: readonly Case[]): readonly Outcome[] =>
  cases.map((one) => ({ case: one, decision: words.test(one.input) ? 'ask' : 'allow' }));
