import type { Overlap, OverlapAdvice } from '@tandem/protocol';
import type { Span } from './spans.ts';

/** What one session changes, against the text that it began with. */
export type SessionChanges = {
  readonly session: string;
  /** When its work began: the later of two gives way. */
  readonly since: string;
  readonly files: readonly {
    readonly path: string;
    readonly spans: readonly Span[];
    readonly symbols: readonly string[];
  }[];
};

export type FoundOverlap = {
  readonly earlier: string;
  readonly later: string;
  readonly overlaps: readonly Overlap[];
  readonly advice: OverlapAdvice;
  /** The advice in words, for the one who came later. */
  readonly why: string;
};

/** Every two sessions that change the same files, and what the later one had best do. Pure. */
export const overlaps = (changes: readonly SessionChanges[]): readonly FoundOverlap[] => {
  const inOrder = [...changes].sort(
    (a, b) => a.since.localeCompare(b.since) || a.session.localeCompare(b.session),
  );
  return inOrder.flatMap((later, index) =>
    inOrder.slice(0, index).flatMap((earlier) => {
      const found = overlapsOf(earlier, later);
      if (found.length === 0) return [];
      return [{ earlier: earlier.session, later: later.session, overlaps: found, ...adviceOf(later, found) }];
    }),
  );
};

const overlapsOf = (a: SessionChanges, b: SessionChanges): readonly Overlap[] =>
  a.files.flatMap((one) => {
    const other = b.files.find(({ path }) => path === one.path);
    if (other === undefined) return [];
    const symbols = one.symbols.filter((symbol) => other.symbols.includes(symbol)).sort();
    const lines = merged(one.spans.flatMap((span) => touching(span, other.spans)));
    const level = lines.length > 0 ? 'line' : symbols.length > 0 ? 'symbol' : 'file';
    return [{ path: one.path, level, symbols, lines }];
  });

/** Changes to lines that lie side by side cannot be merged either. */
const touching = (span: Span, others: readonly Span[]): readonly Span[] =>
  others
    .filter((other) => span.from <= other.to + 1 && other.from <= span.to + 1)
    .map((other) => {
      const ends = [Math.max(span.from, other.from), Math.min(span.to, other.to)];
      return { from: Math.max(1, Math.min(...ends)), to: Math.max(1, ...ends) };
    });

const merged = (spans: readonly Span[]): { from: number; to: number }[] => {
  const result: { from: number; to: number }[] = [];
  for (const span of [...spans].sort((a, b) => a.from - b.from || a.to - b.to)) {
    const last = result.at(-1);
    if (last !== undefined && span.from <= last.to + 1) last.to = Math.max(last.to, span.to);
    else result.push({ ...span });
  }
  return result;
};

/**
 * `wait` where all that the later one does is in the way, `split` where only some of it is, `go on` where both change
 * a file in different places, which merges by itself.
 */
const adviceOf = (
  later: SessionChanges,
  found: readonly Overlap[],
): { readonly advice: OverlapAdvice; readonly why: string } => {
  const close = found.filter(({ level }) => level !== 'file');
  const places = close.map(({ path }) => path).join(', ');
  if (close.length === 0) return { advice: 'go on', why: 'the same files in different places' };
  if (close.length < later.files.length)
    return { advice: 'split', why: `leave ${places} until the other has landed, and go on with the rest` };
  return { advice: 'wait', why: `all that is changed here is changed there too: ${places}` };
};
