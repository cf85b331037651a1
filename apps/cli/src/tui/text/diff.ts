import { clean } from './cells.ts';
import { changedWords } from './changed-words.ts';
import { indent, type Line, line, type Span, span } from './line.ts';
import { wrap } from './wrap.ts';

type Row = {
  readonly kind: 'same' | 'added' | 'removed' | 'note' | 'file';
  readonly number: number | null;
  readonly text: string;
};

/** A unified diff with line numbers, the words that changed marked. Every line of it is there. */
export const diffLines = (diff: string, width: number, { files = false } = {}): readonly Line[] => {
  const rows = rowsOf(diff).filter(({ kind }) => files || kind !== 'file');
  const digits = Math.max(2, ...rows.map(({ number }) => String(number ?? '').length));
  return wordsMarked(rows).flatMap(({ row, spans }) => {
    if (row.kind === 'file') return wrap(line(span(row.text, 'bold')), width);
    if (row.kind === 'note') return wrap(line(span(row.text, 'dim')), width);
    const sign = { same: ' ', added: '+', removed: '-' }[row.kind];
    const style = { same: 'plain', added: 'added', removed: 'removed' } as const;
    const number = String(row.number ?? '').padStart(digits);
    const rest = span(' '.repeat(digits + 3));
    const body = wrap(line(...(spans ?? [span(clean(row.text), style[row.kind])])), width - digits - 3, {
      exact: true,
    });
    const first = [span(`${number} `, 'dim'), span(`${sign} `, style[row.kind])];
    return indent(body, span(''), rest).map((one, index) =>
      index === 0 ? [...first, ...one.slice(1)] : one,
    );
  });
};

const rowsOf = (diff: string): readonly Row[] => {
  const rows: Row[] = [];
  let [before, after, left, right] = [0, 0, 0, 0];
  for (const text of diff.replaceAll('\r\n', '\n').replace(/\n$/, '').split('\n')) {
    const hunk = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(text);
    // The counts say where a hunk ends: inside one, a removed line may well look like a header.
    if (left > 0 || right > 0) {
      const kind = text.startsWith('+') ? 'added' : text.startsWith('-') ? 'removed' : 'same';
      if (text.startsWith('\\')) rows.push({ kind: 'note', number: null, text });
      else rows.push({ kind, number: kind === 'removed' ? before : after, text: text.slice(1) });
      if (text.startsWith('\\')) continue;
      if (kind !== 'added') [before, left] = [before + 1, left - 1];
      if (kind !== 'removed') [after, right] = [after + 1, right - 1];
    } else if (hunk !== null) {
      if (rows.length > 0 && rows.at(-1)?.kind !== 'file')
        rows.push({ kind: 'note', number: null, text: '   ⋮' });
      [before, after] = [Number(hunk[1]), Number(hunk[3])];
      [left, right] = [Number(hunk[2] ?? 1), Number(hunk[4] ?? 1)];
    } else if (text.startsWith('+++ ')) rows.push({ kind: 'file', number: null, text: nameOf(text) });
    else if (text.startsWith('\\')) rows.push({ kind: 'note', number: null, text });
  }
  return rows;
};

const nameOf = (text: string): string => {
  const name = text.slice(4).replace(/^b\//, '').split('\t')[0] ?? '';
  return name === '/dev/null' ? '(deleted)' : name;
};

type Marked = { readonly row: Row; readonly spans: readonly Span[] | null };

/** Runs of removed lines are paired with the added ones after them, first with first. */
const wordsMarked = (rows: readonly Row[]): readonly Marked[] => {
  const marked: Marked[] = rows.map((row) => ({ row, spans: null }));
  for (let at = 0; at < rows.length; ) {
    const removed = runOf(rows, at, 'removed');
    const added = runOf(rows, at + removed, 'added');
    for (let pair = 0; pair < Math.min(removed, added); pair += 1) {
      const before = at + pair;
      const after = at + removed + pair;
      const words = changedWords(clean(rows[before]!.text), clean(rows[after]!.text));
      if (words === null) continue;
      marked[before] = { row: rows[before]!, spans: words.removed };
      marked[after] = { row: rows[after]!, spans: words.added };
    }
    at += Math.max(1, removed + added);
  }
  return marked;
};

const runOf = (rows: readonly Row[], from: number, kind: Row['kind']): number => {
  let end = from;
  while (rows[end]?.kind === kind) end += 1;
  return end - from;
};
