import type { SyntaxNode } from '@tandem/syntax';
import { literal, type Redirect, type Stdin, type Word } from './command.ts';
import { expandText, expandWhole, expandWord, type Surroundings } from './expand-word.ts';

export type Redirects = {
  readonly list: readonly Redirect[];
  /** What they make of the command's input; null where they leave it. */
  readonly stdin: Stdin | null;
  /** Arguments that the grammar reads as more targets: `cmd > file argument`. */
  readonly extra: readonly Word[];
};

export const readRedirects = (nodes: readonly SyntaxNode[], surroundings: Surroundings): Redirects => {
  const list: Redirect[] = [];
  const extra: Word[] = [];
  let stdin: Stdin | null = null;
  for (const node of nodes) {
    const read = readOne(node, surroundings);
    list.push(...read.list);
    extra.push(...read.extra);
    stdin = read.stdin ?? stdin;
  }
  return { list, stdin, extra };
};

const readOne = (node: SyntaxNode, surroundings: Surroundings): Redirects => {
  switch (node.type) {
    case 'heredoc_redirect': {
      const inside = readRedirects(node.childrenOf('redirect'), surroundings);
      const words = node.childrenOf('argument').flatMap((word) => expandWord(word.text, surroundings));
      const stdin: Stdin = { type: 'text', text: heredocText(node, surroundings) };
      return { list: inside.list, stdin, extra: [...inside.extra, ...words] };
    }
    case 'herestring_redirect': {
      const word = node.children.find((child) => child.named);
      const text = word === undefined ? literal('') : expandWhole(word.text, surroundings);
      return { list: [], stdin: { type: 'text', text }, extra: [] };
    }
    default:
      return fileRedirect(node, surroundings);
  }
};

const fileRedirect = (node: SyntaxNode, surroundings: Surroundings): Redirects => {
  const [first, ...more] = node.childrenOf('destination');
  const extra = more
    .filter((word) => word.type !== 'number')
    .flatMap((word) => expandWord(word.text, surroundings));
  if (first === undefined) return { list: [], stdin: null, extra };
  const operator = node.children.find((child) => !child.named)?.type ?? '>';
  const target = expandWhole(first.text, surroundings);
  const descriptor = first.type === 'number' && operator.includes('&');
  return {
    list: descriptor ? [] : [{ operator, target }],
    stdin: operator === '<' ? { type: 'file', path: target } : null,
    extra,
  };
};

/** The text between the marks of a here-document; tabs are dropped after `<<-`. */
const heredocText = (node: SyntaxNode, surroundings: Surroundings): Word => {
  const start = node.children.find((child) => child.type === 'heredoc_start');
  const body = node.children.find((child) => child.type === 'heredoc_body');
  const end = node.children.find((child) => child.type === 'heredoc_end');
  if (body === undefined || start === undefined) return literal('');
  const { text } = node.source;
  const from = text.lastIndexOf('\n', body.start) + 1;
  const raw = text.slice(Math.min(from, body.start), end?.start ?? body.end);
  const plain = node.children[0]?.type === '<<-' ? raw.replace(/^\t+/gm, '') : raw;
  return /['"\\]/.test(start.text) ? literal(plain) : expandText(plain, surroundings);
};
