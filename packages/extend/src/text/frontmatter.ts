/** The head of a Markdown file between two lines of `---`: one value a key, lists joined by commas. */
export type Frontmatter = {
  readonly fields: ReadonlyMap<string, string>;
  readonly body: string;
};

/** Reads what files of this kind use of YAML: plain, quoted, folded and block values, and lists. Never throws. */
export const readFrontmatter = (text: string): Frontmatter => {
  const clean = text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n');
  const match = /^---[ \t]*\n(?:([\s\S]*?)\n)?---[ \t]*(?:\n|$)/.exec(clean);
  if (match === null) return { fields: new Map(), body: clean.trim() };
  return { fields: readFields((match[1] ?? '').split('\n')), body: clean.slice(match[0].length).trim() };
};

const readFields = (lines: readonly string[]): ReadonlyMap<string, string> => {
  const fields = new Map<string, string>();
  for (let index = 0; index < lines.length; index += 1) {
    const head = /^([A-Za-z][\w-]*):[ \t]*(.*)$/.exec(lines[index] ?? '');
    if (head === null) continue;
    const [, key = '', value = ''] = head;
    const below: string[] = [];
    while (/^(?:[ \t]|-[ \t]|$)/.test(lines[index + 1] ?? '-')) {
      below.push((lines[index + 1] ?? '').trim());
      index += 1;
      if (index >= lines.length) break;
    }
    fields.set(key, readValue(value.trim(), below));
  }
  return fields;
};

const readValue = (value: string, below: readonly string[]): string => {
  if (/^[|>][+-]?$/.test(value)) return below.join(value.startsWith('|') ? '\n' : ' ').trim();
  if (value === '' && below.some((line) => line.startsWith('- ')))
    return below
      .filter((line) => line.startsWith('- '))
      .map((line) => unquoted(line.slice(2).trim()))
      .join(',');
  if (value.startsWith('[') && value.endsWith(']'))
    return value
      .slice(1, -1)
      .split(',')
      .map((one) => unquoted(one.trim()))
      .join(',');
  return [unquoted(value), ...below].join(' ').trim();
};

const unquoted = (value: string): string => {
  const inside = /^"([\s\S]*)"$/.exec(value)?.[1] ?? /^'([\s\S]*)'$/.exec(value)?.[1];
  return inside === undefined ? value : inside.replaceAll('\\"', '"').replaceAll("''", "'");
};
