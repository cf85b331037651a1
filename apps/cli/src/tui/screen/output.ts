import { type Line, line, span } from '../text/line.ts';
import { wrap } from '../text/wrap.ts';

/** What a command printed: its last lines, for that is where the outcome stands, and how many came before. */
export const commandOutput = (
  output: string,
  { width, limit }: { readonly width: number; readonly limit: number },
): readonly Line[] => {
  const text = output.replace(/\s+$/, '');
  if (text === '') return [];
  const source = (limit < 1_000 ? text.slice(-limit * 2_000) : text).split('\n').map(lastWritten);
  const total = text.split('\n').length;
  const kept = source.slice(-limit);
  const lines = kept.flatMap((one) => wrap(line(span(one, 'dim')), width, { exact: true }));
  const tail = limit < 1_000 ? lines.slice(-limit * 2) : lines;
  const hidden = total - kept.length;
  return hidden > 0 ? [line(span(`… ${hidden} more lines: Ctrl-O`, 'dim')), ...tail] : tail;
};

/** A progress bar writes a line over and over: only its last state is worth a line. */
const lastWritten = (text: string): string => {
  const parts = text.split('\r').filter((part) => part !== '');
  return parts.at(-1) ?? '';
};
