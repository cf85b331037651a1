import type { Hunk } from '../merge.ts';

/** Words that a merged text may have although no version has them. */
const freeTokens = 3;

/** What a text for a hunk must be, whoever wrote it. It may still be wrong. */
export const isAcceptable = (hunk: Hunk, text: string): boolean => {
  if (/^(?:<{7}|\|{7}|={7}|>{7})/m.test(text) && !hasMarkers(hunk)) return false;
  if (lineEnds(text) !== lineEnds(hunk.ours + hunk.theirs) && text !== '') return false;
  const known = new Set(tokensOf(`${hunk.base}\n${hunk.ours}\n${hunk.theirs}`));
  const foreign = new Set(tokensOf(text).filter((token) => !known.has(token)));
  return foreign.size <= freeTokens;
};

const hasMarkers = ({ base, ours, theirs }: Hunk): boolean =>
  /^(?:<{7}|\|{7}|={7}|>{7})/m.test(`${base}\n${ours}\n${theirs}`);

const lineEnds = (text: string): 'crlf' | 'lf' => (text.includes('\r\n') ? 'crlf' : 'lf');

export const tokensOf = (text: string): readonly string[] =>
  text.match(/[\p{L}\p{N}_$]+|[^\s\p{L}\p{N}_$]/gu) ?? [];
