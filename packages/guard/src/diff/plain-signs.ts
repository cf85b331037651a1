import type { Reason } from '../decision.ts';
import { narrowedChecks, optionsLost } from './checks-narrowed.ts';
import { lostCleaning } from './cleaning-lost.ts';
import { byLine, type Edit, tokensBetween } from './edit.ts';
import { isTooling } from './file-kind.ts';
import { speaksOfTrust } from './guard-facts.ts';
import { partsOf, trustParts } from './guard-words.ts';
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
    if (isOperatorExchanged(before, after))
      add('edit.condition-weakened', 'This condition holds in more cases than before', line);
    if (isPermissionOpened(before, after)) add('edit.permission-opened', 'Whoever comes is let in', line);
  }
  for (const { what, line } of lostCleaning(edit, edits))
    add('edit.call-unwrapped', `What ${what} cleaned is used as it comes`, line);
  for (const { rule, message, line } of [...narrowedChecks(edit), ...optionsLost(edit, edits)])
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

const weaker: Readonly<Record<string, readonly string[]>> = {
  '&&': ['||'],
  '||': ['&&'],
  and: ['or'],
  or: ['and'],
  startsWith: ['includes', 'indexOf', 'match'],
  endsWith: ['includes', 'indexOf', 'match'],
  startswith: ['find', 'count'],
  every: ['some'],
  all: ['any'],
  fullmatch: ['match', 'search'],
};

/** One operator of a condition that speaks of trust is exchanged, or its `!` dropped, and nothing else. */
const isOperatorExchanged = (before: readonly Token[], after: readonly Token[]): boolean => {
  if (!before.some((token) => /^(?:if|elif|unless|return)$/.test(token.text))) return false;
  if (
    !before.some((token) =>
      partsOf(token.text).some(
        (part) => trustParts.has(part) || /^(?:role|owner|valid|active|user)$/.test(part),
      ),
    )
  )
    return false;
  if (after.length === before.length) {
    const changed = before.filter((token, at) => token.text !== after[at]!.text);
    const at = before.findIndex((token, index) => token.text !== after[index]!.text);
    return changed.length === 1 && (weaker[changed[0]!.text] ?? []).includes(after[at]!.text);
  }
  const at = before.findIndex((token, index) => token.text !== after[index]?.text);
  const isDropped = before.length === after.length + 1 && /^(?:!|not)$/.test(before[at]?.text ?? '');
  return isDropped && before.slice(at + 1).every((token, index) => token.text === after[at + index]!.text);
};

const open =
  /\b(?:permission_classes|authentication_classes|permissions|auth|guards|middlewares?|roles)\b["']? ?[:=] ?(?:[[(] ?[\])]|\[ ?(?:permissions \. )?AllowAny|None|null|false|False)/;

const isPermissionOpened = (before: readonly Token[], after: readonly Token[]): boolean => {
  const textOf = (tokens: readonly Token[]): string => tokens.map((token) => token.text).join(' ');
  return (
    open.test(textOf(after)) &&
    /permission|auth|guard|middleware|roles/.test(textOf(before)) &&
    !open.test(textOf(before))
  );
};

const protector =
  /^\s*(?:@(?:\w+\.)*(\w*(?:login_required|permission_required|require_?(?:auth|login|admin|permission|role)\w*|requires_?\w+|authenticated|authorize\w*|UseGuards|PreAuthorize|Secured|RolesAllowed|csrf_protect|user_passes_test|staff_member_required|rate_?limit\w*|ratelimit))\b|(?:app|router|server|api|fastify|this\.app)\.(?:use|register|all)\((?:[^,()]*,\s*)?((?:\w+\.)*\w*(?:helmet|csrf|csurf|cors|auth\w*|rateLimit\w*|passport|session|sanitiz\w*|validat\w*|guard\w*|requireLogin|protect\w*)\w*)\b)/i;

/** Decorators and middleware that are gone while what they stood before is still there. */
const lostProtectors = (edit: Edit): readonly { readonly name: string; readonly line: number }[] =>
  [...edit.before.changed].flatMap((line) => {
    const match = protector.exec(edit.before.lines[line]!.slice(0, 200));
    const name = match?.[1] ?? match?.[2];
    if (name === undefined || edit.after.tokens.some((token) => token.text === name.split('.').at(-1)))
      return [];
    const next = edit.before.lines.findIndex(
      (text, at) => at > line && !edit.before.changed.has(at) && text.trim() !== '',
    );
    return next !== -1 && next - line < 6 ? [{ name, line: edit.before.numberOf(line) }] : [];
  });

/** A guard with its message and braces; longer stretches do other things too. */
const longGuard = 6;

/** Stretches that were nothing but a condition on what is not trusted, and went without anything in their place. */
const goneGuards = (edit: Edit, edits: readonly Edit[]): readonly number[] => {
  const lines = byLine(edit.before);
  const kept = new Set(
    edits.flatMap(({ after }) => [...after.changed].map((line) => after.lines[line]!.trim())),
  );
  return edit.blocks.flatMap(({ beforeStart, beforeEnd, afterStart, afterEnd }) => {
    const count = beforeEnd - beforeStart;
    if (afterEnd > afterStart || count > longGuard || kept.has(edit.before.lines[beforeStart]!.trim()))
      return [];
    const tokens = tokensBetween(lines, beforeStart, beforeEnd);
    const isExit = tokens.some((token) => /^(?:return|throw|raise|continue|abort|next)$/.test(token.text));
    if (!/^(?:if|elif|unless)$/.test(tokens[0]?.text ?? '') || !isExit) return [];
    return tokens.some((token) => token.kind === 'word' && speaksOfTrust(token.text))
      ? [edit.before.numberOf(beforeStart)]
      : [];
  });
};
