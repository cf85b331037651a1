/** Prints the size of rooms, files and functions beside their budgets; only a file over the hard limit fails. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSources } from './arrows.ts';
import { readTable } from './tables.ts';

/** Nobody reads a longer file to its end; a lower limit would cut tables and event shapes in two. */
export const hardFileLines = 400;

/** The files that grow without end unless watched: the TUI root, the session, the provider, the protocol. */
const wouldBeGods = [
  { what: 'TUI root', pattern: /^apps\/cli\/src\/tui\/app\/tui\.ts/ },
  { what: 'session', pattern: /^packages\/core\/src\/(?:session|turn)\// },
  { what: 'provider', pattern: /^packages\/models\/src\// },
  { what: 'protocol', pattern: /^packages\/protocol\/src\// },
];

export type Sized = { readonly path: string; readonly lines: number; readonly functions: readonly number[] };

export const sizeOf = (path: string, text: string): Sized => ({
  path,
  lines: lineCount(text),
  functions: functionLengths(text),
});

const lineCount = (text: string): number => text.split('\n').length - (text.endsWith('\n') ? 1 : 0);

/**
 * Lengths of the functions in formatted code: a head that opens a body, up to the closing brace in the same column.
 * Good to a line because the formatter decides the indentation; expressions without a body count as nothing.
 */
export const functionLengths = (text: string): readonly number[] => {
  const lines = text.split('\n');
  return lines.flatMap((line, index) => {
    if (!opensFunction(line)) return [];
    const indent = /^\s*/.exec(line)![0];
    const end = lines.findIndex((other, at) => at > index && other.startsWith(`${indent}}`));
    return end < 0 ? [] : [end - index + 1];
  });
};

const opensFunction = (line: string): boolean =>
  /=> \{$/.test(line) ||
  (/\)(?::[^=]+)? \{$/.test(line) && !/^\s*(?:\} else )?(?:if|for|while|switch|catch)\b|\} catch/.test(line));

export const percentile = (values: readonly number[], share: number): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
};

const spread = (values: readonly number[]): string =>
  `p50 ${percentile(values, 0.5)}, p90 ${percentile(values, 0.9)}, max ${Math.max(0, ...values)}`;

const report = (
  sources: readonly Sized[],
  budgets: readonly (readonly [string, number])[],
): readonly string[] => [
  ...budgets.map(([room, budget]) => {
    // A room inside another has a budget of its own.
    const inner = budgets.map(([other]) => other).filter((other) => other.startsWith(`${room}/src/`));
    const lines = sources
      .filter(({ path }) => path.startsWith(room.includes('/src/') ? `${room}/` : `${room}/src/`))
      .filter(({ path }) => !inner.some((other) => path.startsWith(`${other}/`)))
      .reduce((total, source) => total + source.lines, 0);
    return `${room.padEnd(20)} ${String(lines).padStart(6)} of ${budget}${lines > budget ? '  OVER BUDGET' : ''}`;
  }),
  `files      ${spread(sources.map(({ lines }) => lines))} lines (aim: p50 80, p90 200; hard ${hardFileLines})`,
  `functions  ${spread(sources.flatMap(({ functions }) => functions))} lines (aim: p90 25; hard 60 by the linter)`,
  ...wouldBeGods.map(({ what, pattern }) => {
    const largest = sources
      .filter(({ path }) => pattern.test(path))
      .toSorted((left, right) => right.lines - left.lines)[0];
    return `largest ${what}: ${largest === undefined ? 'not here yet' : `${largest.path} ${largest.lines}`}`;
  }),
];

if (import.meta.main) {
  const root = join(import.meta.dirname, '..');
  const sources = readSources(root).map(({ path, text }) => sizeOf(path, text));
  const table = readTable(readFileSync(join(root, 'docs', 'ARCHITECTURE.md'), 'utf8'), 'Rooms');
  const budgets = table.map(([room = '', , lines]) => [room.replaceAll('`', ''), Number(lines)] as const);
  for (const line of report(sources, budgets)) console.log(line);
  const tooLong = sources.filter(({ lines }) => lines > hardFileLines);
  for (const { path, lines } of tooLong) console.error(`${path}: ${lines} lines, more than ${hardFileLines}`);
  process.exitCode = tooLong.length > 0 ? 1 : 0;
}
