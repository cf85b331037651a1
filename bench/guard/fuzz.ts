import type { Guard, Judged } from '../../packages/guard/src/load-guard.ts';
import { type JudgeRequest, requestKinds } from '../../packages/guard/src/request.ts';
import { seeded } from '../../scripts/classifier.ts';
import { type Case, requestOf } from './cases.ts';
import { judgeWatched, type Watched } from './watched-guard.ts';

export type FuzzResult = {
  readonly inputs: number;
  /** Longer than 100 ms at each of three tries. */
  readonly slow: number;
  readonly threw: number;
  readonly hung: number;
  /** A few of them, as JSON, for whoever mends it. */
  readonly examples: readonly string[];
};

const slowMs = 100;
const batch = 20_000;
const keptExamples = 40;

/** Judges up to `count` inputs that nobody would write; the same ones for the same seed. */
export const fuzz = async (
  cases: readonly Case[],
  {
    count,
    seed,
    minutes,
    tell,
  }: {
    readonly count: number;
    readonly seed: number;
    /** No batch begins later than this. */
    readonly minutes: number;
    readonly tell: (line: string) => void;
  },
): Promise<FuzzResult> => {
  const random = seeded(seed);
  const examples: string[] = [];
  const sums = { inputs: 0, slow: 0, threw: 0, hung: 0 };
  const until = Date.now() + minutes * 60_000;
  const keep = (why: string, request: JudgeRequest): void => {
    if (examples.length < keptExamples) examples.push(`${why}: ${JSON.stringify(request)}`);
  };
  while (sums.inputs < count && Date.now() < until) {
    const requests = Array.from({ length: Math.min(batch, count - sums.inputs) }, () =>
      randomRequest(cases, random),
    );
    const answers = await judgeWatched(requests, { passes: 0, limitMs: 10_000 });
    const late = requests.filter((_, index) => isSlow(answers[index]!));
    const again = await judgeWatched(late, { passes: 2, limitMs: 10_000 });
    for (const [index, { outcome, detail }] of answers.entries()) {
      if (outcome === 'judged') continue;
      sums[outcome] += 1;
      keep(`${outcome} ${detail}`, requests[index]!);
    }
    for (const [index, answer] of again.entries()) {
      if (!isSlow(answer)) continue;
      sums.slow += 1;
      keep(`${answer.milliseconds.toFixed(0)} ms`, late[index]!);
    }
    sums.inputs += requests.length;
    tell(`fuzz ${sums.inputs} of ${count}: ${JSON.stringify(sums)}`);
  }
  return { ...sums, examples };
};

const isSlow = ({ outcome, milliseconds }: Watched): boolean => outcome === 'judged' && milliseconds > slowMs;

const tokens =
  "rm|-rf|/|~|$x|${x|}|$(|)|`|'|\"|\\|\n|;|&&||||&|>|>>|<<E|<<<|E\n|{a,b}|{1..9}|*|?|[|]|[[|]]|((|))|$((|if|then|fi|for|do|done|case|esac|in|f(){|}|!|#|=|a=b|\t|\0|\u202e|é|😀|bash|-c|eval|xargs|find|-exec|{}|+|sudo|env|git|push|--force|curl|http://a.b|python|-e|node|base64|-d|echo|printf|$'\\x41'|cd|..|DROP TABLE a|import os|os.system(|require('fs')|+++ b/a\n|--- a/a\n|@@ -1 +1 @@\n".split(
    '|',
  );

const randomRequest = (cases: readonly Case[], random: () => number): JudgeRequest => {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const way = random();
  if (way < 0.15)
    return { kind: 'bash', input: text(1 + random() * 80, () => String.fromCharCode(random() * 256)) };
  if (way < 0.2)
    return {
      kind: pick(requestKinds),
      input: text(1 + random() * 80, () => String.fromCharCode(random() * 65536)),
    };
  const spaced = (): string => pick(tokens) + (random() < 0.6 ? ' ' : '');
  if (way < 0.5)
    return { kind: random() < 0.8 ? 'bash' : pick(requestKinds), input: text(1 + random() * 40, spaced) };
  const one = pick(cases);
  const changes = 1 + Math.floor(random() * 4);
  let input = one.input.slice(0, 4_000);
  for (let change = 0; change < changes; change += 1)
    input = mutated(input, { random, other: pick(cases).input });
  return { ...requestOf(one), input };
};

const text = (length: number, next: () => string): string =>
  Array.from({ length: Math.floor(length) }, next).join('');

/** Cuts, doubles, moves or puts in a stretch. */
const mutated = (
  input: string,
  { random, other }: { readonly random: () => number; readonly other: string },
): string => {
  const from = Math.floor(random() * (input.length + 1));
  const to = Math.min(input.length, from + Math.floor(random() * 20));
  const before = input.slice(0, from);
  const stretch = input.slice(from, to);
  const after = input.slice(to);
  const way = random();
  if (way < 0.25) return before + after;
  if (way < 0.4) return before + stretch.repeat(1 + Math.floor(random() * 30)) + after;
  if (way < 0.8) return before + tokens[Math.floor(random() * tokens.length)]! + stretch + after;
  return before + other.slice(0, 200) + after;
};

/** How many decisions differ when the same inputs come again, in the other order, and to a guard that knows nothing yet. */
export const countUnsteady = (cases: readonly Case[], guards: readonly [Guard, Guard]): number => {
  const [first, fresh] = guards;
  const said = (judged: Judged): string =>
    JSON.stringify([judged.decision, judged.category, judged.score, judged.effects, judged.reasons]);
  const before = cases.map((one) => said(first.judge(requestOf(one))));
  const again = cases
    .toReversed()
    .map((one) => said(first.judge(requestOf(one))))
    .toReversed();
  const elsewhere = cases
    .toReversed()
    .map((one) => said(fresh.judge(requestOf(one))))
    .toReversed();
  return cases.filter((_, index) => before[index] !== again[index] || before[index] !== elsewhere[index])
    .length;
};
