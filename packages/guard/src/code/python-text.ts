const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '\n': '',
};

/** The text that a string literal's content stands for. */
export const pythonText = (content: string, prefix: string): string => {
  const kind = prefix.toLowerCase().replace(/['"]+$/, '');
  const plain = kind.includes('f') ? content.replaceAll('{{', '{').replaceAll('}}', '}') : content;
  if (kind.includes('r') || !plain.includes('\\')) return plain;
  return plain.replace(
    /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{1,3})|([\s\S]))/g,
    (whole, x?: string, u?: string, long?: string, octal?: string, single?: string) => {
      const code = x ?? u ?? long;
      if (code !== undefined) return character(Number.parseInt(code, 16)) ?? whole;
      if (octal !== undefined) return character(Number.parseInt(octal, 8)) ?? whole;
      if (single === '\\' || single === "'" || single === '"') return single;
      return escapes[single ?? ''] ?? whole;
    },
  );
};

const character = (code: number): string | null => (code < 0x110000 ? String.fromCodePoint(code) : null);
