import type { LoadedGrammar, Source } from '@tandem/syntax';
import type { Edit, Node as GrammarNode, Tree } from 'web-tree-sitter';
import type { Candidate } from './candidate.ts';

export type Checker = {
  /** Whether the edited text has no more syntax errors than the text it came from. */
  readonly parses: (candidate: Candidate, text: string) => boolean;
  /** Frees the tree. */
  readonly close: () => void;
};

/** Parses once, then only what each edit touches: an incremental parse costs a tenth of a whole one. */
export const startChecker = ({ parser, Edit: EditClass }: LoadedGrammar, source: Source): Checker => {
  const tree = parser.parse(source.text);
  if (tree === null) throw new Error('the parser was stopped, though nothing stops it');
  const errors = errorsOf(tree.rootNode);
  const parses = (candidate: Candidate, text: string): boolean => {
    const edited = tree.copy();
    edited.edit(new EditClass(editOf(source, candidate)));
    const next: Tree | null = parser.parse(text, edited);
    try {
      return next !== null && errorsOf(next.rootNode) <= errors;
    } finally {
      edited.delete();
      next?.delete();
    }
  };
  return { parses, close: () => tree.delete() };
};

const errorsOf = (root: GrammarNode): number => {
  if (!root.hasError) return 0;
  // A missing token is no ERROR node, yet makes the tree an erroneous one.
  return 1 + root.descendantsOfType('ERROR').length;
};

type EditShape = Omit<Edit, 'editPoint' | 'editRange'>;

const editOf = (source: Source, { start, end, text }: Candidate): EditShape => {
  const from = point(source, start);
  const lastBreak = text.lastIndexOf('\n');
  const rows = text.split('\n').length - 1;
  const column = lastBreak === -1 ? from.column + text.length : text.length - lastBreak - 1;
  return {
    startIndex: start,
    oldEndIndex: end,
    newEndIndex: start + text.length,
    startPosition: from,
    oldEndPosition: point(source, end),
    newEndPosition: { row: from.row + rows, column },
  };
};

const point = (source: Source, offset: number): { row: number; column: number } => {
  const row = source.lineAt(offset) - 1;
  return { row, column: offset - source.lineStarts[row]! };
};
