import { assignedSecrets } from './assigned-secrets.ts';
import { entropyOf, isPlaceholder } from './placeholder.ts';
import { type TokenFormat, tokenFormats } from './token-formats.ts';

export type Secret = {
  /** The kind of secret: `github-token`, `password`. */
  readonly type: string;
  /** Offsets into the text, in UTF-16 units; the end is exclusive. */
  readonly start: number;
  readonly end: number;
  /** From 0 to 1: how sure it is that this opens something. From 0.7 a person should see it. */
  readonly confidence: number;
};

/** Secrets in a text, in order and without overlaps. Pure and linear in the text's length; never throws. */
export const findSecrets = (text: string): readonly Secret[] => {
  const found = [...tokenFormats.flatMap((format) => matchesOf(format, text)), ...assignedSecrets(text)];
  found.sort(
    (left, right) => left.start - right.start || right.confidence - left.confidence || right.end - left.end,
  );
  const secrets: Secret[] = [];
  for (const secret of found) {
    const last = secrets.at(-1);
    if (last === undefined || secret.start >= last.end) secrets.push(secret);
    else if (secret.confidence > last.confidence) secrets[secrets.length - 1] = secret;
  }
  return secrets;
};

const matchesOf = (format: TokenFormat, text: string): readonly Secret[] => {
  if (!format.hints.some((hint) => text.includes(hint))) return [];
  const secrets: Secret[] = [];
  for (const match of text.matchAll(format.pattern)) {
    const value = match[1] ?? match[0];
    const start = match.index + match[0].lastIndexOf(value);
    const confidence = confidenceOf({ format, value, whole: match[0] });
    if (confidence > 0) secrets.push({ type: format.type, start, end: start + value.length, confidence });
  }
  return secrets;
};

/** Tokens of documentation have the right form and say so, or say nothing: `AKIAXXXXXXXXXXXXXXXX`. */
const confidenceOf = (input: {
  readonly format: TokenFormat;
  readonly value: string;
  readonly whole: string;
}): number => {
  const { format, value, whole } = input;
  switch (format.type) {
    case 'private-key':
      return format.confidence;
    case 'credentials-in-url': {
      if (/[(){}%]|^\*+$|^x+$|^\.+$/i.test(value)) return 0;
      const isMadeUp =
        isPlaceholder(value) ||
        /^(?:my|the|some|db)?_?(?:pass\w*|pwd?|secret|user\w*|abc|root|admin|postgres|guest)\d{0,4}$/i.test(
          value,
        );
      if (!isMadeUp) return format.confidence;
      return /^https?:/i.test(whole) ? 0.7 : 0.4;
    }
    case 'jwt':
      return isJson(value.split('.')[0]!) ? format.confidence : 0;
    default:
      if (/example|xxxxx|\.\.\./i.test(value)) return 0;
      return entropyOf(value) > 2.4 ? format.confidence : 0.7;
  }
};

const isJson = (part: string): boolean => {
  const decoded = atob(
    part
      .replaceAll('-', '+')
      .replaceAll('_', '/')
      .padEnd(Math.ceil(part.length / 4) * 4, '='),
  );
  return /^\{\s*"[a-z]{3}"/.test(decoded) && decoded.includes('"alg"');
};
