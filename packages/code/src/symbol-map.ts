import { hash } from 'node:crypto';
import type { CodeKnowledge, RankedFile } from '@tandem/core';
import { languageOf } from '@tandem/syntax';
import { symbols } from './declarations.ts';
import { pageRank } from './page-rank.ts';
import { type Facts, readFacts } from './text-facts.ts';

type File = { readonly path: string; readonly text: string };
type Known = File & { readonly facts: Facts };

/** Enough for a big workspace; past it the oldest are read again. A file's facts are a few kilobytes. */
const maxKnown = 4_000;
/** Only files a person will be shown are parsed; one of more symbols than this is generated. */
const maxSymbols = 400;

/** A ranking that remembers what it read of each file by path and content. */
export const createSymbolMap = (): CodeKnowledge['rank'] => {
  const known = new Map<string, { readonly key: string; readonly facts: Facts }>();
  const factsOf = ({ path, text }: File): Facts => {
    const key = hash('sha1', text);
    const hit = known.get(path);
    if (hit?.key === key) return hit.facts;
    const facts = readFacts(text);
    known.delete(path);
    known.set(path, { key, facts });
    if (known.size > maxKnown) known.delete(known.keys().next().value!);
    return facts;
  };
  return async ({ files, query, limit }) => {
    const read = files.map((file) => ({ ...file, facts: factsOf(file) }));
    const ranked = rankFiles(read, query).slice(0, Math.max(0, limit));
    return Promise.all(ranked.map(withSymbols));
  };
};

const withSymbols = async ({ file, score }: Scored): Promise<RankedFile> => ({
  path: file.path,
  score,
  symbols: (await symbols(file.path, file.text)).slice(0, maxSymbols),
});

type Scored = { readonly file: Known; readonly score: number };

/** Words first, then what the found files lean on: a file that many good files refer to is likely part of the matter. */
const rankFiles = (files: readonly Known[], query: readonly string[]): readonly Scored[] => {
  const definers = definersOf(files);
  const wanted = wantedWords(query);
  const direct = files.map((file) => directScore(file, { wanted, definers, count: files.length }));
  const top = Math.max(...direct, 0);
  const seeds = direct.map((score) => (top === 0 ? 1 : score + top * 0.001));
  const reached = pageRank(references(files, definers), seeds);
  const most = Math.max(...reached, Number.MIN_VALUE);
  return files
    .map((file, index) => {
      const score = (top === 0 ? 0 : direct[index]! / top) + (0.35 * reached[index]!) / most;
      return { file, score: score * trust(file.path) };
    })
    .toSorted((a, b) => b.score - a.score || (a.file.path < b.file.path ? -1 : 1));
};

/** A request is rarely about a test or a text, though they use its words. */
const trust = (path: string): number => {
  if (languageOf(path) === 'other') return 0.3;
  return /(?:^|[/_.-])(?:tests?|specs?|__tests__|fixtures|examples?|vendor|dist)(?:[/_.-]|$)/i.test(path)
    ? 0.5
    : 1;
};

type Wanted = { readonly exact: ReadonlySet<string>; readonly parts: ReadonlySet<string> };

const wantedWords = (query: readonly string[]): Wanted => {
  const exact = new Set(
    query.flatMap((word) => [word, ...word.split(/[^\w$]+/)]).filter((word) => word.length > 1),
  );
  return { exact, parts: new Set([...exact].flatMap(partsOf)) };
};

/** `parseURLPath` and `parse_url_path` are parse, url, path; short parts say nothing. */
const partsOf = (word: string): readonly string[] =>
  word
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .split(/[^A-Za-z\d]+/)
    .map((part) => part.toLowerCase())
    .filter((part) => part.length > 2);

const definersOf = (files: readonly Known[]): ReadonlyMap<string, readonly number[]> => {
  const definers = new Map<string, number[]>();
  for (const [index, file] of files.entries()) {
    for (const name of file.facts.definitions) {
      const list = definers.get(name);
      if (list === undefined) definers.set(name, [index]);
      else list.push(index);
    }
  }
  return definers;
};

type Frame = {
  readonly wanted: Wanted;
  readonly definers: ReadonlyMap<string, readonly number[]>;
  readonly count: number;
};

const directScore = (file: Known, { wanted, definers, count }: Frame): number => {
  let score = 0;
  for (const word of wanted.exact) {
    const rarity = Math.log(2 + count / (definers.get(word)?.length ?? 1));
    if (file.facts.definitions.has(word)) score += 5 * rarity;
    score += Math.min(2, Math.log2(1 + (file.facts.references.get(word) ?? 0)));
    if (word.length > 3 && (file.path === word || file.path.endsWith(`/${word}`))) score += 20;
  }
  const pathParts = new Set(partsOf(file.path));
  for (const part of wanted.parts) if (pathParts.has(part)) score += 3;
  let partial = 0;
  for (const name of file.facts.definitions) {
    if (!wanted.exact.has(name) && partsOf(name).some((part) => wanted.parts.has(part))) partial += 1;
  }
  return score + Math.min(4, partial);
};

/** A name defined in more files than this is a common word and ties nothing together. */
const maxDefiners = 4;

const references = (
  files: readonly Known[],
  definers: ReadonlyMap<string, readonly number[]>,
): readonly ReadonlyMap<number, number>[] =>
  files.map(({ facts }, from) => {
    const edges = new Map<number, number>();
    for (const [name, count] of facts.references) {
      const targets = definers.get(name);
      if (targets === undefined || targets.length > maxDefiners || facts.definitions.has(name)) continue;
      for (const to of targets) {
        if (to !== from) edges.set(to, (edges.get(to) ?? 0) + Math.sqrt(count) / targets.length);
      }
    }
    return edges;
  });
