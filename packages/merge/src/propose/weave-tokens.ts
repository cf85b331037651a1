import { diff3, type Range, type Three } from '../align/diff3.ts';
import { alignRarest } from '../align/histogram.ts';
import type { Versions } from '../merge.ts';
import { keyer, runTogether, type Token, type Tokens, tokensOf } from '../text/tokens.ts';
import type { Settle } from './weave-lines.ts';

/**
 * Three texts token by token; blanks follow the side that changed them, ours where both did. Null too where words of two
 * texts would run together.
 */
export const weaveTokens = (
  versions: Versions,
  { settle, touching }: { readonly settle: Settle; readonly touching: 'together' | 'apart' },
): string | null => {
  const [base, ours, theirs] = [tokensOf(versions.base), tokensOf(versions.ours), tokensOf(versions.theirs)];
  const key = keyer();
  const keys = ({ list }: Tokens): readonly number[] => list.map(({ text }) => key(text));
  const keyed = { base: keys(base), ours: keys(ours), theirs: keys(theirs) };
  const pieces: string[] = [];
  for (const chunk of diff3(keyed, { align: alignRarest, touching })) {
    const parts = {
      base: slice(base, chunk.base),
      ours: slice(ours, chunk.ours),
      theirs: slice(theirs, chunk.theirs),
    };
    switch (chunk.by) {
      case 'nobody':
        pieces.push(parts.ours.map((token, at) => blankOf(parts, at) + token.text).join(''));
        break;
      case 'both alike':
      case 'ours':
        pieces.push(joined(parts.ours));
        break;
      case 'theirs':
        pieces.push(joined(parts.theirs));
        break;
      case 'both': {
        const settled = settle({
          base: joined(parts.base),
          ours: joined(parts.ours),
          theirs: joined(parts.theirs),
        });
        if (settled === null) return null;
        pieces.push(settled);
      }
    }
  }
  const said = pieces.filter((piece) => piece !== '');
  if (said.some((piece, at) => at > 0 && runTogether(said[at - 1]!, piece))) return null;
  const woven = said.join('');
  return woven + tailOf({ base, ours, theirs }, woven);
};

/** The end of the side that changed it; one that is empty has no say in how the other one's words end. */
const tailOf = ({ base, ours, theirs }: Three<Tokens>, woven: string): string => {
  const [first, second] = ours.tail === base.tail ? [theirs, ours] : [ours, theirs];
  return first.list.length === 0 && woven !== '' ? second.tail : first.tail;
};

const slice = ({ list }: Tokens, { start, end }: Range): readonly Token[] => list.slice(start, end);

const blankOf = ({ base, ours, theirs }: Three<readonly Token[]>, at: number): string =>
  ours[at]!.blank === base[at]!.blank ? theirs[at]!.blank : ours[at]!.blank;

const joined = (tokens: readonly Token[]): string => tokens.map(({ blank, text }) => blank + text).join('');
