import { readText } from './read-text.ts';
import type { PipelineRun } from './state.ts';
import { isSource } from './test-files.ts';

/** Sources searched for a definition, at most. */
const maxSearched = 400;

/** What a request asks to be made: "add a function `median`", "write a helper called slug". */
const asked = [
  /\b(?:add|write|create|implement|introduce|define)\b[^.`\n]{0,60}`([A-Za-z_$][\w$]*)(?:\([^`]*\))?`/gi,
  /\b(?:add|write|create|implement|introduce|define)\b[^.\n]{0,40}\b(?:function|method|class|helper)\s+(?:called\s+|named\s+)?([A-Za-z_$][\w$]*)\s*\(/gi,
];

/** What a failing check misses, and where: the groups are the module's name and the missing one's. */
const missed = [
  /cannot import name '(?<name>\w+)' from '(?<module>[\w.]+)'/g,
  /module '(?<module>[\w.]+)' has no attribute '(?<name>\w+)'/g,
  /module '(?<module>[^']+)' does not provide an export named '(?<name>[\w$]+)'/g,
  /\b(?<module>[\w$]+)\.(?<name>[\w$]+) is not a function/g,
];

/** Functions and classes that this file is to get and that no file has. `isNamed`: the request says which file. */
export const wantedIn = async (
  run: PipelineRun,
  file: { readonly path: string; readonly text: string; readonly isNamed: boolean },
): Promise<readonly string[]> => {
  const stem = stemOf(file.path);
  const byFailure = run.baseline.passed ? [] : missedIn(run.baseline.output, stem);
  const byRequest = file.isNamed ? asked.flatMap((one) => namesBy(one, run.context.request)) : [];
  const absent = [...new Set([...byFailure, ...byRequest])].filter(
    (name) => name !== stem && !new RegExp(`\\b${escaped(name)}\\b`).test(file.text),
  );
  if (absent.length === 0) return [];
  const elsewhere = await definedAnywhere(run, absent);
  return absent.filter((name) => !elsewhere.has(name));
};

const missedIn = (output: string, stem: string): readonly string[] =>
  missed.flatMap((pattern) =>
    [...output.matchAll(pattern)].flatMap(({ groups }) =>
      stemOf(groups?.module?.replaceAll('.', '/') ?? '') === stem || stemOf(groups?.module ?? '') === stem
        ? [groups?.name ?? '']
        : [],
    ),
  );

const namesBy = (pattern: RegExp, text: string): readonly string[] =>
  [...text.matchAll(pattern)].flatMap(([, name]) => (name === undefined ? [] : [name]));

const stemOf = (path: string): string => (path.split('/').at(-1) ?? '').replace(/\.[^.]*$/, '');

const escaped = (name: string): string => name.replaceAll('$', '\\$');

const definedAnywhere = async (run: PipelineRun, names: readonly string[]): Promise<ReadonlySet<string>> => {
  const defined = new Set<string>();
  const pattern = new RegExp(
    `\\b(?:def|class|function|const|let|var|interface|type)\\s+(${names.map(escaped).join('|')})\\b`,
    'g',
  );
  for (const path of [...run.files].filter(isSource).slice(0, maxSearched)) {
    const text = (await readText(run.scratch, path)) ?? '';
    for (const [, name] of text.matchAll(pattern)) if (name !== undefined) defined.add(name);
  }
  return defined;
};
