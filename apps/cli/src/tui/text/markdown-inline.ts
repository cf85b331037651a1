import { type Line, line, type Span, span } from './line.ts';
import type { Style } from './style.ts';

/** Each alternative is closed on the same line and bounded, so that no text makes it slow. */
const marks =
  /(`+)([^`]{1,2000})\1|\*\*([^*\n]{1,1000})\*\*|__([^_\n]{1,1000})__|(?<![\w*])\*([^*\s][^*\n]{0,1000})\*(?!\w)|(?<!\w)_([^_\s][^_\n]{0,1000})_(?!\w)|\[([^\]\n]{1,500})\]\(([^)\s]{1,2000})\)/g;

/** Bold, italic, code and links inside one line. */
export const inline = (text: string, base: Style = 'plain'): Line => {
  const spans: Span[] = [];
  let from = 0;
  for (const match of text.matchAll(marks)) {
    if (match.index > from) spans.push(span(text.slice(from, match.index), base));
    spans.push(...marked(match));
    from = match.index + match[0].length;
  }
  if (from < text.length) spans.push(span(text.slice(from), base));
  return line(...spans);
};

const marked = ([
  whole,
  ,
  code,
  strong,
  strong2,
  soft,
  soft2,
  label,
  url,
]: RegExpExecArray): readonly Span[] => {
  if (code !== undefined) return [span(code, 'code')];
  if (strong !== undefined || strong2 !== undefined) return [span(strong ?? strong2 ?? '', 'bold')];
  if (soft !== undefined || soft2 !== undefined) return [span(soft ?? soft2 ?? '', 'italic')];
  if (label === undefined || url === undefined) return [span(whole)];
  // The address is shown, so that nobody is sent where the words do not say.
  return label === url ? [span(url, 'accent')] : [span(label, 'accent'), span(` (${url})`, 'dim')];
};
