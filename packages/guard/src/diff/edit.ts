import type { FileChange } from './change.ts';
import { type FileKind, familyOf, kindOf } from './file-kind.ts';
import { focus, linesOf } from './focus.ts';
import { type Hunk, hunksOf } from './hunks.ts';
import { type Lexed, type LexerFamily, lex, type Token } from './lexer.ts';
import { type Block, lineEdits } from './line-edits.ts';

/** One side of an edited file. Lines are counted from 0 within what is known; `numbers` says where they really are. */
export type Side = {
  readonly text: string;
  readonly lines: readonly string[];
  readonly hunks: readonly Hunk[];
  readonly tokens: readonly Token[];
  readonly comments: Lexed['comments'];
  /** Lines that the other side does not have. */
  readonly changed: ReadonlySet<number>;
  /** 1-based line in the file. */
  readonly numberOf: (line: number) => number;
};

/** A file of a change, read once for all analyzers. */
export type Edit = {
  readonly path: string;
  readonly from: string | null;
  readonly kind: FileKind;
  readonly family: LexerFamily | null;
  readonly isNew: boolean;
  readonly isDeleted: boolean;
  /** Lines of the whole file before; null where only hunks are known. */
  readonly length: number | null;
  readonly before: Side;
  readonly after: Side;
  readonly blocks: readonly Block[];
};

/** The tokens of each line of a side; a line without any has no entry. */
export const byLine = ({ tokens }: Side): ReadonlyMap<number, readonly Token[]> =>
  Map.groupBy(tokens, (token) => token.line);

/** The tokens of the lines from `start` to before `end`. */
export const tokensBetween = (
  lines: ReadonlyMap<number, readonly Token[]>,
  start: number,
  end: number,
): readonly Token[] => Array.from({ length: end - start }, (_, step) => lines.get(start + step) ?? []).flat();

export const editOf = (whole: FileChange): Edit => {
  const file = focus(whole);
  const family = familyOf(file.path);
  const beforeLines = linesOf(file.before);
  const afterLines = linesOf(file.after);
  const blocks = lineEdits(beforeLines.map(comparable), afterLines.map(comparable));
  const removed = changedLines(blocks.map((block) => [block.beforeStart, block.beforeEnd]));
  const added = changedLines(blocks.map((block) => [block.afterStart, block.afterEnd]));
  return {
    path: file.path,
    from: file.from ?? null,
    kind: kindOf(file.path),
    family,
    isNew: file.before === null,
    isDeleted: file.after === null,
    length: whole.beforeLines === undefined ? linesOf(whole.before).length : null,
    before: sideOf({
      text: file.before ?? '',
      lines: beforeLines,
      numbers: file.beforeLines,
      changed: removed,
      family,
    }),
    after: sideOf({
      text: file.after ?? '',
      lines: afterLines,
      numbers: file.afterLines,
      changed: added,
      family,
    }),
    blocks,
  };
};

/** Indentation is no difference: a reindented line was not removed. */
const comparable = (line: string): string => line.trim();

const changedLines = (ranges: readonly (readonly [number, number])[]): ReadonlySet<number> => {
  const lines = new Set<number>();
  for (const [start, end] of ranges) for (let line = start; line < end; line += 1) lines.add(line);
  return lines;
};

const sideOf = (input: {
  readonly text: string;
  readonly lines: readonly string[];
  readonly numbers: readonly number[] | undefined;
  readonly changed: ReadonlySet<number>;
  readonly family: LexerFamily | null;
}): Side => {
  const { text, lines, numbers, changed, family } = input;
  const numberOf = (line: number): number => numbers?.[line] ?? line + 1;
  const hunks = lines.length === 0 ? [] : hunksOf(lines, numbers);
  const lexed = family === null ? { tokens: [], comments: [] } : lexHunks(hunks, family);
  return { text, lines, hunks, ...lexed, changed, numberOf };
};

/** Each hunk is read alone: an open quote or comment of one says nothing about the next. */
const lexHunks = (hunks: readonly Hunk[], family: LexerFamily): Lexed => {
  const first = hunks[0];
  if (first !== undefined && hunks.length === 1) return lex(family, first.text);
  const tokens: Token[] = [];
  const comments: { text: string; line: number }[] = [];
  for (const hunk of hunks) {
    const read = lex(family, hunk.text);
    for (const token of read.tokens) tokens.push({ ...token, line: token.line + hunk.start });
    for (const comment of read.comments) comments.push({ ...comment, line: comment.line + hunk.start });
  }
  return { tokens, comments };
};
