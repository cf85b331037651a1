import { createParser, languageOf, type Source, type SyntaxNode } from '@tandem/syntax';
import { bare } from '../text/tokens.ts';
import { distinct, type Item, type List } from './item.ts';
import type { ReadList } from './read-list.ts';

/** Nodes whose children are things that may come and go one by one. */
const containers: ReadonlySet<string> = new Set([
  'program',
  'module',
  'block',
  'class_body',
  'statement_block',
  'object',
  'array',
  'arguments',
  'formal_parameters',
  'named_imports',
  'export_clause',
  'object_type',
  'interface_body',
  'enum_body',
  'object_pattern',
  'array_pattern',
  'dictionary',
  'list',
  'set',
  'tuple',
  'argument_list',
  'parameters',
]);
const brackets: ReadonlySet<string> = new Set(['{', '}', '[', ']', '(', ')', ',', ';', '{|', '|}']);
/** Past this depth a list is part of one statement that nobody merges by its elements. */
const maxDepth = 12;

/** Reads a text of this path as nested lists. JSON is read as the JavaScript value it is. Null: no grammar. */
export const codeReader = async (path: string): Promise<ReadList | null> => {
  const json = /\.(?:json|jsonc|json5|webmanifest)$/i.test(path);
  const language = json ? 'javascript' : languageOf(path);
  if (language === 'other') return null;
  const parse = await createParser(language);
  return (text) => {
    const source = parse(json ? `(${text})` : text);
    const lines = new Lines(source, json ? 1 : 0);
    const whole = { start: 0, end: lines.count };
    return json ? innerOf(source.root, lines, whole, 0) : listOf(source.root, lines, whole, 0);
  };
};

type LineRange = { readonly start: number; readonly end: number };

/** Offsets of the tree as lines of the text; a bracket put around the text is not part of it. */
class Lines {
  readonly #source: Source;
  readonly #added: number;
  readonly count: number;

  constructor(source: Source, added: number) {
    this.#source = source;
    this.#added = added;
    const text = source.text.slice(added, source.text.length - added);
    this.count = text === '' ? 0 : text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
  }

  first(node: SyntaxNode): number {
    return this.#source.lineAt(node.start) - 1;
  }

  /** The line after the node's last. */
  after(node: SyntaxNode): number {
    const last = this.#source.lineAt(Math.max(node.start, node.end - 1));
    return Math.min(last, this.count);
  }

  text({ start, end }: LineRange): string {
    return this.#source.text.slice(this.offset(start), this.offset(end));
  }

  offset(line: number): number {
    const { text, lineStarts } = this.#source;
    const end = text.length - this.#added;
    return line >= this.count ? end : Math.max(this.#added, lineStarts[line]!);
  }
}

/** The children of a container as items of whole lines; null where two of them share a line. */
const listOf = (node: SyntaxNode, lines: Lines, range: LineRange, depth: number): List | null => {
  const isElement = (child: SyntaxNode): boolean => child.type !== 'comment' && !brackets.has(child.type);
  const elements = node.children.filter(isElement);
  const opening = node.children[0];
  const from = opening !== undefined && brackets.has(opening.type) ? lines.after(opening) : range.start;
  const items: Omit<Item, 'again'>[] = [];
  let start = Math.max(from, range.start);
  if (elements.some(({ type }) => type === 'ERROR')) return null;
  for (const element of elements) {
    if (lines.first(element) < start) return null;
    const end = lines.after(element);
    items.push(itemOf(element, lines, { start, end }, depth));
    start = end;
  }
  const closing = node.children.at(-1);
  if (
    closing !== undefined &&
    closing !== opening &&
    brackets.has(closing.type) &&
    lines.first(closing) < start
  )
    return null;
  if (items.length === 0 && node.parent !== null) return null;
  return {
    head: lines.text({ start: range.start, end: Math.max(from, range.start) }),
    items: distinct(items),
    tail: lines.text({ start, end: range.end }),
    separator: separatorOf(node, elements),
  };
};

const separatorOf = (node: SyntaxNode, elements: readonly SyntaxNode[]): List['separator'] => {
  if (node.token(',') === null && !commaLists.has(node.type)) return 'none';
  return elements.at(-1)?.sibling(1)?.type === ',' ? 'closed' : 'between';
};

const commaLists: ReadonlySet<string> = new Set([
  'object',
  'array',
  'arguments',
  'dictionary',
  'list',
  'set',
  'argument_list',
]);

const itemOf = (element: SyntaxNode, lines: Lines, range: LineRange, depth: number): Omit<Item, 'again'> => {
  const parent = element.parent!;
  const hasCommas = commaLists.has(parent.type) || parent.token(',') !== null;
  const key = keyOf(element);
  return {
    key,
    named: !key.startsWith('text '),
    text: lines.text(range),
    separatorAt: hasCommas ? element.end - lines.offset(range.start) : null,
    inner: depth < maxDepth ? innerOf(element, lines, range, depth + 1) : null,
  };
};

/** The list that an item is about: the first container below it that has lines of its own. */
const innerOf = (node: SyntaxNode, lines: Lines, range: LineRange, depth: number): List | null => {
  const queue = [...node.children];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    if (lines.after(next) - lines.first(next) < 2) continue;
    if (containers.has(next.type)) {
      const list = listOf(next, lines, range, depth);
      if (list !== null) return list;
    }
    queue.push(...next.children);
  }
  return null;
};

/** What an item is known by: its name, what it imports from, what it tests; else all that it says. */
const keyOf = (node: SyntaxNode): string => {
  const inner = node.child('declaration') ?? node.child('definition');
  if (inner !== null) return keyOf(inner);
  const source = node.child('source') ?? node.child('module_name');
  if (source !== null) return `${node.type} ${source.text}`;
  const name = node.child('name') ?? node.child('key');
  if (name !== null) return `${kindOf(node.type)} ${name.text}`;
  const [declarator] = node.type.endsWith('_declaration') ? node.parts : [];
  if (declarator?.child('name') != null) return `variable ${declarator.child('name')!.text}`;
  return callKey(node) ?? `text ${bare(node.text)}`;
};

/** A getter and a method of one name differ in more than this; a function and a class of one name are one thing. */
const kindOf = (type: string): string => (type === 'pair' || type === 'keyword_argument' ? 'key' : 'name');

const callKey = (node: SyntaxNode): string | null => {
  const call = node.type === 'expression_statement' ? node.parts[0] : node;
  if (call?.type === 'assignment' || call?.type === 'assignment_expression')
    return `assign ${bare(call.child('left')?.text ?? '')}`;
  const first = call?.child('arguments')?.parts[0];
  return first?.type === 'string' && call?.child('function') != null
    ? `call ${call.child('function')!.text} ${first.text}`
    : null;
};
