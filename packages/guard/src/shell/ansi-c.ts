const simple: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  e: '\x1b',
  E: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** The text that `$'…'` or `printf` and `echo -e` make of escapes. */
export const decodeEscapes = (text: string): string =>
  text.replace(
    /\\(x[0-9a-fA-F]{1,2}|u[0-9a-fA-F]{1,4}|U[0-9a-fA-F]{1,8}|c.|0?[0-7]{1,3}|[\s\S])/g,
    (_, code: string) => {
      const kind = code[0]!;
      if (code.length > 1 && 'xuU'.includes(kind)) return fromCode(Number.parseInt(code.slice(1), 16));
      if (code.length > 1 && kind === 'c') return fromCode(code.charCodeAt(1) & 0x1f);
      if (/^[0-7]/.test(kind)) return fromCode(Number.parseInt(code, 8) & 0xff);
      return simple[kind] ?? code;
    },
  );

const fromCode = (code: number): string => (code <= 0x10ffff ? String.fromCodePoint(code) : '\uFFFD');
