import type { Tree, TreeCursor } from 'web-tree-sitter';
import { type LoadedGrammar, loadGrammar } from './grammar.ts';
import { languageOf, type ParsedLanguage } from './language.ts';

/** Generated and vendored giants are not read: a tree of a megabyte of text costs 200 MB of nodes. */
const maxText = 1_000_000;

/**
 * A node of the syntax tree as plain data. The wasm tree is freed as soon as it is copied: reading nodes across the
 * wasm border again and again is slower than one copy, and a forgotten tree would leak.
 */
export class SyntaxNode {
  readonly type: string;
  readonly named: boolean;
  readonly missing: boolean;
  readonly field: string | null;
  readonly start: number;
  readonly end: number;
  readonly parent: SyntaxNode | null;
  /** Place among the parent's children. */
  readonly index: number;
  readonly children: SyntaxNode[] = [];
  readonly source: Source;

  constructor(input: Omit<SyntaxNodeInput, 'children'>) {
    this.type = input.type;
    this.named = input.named;
    this.missing = input.missing;
    this.field = input.field;
    this.start = input.start;
    this.end = input.end;
    this.parent = input.parent;
    this.index = input.index;
    this.source = input.source;
  }

  get text(): string {
    return this.source.text.slice(this.start, this.end);
  }

  /** 1-based. */
  get line(): number {
    return this.source.lineAt(this.start);
  }

  get endLine(): number {
    return this.source.lineAt(this.end);
  }

  /** Named children without comments. */
  get parts(): readonly SyntaxNode[] {
    return this.children.filter((child) => child.named && child.type !== 'comment');
  }

  child(field: string): SyntaxNode | null {
    return this.children.find((child) => child.field === field) ?? null;
  }

  childrenOf(field: string): readonly SyntaxNode[] {
    return this.children.filter((child) => child.field === field && child.named);
  }

  token(text: string): SyntaxNode | null {
    return this.children.find((child) => !child.named && child.type === text) ?? null;
  }

  sibling(step: 1 | -1): SyntaxNode | null {
    return this.parent?.children[this.index + step] ?? null;
  }

  ancestor(types: ReadonlySet<string>): SyntaxNode | null {
    let node = this.parent;
    while (node !== null && !types.has(node.type)) node = node.parent;
    return node;
  }

  /** Itself and everything below, in order of the text. */
  *walk(): Generator<SyntaxNode> {
    const stack: SyntaxNode[] = [this];
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      yield node;
      for (let at = node.children.length - 1; at >= 0; at -= 1) stack.push(node.children[at]!);
    }
  }
}

type SyntaxNodeInput = Pick<
  SyntaxNode,
  'type' | 'named' | 'missing' | 'field' | 'start' | 'end' | 'parent' | 'index' | 'source' | 'children'
>;

/** A text with its tree. */
export class Source {
  readonly language: ParsedLanguage;
  readonly text: string;
  #lineStarts: readonly number[] | null = null;
  #root: SyntaxNode | null = null;

  constructor(language: ParsedLanguage, text: string) {
    this.language = language;
    this.text = text;
  }

  get root(): SyntaxNode {
    if (this.#root === null) throw new Error('the tree of a source is read before it is copied');
    return this.#root;
  }

  set root(root: SyntaxNode) {
    this.#root = root;
  }

  get python(): boolean {
    return this.language === 'python';
  }

  get lineStarts(): readonly number[] {
    this.#lineStarts ??= startsOfLines(this.text);
    return this.#lineStarts;
  }

  /** 1-based line of an offset. */
  lineAt(offset: number): number {
    const starts = this.lineStarts;
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  }

  lineStart(offset: number): number {
    return this.lineStarts[this.lineAt(offset) - 1]!;
  }

  /** The blanks that the line of an offset begins with. */
  indentAt(offset: number): string {
    return /^[ \t]*/.exec(this.text.slice(this.lineStart(offset), offset))![0];
  }
}

export const startsOfLines = (text: string): readonly number[] => {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
};

const recent: { readonly path: string; readonly source: Source }[] = [];
/** One question is usually followed by another about the same text; more would only hold memory. */
const maxRecent = 6;

/** The tree of a text; null where there is no grammar or the text is too long. */
export const parse = async (path: string, text: string): Promise<Source | null> => {
  const language = languageOf(path);
  if (language === 'other' || text.length > maxText) return null;
  const known = recent.find((entry) => entry.source.language === language && entry.source.text === text);
  if (known !== undefined) return known.source;
  const source = copyTree(await loadGrammar(language), { language, text });
  if (source === null) return null;
  recent.unshift({ path, source });
  recent.length = Math.min(recent.length, maxRecent);
  return source;
};

/** Nobody writes code this deep, and rules that recurse would run out of stack on generated sums that are. */
const maxDepth = 500;

/**
 * Reads one text of a language at once; null where `keepOn` said no in between. Text that no grammar fits can take the
 * parser a minute for a thousand characters, so whoever reads what others wrote gives a `keepOn` that comes to an end.
 */
export type ParseText = {
  (text: string): Source;
  (text: string, keepOn: () => boolean): Source | null;
};

/** Reads texts of one language without waiting: for callers who load the grammar first. */
export const createParser = async (language: ParsedLanguage): Promise<ParseText> => {
  const loaded = await loadGrammar(language);
  const read = (text: string, keepOn?: () => boolean): Source | null =>
    copyTree(loaded, { language, text, keepOn });
  return read as ParseText;
};

const copyTree = (
  loaded: LoadedGrammar,
  {
    language,
    text,
    keepOn,
  }: {
    readonly language: ParsedLanguage;
    readonly text: string;
    readonly keepOn?: (() => boolean) | undefined;
  },
): Source | null => {
  const progressCallback = (): boolean => keepOn?.() === false;
  const tree: Tree | null = loaded.parser.parse(text, null, { progressCallback });
  if (tree === null) {
    loaded.parser.reset();
    if (keepOn === undefined) throw new Error('the parser was stopped, though nothing stops it');
    return null;
  }
  const cursor = tree.walk();
  try {
    const source = new Source(language, text);
    source.root = copyNodes(cursor, source, loaded);
    return source;
  } finally {
    cursor.delete();
    tree.delete();
  }
};

const copyNodes = (cursor: TreeCursor, source: Source, loaded: LoadedGrammar): SyntaxNode => {
  const { types, fields } = loaded.grammar;
  const namedTypes = new Map<number, boolean>();
  const copy = (parent: SyntaxNode | null): SyntaxNode => {
    const typeId = cursor.nodeTypeId;
    const start = cursor.startIndex;
    const end = cursor.endIndex;
    let named = namedTypes.get(typeId);
    if (named === undefined) {
      named = cursor.nodeIsNamed;
      namedTypes.set(typeId, named);
    }
    const type = types[typeId] ?? 'ERROR';
    const fieldId = cursor.currentFieldId;
    const field = fieldId === 0 ? null : (fields[fieldId] ?? null);
    const index = parent?.children.length ?? 0;
    const missing = start === end && cursor.nodeIsMissing;
    return new SyntaxNode({ type, named, missing, field, start, end, parent, index, source });
  };
  const root = copy(null);
  let depth = 0;
  let parent: SyntaxNode | null = root;
  let deeper = cursor.gotoFirstChild();
  while (parent !== null) {
    if (deeper) {
      const node: SyntaxNode = copy(parent);
      parent.children.push(node);
      if (depth < maxDepth && cursor.gotoFirstChild()) {
        parent = node;
        depth += 1;
      } else deeper = cursor.gotoNextSibling();
      continue;
    }
    cursor.gotoParent();
    parent = parent.parent;
    depth -= 1;
    deeper = parent !== null && cursor.gotoNextSibling();
  }
  return root;
};
