import type { CodeSymbol } from '../ports.ts';
import { findFrames } from './failure.ts';
import { readText } from './read-text.ts';
import type { PipelineRun, Region } from './state.ts';
import { isSource, isTestFile } from './test-files.ts';
import { wantedIn } from './wanted.ts';

/** Files read for names and ranked, at most: past that a workspace is searched by name alone. */
const maxFilesRead = 1500;
const maxRegions = 4;
/** Above a function that the request names: what is not there yet has to be made. */
const wantedScore = 60;

type Scores = Map<string, number>;

/** Files that the change may belong to, most likely first; `named` when the caller or the request says which. */
export type Candidates = { readonly paths: readonly string[]; readonly named: boolean };

/**
 * Found without the model: paths and identifiers in the request, the stack of the failing test, the lines it ran, what
 * the tests import, and the rank of files by reference.
 */
export const findCandidates = async (run: PipelineRun): Promise<Candidates> => {
  const named = explicitFiles(run);
  return named.length > 0 ? { paths: named, named: true } : { paths: await scoreFiles(run), named: false };
};

/** Where in those files the change belongs, most likely first. */
export const findRegions = async (run: PipelineRun, candidates: Candidates): Promise<readonly Region[]> => {
  const { paths, named } = candidates;
  const regions: { region: Region; score: number }[] = [];
  for (const [rank, path] of paths.slice(0, 8).entries()) {
    for (const found of await regionsOf(run, path, named)) {
      regions.push({ region: found.region, score: found.score - rank * (named ? 0 : 6) });
    }
  }
  const best = [...regions].sort((a, b) => b.score - a.score).map((one) => one.region);
  return named && paths.length > 1 ? placesPerFile(run, best, paths) : best.slice(0, maxRegions);
};

/** In each file what the request names or wants there, else the likeliest place. */
const placesPerFile = (
  run: PipelineRun,
  regions: readonly Region[],
  order: readonly string[],
): readonly Region[] =>
  order.flatMap((path) => {
    const own = regions.filter((region) => region.path === path);
    const named = own.filter((region) => region.adds !== undefined || isNamed(run, region.symbol));
    return named.length > 1 ? named : own.slice(0, 1);
  });

/** Whether the request quotes the name. */
export const isNamed = ({ names: { quoted } }: PipelineRun, symbol: CodeSymbol | null): boolean =>
  symbol !== null && (quoted.includes(symbol.name) || quoted.includes(symbol.qualified));

/** Files the caller or the request names; a named file that does not exist is one to make. */
const explicitFiles = (run: PipelineRun): readonly string[] => {
  const { options, request } = run.context;
  if (options.files !== undefined && options.files.length > 0) return options.files;
  const { quoted, plain } = run.names;
  const wantsTests =
    /\b(tests?|specs?)\b.{0,40}\b(add|write|change|fix|update)|\b(add|write|change|fix|update)\b.{0,40}\b(tests?|specs?)\b/i.test(
      request,
    );
  const paths = [...quoted, ...plain].filter((name) => /\.[A-Za-z]{1,4}$/.test(name) && !/^\d/.test(name));
  const existing = [...new Set(paths.flatMap((name) => matchPath(run.files, name)))];
  const usable = existing.filter((path) => wantsTests || !isTestFile(path));
  if (usable.length > 0) return usable;
  if (!/\b(create|add|write|make|new)\b/i.test(request)) return [];
  return quoted.filter((name) => isSource(name) && !name.startsWith('/') && !name.includes('..')).slice(0, 3);
};

const matchPath = (files: ReadonlySet<string>, name: string): readonly string[] => {
  if (files.has(name)) return [name];
  const tail = [...files].filter((path) => path.endsWith(`/${name}`));
  return tail.length <= 3 ? tail : [];
};

const scoreFiles = async (run: PipelineRun): Promise<readonly string[]> => {
  const scores: Scores = new Map();
  const add = (path: string, points: number): void => {
    if (isSource(path)) scores.set(path, (scores.get(path) ?? 0) + points);
  };
  if (run.uses('stack')) scoreFrames(run, add);
  if (run.uses('coverage'))
    for (const [path, lines] of run.baseline.lines) add(path, 4 + Math.min(6, lines.size / 10));
  if (run.uses('imports')) await scoreTestImports(run, add);
  if (run.uses('identifiers')) await scoreNames(run, add);
  return [...scores].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0])).map(([path]) => path);
};

const scoreFrames = (run: PipelineRun, add: (path: string, points: number) => void): void => {
  for (const [index, frame] of run.baseline.frames.entries()) add(frame.path, 20 - Math.min(10, index));
  const inRequest = findFrames({
    output: run.context.request,
    root: run.context.workspace.root,
    files: run.files,
  });
  for (const frame of inRequest) add(frame.path, 25);
};

/** Source files that the failing tests import; where nothing says which tests fail, nothing is added. */
const scoreTestImports = async (
  run: PipelineRun,
  add: (path: string, points: number) => void,
): Promise<void> => {
  for (const path of await failingTests(run)) {
    const text = await readText(run.scratch, path);
    if (text === null) continue;
    for (const one of await run.context.code.imports(path, text)) {
      const target = run.context.code.resolveImport(path, one.module, run.files)[0];
      if (target !== undefined) add(target, 10);
    }
  }
};

/** Test files that the output of the failing command, the command or the request names. */
export const failingTests = async (run: PipelineRun): Promise<readonly string[]> => {
  const said = `${run.baseline.command ?? ''}\n${run.baseline.passed ? '' : run.baseline.output}\n${run.context.request}`;
  const tests = [...run.files].filter((path) => isTestFile(path) || /(^|[^A-Za-z])(test|spec)/i.test(path));
  return tests
    .filter((path) => said.includes(path) || said.includes(path.split('/').at(-1) ?? path))
    .slice(0, 6);
};

const scoreNames = async (run: PipelineRun, add: (path: string, points: number) => void): Promise<void> => {
  const { quoted, plain } = run.names;
  const sources = [...run.files].filter(isSource).slice(0, maxFilesRead);
  const files: { path: string; text: string }[] = [];
  for (const path of sources) {
    const text = await readText(run.scratch, path);
    if (text !== null) files.push({ path, text });
  }
  for (const file of files) {
    const stem =
      file.path
        .split('/')
        .at(-1)
        ?.replace(/\.[^.]+$/, '') ?? '';
    if (plain.some((name) => name.toLowerCase() === stem.toLowerCase())) add(file.path, 8);
  }
  const query = [...quoted.flatMap((name) => [name, ...name.split('.')]), ...plain];
  const ranked = await run.context.code.rank({ files, query, limit: 12 });
  const top = ranked[0]?.score ?? 0;
  for (const one of ranked) if (top > 0) add(one.path, (14 * one.score) / top);
};

type ScoredRegion = { readonly region: Region; readonly score: number };

/** The symbols of one file that the evidence points at; the whole file when nothing singles one out. */
const regionsOf = async (
  run: PipelineRun,
  path: string,
  isNamedFile: boolean,
): Promise<readonly ScoredRegion[]> => {
  const text = (await run.scratch.read(path))?.text ?? null;
  if (text === null) return [{ region: wholeFile({ path, text: '', isNew: true }), score: 1 }];
  const symbols = (await run.context.code.symbols(path, text)).filter(
    (symbol) => symbol.kind === 'function' || symbol.kind === 'method' || symbol.kind === 'class',
  );
  const suspicious = suspiciousLines(run, path);
  if (isSkeleton(run, { text, symbols })) return [{ region: skeletonOf({ path, text }), score: 30 }];
  const scored = symbols
    .map((symbol) => ({ symbol, score: scoreSymbol({ run, path, text, symbol, suspicious }) }))
    .filter((one) => one.score > 0)
    .sort((a, b) => b.score - a.score);
  const adds = await wantedIn(run, { path, text, isNamed: isNamedFile });
  if (adds.length > 0) {
    const named = scored.filter(({ symbol }) => isNamed(run, symbol));
    const added = { ...wholeFile({ path, text, isNew: false }), stub: true, adds };
    return [
      { region: added, score: wantedScore },
      ...named.map(({ symbol, score }) => ({
        region: symbolRegion({ path, text, symbol, suspicious }),
        score,
      })),
    ];
  }
  if (scored.length === 0 || !run.uses('symbols'))
    return [{ region: wholeFile({ path, text, isNew: false, suspicious }), score: 1 }];
  return scored.slice(0, maxRegions).map(({ symbol, score }) => ({
    region: symbolRegion({ path, text, symbol, suspicious }),
    score,
  }));
};

const symbolRegion = (input: {
  readonly path: string;
  readonly text: string;
  readonly symbol: CodeSymbol;
  readonly suspicious: ReadonlySet<number>;
}): Region => ({
  path: input.path,
  text: input.text,
  isNew: false,
  symbol: input.symbol,
  stub: isStub(input.text.slice(input.symbol.start, input.symbol.end)),
  suspicious: within(input.suspicious, input.symbol),
});

/** Several functions that are all still to be written: they are written together, as one file. */
const isSkeleton = (
  run: PipelineRun,
  input: { readonly text: string; readonly symbols: readonly CodeSymbol[] },
): boolean => {
  const bodies = input.symbols.filter((symbol) => symbol.kind !== 'class');
  const stubs = bodies.filter((symbol) => isStub(input.text.slice(symbol.start, symbol.end)));
  const { quoted } = run.names;
  const named = stubs.filter((symbol) => quoted.includes(symbol.name) || quoted.includes(symbol.qualified));
  return stubs.length >= 2 && stubs.length * 2 > bodies.length && named.length !== 1;
};

const skeletonOf = (input: { readonly path: string; readonly text: string }): Region => ({
  ...wholeFile({ ...input, isNew: false }),
  stub: true,
});

const wholeFile = (input: {
  readonly path: string;
  readonly text: string;
  readonly isNew: boolean;
  readonly suspicious?: ReadonlySet<number>;
}): Region => ({
  path: input.path,
  text: input.text,
  isNew: input.isNew,
  symbol: null,
  stub: input.isNew || isStub(input.text),
  suspicious: input.suspicious ?? new Set(),
});

const suspiciousLines = (run: PipelineRun, path: string): ReadonlySet<number> => {
  const lines = new Set(
    run.baseline.frames.filter((frame) => frame.path === path).map((frame) => frame.line),
  );
  for (const line of run.baseline.lines.get(path) ?? []) lines.add(line);
  return lines;
};

const within = (lines: ReadonlySet<number>, symbol: CodeSymbol): ReadonlySet<number> =>
  new Set([...lines].filter((line) => line >= symbol.startLine && line <= symbol.endLine));

const scoreSymbol = (input: {
  readonly run: PipelineRun;
  readonly path: string;
  readonly text: string;
  readonly symbol: CodeSymbol;
  readonly suspicious: ReadonlySet<number>;
}): number => {
  const { run, symbol } = input;
  const { plain } = run.names;
  const quoted = isNamed(run, symbol);
  const body = input.text.slice(symbol.start, symbol.end);
  const frames = run.baseline.frames.filter(
    (frame) => frame.path === input.path && frame.line >= symbol.startLine && frame.line <= symbol.endLine,
  );
  const ran = [...within(run.baseline.lines.get(input.path) ?? new Set<number>(), symbol)].length;
  const inTest = run.examples.some((example) => example.call.includes(`${symbol.name}(`));
  const wordsInBody = plain.filter(
    (word) => word !== symbol.name && word.length > 4 && body.includes(word),
  ).length;
  // A class is only the right size when nothing smaller is: its methods carry the same evidence.
  const size = symbol.kind === 'class' ? -8 : 0;
  const points =
    (quoted ? 40 : 0) +
    (!quoted && plain.includes(symbol.name) ? 25 : 0) +
    (frames.length > 0 ? 15 : 0) +
    (ran > 0 ? 6 + Math.min(6, ran / 4) : 0) +
    (inTest ? 12 : 0) +
    (isStub(body) ? 15 : 0) +
    Math.min(6, wordsInBody * 2);
  return points > 0 ? points + size : 0;
};

/** A body that only says that there is none yet. */
export const isStub = (code: string): boolean => {
  const lines = code
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const bare = lines.filter((line) => !/^(#|\/\/|\/?\*|"""|''')/.test(line));
  const body = bare
    .join('\n')
    .replace(/("""|''')[\s\S]*?\1/g, '')
    .trim();
  if (
    /(raise NotImplementedError|throw new Error\(\s*['"`][^'"`]*(not implemented|implement|todo|remove this)[^'"`]*['"`]\s*\)|unimplemented!\(|todo!\()/i.test(
      body,
    )
  )
    return body.split('\n').length <= 12;
  if (/\bdef .*:\s*\n?\s*(pass|\.\.\.)\s*$/.test(body)) return true;
  return /\{\s*(return\s*(null|undefined)?;?)?\s*\}[;,)]*$/.test(body) && body.split('\n').length <= 4;
};
