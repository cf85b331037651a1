import type { Hunk } from '../merge.ts';
import { bare, runTogether } from '../text/tokens.ts';
import { sortLines } from './sort-lines.ts';
import { type Settle, weaveLines } from './weave-lines.ts';
import { weaveTokens } from './weave-tokens.ts';

/**
 * Ways to a text for a hunk. `lines` and `tokens` take what both sides changed side by side; the words behind them say
 * what happens where both changed the same.
 */
export const rules = [
  'structure',
  'lines',
  'lines and tokens',
  'tokens apart',
  'tokens',
  'sorted lines',
  'lines, ours first',
  'lines, theirs first',
  'lines, else ours',
  'lines, else theirs',
  'tokens, ours first',
  'tokens, theirs first',
  'tokens, else ours',
  'tokens, else theirs',
  'ours',
  'theirs',
] as const;
export type Rule = (typeof rules)[number];

/** A text and every rule that comes to it. */
export type Proposal = { readonly text: string; readonly rules: readonly Rule[] };

/** Longer hunks are generated or vendored: a side is taken whole, or nothing. */
const maxText = 60_000;

const never: Settle = () => null;
const oursFirst: Settle = ({ ours, theirs }) => beside(ours, theirs);
const theirsFirst: Settle = ({ ours, theirs }) => beside(theirs, ours);
const elseOurs: Settle = ({ ours }) => ours;
const elseTheirs: Settle = ({ theirs }) => theirs;

const beside = (text: string, next: string): string | null => (runTogether(text, next) ? null : text + next);

/** The texts that could stand for a hunk, each once. `structure` is what the syntax says, where it says something. */
export const propose = (hunk: Hunk, structure: string | null): readonly Proposal[] => {
  const found: { readonly bare: string; readonly text: string; readonly rules: Rule[] }[] = [];
  const add = (rule: Rule, text: string | null): void => {
    if (text === null) return;
    const known = found.find((one) => one.bare === bare(text));
    if (known === undefined) found.push({ bare: bare(text), text, rules: [rule] });
    else known.rules.push(rule);
  };
  add('structure', structure);
  if (hunk.base.length + hunk.ours.length + hunk.theirs.length <= maxText) {
    const apart = { settle: never, touching: 'together' } as const;
    add('lines', weaveLines(hunk, never));
    add(
      'lines and tokens',
      weaveLines(hunk, (stretch) => weaveTokens(stretch, { settle: never, touching: 'apart' })),
    );
    add('tokens apart', weaveTokens(hunk, apart));
    add('tokens', weaveTokens(hunk, { settle: never, touching: 'apart' }));
    add('sorted lines', sortLines(hunk));
    add('lines, ours first', weaveLines(hunk, oursFirst));
    add('lines, theirs first', weaveLines(hunk, theirsFirst));
    add('lines, else ours', weaveLines(hunk, elseOurs));
    add('lines, else theirs', weaveLines(hunk, elseTheirs));
    add('tokens, ours first', weaveTokens(hunk, { settle: oursFirst, touching: 'apart' }));
    add('tokens, theirs first', weaveTokens(hunk, { settle: theirsFirst, touching: 'apart' }));
    add('tokens, else ours', weaveTokens(hunk, { settle: elseOurs, touching: 'apart' }));
    add('tokens, else theirs', weaveTokens(hunk, { settle: elseTheirs, touching: 'apart' }));
  }
  add('ours', hunk.ours);
  add('theirs', hunk.theirs);
  return found;
};
