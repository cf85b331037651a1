import { type Line, line, type Span, span } from './line.ts';
import type { Style } from './style.ts';

/** Words that stand out in most languages; a highlighter a language would be larger than this screen. */
const keywords = new Set(
  (
    'abstract and as async await break case catch class const continue def default del do elif else enum except export extends ' +
    'extern final finally fn for from func function if impl implements import in interface is lambda let match mod module mut ' +
    'namespace new not or package pass private protected pub public raise readonly return self static struct super switch this ' +
    'throw trait try type typeof union unsafe use using var void while with yield True False None true false null undefined nil'
  ).split(' '),
);

const tokens =
  /("(?:[^"\\]|\\.){0,1000}"|'(?:[^'\\]|\\.){0,1000}'|`(?:[^`\\]|\\.){0,1000}`)|((?:\/\/|(?<![\w"'$])#(?!\w+\())[^\n]*)|([A-Za-z_]\w*)/g;

/** Prose and data in fences keep their own look. */
const plainLanguages = new Set(['', 'text', 'txt', 'md', 'markdown', 'console', 'output', 'log', 'csv']);

/** One line of code. Comments and strings that go over lines are not followed: a line alone decides. */
export const codeLine = (text: string, language: string): Line => {
  if (language === 'diff') return line(span(text, diffStyle(text)));
  if (plainLanguages.has(language) || text.length > 2_000) return line(span(text, 'code'));
  const spans: Span[] = [];
  let from = 0;
  for (const match of text.matchAll(tokens)) {
    const style = styleOf(match);
    if (style === null) continue;
    if (match.index > from) spans.push(span(text.slice(from, match.index)));
    spans.push(span(match[0], style));
    from = match.index + match[0].length;
  }
  if (from < text.length) spans.push(span(text.slice(from)));
  return line(...spans);
};

const styleOf = ([, string, comment, word]: RegExpExecArray): Style | null => {
  if (string !== undefined) return 'string';
  if (comment !== undefined) return 'comment';
  return word !== undefined && keywords.has(word) ? 'keyword' : null;
};

const diffStyle = (text: string): Style => {
  if (text.startsWith('+')) return 'added';
  if (text.startsWith('-')) return 'removed';
  return text.startsWith('@@') ? 'dim' : 'plain';
};
