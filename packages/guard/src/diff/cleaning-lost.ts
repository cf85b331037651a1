import type { Edit, Side } from './edit.ts';
import { partsOf } from './guard-words.ts';
import type { Token } from './lexer.ts';

/** What no longer cleans a value, and where the value is used as it comes. */
export type LostCleaning = { readonly what: string; readonly line: number };

/**
 * Calls that clean a value and are gone while the value is still used: `escape(name)` became `name`, `name = escape(name)`
 * went, a `.replace('<', '&lt;')` went. Where as much cleaning comes as goes, it was moved or exchanged.
 */
export const lostCleaning = (edit: Edit, edits: readonly Edit[]): readonly LostCleaning[] => {
  const gone = cleanings(edit.before);
  if (gone.length === 0) return [];
  const come = edits.flatMap((other) => cleanings(other.after));
  if (come.length >= edits.flatMap((other) => cleanings(other.before)).length) return [];
  return gone.flatMap(({ what, value, line }) => {
    const block = edit.blocks.find((one) => line >= one.beforeStart && line < one.beforeEnd);
    if (block === undefined || !isUsed(value, edit.after, block.afterStart, block.afterEnd)) return [];
    return [{ what, line: edit.after.numberOf(Math.min(block.afterStart, edit.after.lines.length - 1)) }];
  });
};

type Cleaning = { readonly what: string; readonly value: string; readonly line: number };

/** The calls on the lines that the other side does not have, with the first name that each cleans. */
const cleanings = ({ tokens, changed }: Side): readonly Cleaning[] =>
  tokens.flatMap((token, index) => {
    if (!changed.has(token.line) || token.kind !== 'word' || tokens[index + 1]?.text !== '(') return [];
    const value = isCleaner(token, tokens[index - 1])
      ? firstName(tokens, index + 2)
      : isEscaping(tokens, index)
        ? ownerOf(tokens, index)
        : null;
    return value === null ? [] : [{ what: token.text, value, line: token.line }];
  });

const cleaner =
  /^(?:escape|escapes|escaping|esc|sanitize|sanitise|sanitizer|purify|quote|bleach|entities|htmlspecialchars|linkify|normpath|realpath)$/;
const inverse = /^(?:un|re|unescape|unquote|decode|regex|regexp|css|re)$/;

const isCleaner = ({ text }: Token, previous: Token | undefined): boolean => {
  if (/^(?:def|function|func|fn|new)$/.test(previous?.text ?? '')) return false;
  const parts = partsOf(text);
  return (
    (parts.some((part) => cleaner.test(part)) && !parts.some((part) => inverse.test(part))) ||
    /^(?:encodeURIComponent|encodeURI|secure_filename|strip_tags|html_escape|resolvePath|safe_join)$/.test(
      text,
    )
  );
};

/** `.replace(/</g, '&lt;')`: the replacement is what only an escape writes. */
const isEscaping = (tokens: readonly Token[], index: number): boolean => {
  if (!/^(?:replace|replaceAll|gsub|replace_all)$/.test(tokens[index]!.text)) return false;
  const comma = tokens.slice(index + 2, index + 8).findIndex(({ text }) => text === ',');
  const replacement = tokens[index + 3 + comma];
  return (
    comma !== -1 &&
    replacement?.kind === 'string' &&
    /^["'`](?:&#?\w+;|\\\\\W|\\\\u|%[0-9A-Fa-f]{2}|\\["'])/.test(replacement.text)
  );
};

const maxReach = 40;

const firstName = (tokens: readonly Token[], from: number): string | null =>
  tokens
    .slice(from, from + 6)
    .find(({ kind, text }) => kind === 'word' && !/^(?:this|self|str|String|await|new)$/.test(text))?.text ??
  null;

/** The name that a chain of calls begins with: `name` of `name.trim().replace(…)`. */
const ownerOf = (tokens: readonly Token[], index: number): string | null => {
  let name: string | null = null;
  let depth = 0;
  for (let at = index - 1; at >= Math.max(0, index - maxReach); at -= 1) {
    const { text, kind } = tokens[at]!;
    if (text === ')') depth += 1;
    else if (text === '(') depth -= 1;
    if (depth < 0 || (depth === 0 && /^(?:[;={}]|return|=>)$/.test(text))) break;
    if (kind === 'word' && depth === 0) name = text;
  }
  return name;
};

/** Lines below a block in which a value may still be used. */
const below = 8;

const isUsed = (name: string, { tokens }: Side, from: number, end: number): boolean =>
  tokens.some(({ text, line, kind }) => {
    if (line < from || line >= end + (end === from ? below : 0)) return false;
    return (
      text === name ||
      (kind === 'string' && new RegExp(`[$#]\\{\\s*${name.replace(/\W/g, '')}\\b`).test(text))
    );
  });
