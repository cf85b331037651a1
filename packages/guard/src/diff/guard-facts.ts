import { type Brackets, bracketsOf } from './brackets.ts';
import type { Edit, Side } from './edit.ts';
import {
  boundaryParts,
  checkParts,
  cleanParts,
  compatParts,
  cryptoParts,
  inputParts,
  isDangerText,
  isSecurityProse,
  limitParts,
  partsOf,
  prototypeParts,
  trustParts,
} from './guard-words.ts';
import type { Token } from './lexer.ts';

/** The kinds of thing that keep bad input, callers and states out, and of what tells that a change is none of that. */
export type GuardKind =
  | 'trustExit' // a condition on what is not trusted that returns, throws or goes on with the next
  | 'exit' // any other such condition
  | 'refusal' // throw, raise, abort, a status that refuses
  | 'trustWord' // a name that speaks of trust
  | 'checkCall'
  | 'checkWord'
  | 'cleanCall' // a call named like an escape or a normalisation
  | 'cleanWord'
  | 'cryptoWord'
  | 'boundaryWord'
  | 'inputWord'
  | 'prototypeWord'
  | 'condition' // a comparison, or a test of a type
  | 'pattern' // a regular expression
  | 'listEntry' // a text in a list
  | 'dangerText'
  | 'trustText' // a message about security
  | 'securityComment'
  | 'handler' // catch, except, finally
  | 'compatWord'
  | 'definition'
  | 'call'; // any other call

export type GuardFact = {
  readonly kind: GuardKind;
  /** Two facts with one text are the same fact, wherever they stand. */
  readonly text: string;
  /** 0-based, within the side. */
  readonly line: number;
};

/** The facts on the lines of this side that the other does not have. */
export const guardFacts = (edit: Edit, side: Side): readonly GuardFact[] => {
  if (side.changed.size === 0) return [];
  const facts: GuardFact[] = [];
  const brackets = bracketsOf(side.tokens);
  const add = (kind: GuardKind, text: string, line: number): void => void facts.push({ kind, text, line });
  side.tokens.forEach((token, index) => {
    if (!side.changed.has(token.line)) return;
    tokenFacts({ tokens: side.tokens, index, token, brackets, python: edit.family === 'python', add });
  });
  for (const { text, line } of side.comments) {
    if (side.changed.has(line) && isSecurityProse(text)) add('securityComment', text.trim(), line);
  }
  return facts;
};

type Place = {
  readonly tokens: readonly Token[];
  readonly index: number;
  readonly token: Token;
  readonly brackets: Brackets;
  readonly python: boolean;
  readonly add: (kind: GuardKind, text: string, line: number) => void;
};

const refusingStatus = /^(?:40[01356]|41[3-7]|42[1269]|431|451)$/;

const tokenFacts = (place: Place): void => {
  const { token, add } = place;
  switch (token.kind) {
    case 'word':
      keywordFacts(place);
      nameFacts(place);
      return;
    case 'mark':
      markFacts(place);
      return;
    case 'regex':
      add('pattern', token.text, token.line);
      if (isDangerText(token.text.slice(1))) add('dangerText', token.text, token.line);
      return;
    case 'string':
      textFacts(place);
      return;
    case 'number':
      if (refusingStatus.test(token.text)) add('refusal', token.text, token.line);
  }
};

const handlers = /^(?:catch|except|finally|rescue)$/;
const definitions = /^(?:def|function|class|func|fn)$/;
const refusals =
  /^(?:throw|raise|abort|reject|panic|die|exit|forbidden|unauthorized|badRequest|createError|HTTPError|HTTPException|BadRequest|PermissionDenied)$/;
const typeTests = /^(?:and|typeof|instanceof|isinstance|issubclass|hasattr|hasOwnProperty|hasOwn)$/;

const keywordFacts = (place: Place): void => {
  const { tokens, index, token, python, add } = place;
  const { text, line } = token;
  const next = tokens[index + 1]?.text;
  if (/^(?:if|elif|unless)$/.test(text) && isExit(place))
    add(isOnTrust(place) ? 'trustExit' : 'exit', conditionText(place), line);
  if (handlers.test(text)) add('handler', `${text} ${next}`, line);
  if (refusals.test(text)) add('refusal', `${text} ${next} ${tokens[index + 2]?.text}`, line);
  if (typeTests.test(text) || (text === 'in' && python)) add('condition', text, line);
  if (/^(?:__proto__|hasOwnProperty|hasOwn)$/.test(text)) add('prototypeWord', text, line);
  if (definitions.test(text)) add('definition', `${text} ${next}`, line);
};

const plainWords = /^(?:if|for|while|switch|function|catch|return|and|or|not|in|print|super|require|import)$/;

const nameFacts = ({ tokens, index, token, add }: Place): void => {
  const parts = partsOf(token.text);
  const isCall = tokens[index + 1]?.text === '(';
  if (has(parts, compatParts)) add('compatWord', token.text, token.line);
  const kind = kindOfName(parts, isCall);
  if (kind !== null) add(kind, token.text, token.line);
  else if (isCall && !plainWords.test(token.text) && !has(parts, limitParts))
    add('call', token.text, token.line);
};

const has = (parts: readonly string[], set: ReadonlySet<string>): boolean =>
  parts.some((part) => set.has(part));

const kindOfName = (parts: readonly string[], isCall: boolean): GuardKind | null => {
  if (has(parts, trustParts)) return 'trustWord';
  if (has(parts, checkParts)) return isCall ? 'checkCall' : 'checkWord';
  if (has(parts, cleanParts)) return isCall ? 'cleanCall' : 'cleanWord';
  if (has(parts, prototypeParts)) return 'prototypeWord';
  if (has(parts, cryptoParts)) return 'cryptoWord';
  if (has(parts, limitParts)) return null;
  if (has(parts, boundaryParts)) return 'boundaryWord';
  return has(parts, inputParts) ? 'inputWord' : null;
};

const markFacts = ({ tokens, index, token, add }: Place): void => {
  const next = tokens[index + 1];
  if (/^(?:===|!==|==|!=|<=|>=)$/.test(token.text) || (token.text === '!' && next?.kind === 'word')) {
    add('condition', `${token.text} ${next?.text}`, token.line);
  }
};

const patternCalls = /^(?:compile|match|search|sub|fullmatch|RegExp|findall|replace)$/;

const textFacts = ({ tokens, index, token, brackets, add }: Place): void => {
  const content = token.text.slice(1, -1);
  const previous = tokens[index - 1]?.text ?? '';
  if (isDangerText(content)) add('dangerText', content, token.line);
  if (/__proto__|constructor|prototype/.test(content)) add('prototypeWord', content, token.line);
  if (patternCalls.test(tokens[index - 2]?.text ?? '') || /^r[bf]?$/.test(previous))
    add('pattern', content, token.line);
  const around = brackets.around[index] ?? null;
  const isInList = around !== null && tokens[around.open]!.text !== '(' && /^[[{,]$/.test(previous);
  if (isInList) add('listEntry', content, token.line);
  if (/\s/.test(content) && isSecurityProse(content)) add('trustText', content, token.line);
};

const exits = /^(?:return|throw|raise|continue|break|goto|abort|next|reject|pass|delete|del)$/;
/** A condition and what follows it are read this far: longer ones are no guards. */
const reach = 40;

/** Whether what the condition leads to leaves the path: within its block, or as its only statement. */
const isExit = ({ tokens, index, brackets, python }: Place): boolean => {
  let at = index + 1;
  if (python) {
    const around = brackets.around[index];
    while (
      at < tokens.length &&
      at < index + reach &&
      !(tokens[at]!.text === ':' && brackets.around[at] === around)
    )
      at += 1;
    return tokens.slice(at + 1, at + 3).some((token) => exits.test(token.text));
  }
  if (tokens[at]?.text === '(') at = (brackets.opened.get(at)?.close ?? at) + 1;
  if (tokens[at]?.text !== '{') return exits.test(tokens[at]?.text ?? '');
  const close = brackets.opened.get(at)?.close ?? tokens.length;
  return tokens.slice(at, Math.min(close, at + reach)).some((token) => exits.test(token.text));
};

const isOnTrust = ({ tokens, index, token }: Place): boolean =>
  tokens
    .slice(index + 1, index + reach)
    .filter((other) => other.line <= token.line + 2)
    .some(
      ({ text }) =>
        speaksOfTrust(text) || has(partsOf(text), prototypeParts) || has(partsOf(text), limitParts),
    );

const conditionText = ({ tokens, index, token }: Place): string =>
  tokens
    .slice(index, index + reach)
    .filter((other) => other.line === token.line)
    .map((other) => other.text)
    .join(' ');

/** Whether a name speaks of trust, of checks or of what an attacker would choose. */
export const speaksOfTrust = (text: string): boolean => {
  const parts = partsOf(text);
  return has(parts, trustParts) || has(parts, checkParts) || has(parts, boundaryParts);
};
