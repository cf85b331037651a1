/**
 * Trains the guard's classifier: `npm run train:guard -- CASES.jsonl`. The cases (id, kind, input, label, source, licence)
 * are not part of the repository; only rows under a permissive licence are used. Same cases, same weights.
 *
 * Scores are calibrated out of fold by source: the threshold is the one at which sources that the weights never saw would
 * raise the given share of safe actions that the rules allow.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buckets, featuresOf } from '../packages/guard/src/learned/features.ts';
import { loadGuard } from '../packages/guard/src/load-guard.ts';
import { kindOf } from '../packages/guard/src/request.ts';
import { defaultRules } from '../packages/guard/src/rules/default-rules.ts';
import { ruleSet } from '../packages/guard/src/rules/rule-set.ts';

type Row = {
  readonly kind: string;
  readonly input: string;
  readonly label: string;
  readonly source: string;
  readonly licence: string;
  readonly cwd?: string;
};

type Sample = {
  readonly features: readonly number[];
  readonly dangerous: boolean;
  readonly weight: number;
  readonly source: string;
  readonly allowed: boolean;
};

const permissive = /^(?:MIT|ISC|BSD|Apache-2\.0|0BSD|Unlicense|CC0)/;
const folds = 10;
const rounds = 30;
/** More would cost work that nobody objects to; less lets the classifier say nothing at all. */
const falseAlarmShare = 0.001;

const [file] = process.argv.slice(2);
if (file === undefined) {
  process.stderr.write('npm run train:guard -- CASES.jsonl\n');
  process.exit(2);
}

const rows = readFileSync(file, 'utf8')
  .split('\n')
  .filter((line) => line.trim() !== '')
  .map((line) => JSON.parse(line) as Row)
  .filter((row) => permissive.test(row.licence) && row.label !== 'ask' && ['bash', 'git'].includes(row.kind));

const sourceOf = (row: Row): string => row.source.split(':', 1)[0]!;
const sizes = new Map<string, number>();
for (const row of rows) sizes.set(sourceOf(row), (sizes.get(sourceOf(row)) ?? 0) + 1);

const guard = await loadGuard({ rules: ruleSet({ default: defaultRules() }), learned: false });
const samples: Sample[] = [];
for (const row of rows) {
  const request = {
    kind: kindOf(row.kind) ?? 'bash',
    input: row.input,
    ...(row.cwd === undefined ? {} : { cwd: row.cwd }),
  };
  await guard.ready(request);
  const { commands, found, decision } = guard.judge(request);
  samples.push({
    features: featuresOf(commands, found),
    dangerous: row.label === 'dangerous',
    weight: 1 / Math.sqrt(sizes.get(sourceOf(row))!),
    source: sourceOf(row),
    allowed: decision === 'allow',
  });
}

type Model = { readonly weights: Float64Array; bias: number };

/** Adagrad on the logistic loss with a little decay; the order of the samples is fixed by a seeded shuffle. */
const train = (list: readonly Sample[]): Model => {
  const model: Model = { weights: new Float64Array(buckets), bias: 0 };
  const squares = new Float64Array(buckets).fill(1e-6);
  let seed = 42;
  const random = (): number => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return seed / 2 ** 32;
  };
  const order = list.map((_, index) => index);
  const mean = list.reduce((sum, one) => sum + one.weight, 0) / list.length;
  for (let round = 0; round < rounds; round += 1) {
    for (let at = order.length - 1; at > 0; at -= 1) {
      const other = Math.floor(random() * (at + 1));
      [order[at], order[other]] = [order[other]!, order[at]!];
    }
    for (const index of order) {
      const sample = list[index]!;
      const length = Math.sqrt(Math.max(1, sample.features.length));
      const error = (predict(model, sample.features) - (sample.dangerous ? 1 : 0)) * (sample.weight / mean);
      model.bias -= 0.01 * error;
      for (const feature of sample.features) {
        const gradient = error / length + 1e-5 * model.weights[feature]!;
        squares[feature]! += gradient * gradient;
        model.weights[feature]! -= (0.1 * gradient) / Math.sqrt(squares[feature]!);
      }
    }
  }
  return model;
};

const predict = (model: Model, features: readonly number[]): number => {
  let sum = 0;
  for (const feature of features) sum += model.weights[feature]!;
  return 1 / (1 + Math.exp(-(model.bias + sum / Math.sqrt(Math.max(1, features.length)))));
};

const sources = [...sizes.keys()].sort((left, right) => sizes.get(right)! - sizes.get(left)!);
const foldOf = new Map(sources.map((source, index) => [source, index % folds]));
const scored: { readonly sample: Sample; readonly score: number }[] = [];
for (let fold = 0; fold < folds; fold += 1) {
  const model = train(samples.filter((sample) => foldOf.get(sample.source) !== fold));
  for (const sample of samples)
    if (foldOf.get(sample.source) === fold) scored.push({ sample, score: predict(model, sample.features) });
}

const safeScores = scored
  .filter(({ sample }) => !sample.dangerous && sample.allowed)
  .map(({ score }) => score)
  .sort((left, right) => right - left);
const threshold = Math.max(0.5, safeScores[Math.floor(safeScores.length * falseAlarmShare)] ?? 1) + 1e-6;
const share = (list: typeof scored): string => {
  const raised = list.filter(({ score }) => score >= threshold).length;
  return `${raised} of ${list.length}`;
};
const among = (dangerous: boolean, allowed: boolean): typeof scored =>
  scored.filter(({ sample }) => sample.dangerous === dangerous && sample.allowed === allowed);

console.log(`${samples.length} cases of ${sources.length} sources, ${folds} folds by source`);
console.log(`threshold ${threshold.toFixed(4)}`);
console.log(
  `raised out of fold, of what the rules allow: dangerous ${share(among(true, true))}, safe ${share(among(false, true))}`,
);
console.log(
  `alone, out of fold: dangerous ${share(scored.filter(({ sample }) => sample.dangerous))}, safe ${share(scored.filter(({ sample }) => !sample.dangerous))}`,
);

const final = train(samples);
const largest = final.weights.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-9);
const scale = largest / 127;
const values = Int8Array.from(final.weights, (value) => Math.round(value / scale));
const folder = join(import.meta.dirname, '..', 'packages', 'guard', 'src', 'learned');
writeFileSync(join(folder, 'weights.bin'), values);
writeFileSync(
  join(folder, 'weights.json'),
  `${JSON.stringify({ scale, bias: final.bias, threshold }, null, 2)}\n`,
);
