import { linesOf } from '../text/shape.ts';
import { bare } from '../text/tokens.ts';
import { distinct, type Item, type List } from './item.ts';

/** Lines where a deeper indentation or a `#` means something else. */
const block = /(?:^|[\s:-])[|>][+-]?\d*\s*$/;
const maxDepth = 30;

/** Reads block mappings and sequences by their indentation; all else stays text. Null where tabs indent. */
export const readYaml = (text: string): List | null => {
  const lines = linesOf(text);
  return lines.some((line) => /^ *\t/.test(line)) ? null : listOf(lines, 0);
};

const listOf = (lines: readonly string[], depth: number): List | null => {
  const indent = Math.min(...lines.filter(says).map(indentOf));
  if (!Number.isFinite(indent)) return null;
  const items: Omit<Item, 'again'>[] = [];
  let pending: string[] = [];
  for (let at = 0; at < lines.length; ) {
    const line = lines[at]!;
    if (!says(line)) {
      pending.push(line);
      at += 1;
      continue;
    }
    if (indentOf(line) !== indent) return null;
    const end = endOf(lines, at, indent);
    items.push(itemOf([...pending, ...lines.slice(at, end)], pending.length, depth));
    pending = [];
    at = end;
  }
  return { head: '', items: distinct(items), tail: pending.join(''), separator: 'none' };
};

/** The item's own line and all that is deeper; a sequence may stand under its key without being deeper. */
const endOf = (lines: readonly string[], start: number, indent: number): number => {
  const opens = /:\s*(?:#.*)?$/.test(lines[start]!) && !isElement(lines[start]!);
  let end = start + 1;
  for (let at = end; at < lines.length; at += 1) {
    const line = lines[at]!;
    if (!says(line)) continue;
    const deeper = indentOf(line) > indent || (opens && indentOf(line) === indent && isElement(line));
    if (!deeper) break;
    end = at + 1;
  }
  return end;
};

const itemOf = (lines: readonly string[], first: number, depth: number): Omit<Item, 'again'> => {
  const [line, below] = [lines[first]!, lines.slice(first + 1)];
  const name = /^\s*((?:"[^"]*"|'[^']*'|[^\s#:'"-][^:#]*?)):(?:\s|$)/.exec(line)?.[1];
  const element = isElement(line)
    ? /^\s*-\s+(?:(?:id|name|uses|repo|key)\s*:.*)$/.exec(line)?.[0]
    : undefined;
  const key = name ?? element ?? lines.slice(first).join('');
  const isPlain = depth < maxDepth && name !== undefined && !block.test(line) && /:\s*(?:#.*)?$/.test(line);
  const inner = isPlain && below.length > 0 ? listOf(below, depth + 1) : null;
  return {
    key: `${name === undefined ? 'element' : 'key'} ${bare(key)}`,
    named: name !== undefined,
    text: lines.join(''),
    separatorAt: null,
    inner: inner === null ? null : { ...inner, head: lines.slice(0, first + 1).join('') + inner.head },
  };
};

const says = (line: string): boolean => !/^\s*(?:#|$)/.test(line);
const indentOf = (line: string): number => /^ */.exec(line)![0].length;
const isElement = (line: string): boolean => /^\s*-(?:\s|$)/.test(line);
