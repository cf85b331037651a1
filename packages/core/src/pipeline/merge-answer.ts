import type { CodeKnowledge, CodeSymbol } from '../ports.ts';
import { addSymbols } from './add-symbols.ts';
import type { Rejection } from './guards.ts';
import type { Region } from './state.ts';

export type Merged =
  /** `whole`: the answer itself, where it is the whole file and says more than its functions. */
  | { readonly type: 'text'; readonly text: string; readonly whole?: string }
  | { readonly type: 'rejected'; readonly reason: Rejection };

/**
 * The file's new text from an answer that may be the whole file, one function, or a function with its helpers. Symbols
 * of the answer replace those of the same name; what the answer leaves out stays, so a forgotten export is no loss.
 */
export const mergeAnswer = async (input: {
  readonly code: CodeKnowledge;
  readonly region: Region;
  readonly answer: string;
}): Promise<Merged> => {
  const { region, code } = input;
  const answer = input.answer.replace(/^\n+/, '').trimEnd();
  if (answer === '') return { type: 'rejected', reason: 'empty' };
  const original = await code.symbols(region.path, region.text);
  if (region.isNew || (original.length === 0 && region.adds === undefined))
    return { type: 'text', text: `${answer}\n` };
  const proposed = await code.symbols(region.path, answer);
  const method = region.symbol?.qualified.includes('.') === true ? region.symbol : null;
  const replacements =
    method === null ||
    proposed.some((one) => one.qualified === method.qualified || one.name === className(method))
      ? topLevelReplacements({ original, proposed, region, answer })
      : methodReplacement({ method, proposed, region, answer });
  const whole = wholeFile({ region, original, proposed, answer });
  if (replacements.length === 0) {
    const known = topLevel(original);
    const added = topLevel(proposed).filter(({ name }) => !known.some((own) => own.name === name));
    if (added.length > 0 && method === null) {
      const text = addSymbols({ path: region.path, text: region.text, answer, known, added });
      return { type: 'text', text: withImports({ text, answer }), ...whole };
    }
    if (whole.whole !== undefined) return { type: 'text', text: whole.whole };
    const knows = proposed.some((one) => original.some((own) => own.qualified === one.qualified));
    return { type: 'rejected', reason: knows ? 'unchanged' : 'no_symbol' };
  }
  return { type: 'text', text: withImports({ text: splice(region.text, replacements), answer }), ...whole };
};

/** The answer, where the whole file was asked for and nothing of it is left out. */
const wholeFile = (input: {
  readonly region: Region;
  readonly original: readonly CodeSymbol[];
  readonly proposed: readonly CodeSymbol[];
  readonly answer: string;
}): { readonly whole?: string } => {
  const { region, original, proposed, answer } = input;
  const isWhole =
    region.symbol === null &&
    region.adds === undefined &&
    original.every((own) => proposed.some((one) => one.qualified === own.qualified));
  return isWhole ? { whole: `${answer}\n` } : {};
};

type Replacement = { readonly start: number; readonly end: number; readonly text: string };

const className = (method: CodeSymbol): string => method.qualified.split('.')[0] ?? '';

const topLevel = (symbols: readonly CodeSymbol[]): readonly CodeSymbol[] =>
  symbols.filter((symbol) => !symbol.qualified.includes('.'));

const topLevelReplacements = (input: {
  readonly original: readonly CodeSymbol[];
  readonly proposed: readonly CodeSymbol[];
  readonly region: Region;
  readonly answer: string;
}): readonly Replacement[] => {
  const byName = new Map(topLevel(input.original).map((symbol) => [symbol.name, symbol]));
  const replaced: Replacement[] = [];
  const added: string[] = [];
  for (const symbol of topLevel(input.proposed)) {
    const target = byName.get(symbol.name);
    if (target === undefined) {
      added.push(input.answer.slice(symbol.docStart, symbol.end));
      continue;
    }
    byName.delete(symbol.name);
    const before = input.region.text.slice(target.start, target.end);
    const after = withExportOf({ before, after: input.answer.slice(symbol.start, symbol.end) });
    if (after !== before) replaced.push({ start: target.start, end: target.end, text: after });
  }
  const first = [...replaced].sort((a, b) => a.start - b.start)[0];
  if (first === undefined || added.length === 0) return replaced;
  // Helpers go before the first change: what is bound by const or def must exist before it is used at load time.
  const anchor =
    topLevel(input.original).find((symbol) => symbol.start === first.start)?.docStart ?? first.start;
  return [...replaced, { start: anchor, end: anchor, text: `${added.join('\n\n')}\n\n` }];
};

const methodReplacement = (input: {
  readonly method: CodeSymbol;
  readonly proposed: readonly CodeSymbol[];
  readonly region: Region;
  readonly answer: string;
}): readonly Replacement[] => {
  const symbol = input.proposed.find((one) => one.name === input.method.name);
  // A method written without its class does not parse in some languages: then the whole answer stands for it.
  const raw = symbol === undefined ? input.answer : input.answer.slice(symbol.start, symbol.end);
  if (symbol === undefined && !raw.includes(input.method.name)) return [];
  const { start, end } = input.method;
  const lineStart = input.region.text.lastIndexOf('\n', start - 1) + 1;
  const indent = input.region.text.slice(lineStart, start).match(/^\s*/)?.[0] ?? '';
  return [{ start, end, text: reindent(raw, indent) }];
};

/** First line without indent (it stands where the symbol began), the others moved along. */
const reindent = (text: string, indent: string): string => {
  const lines = text.split('\n');
  const own = lines[0]?.match(/^\s*/)?.[0] ?? '';
  const bodyIndents = lines
    .slice(1)
    .filter((line) => line.trim() !== '')
    .map((line) => line.match(/^\s*/)?.[0].length ?? 0);
  // An answer cut out after its first line's indent keeps the indent on the others.
  const base = own.length > 0 ? own.length : Math.min(...bodyIndents, Number.MAX_SAFE_INTEGER);
  const last = lines.at(-1) ?? '';
  const shift =
    own.length > 0
      ? own.length
      : /^\s*[}\])]/.test(last)
        ? (last.match(/^\s*/)?.[0].length ?? 0)
        : Math.max(0, base - 4);
  return lines
    .map((line, index) => {
      if (index === 0) return line.trimStart();
      if (line.trim() === '') return '';
      return indent + line.slice(Math.min(shift, line.match(/^\s*/)?.[0].length ?? 0));
    })
    .join('\n');
};

const exportPrefix = /^export\s+(default\s+)?/;

const withExportOf = (input: { readonly before: string; readonly after: string }): string => {
  const had = input.before.match(exportPrefix)?.[0] ?? '';
  return had + input.after.replace(exportPrefix, '');
};

const splice = (text: string, replacements: readonly Replacement[]): string =>
  [...replacements]
    .sort((a, b) => b.start - a.start || b.end - a.end)
    .reduce((result, one) => result.slice(0, one.start) + one.text + result.slice(one.end), text);

const importLine = /^(?:import\s.+|from\s+\S+\s+import\s.+)$/;

/** Adds single-line imports of the answer that the file lacks, after its own first block of imports or its head. */
const withImports = (input: { readonly text: string; readonly answer: string }): string => {
  const present = new Set(input.text.split('\n').map((line) => line.trim()));
  const added = input.answer.split('\n').filter((line) => importLine.test(line) && !present.has(line.trim()));
  if (added.length === 0) return input.text;
  const lines = input.text.split('\n');
  const firstImport = lines.findIndex((line) => importLine.test(line));
  const at = firstImport >= 0 ? firstImport : headEnd(lines);
  const future = lines[at]?.startsWith('from __future__') === true ? 1 : 0;
  return [...lines.slice(0, at + future), ...added, ...lines.slice(at + future)].join('\n');
};

/** The line after a shebang, an encoding line and a Python docstring. */
const headEnd = (lines: readonly string[]): number => {
  let at = 0;
  while (at < lines.length && /^#!|^#.*coding/.test(lines[at] ?? '')) at++;
  const quote = (lines[at] ?? '').match(/^("""|''')/)?.[1];
  if (quote === undefined) return at;
  if ((lines[at] ?? '').slice(3).includes(quote)) return at + 1;
  const close = lines.findIndex((line, index) => index > at && line.includes(quote));
  return close < 0 ? at : close + 1;
};
