/**
 * What a model earns on hunks that no rule settles: `merge-model.ts --cases DIR --model ID --limit N --out FILE.jsonl`.
 * DIR holds recorded merges as for bench:merge. One line a hunk is appended;
 * hunks that FILE knows are skipped. `--report` only reads FILE.
 */
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { pathsOf } from '../apps/cli/src/config/paths.ts';
import { createCodeKnowledge } from '../packages/code/src/index.ts';
import type { Model } from '../packages/core/src/ports.ts';
import {
  cutAtMarkers,
  mergeTexts,
  type Piece,
  settleOpen,
  type Versions,
} from '../packages/merge/src/index.ts';
import { questionAbout } from '../packages/merge/src/model/prompt.ts';
import { codeIn, createProposer } from '../packages/merge/src/model/propose.ts';
import { markerSize } from '../packages/merge/src/settle/pieces.ts';
import { openModel } from '../packages/models/src/index.ts';
import { type MergeCase, readCases } from './merge/cases.ts';

type Truth = {
  readonly id: string;
  readonly path: string;
  readonly versions: Versions;
  readonly pieces: readonly Piece[];
  readonly at: number;
  readonly text: string;
};
type Outcome = 'identical' | 'different' | 'abstained';
type Row = { readonly id: string; readonly ms: number; readonly outcomes: Readonly<Record<string, Outcome>> };

/** More of one merge says little more. */
const perCase = 2;
const signal = new AbortController().signal;
const same = (a: string, b: string): boolean => a.replace(/\s+/g, '') === b.replace(/\s+/g, '');

/** The hunks that rules leave open, with what was recorded for each; none where the rest of the text was changed too. */
const openHunksOf = async (one: MergeCase): Promise<readonly Truth[]> => {
  const { path, resolved, base, ours, theirs } = one;
  const versions = { base, ours, theirs };
  const id = `${one.repository}/${one.id}`;
  const size = markerSize(versions);
  const merged = await mergeTexts({ path, ...versions, markerSize: size });
  const pieces = cutAtMarkers(merged, size);
  if (pieces === null) return [];
  const found: Truth[] = [];
  let from = 0;
  for (const [index, piece] of pieces.entries()) {
    if (piece.type === 'text') {
      if (!resolved.startsWith(piece.text, from)) return [];
      from += piece.text.length;
      continue;
    }
    const after = pieces[index + 1];
    if (after?.type === 'open') return [];
    const end =
      after === undefined ? resolved.length : resolved.indexOf(after.type === 'text' ? after.text : '', from);
    if (end === -1) return [];
    found.push({ id: `${id}#${index}`, path, versions, pieces, at: index, text: resolved.slice(from, end) });
    from = end;
  }
  return from === resolved.length ? found.slice(0, perCase) : [];
};

/** Keeps what the model wrote, for what each part of the proposer earns. */
const recorded = (model: Model, answers: string[]): Model => ({
  ...model,
  generate: async (request, options) => {
    const generated = await model.generate(request, options);
    answers.push(generated.stop === 'length' ? '' : generated.text);
    return generated;
  },
});

const outcomeOf = (text: string | null, truth: string): Outcome =>
  text === null ? 'abstained' : same(text, truth) ? 'identical' : 'different';

/** The likelier of the two sides and their sums, when both orders of asking say so. */
const chosen = async (model: Model, { path, pieces, at }: Truth): Promise<string | null> => {
  const piece = pieces[at];
  if (model.score === undefined || piece?.type !== 'open') return null;
  const { ours, theirs } = piece.hunk;
  const texts = [ours, theirs, ours + theirs, theirs + ours];
  const picks: number[] = [];
  for (const order of ['ours first', 'theirs first'] as const) {
    const messages = questionAbout({ path, hunk: piece.hunk }, order);
    if (messages === null) return null;
    const completions = texts.map((text) => `\`\`\`\n${text}\`\`\``);
    const scores = await model.score({ messages, completions }, { signal });
    picks.push(scores.indexOf(Math.max(...scores)));
  }
  return picks[0] === picks[1] ? (texts[picks[0] ?? 0] ?? null) : null;
};

const measure = async (model: Model, truth: Truth): Promise<Row> => {
  const { path, versions, pieces, at, text } = truth;
  const begun = performance.now();
  const answers: string[] = [];
  const { syntaxError } = createCodeKnowledge();
  const others = pieces.map(
    (piece, index): Piece =>
      piece.type === 'open' && index !== at ? { type: 'text', text: piece.hunk.ours } : piece,
  );
  const settled = await settleOpen({
    input: { path, ...versions },
    pieces: others,
    propose: createProposer(recorded(model, answers)),
    parses: async (...asked) => (await syntaxError(...asked)) === null,
    signal,
  });
  const taken = settled[at];
  const [first = null, second = null] = answers.map((answer) => codeIn(answer, versions.ours));
  const ms = Math.round(performance.now() - begun);
  const outcomes = {
    'written, one order': outcomeOf(first, text),
    'written alike in both orders': outcomeOf(
      first !== null && second !== null && same(first, second) ? first : null,
      text,
    ),
    'as the product takes it': outcomeOf(taken?.type === 'taken' ? taken.text : null, text),
    'the likeliest of four, both orders': outcomeOf(await chosen(model, truth), text),
    'always ours': outcomeOf(pieces[at]?.type === 'open' ? pieces[at].hunk.ours : null, text),
  };
  return { id: truth.id, ms, outcomes };
};

const rowsIn = (file: string): readonly Row[] =>
  existsSync(file)
    ? readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Row)
    : [];

const report = (rows: readonly Row[]): string => {
  const names = [...new Set(rows.flatMap(({ outcomes }) => Object.keys(outcomes)))];
  const count = (name: string, outcome: Outcome): number =>
    rows.filter(({ outcomes }) => outcomes[name] === outcome).length;
  const lines = names.map(
    (name) =>
      `| ${name} | ${count(name, 'identical')} | ${count(name, 'different')} | ${count(name, 'abstained')} |`,
  );
  const seconds = rows.map(({ ms }) => ms / 1000).sort((a, b) => a - b)[Math.floor(rows.length / 2)] ?? 0;
  return [
    `${rows.length} hunks, ${seconds.toFixed(0)} s each (median)`,
    '| Mechanism | Identical | Different | Abstained |',
    '|---|---|---|---|',
    ...lines,
    '',
  ].join('\n');
};

const { values } = parseArgs({
  options: {
    cases: { type: 'string' },
    model: { type: 'string', default: 'local/qwen2.5-coder-1.5b' },
    limit: { type: 'string', default: '60' },
    out: { type: 'string' },
    report: { type: 'boolean', default: false },
  },
});
const out = values.out ?? '';
if (out === '' || (values.cases === undefined && !values.report)) {
  console.error('merge-model.ts --cases DIR --out FILE.jsonl [--model ID] [--limit N] [--report]');
  process.exit(2);
}
if (!values.report) {
  const known = new Set(rowsIn(out).map(({ id }) => id));
  const order = ({ repository, id }: MergeCase): string =>
    createHash('sha256').update(`${repository}/${id}/case.json`).digest('hex');
  const cases = readCases(values.cases ?? '').toSorted((a, b) => (order(a) < order(b) ? -1 : 1));
  const clock = {
    iso: () => new Date().toISOString(),
    ms: () => performance.now(),
    sleep: async (ms: number, stop: AbortSignal) => void (await setTimeout(ms, undefined, { signal: stop })),
  };
  const model = await openModel(values.model, {
    ...{
      env: process.env,
      cwd: process.cwd(),
      clock,
      stateDir: null,
      modelsDir: pathsOf(process.env).models,
    },
  });
  let done = known.size;
  for (const one of cases) {
    if (done >= Number(values.limit)) break;
    for (const truth of await openHunksOf(one)) {
      if (known.has(truth.id)) continue;
      appendFileSync(out, `${JSON.stringify(await measure(model, truth))}\n`);
      done += 1;
    }
  }
  await model.close();
}
console.log(report(rowsIn(out)));
