import { byLine, type Edit, tokensBetween } from './edit.ts';
import { isDangerText } from './guard-words.ts';
import type { Token } from './lexer.ts';
import { without } from './multiset.ts';

/** A check that is still there and stops less than it did. */
export type Narrowed = { readonly rule: string; readonly message: string; readonly line: number };

/** Longer stretches do other things too. */
const maxLines = 12;
const maxTokens = 200;

/** Stretches to which a change does nothing but take out a part that kept something out. */
export const narrowedChecks = (edit: Edit): readonly Narrowed[] => {
  const before = byLine(edit.before);
  const after = byLine(edit.after);
  return edit.blocks.flatMap(({ beforeStart, beforeEnd, afterStart, afterEnd }) => {
    if (afterEnd === afterStart || beforeEnd - beforeStart > maxLines) return [];
    const old = tokensBetween(before, beforeStart, beforeEnd);
    const now = tokensBetween(after, afterStart, afterEnd);
    if (now.length === 0 || old.length > maxTokens) return [];
    const sign = signOf(takenOut(old, now));
    return sign === null ? [] : [{ ...sign, line: edit.after.numberOf(afterStart) }];
  });
};

/** The tokens that are gone; none where something came or changed its place. */
const takenOut = (old: readonly Token[], now: readonly Token[]): readonly Token[] => {
  const gone: Token[] = [];
  let at = 0;
  for (const token of old) {
    if (token.text === now[at]?.text) at += 1;
    else gone.push(token);
  }
  return at === now.length ? gone : [];
};

const signOf = (gone: readonly Token[]): Omit<Narrowed, 'line'> | null => {
  const call = cleaningCall(gone);
  if (call !== null)
    return { rule: 'edit.call-unwrapped', message: `What ${call} cleaned is used as it comes` };
  const isPart = gone.some(({ text }) => /^(?:,|&&|\|\||and|or)$/.test(text));
  // A slash or a quote alone separates more often than it attacks.
  const refused = gone.find(
    ({ kind, text }) => kind === 'string' && text.length > 3 && isDangerText(text.slice(1, -1)),
  );
  return isPart && refused !== undefined
    ? { rule: 'edit.condition-weakened', message: `${refused.text} is no longer looked for` }
    : null;
};

/** What it puts in the place of what it finds is short: nothing, a blank, the same character twice. */
const maxReplacement = 8;

/** `.replace(/[^\w]/g, '')`, `re.sub(UNSAFE, '_', name)`: takes characters out, and goes as a whole. */
const cleaningCall = (gone: readonly Token[]): string | null => {
  const at = gone.slice(0, 4).findIndex(({ text }) => /^(?:replace|replaceAll|sub|gsub)$/.test(text));
  if (at === -1 || gone[at + 1]?.text !== '(') return null;
  const [pattern, ...rest] = gone.slice(at + 2);
  const isPattern =
    /^(?:regex|string)$/.test(pattern?.kind ?? '') || /^[A-Z_]{4,}$/.test(pattern?.text ?? '');
  const replacement = rest.find(({ kind }) => kind === 'string');
  return isPattern && replacement !== undefined && replacement.text.length <= maxReplacement
    ? gone[at]!.text
    : null;
};

/** Options by which a library keeps something out, as they are called when they do. */
const safeOption =
  /^(?:auto_?escape|escape_?markup|resolve_entities|access_control|forbid_(?:dtd|entities|external)|check_hostname|http_?only|same_?site|csrf(?:_?protection)?|contextIsolation|sandbox|allow_pickle|allow_?proto\w*|sanitize\w*|reject_?unauthorized|strict_?ssl)$/i;

/** Such options that a change takes away from what is still called; a changed value is for those who look at values. */
export const optionsLost = (edit: Edit, edits: readonly Edit[]): readonly Narrowed[] => {
  const lost = without(
    optionsOf(edit.before),
    edits.flatMap(({ after }) => optionsOf(after)),
    nameOf,
  );
  return lost.map((token) => ({
    rule: 'edit.option-lost',
    message: `${nameOf(token)} is no longer set`,
    line: edit.before.numberOf(token.line),
  }));
};

const optionsOf = ({ tokens, changed }: Edit['before']): readonly Token[] =>
  tokens.filter(
    (token, index) =>
      changed.has(token.line) &&
      safeOption.test(nameOf(token)) &&
      /^[({,]$/.test(tokens[index - 1]?.text ?? '') &&
      /^[:=]$/.test(tokens[index + 1]?.text ?? '') &&
      /^(?:\w+|["'`].*)$/.test(tokens[index + 2]?.text ?? ''),
  );

const nameOf = ({ text }: Token): string => text.replace(/^["'`]|["'`]$/g, '');
