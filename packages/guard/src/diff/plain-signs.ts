import type { Reason } from '../decision.ts';
import { isExchanged } from './checks-gone.ts';
import { narrowedChecks, optionsLost } from './checks-narrowed.ts';
import { isOnTrust, refuses, weakenedChecks } from './checks-weakened.ts';
import { lostCleaning } from './cleaning-lost.ts';
import { byLine, type Edit, tokensBetween } from './edit.ts';
import { isTooling } from './file-kind.ts';
import {
  isDangerText,
  isSecurityProse,
  limitParts,
  partsOf,
  prototypeParts,
  trustParts,
} from './guard-words.ts';
import type { Token } from './lexer.ts';

/** Losses of a check that a single line shows, however small the change is otherwise. */
export const plainReasons = (edits: readonly Edit[]): readonly Reason[] =>
  edits
    .filter((edit) => edit.kind === 'source' && !edit.isDeleted && !edit.isNew && !isTooling(edit.path))
    .flatMap((edit) => signsOf(edit, edits));

type Pair = { readonly before: readonly Token[]; readonly after: readonly Token[]; readonly line: number };

const signsOf = (edit: Edit, edits: readonly Edit[]): readonly Reason[] => {
  const reasons: Reason[] = [];
  const add = (rule: string, message: string, line: number): void =>
    void reasons.push({
      decision: 'ask',
      category: rule === 'edit.error-swallowed' ? 'edit.error_handling' : 'edit.security_removal',
      rule,
      clause: 'keep-checks',
      message,
      path: edit.path,
      line,
    });
  for (const { before, after, line } of pairsOf(edit)) {
    const call = unwrappedCall(before, after);
    if (call !== null) add('edit.call-unwrapped', `What ${call} cleaned is used as it comes`, line);
    if (isConstantCondition(after) && !isConstantCondition(before))
      add('edit.condition-constant', 'This condition no longer depends on anything', line);
    if (isPermissionOpened(before, after)) add('edit.permission-opened', 'Whoever comes is let in', line);
  }
  for (const { what, line } of lostCleaning(edit, edits))
    add('edit.call-unwrapped', `What ${what} cleaned is used as it comes`, line);
  for (const { rule, message, line } of [
    ...narrowedChecks(edit),
    ...optionsLost(edit, edits),
    ...weakenedChecks(edit, edits),
  ])
    add(rule, message, line);
  for (const line of goneGuards(edit, edits))
    add('edit.guard-gone', 'Whoever this condition stopped goes on', line);
  for (const { name, line } of lostProtectors(edit))
    add('edit.protector-removed', `${name} no longer stands before this code`, line);
  return reasons;
};

/** Lines that were replaced one by one; a block with other counts on its sides tells nothing about single lines. */
const pairsOf = (edit: Edit): readonly Pair[] => {
  const before = byLine(edit.before);
  const after = byLine(edit.after);
  return edit.blocks.flatMap(({ beforeStart, beforeEnd, afterStart, afterEnd }) => {
    if (beforeEnd - beforeStart !== afterEnd - afterStart) return [];
    return Array.from({ length: beforeEnd - beforeStart }, (_, step) => ({
      before: before.get(beforeStart + step) ?? [],
      after: after.get(afterStart + step) ?? [],
      line: edit.after.numberOf(afterStart + step),
    }));
  });
};

const cleaners =
  /^_?(?:escape|sanitiz|sanitis|purify|encodeURI|quote|html(?:special|_?escape|entities)|bleach|mark_?safe|strip_?tags|shellescape|secure_filename|basename|normpath|realpath)/i;

/** `escape(name)` became `name`: the name of the call that went, its arguments still there. */
const unwrappedCall = (before: readonly Token[], after: readonly Token[]): string | null => {
  const first = before.findIndex((token, index) => token.text !== after[index]?.text);
  if (first === -1 || before.length <= after.length) return null;
  // A template differs as a whole, and what is within it follows.
  const at = before[first]!.kind === 'string' && after[first]?.kind === 'string' ? first + 1 : first;
  const open = before.findIndex((token, index) => index > at - 1 && token.text === '(');
  const name = before[open - 1];
  if (open - at > 4 || name === undefined || !cleaners.test(name.text)) return null;
  const rest = before.slice(open + 1).map((token) => token.text);
  const kept = after.slice(at).map((token) => token.text);
  return kept.length > 0 && rest[0] === kept[0] && isSubsequence(kept, rest) ? name.text : null;
};

const isSubsequence = (part: readonly string[], whole: readonly string[]): boolean => {
  let at = 0;
  for (const text of whole) if (text === part[at]) at += 1;
  return at === part.length;
};

const isConstantCondition = (tokens: readonly Token[]): boolean => {
  const text = tokens.map((token) => token.text).join(' ');
  return /\b(?:if|elif|unless) (?:\( )?(?:true|True|1) (?:\)|:|\|\||or\b)|\b(?:if|elif) (?:\( )?(?:false|False) (?:\)|:|&&|and\b)|(?:\|\| true|\bor True) ?(?:\)|:)/.test(
    text,
  );
};

const open =
  /\b\w*(?:permission_classes|authentication_classes|permissions|auth|guards|middlewares?|roles|validators|scopes)\b["']? ?[:=] ?(?:[[(] ?[\])]|\[ ?(?:permissions \. )?AllowAny|None|null|false|False)/;

const isPermissionOpened = (before: readonly Token[], after: readonly Token[]): boolean => {
  const textOf = (tokens: readonly Token[]): string => tokens.map((token) => token.text).join(' ');
  return (
    open.test(textOf(after)) &&
    /permission|auth|guard|middleware|roles|validators|scopes/.test(textOf(before)) &&
    !open.test(textOf(before))
  );
};

const decorator = /^\s*@(?:\w*decorators?\(\s*\[?)?((?:\w+\.)*\w+)/;
const middleware =
  /^\s*(?:app|router|server|api|fastify|this\.app)\.(?:use|register|all)\((?:[^,()]*,\s*)?((?:\w+\.)*\w+)/;
const protecting =
  /^(?:login|logged|auth\w*|permission\w*|scopes?|roles?|require[sd]?|needs?|protect(?:ed)?|guards?|csrf|xsrf|csurf|secured?|staff|admin|superuser|limit(?:er|s|ed)?|ratelimit|throttle[sd]?|helmet|cors|passport|session|sanitiz\w*|validat\w*)$/;
const opening =
  /^(?:setter|getter|default|exempt|unauthenticated|register|fixture|patch|mark|skip|override|option|argument)$/;

/** The name of what stands before code and keeps somebody out. */
const protectorIn = (line: string): string | null => {
  const name = (decorator.exec(line) ?? middleware.exec(line))?.[1]?.split('.').at(-1);
  const parts = name === undefined ? [] : partsOf(name);
  return parts.some((part) => protecting.test(part)) && !parts.some((part) => opening.test(part))
    ? name!
    : null;
};

/** Decorators and middleware that are gone while what they stood before is still there. */
const lostProtectors = (edit: Edit): readonly { readonly name: string; readonly line: number }[] =>
  [...edit.before.changed].flatMap((line) => {
    const name = protectorIn(edit.before.lines[line]!.slice(0, 200));
    const countIn = ({ tokens }: Edit['after']): number => tokens.filter(({ text }) => text === name).length;
    if (name === null || countIn(edit.after) >= countIn(edit.before)) return [];
    const next = edit.before.lines.findIndex(
      (text, at) => at > line && !edit.before.changed.has(at) && text.trim() !== '',
    );
    return next !== -1 && next - line < 6 ? [{ name, line: edit.before.numberOf(line) }] : [];
  });

/** A guard with its message and braces; longer stretches do other things too. */
const longGuard = 8;
const longStretch = 20;
const maxGuard = 40;

/** A bound, a text that only checks look for, or a message that speaks of trust. */
const isTelling = ({ kind, text }: Token): boolean => {
  const parts = partsOf(text);
  if (kind === 'word') return parts.some((part) => limitParts.has(part));
  const isSaid = isSecurityProse(text) || parts.some((part) => trustParts.has(part));
  return kind === 'string' && (isSaid || isDangerText(text.slice(1, -1)));
};

const isPrototype = ({ text }: Token): boolean => partsOf(text).some((part) => prototypeParts.has(part));

/** Stretches that went without anything in their place, and in which a condition on what is not trusted stopped somebody. */
const goneGuards = (edit: Edit, edits: readonly Edit[]): readonly number[] => {
  if (isExchanged(edits)) return [];
  const lines = byLine(edit.before);
  const kept = new Set(
    edits.flatMap(({ after }) => [...after.changed].map((line) => after.lines[line]!.trim())),
  );
  return edit.blocks.flatMap(({ beforeStart, beforeEnd, afterStart, afterEnd }) => {
    const count = beforeEnd - beforeStart;
    if (afterEnd > afterStart || count > longStretch || kept.has(edit.before.lines[beforeStart]!.trim()))
      return [];
    const tokens = tokensBetween(lines, beforeStart, beforeEnd);
    const isOne = count <= longGuard && /^(?:if|elif|unless)$/.test(tokens[0]?.text ?? '');
    const found = isOne ? isGuard(tokens) : guardIn(tokens);
    return found ? [edit.before.numberOf(beforeStart)] : [];
  });
};

const isGuard = (tokens: readonly Token[]): boolean =>
  tokens.some(({ text }) => /^(?:return|throw|raise|continue|abort|next)$/.test(text)) &&
  (isOnTrust(tokens) || tokens.some(isPrototype) || (refuses(tokens) && tokens.some(isTelling)));

/** Among other statements it must refuse; a function that goes as a whole takes its conditions along. */
const guardIn = (tokens: readonly Token[]): boolean => {
  if (tokens.some(({ text }) => /^(?:def|function|class|=>)$/.test(text))) return false;
  return tokens.some(({ text }, index) => {
    if (!/^(?:if|elif|unless)$/.test(text)) return false;
    const guard = tokens.slice(index, index + maxGuard);
    return refuses(guard) && (isOnTrust(guard) || guard.some(isTelling));
  });
};
