import type { Secret } from './find-secrets.ts';
import { entropyOf, isPlaceholder } from './placeholder.ts';

const secretName =
  /passw(?:or)?d|passphrase|pwd|secret|api[_-]?key|apikey|access[_-]?key|private[_-]?key|account[_-]?key|auth[_-]?key|client[_-]?id|token|credential|auth(?![a-z])|(?<=[a-z_-])key(?=["'\s:=])|api[_-]?id/gi;

/** What follows a name: closing quote or bracket, a sign of assignment, an opening quote and the value. */
const assignment =
  /[\w.-]{0,40}["'`\]]{0,2}(?:\s{0,4}(?::|=>|=|:=|==|\|\|)=?\s{0,8}|\s{0,2},\s{0,2})(?:[A-Za-z]{0,2}(["'`])([^"'`\n]{4,400})\1|([^\s"'`,;(){}<>[\]]{8,200}))/y;

/**
 * Values given to a name that says they are secret. A quoted password counts from 6 characters; a key or token needs the
 * look of chance, since names like `token` are also given to texts and identifiers.
 */
export const assignedSecrets = (text: string): readonly Secret[] => {
  const secrets: Secret[] = [];
  for (const name of text.matchAll(secretName)) {
    assignment.lastIndex = name.index + name[0].length;
    const match = assignment.exec(text);
    if (match === null) continue;
    const value = match[2] ?? match[3]!;
    const confidence = confidenceOf({ name: name[0].toLowerCase(), value, quoted: match[2] !== undefined });
    if (confidence === 0) continue;
    const end = match.index + match[0].length - (match[1]?.length ?? 0);
    secrets.push({
      type: /^pass|pwd/i.test(name[0]) ? 'password' : 'assigned-secret',
      start: end - value.length,
      end,
      confidence,
    });
  }
  return secrets;
};

const confidenceOf = (input: {
  readonly name: string;
  readonly value: string;
  readonly quoted: boolean;
}): number => {
  const { name, value, quoted } = input;
  if (isPlaceholder(value) || /\s/.test(value)) return 0;
  const isPassword = /^pass|^pwd|secret/.test(name);
  if (isRandom(value)) return quoted ? 0.8 : 0.7;
  if (!isPassword || !quoted || value.length < 6) return 0;
  const classes = [/[a-z]/, /[A-Z]/, /\d/, /[^\w\s./:-]/].filter((pattern) => pattern.test(value)).length;
  return classes >= 3 && !/^[a-z]+(?:[A-Z][a-z]+)+\d?$/.test(value) ? 0.7 : 0.4;
};

/** Letters and digits mixed as chance mixes them: not words, paths, dates or versions. */
const isRandom = (value: string): boolean => {
  if (/^[A-Za-z0-9+/]{40}$/.test(value) && /[+/]/.test(value) && /[a-z]/.test(value) && entropyOf(value) > 4)
    return true;
  if (
    value.length < 15 ||
    !/^[\w+/=.~!@#$%^&*-]+$/.test(value) ||
    !/\d/.test(value) ||
    !/[A-Za-z]/.test(value)
  )
    return false;
  if (/^[\w-]+(?:\.[A-Za-z_]\w*)+$/.test(value) && !/\d\D+\d\D+\d/.test(value)) return false;
  if (/^(?:https?|file|\/|\.\/)/.test(value)) return false;
  const changes = value.match(/[A-Za-z]\d|\d[A-Za-z]/g)?.length ?? 0;
  return entropyOf(value) >= (value.length < 24 ? 3.2 : 3.4) && changes >= 3;
};
