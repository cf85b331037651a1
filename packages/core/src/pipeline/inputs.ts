/** Makes inputs near those of an example, as source text that reads the same in JavaScript, TypeScript and Python. */

/** `f(1, [2])` → head `f(`, parts, tail `)`. Null when the text is not one plain call. */
export const callArguments = (
  call: string,
): { readonly head: string; readonly parts: readonly string[]; readonly tail: string } | null => {
  const open = call.indexOf('(');
  if (open < 0 || !call.trimEnd().endsWith(')')) return null;
  const inner = call.trimEnd().slice(open + 1, -1);
  const parts = splitTopLevel(inner);
  return parts === null ? null : { head: call.slice(0, open + 1), parts, tail: ')' };
};

/** Splits at commas outside brackets and strings; null when brackets do not match. */
export const splitTopLevel = (text: string): readonly string[] | null => {
  const parts: string[] = [];
  let depth = 0;
  let quote = '';
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? '';
    if (quote !== '') {
      if (char === '\\') at++;
      else if (char === quote) quote = '';
    } else if (char === '"' || char === "'" || char === '`') quote = char;
    else if ('([{'.includes(char)) depth++;
    else if (')]}'.includes(char)) depth--;
    else if (char === ',' && depth === 0) {
      parts.push(text.slice(from, at).trim());
      from = at + 1;
    }
    if (depth < 0) return null;
  }
  if (depth !== 0 || quote !== '') return null;
  const last = text.slice(from).trim();
  return last === '' ? parts : [...parts, last];
};

/** Other values of the same kind. */
export const literalVariants = (literal: string): readonly string[] => {
  const text = literal.trim();
  if (/^-?\d+(\.\d+)?$/.test(text)) return numberVariants(text);
  if (/^(['"]).*\1$/s.test(text)) return stringVariants(text);
  if (/^\[.*\]$/s.test(text)) return listVariants(text);
  if (/^(true|false|True|False)$/.test(text))
    return [/^[TF]/.test(text) ? (text === 'True' ? 'False' : 'True') : text === 'true' ? 'false' : 'true'];
  return [];
};

const numberVariants = (text: string): readonly string[] => {
  const value = Number(text);
  if (!Number.isInteger(value)) return [String(-value), String(value * 2), String(value + 0.5), '0.0'];
  const near = [value + 1, value - 1, 0, 1, -value, value * 2, value + 7, 2, 13, 100].filter(
    (one) => one !== value,
  );
  return [...new Set(near)].map(String);
};

const stringVariants = (text: string): readonly string[] => {
  const quote = text[0] ?? '"';
  const body = text.slice(1, -1);
  const plain = !/[\\\n]/.test(body);
  const reversed = plain ? [[...body].reverse().join('')] : [];
  const mixed = plain
    ? [[...body].map((char, index) => (index % 2 === 0 ? char.toUpperCase() : char.toLowerCase())).join('')]
    : [];
  const words = body.split(' ');
  const all = [
    ...numberedVariants(body),
    '',
    `${body}${body}`,
    ...reversed,
    body.slice(1),
    body.slice(0, -1),
    body.toUpperCase(),
    ...mixed,
    ...(words.length > 1 ? [words.slice(1).join(' '), [...words].reverse().join(' ')] : []),
    'a',
    `${body} `,
    'Zebra 42, x.',
  ];
  return [...new Set(all)]
    .filter((one) => one !== body && !/\\$/.test(one))
    .map((one) => quote + one + quote);
};

/** Text with numbers in it (a date, a version, a time) has its edges at other numbers of the same width. */
const numberedVariants = (body: string): readonly string[] => {
  const groups = [...body.matchAll(/\d+/g)].slice(0, 3);
  return groups.flatMap((group) => {
    const digits = group[0];
    const value = Number(digits);
    const others = [value + 1, 0, 13, 31, 99, value > 0 ? value - 1 : 7, 30, 12];
    return others
      .map((one) => String(one).padStart(digits.length, '0'))
      .filter((one) => one !== digits)
      .map((one) => body.slice(0, group.index) + one + body.slice(group.index + digits.length));
  });
};

const listVariants = (text: string): readonly string[] => {
  const items = splitTopLevel(text.slice(1, -1));
  if (items === null) return [];
  const changed = items.flatMap((item, index) =>
    literalVariants(item)
      .slice(0, 3)
      .map((variant) => items.map((one, at) => (at === index ? variant : one))),
  );
  const all: (readonly string[])[] = [
    [],
    [...items].reverse(),
    [...items, ...items],
    items.slice(1),
    items.slice(0, -1),
    items.slice(0, 1),
    ...changed.slice(0, 12),
  ];
  const texts = new Set(all.map((one) => `[${one.join(', ')}]`));
  texts.delete(`[${items.join(', ')}]`);
  return [...texts];
};
