/**
 * Trains the guard's classifier: `npm run train:guard -- CASES.jsonl`. The cases (id, kind, input, label, source, licence)
 * are not part of the repository; only rows under a permissive licence are used. Same cases, same weights.
 *
 * Scores are calibrated out of fold by source: the threshold is the one at which sources that the weights never saw would
 * raise the given share of safe actions that the rules allow.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isShell, readCases, requestOf } from '../bench/guard/cases.ts';
import { type Scored, scoreOutOfFold } from '../bench/guard/out-of-fold.ts';
import { loadGuard } from '../packages/guard/src/load-guard.ts';
import { defaultRules } from '../packages/guard/src/rules/default-rules.ts';
import { ruleSet } from '../packages/guard/src/rules/rule-set.ts';
import { permissive, train } from './classifier.ts';

const [file] = process.argv.slice(2);
if (file === undefined) {
  process.stderr.write('npm run train:guard -- CASES.jsonl\n');
  process.exit(2);
}

const cases = readCases(file).filter(
  (one) => isShell(one) && one.label !== 'ask' && permissive.test(one.licence),
);
const guard = await loadGuard({ rules: ruleSet({ default: defaultRules() }), learned: false });
for (const one of cases) await guard.ready(requestOf(one));
const { scored, threshold, learned } = scoreOutOfFold(cases, guard);

const among = (label: string): readonly Scored[] => scored.filter((one) => one.case.label === label);
const allowed = (list: readonly Scored[]): readonly Scored[] =>
  list.filter(({ judged }) => judged.decision === 'allow');
const raised = (list: readonly Scored[]): string =>
  `${list.filter(({ score }) => score >= threshold).length} of ${list.length}`;
const [dangerous, safe] = [among('dangerous'), among('safe')];

console.log(`${cases.length} cases of ${new Set(cases.map(({ source }) => source)).size} sources, by source`);
console.log(`threshold ${threshold.toFixed(4)}`);
console.log(
  `raised out of fold, of what the rules allow: dangerous ${raised(allowed(dangerous))}, safe ${raised(allowed(safe))}`,
);
console.log(`alone, out of fold: dangerous ${raised(dangerous)}, safe ${raised(safe)}`);

const { weights, bias } = train(learned);
const scale = weights.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-9) / 127;
const values = Int8Array.from(weights, (value) => Math.round(value / scale));
const folder = join(import.meta.dirname, '..', 'packages', 'guard', 'src', 'learned');
writeFileSync(join(folder, 'weights.bin'), values);
writeFileSync(join(folder, 'weights.json'), `${JSON.stringify({ scale, bias, threshold }, null, 2)}\n`);
