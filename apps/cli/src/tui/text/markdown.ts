import { cellWidth, clean } from './cells.ts';
import { codeLine } from './code.ts';
import { emptyLine, indent, type Line, line, lineWidth, pad, type Span, span } from './line.ts';
import { inline } from './markdown-inline.ts';
import { wrap } from './wrap.ts';

export type Markdown = {
  readonly lines: readonly Line[];
  /** How many of the lines more text cannot change. */
  readonly stable: number;
};

/**
 * Markdown as lines of a width, read a line at a time, so that text that grows only ever changes its end: a model's answer
 * is drawn while it streams.
 */
export const markdown = (text: string, width: number): Markdown => {
  const source = text.replaceAll('\r\n', '\n').split('\n');
  const lines: Line[] = [];
  let stable = 0;
  let fence: Fence | null = null;
  let table: string[] = [];
  const endTable = (): void => {
    lines.push(...tableLines(table, width));
    table = [];
  };
  for (const [index, raw] of source.entries()) {
    const closes = fence !== null && raw.trim().startsWith(fence.mark) && /^[`~]+$/.test(raw.trim());
    if (fence === null && isRow(raw)) {
      table.push(raw);
      continue;
    }
    if (table.length > 0) endTable();
    if (closes) fence = null;
    else if (fence !== null) lines.push(...fenced(raw, fence, width));
    else {
      fence = fenceOf(raw);
      if (fence === null) lines.push(...blockLines(raw, width));
    }
    if (index < source.length - 1) stable = lines.length;
  }
  if (table.length > 0) endTable();
  return { lines, stable };
};

type Fence = { readonly mark: string; readonly language: string };

const fenceOf = (raw: string): Fence | null => {
  const match = /^\s*(`{3,}|~{3,})\s*([\w+#.-]*)/.exec(raw);
  return match === null ? null : { mark: match[1]!, language: match[2] ?? '' };
};

const gutter = span('│ ', 'dim');

const fenced = (raw: string, { language }: Fence, width: number): readonly Line[] =>
  indent(wrap(codeLine(clean(raw), language), width - 2, { exact: true }), gutter, gutter);

const blockLines = (raw: string, width: number): readonly Line[] => {
  if (raw.trim() === '') return [emptyLine];
  const heading = /^\s{0,3}(#{1,6})\s+(.*?)\s*#*$/.exec(raw);
  if (heading !== null) return wrap(line(span(heading[2]!, 'heading')), width);
  if (/^\s{0,3}([-*_])(\s*\1){2,}\s*$/.test(raw)) return [line(span('─'.repeat(Math.min(width, 40)), 'dim'))];
  const quote = /^\s{0,3}>\s?(.*)$/.exec(raw);
  if (quote !== null) return indent(wrap(inline(quote[1]!, 'italic'), width - 2), gutter, gutter);
  const item = /^(\s*)([-*+]|\d{1,9}[.)])\s+(?:\[([ xX])\]\s+)?(.*)$/.exec(raw);
  if (item !== null) return listItem(item, width);
  const [blank = ''] = /^\s{0,8}/.exec(raw) ?? [];
  const lead = span(blank.replaceAll('\t', '  '));
  return indent(wrap(inline(raw.trim()), width - lead.text.length), lead, lead);
};

const listItem = (
  [, blank = '', mark = '', box, text = '']: RegExpExecArray,
  width: number,
): readonly Line[] => {
  const bullet = /\d/.test(mark) ? mark : '•';
  const tick = box === undefined ? '' : box === ' ' ? '☐ ' : '☑ ';
  const depth = Math.min(8, blank.replaceAll('\t', '  ').length);
  const first = span(`${' '.repeat(depth)}${bullet} ${tick}`, 'accent');
  const rest = span(' '.repeat(cellWidth(first.text)));
  return indent(wrap(inline(text), width - rest.text.length), first, rest);
};

const isRow = (raw: string): boolean => /^\s*\|.*\|\s*$/.test(raw);
const isRule = (cells: readonly string[]): boolean => cells.every((cell) => /^:?-+:?$/.test(cell));

const tableLines = (rows: readonly string[], width: number): readonly Line[] => {
  const cells = rows.map((row) =>
    row
      .trim()
      .slice(1, -1)
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim().replaceAll('\\|', '|')),
  );
  const shown = cells.filter((row) => !isRule(row)).map((row) => row.map((cell) => inline(cell)));
  const columns = Math.max(...cells.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, at) =>
    Math.max(1, ...shown.map((row) => lineWidth(row[at] ?? []))),
  );
  const total = widths.reduce((sum, one) => sum + one + 3, -3);
  // Too wide for columns: a row is a paragraph.
  if (total > width) return shown.flatMap((row) => wrap(joined(row, span(' · ', 'dim')), width));
  const drawn = shown.map((row) =>
    joined(
      widths.map((one, at) => pad(row[at] ?? [], one)),
      span(' │ ', 'dim'),
    ),
  );
  const hasHead = cells[1] !== undefined && isRule(cells[1]);
  if (!hasHead) return drawn;
  const rule = line(span(widths.map((one) => '─'.repeat(one)).join('─┼─'), 'dim'));
  return [drawn[0] ?? [], rule, ...drawn.slice(1)];
};

const joined = (parts: readonly Line[], between: Span): Line =>
  parts.flatMap((part, at) => (at === 0 ? part : [between, ...part]));
