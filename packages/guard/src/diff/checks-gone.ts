import { isOnTrust, refuses, type Sign, textOf } from './checks-weakened.ts';
import type { Edit } from './edit.ts';
import { speaksOfTrust } from './guard-facts.ts';
import { partsOf, trustParts } from './guard-words.ts';
import type { Token } from './lexer.ts';
import { blockAt, type Ground, type Splice } from './splice.ts';

const verbs =
  /^(?:checks?|verify|verifies|validates?|asserts?|requires?|ensures?|authorize|authenticate|enforces?|rejects?|guard|protect|deny|forbid|audit|sanitize|escape)$/;

/** `verifyToken`, `_check_owner`: the name of what looks at something and may stop it. */
const isCheck = (name: string): boolean => verbs.test(partsOf(name)[0] ?? '');

/** A statement that was nothing but a call that checks. */
export const checkCallGone = ({ gone, come }: Splice, edits: readonly Edit[]): Sign | null => {
  if (come.length > 0 || gone.length < 3) return null;
  const open = gone.findIndex(({ text }) => text === '(');
  const callee = gone.slice(0, open);
  const last = callee.at(-1);
  const isPlain = callee.every(({ kind, text }) => kind === 'word' || /^[.#?!]|\?\.$/.test(text));
  if (last === undefined || !isPlain || callee.length > 8 || !/^[);]$/.test(gone.at(-1)!.text)) return null;
  if (/^(?:def|function|return|import|from|class|raise|throw|new|if|super|require)$/.test(callee[0]!.text))
    return null;
  if (!isCheck(last.text) || isElsewhere(last.text, edits)) return null;
  return { rule: 'edit.guard-gone', message: `${last.text} is no longer called here` };
};

/** A name that a change takes out in one place comes in another. */
const isElsewhere = (name: string, edits: readonly Edit[]): boolean =>
  edits.some(({ after }) => after.tokens.some(({ text, line }) => text === name && after.changed.has(line)));

/** Where a change says as much of trust as it takes out, a check was moved, or another stands for it. */
export const isExchanged = (edits: readonly Edit[]): boolean => {
  const countIn = (side: 'before' | 'after'): number =>
    edits
      .filter(({ kind }) => kind === 'source')
      .flatMap((edit) => edit[side].tokens.filter(({ line }) => edit[side].changed.has(line)))
      .filter(({ kind, text }) => kind === 'word' && speaksOfTrust(text)).length;
  const come = countIn('after');
  return come > 0 && come >= countIn('before');
};

const routes = /^(?:get|post|put|patch|delete|del|all|use|route|register|addHook|before|group)$/;

const queries =
  /^(?:filter|filter_by|exclude|where|find|findOne|findFirst|findMany|findUnique|get_object_or_404|get_or_404|query|update|updateMany|deleteMany|destroy)$/;
const owners =
  /^(?:owner|user|account|tenant|org|organization|organisation|team|author|client|revoked|expired|expires|active|enabled|disabled|deleted|public|private|published|scope|role|permission)$/;

/** `find({ id, owner })` became `find({ id })`: things of others are found too. */
export const ownerDropped = ({ gone, come, at }: Splice, { brackets }: Ground): Sign | null => {
  if (come.length > 0 || gone.length > 12) return null;
  const isPart = gone[0]?.text === ',' || gone.at(-1)?.text === ',';
  let around = brackets.around[at] ?? null;
  while (around !== null && around.head === '') around = around.parent;
  const name = gone.find(({ kind }) => kind === 'word');
  if (!isPart || around === null || name === undefined || !queries.test(around.head)) return null;
  return partsOf(name.text).some((part) => owners.test(part))
    ? { rule: 'edit.condition-weakened', message: `It no longer asks for ${textOf(gone).slice(0, 60)}` }
    : null;
};

/** `router.post('/x', mayWrite, handler)` lost the one in the middle. */
export const routeCheckGone = (
  { gone, come, at }: Splice,
  { brackets }: Ground,
  edits: readonly Edit[],
): Sign | null => {
  if (come.length > 0) return null;
  const around = brackets.around[at] ?? null;
  const names = gone.filter(({ kind }) => kind === 'word');
  const isPart = gone[0]?.text === ',' || gone.at(-1)?.text === ',';
  if (around === null || !isPart || !routes.test(around.head) || !isOnTrust(names)) return null;
  if (gone.some(({ text }) => /^(?:function|=>|\{)$/.test(text))) return null;
  const name = names.find(({ text }) => speaksOfTrust(text))!.text;
  return isElsewhere(name, edits)
    ? null
    : { rule: 'edit.protector-removed', message: `${name} no longer stands before this code` };
};

const safeSwitch =
  /^(?:http_?only|secure|same_?site|verify\w*|check_?hostname|\w*auto_?escape|strict|validat\w*|require_?(?:auth|login|permission|valid|sign|https|csrf|token|user|verif|scope)\w*|login_?required|raise_?exception|sanitiz\w*|escape\w*|reject_?unauthorized|csrf\w*|enforce\w*|authenticated?|protected|signed|encrypted?|contextIsolation|sandbox)$/i;

/** `httpOnly: true` became false. */
export const optionTurned = ({ gone, come, to }: Splice, { side }: Ground): Sign | null => {
  if (
    !(gone.length === 1 && (gone[0]!.kind === 'string' || /^true$/i.test(gone[0]!.text))) ||
    !/^(?:false|none|null|undefined)$/i.test(textOf(come))
  )
    return null;
  const name = side.tokens[to - 2]?.text.replace(/^["'`]|["'`]$/g, '') ?? '';
  return /^[=:]$/.test(side.tokens[to - 1]?.text ?? '') && safeSwitch.test(name)
    ? { rule: 'edit.option-lost', message: `${name} is turned off` }
    : null;
};

const wide = /^["'`](?:\*|\.\*|0\.0\.0\.0(?:\/0)?|::\/0|https?:\/\/\*|all|any)["'`]$/;
const allowing =
  /^(?:allow|allowed|allowlist|whitelist|whitelisted|permit|permitted|trust|trusted|safe|origin|origins|cors|hosts)$/;
const denying =
  /^(?:deny|denied|denylist|block|blocked|blocklist|blacklist|blacklisted|forbid|forbidden|disallow|disallowed|unsafe|dangerous|banned|reserved|protected|sensitive|restricted|private|secret)$/;

/** A list of who may come in takes anybody; a list of what must not loses an entry. A check answers yes without looking. */
export const emptied = (splice: Splice, before: Ground, after: Ground): Sign | null => {
  const { gone, come, at, to } = splice;
  const isEntries = (tokens: readonly Token[]): boolean =>
    tokens.every(({ kind, text }) => kind === 'string' || /^[,'"\w]+$/.test(text));
  if (come.some(({ text }) => wide.test(text)) && named(after, to, allowing))
    return { rule: 'edit.permission-opened', message: 'Whoever comes is let in' };
  const isLost = gone.some(({ kind }) => kind === 'string') && come.every(({ kind }) => kind !== 'string');
  if (isLost && isEntries(gone) && named(before, at, denying))
    return { rule: 'edit.condition-weakened', message: `${textOf(gone).slice(0, 60)} is no longer kept out` };
  return hollow(splice, before);
};

/** Whether the list around a token has a name with one of the parts. */
const named = ({ side, brackets }: Ground, index: number, parts: RegExp): boolean => {
  const open = brackets.around[index]?.open ?? index;
  const words = side.tokens.slice(Math.max(0, open - 6), open);
  const end = words.findLastIndex(({ text }) => /^(?:[;{}]|const|let|var)$/.test(text));
  return words
    .slice(end + 1)
    .some(({ kind, text }) => kind === 'word' && partsOf(text).some((part) => parts.test(part)));
};

/** A function that looked at something says yes at once. */
const hollow = ({ gone, come, at }: Splice, before: Ground): Sign | null => {
  if (!/^(?:return(?: (?:true|True|null|None))?|pass|True|true) ?;?$/.test(textOf(come)) || gone.length < 6)
    return null;
  const { head } = blockAt(before, at);
  const parts = partsOf(head);
  const isAsked =
    isCheck(head) ||
    /^(?:is|has|can|may)$/.test(parts[0] ?? '') ||
    parts.some((part) => trustParts.has(part));
  const looks = gone.some(({ text }) => /^(?:if|return|raise|throw)$/.test(text));
  return looks && (isAsked ? isOnTrust(gone) || speaksOfTrust(head) : refuses(gone) && isOnTrust(gone))
    ? { rule: 'edit.guard-gone', message: 'What looked whether this may be no longer looks at anything' }
    : null;
};
