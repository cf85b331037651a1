import type { Cut } from '../cut.ts';
import type { Versions } from '../merge.ts';
import { type Bag, bagOf, shareOf, sizeOf, without } from '../text/bag.ts';
import { linesOf } from '../text/shape.ts';
import { bare, tokensOf } from '../text/tokens.ts';

/** What a proposal is weighed by. The weights know a number by its name. */
export type Numbers = Readonly<Record<string, number>>;

/** What is known of a file before its hunks are looked at. */
export type FileFacts = {
  readonly numbers: Numbers;
  /** How often each longer word occurs, in the versions and in what nobody disputes. */
  readonly words: { readonly base: Bag; readonly ours: Bag; readonly theirs: Bag; readonly kept: Bag };
};

export const fileFacts = (path: string, versions: Versions, cuts: readonly Cut[]): FileFacts => {
  const words = { ...mapVersions(versions, wordsBag), kept: wordsBag(keptText(cuts)) };
  const lines = mapVersions(versions, (text) => bagOf(linesOf(text).map(bare).filter(Boolean)));
  const [added, alsoAdded] = [without(lines.ours, lines.base), without(lines.theirs, lines.base)];
  const [removed, alsoRemoved] = [without(lines.base, lines.ours), without(lines.base, lines.theirs)];
  const stretches = (by: string): number => cuts.filter((cut) => cut.type === 'text' && cut.by === by).length;
  const numbers = {
    lines: sizeOf(lines.base),
    hunks: cuts.filter(({ type }) => type === 'hunk').length,
    'stretches of ours': stretches('ours'),
    'stretches of theirs': stretches('theirs'),
    'stretches of both alike': stretches('both alike'),
    'ours added': sizeOf(added),
    'theirs added': sizeOf(alsoAdded),
    'ours removed': sizeOf(removed),
    'theirs removed': sizeOf(alsoRemoved),
    'ours added, theirs too': shareOf(added, alsoAdded),
    'theirs added, ours too': shareOf(alsoAdded, added),
    'ours removed, theirs too': shareOf(removed, alsoRemoved),
    'theirs removed, ours too': shareOf(alsoRemoved, removed),
    test: Number(isTest.test(path)),
    python: Number(/\.pyi?$/.test(path)),
  };
  return { numbers, words };
};

const isTest = /(?:^|\/)(?:tests?|__tests__|spec)(?:\/|$)|[._-](?:test|spec)\.|(?:^|\/)test_/;

const mapVersions = <T>({ base, ours, theirs }: Versions, of: (text: string) => T) => ({
  base: of(base),
  ours: of(ours),
  theirs: of(theirs),
});

const keptText = (cuts: readonly Cut[]): string =>
  cuts.map((cut) => (cut.type === 'text' ? cut.text : '\n')).join('');

const wordsBag = (text: string): Bag => bagOf(wordsOf(tokensOf(text).list.map((token) => token.text)));

/** Names rather than signs, numbers and the shortest words. */
export const wordsOf = (tokens: readonly string[]): readonly string[] =>
  tokens.filter((token) => token.length > 2 && /^[\p{L}_$]/u.test(token));
