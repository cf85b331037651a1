import { checkCallGone, emptied, optionTurned, ownerDropped, routeCheckGone } from './checks-gone.ts';
import type { Narrowed } from './checks-narrowed.ts';
import type { Edit } from './edit.ts';
import { speaksOfTrust } from './guard-facts.ts';
import { isSecurityProse, partsOf, trustParts } from './guard-words.ts';
import type { Token } from './lexer.ts';
import {
  blockAt,
  type Condition,
  conditionAt,
  type Ground,
  groundOf,
  type Splice,
  spliceOf,
  splicesOf,
} from './splice.ts';

/** What single small changes do to checks that stay where they are, and to calls and entries that were checks. */
export const weakenedChecks = (edit: Edit, edits: readonly Edit[]): readonly Narrowed[] => {
  const splices = splicesOf(edit);
  if (splices.length === 0) return [];
  const before = groundOf(edit, edit.before);
  const after = groundOf(edit, edit.after);
  return splices.flatMap((splice) => {
    const sign =
      inverted(splice, before) ??
      partDropped(splice, before, after) ??
      softened(splice, before, after) ??
      timingLost(splice) ??
      saferCallLost(splice, before) ??
      patternSeldom(splice) ??
      optionTurned(splice, after) ??
      emptied(splice, before, after) ??
      checkCallGone(splice, edits) ??
      routeCheckGone(splice, before, edits) ??
      ownerDropped(splice, before);
    return sign === null ? [] : [{ ...sign, line: edit.after.numberOf(splice.line) }];
  });
};

export type Sign = Omit<Narrowed, 'line'>;

export const textOf = (tokens: readonly Token[]): string => tokens.map(({ text }) => text).join(' ');

const refusal =
  /\b(?:throw|raise|abort|reject|deny|forbidden|unauthorized|send_error|Boom|(?:next|callback|cb|done) \( (?:new )?\w*[eE]rr\w*)\b|\b(?:40[013]|413|429|451)\b/;

export const refuses = (tokens: readonly Token[]): boolean => refusal.test(textOf(tokens));

export const isOnTrust = (tokens: readonly Token[]): boolean =>
  tokens.some(({ kind, text }) => kind === 'word' && speaksOfTrust(text));

const opposites: Readonly<Record<string, string>> = {
  '===': '!==',
  '!==': '===',
  '==': '!=',
  '!=': '==',
  '<': '>',
  '>': '<',
  '<=': '>=',
  '>=': '<=',
};

/** It refuses, cleans, or says no to what it was asked about trust. */
const keepsOut = ({ test, outcome }: Condition): boolean => {
  const text = textOf(outcome.slice(0, 12));
  return (
    refuses(outcome) ||
    /\b_?(?:escape|sanitiz|sanitis|purif|forceRemove|strip)\w* \(/i.test(text) ||
    (/^(?:\{ )?return(?: (?:false|False|null|None|undefined|''|""))?(?: ;| }|$)/.test(text) &&
      isOnTrust(test))
  );
};

/** `!` or `not` comes or goes, or a comparison becomes its opposite: who was refused is let in. */
const inverted = ({ gone, come, at }: Splice, before: Ground): Sign | null => {
  const old = textOf(gone);
  const now = textOf(come);
  const isFlipped =
    (/^(?:!|not)?$/.test(old) && /^(?:!|not)?$/.test(now) && old !== now) || opposites[old] === now;
  if (!isFlipped) return null;
  const condition = conditionAt(before, at);
  if (condition === null || !(keepsOut(condition) || isOnTrust(condition.test) || isOnRight(condition)))
    return null;
  return { rule: 'edit.condition-inverted', message: 'This condition now lets through what it kept out' };
};

const speaksOfRight = (tokens: readonly Token[]): boolean =>
  tokens.some(({ kind, text }) => kind === 'word' && partsOf(text).some((part) => trustParts.has(part)));

/** Of rights: that something is valid or matches is asked everywhere. */
const isOnRight = ({ test, outcome }: Condition): boolean =>
  speaksOfRight(test) || outcome.some(({ kind, text }) => kind === 'string' && isSecurityProse(text));

/** What a word of a condition may become where it then holds in fewer cases, and in more. */
const stricter: Readonly<Record<string, string>> = {
  '||': '&&',
  or: 'and',
  some: 'every',
  any: 'all',
  search: 'match',
  match: 'fullmatch',
  includes: 'startsWith',
  '>=': '>',
  '<=': '<',
};
const looser: Readonly<Record<string, string>> = {
  '&&': '||',
  and: 'or',
  every: 'some',
  all: 'any',
  match: 'search',
  fullmatch: 'match',
  startsWith: 'includes',
  endsWith: 'includes',
};

/** `if (a || b) throw` lost `b` or became `a && b`; `return a && b` lost `b` or became `a || b`. */
const partDropped = (splice: Splice, before: Ground, after: Ground): Sign | null => {
  const condition = conditionAt(before, splice.at);
  if (condition === null) return null;
  const isRefusing = keepsOut(condition);
  const become = (isRefusing ? stricter : looser)[textOf(splice.gone)];
  if (become !== undefined && become === textOf(splice.come) && (isRefusing || isOnRight(condition)))
    return { rule: 'edit.condition-weakened', message: 'This condition stops less than before' };
  const gone = takenOut(condition, conditionAt(after, splice.to));
  if (gone.length === 0 || isKept(gone, before, after)) return null;
  const joint = jointOf(gone);
  // What refuses with one part less refuses more, with one choice less fewer; a part of an operand is one or the other.
  const isLess = isRefusing ? !/^(?:&&|and)$/.test(joint ?? '') : joint !== null && speaksOfRight(gone);
  return isLess
    ? { rule: 'edit.condition-weakened', message: `It no longer looks for ${textOf(gone).slice(0, 60)}` }
    : null;
};

/** Every name of it stands as often as before on the lines that changed: it was moved. */
const isKept = (gone: readonly Token[], before: Ground, after: Ground): boolean => {
  const countIn = ({ side }: Ground, word: string): number =>
    side.tokens.filter(({ text, line }) => text === word && side.changed.has(line)).length;
  return gone
    .filter(({ kind, text }) => kind !== 'mark' && !/^(?:and|or|not)$/.test(text))
    .every(({ text }) => countIn(after, text) >= countIn(before, text));
};

/** The one stretch that a test lost; none where something came. Brackets may go with it. */
const takenOut = (old: Condition, now: Condition | null): readonly Token[] => {
  const plain = (tokens: readonly Token[]): readonly Token[] =>
    tokens.filter(({ text }) => text !== '(' && text !== ')');
  if (now === null || now.head !== old.head) return [];
  const test = plain(old.test);
  const { gone, come, head } = spliceOf(test, plain(now.test));
  return come.length === 0 ? fromJoint(test, head, gone.length) : [];
};

/** Which of several alike stretches went cannot be told: the one that begins or ends with the joint is meant. */
const fromJoint = (test: readonly Token[], head: number, count: number): readonly Token[] => {
  let from = head;
  while (
    from > 0 &&
    jointOf(test.slice(from, from + count)) === null &&
    test[from - 1]!.text === test[from + count - 1]?.text
  )
    from -= 1;
  return test.slice(from, from + count);
};

const jointOf = (gone: readonly Token[]): string | null =>
  [gone[0], gone.at(-1)].find((token) => /^(?:\|\||&&|or|and)$/.test(token?.text ?? ''))?.text ?? null;

const leaving = /\b(?:throw|raise|return|abort|reject|continue|break|exit|next|fail|assert)\b/;
const handlers = /^(?:catch|except|rescue)$/;

/** A condition or handler stays, and no longer refuses. */
const softened = ({ gone, come, at }: Splice, before: Ground, after: Ground): Sign | null => {
  const old = textOf(gone);
  const { head, line } = blockAt(before, at);
  const isRefusal =
    refusalStart.test(old) ||
    (/^return (?:None|[fF]alse|null) ?;?$/.test(old) && isOnTrust(lineTokens(before, line)));
  const isHandler = handlers.test(head);
  if (!isHandler && !/^(?:if|elif|unless|else)$/.test(head)) return null;
  if (!isRefusal && !(isHandler && /^return\b/.test(old))) return null;
  if (leaving.test(textOf(come)) || gone.some(({ text }) => /^(?:def|function|class)$/.test(text)))
    return null;
  if (before.side.changed.has(line) && !stays(before, after, line)) return null;
  return isHandler
    ? { rule: 'edit.error-swallowed', message: `What failed is no longer told: ${old.slice(0, 60)}` }
    : { rule: 'edit.refusal-gone', message: `This condition no longer stops anything: ${old.slice(0, 60)}` };
};

const refusalStart = /^(?:throw|raise|abort|return (?:next|\w+ \. status|\w+ \. send))\b/;

const lineTokens = ({ side }: Ground, line: number): readonly Token[] =>
  side.tokens.filter((token) => token.line === line);

const stays = (before: Ground, after: Ground, line: number): boolean =>
  after.side.lines.includes(before.side.lines[line]!);

const constantTime =
  /compare_digest|timingSafe|constant_?time|time_(?:in|constant)|safe_str_cmp|safe_?compare|scmp/i;

/** Two secrets are compared in a time that tells how much of them is alike. */
const timingLost = ({ gone, come }: Splice): Sign | null =>
  constantTime.test(textOf(gone)) &&
  !constantTime.test(textOf(come)) &&
  /(?:^| )(?:===?|!==?)(?: |$)/.test(textOf(come))
    ? { rule: 'edit.condition-weakened', message: 'The time this comparison takes tells how much is alike' }
    : null;

/** A pattern that finds the first alone, or one case alone, where it found all. */
const patternSeldom = ({ gone, come }: Splice): Sign | null => {
  const [old, now] = [gone[0], come[0]];
  if (gone.length !== 1 || come.length !== 1 || old!.kind !== 'regex' || now!.kind !== 'regex') return null;
  const end = old!.text.lastIndexOf('/') + 1;
  const isSame = now!.text.slice(0, end) === old!.text.slice(0, end);
  return isSame && /[gi]/.test(old!.text.slice(end)) && now!.text.length < old!.text.length
    ? { rule: 'edit.condition-weakened', message: `${now!.text} finds less than ${old!.text}` }
    : null;
};

const careful =
  /^(?:safe|safely|secure|secured|sanitize|sanitized|escape|escaped|verify|verified|validate|validated|trusted|strict|authenticated|authorized|checked)$/;

/** `secure_open(f)` became `open(f)`: the same is done with less care. */
const saferCallLost = ({ gone, come, at }: Splice, { side }: Ground): Sign | null => {
  const isName = (tokens: readonly Token[]): boolean =>
    tokens.length > 0 && tokens.every(({ kind, text }) => kind === 'word' || text === '.');
  if (!isName(gone) || !isName(come) || side.tokens[at + gone.length]?.text !== '(') return null;
  const isCareful = (tokens: readonly Token[]): boolean =>
    tokens.some(({ text }) => partsOf(text).some((part) => careful.test(part)));
  return isCareful(gone) && !isOnTrust(come)
    ? { rule: 'edit.call-unwrapped', message: `${textOf(gone)} became ${textOf(come)}` }
    : null;
};
