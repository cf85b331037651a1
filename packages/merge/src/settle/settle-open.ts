import type { Hunk, Intent, MergeInput, ProposeHunk } from '../merge.ts';
import { isAcceptable } from './acceptable.ts';
import type { Piece } from './pieces.ts';

/** Past this many open hunks of one file a person has to look anyway, and every one costs seconds. */
const maxHunks = 40;

/**
 * Takes for each open hunk the first proposed text that stands up to every check. `parses` is asked about the whole
 * text with that hunk filled in and, where others are still open, ours in their place.
 */
export const settleOpen = async (request: {
  readonly input: MergeInput;
  readonly pieces: readonly Piece[];
  readonly propose: ProposeHunk;
  readonly intent?: Intent;
  readonly parses: (path: string, text: string) => Promise<boolean>;
  readonly signal: AbortSignal;
}): Promise<readonly Piece[]> => {
  const { input, propose, signal } = request;
  const intent = request.intent === undefined ? {} : { intent: request.intent };
  const { path } = input;
  const pieces = [...request.pieces];
  let asked = 0;
  for (const [index, piece] of request.pieces.entries()) {
    if (piece.type !== 'open' || asked === maxHunks) continue;
    asked += 1;
    const { hunk } = piece;
    const { by, texts } = await propose({ path, hunk, ...intent }, { signal });
    for (const text of texts) {
      if (!isAcceptable(hunk, text)) continue;
      const tried = [...pieces];
      tried[index] = { type: 'taken', hunk, text, how: 'model', by };
      if (!(await request.parses(path, filled(tried)))) continue;
      pieces[index] = tried[index];
      break;
    }
  }
  return pieces;
};

const filled = (pieces: readonly Piece[]): string =>
  pieces.map((piece) => (piece.type === 'open' ? piece.hunk.ours : piece.text)).join('');

/** The hunks that nothing has settled yet. */
export const openHunks = (pieces: readonly Piece[]): readonly Hunk[] =>
  pieces.flatMap((piece) => (piece.type === 'open' ? [piece.hunk] : []));
