/** Lines of a text, 1-based and inclusive. What is put in between lines n and n+1 is `{ from: n + 1, to: n }`. */
export type Span = { readonly from: number; readonly to: number };

/** What a diff changes in one file: in the lines it had, and in those it has. */
export type ChangedLines = { readonly old: readonly Span[]; readonly fresh: readonly Span[] };

const header = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/;

/** The changed lines of each file of a unified diff, by path. A file without text hunks has no spans. */
export const changedLines = (diff: string): ReadonlyMap<string, ChangedLines> => {
  const files = new Map<string, { old: Span[]; fresh: Span[] }>();
  const lines = diff.split('\n');
  let old = '';
  let path = '';
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    const named = /^diff --git (?:a\/(.+) b\/\1|"a\/(.+)" "b\/\2")$/.exec(line);
    if (named !== null) path = spansOf(files, unquoted(`${named[1] ?? named[2]}`));
    else if (line.startsWith('--- ')) old = nameIn(line);
    else if (line.startsWith('+++ ')) path = spansOf(files, nameIn(line) || old);
    const hunk = header.exec(line);
    if (hunk !== null) at = readHunk(lines, at, hunk, files.get(path) ?? { old: [], fresh: [] });
  }
  return files;
};

const spansOf = (files: Map<string, { old: Span[]; fresh: Span[] }>, path: string): string => {
  if (!files.has(path)) files.set(path, { old: [], fresh: [] });
  return path;
};

/** Reads as many lines as the header promises: a removed line `-- x` looks like the head of a file. */
const readHunk = (
  lines: readonly string[],
  start: number,
  hunk: RegExpExecArray,
  into: { readonly old: Span[]; readonly fresh: Span[] },
): number => {
  const counts = { old: Number(hunk[2] ?? 1), fresh: Number(hunk[4] ?? 1) };
  // An empty side is named by the line before it.
  const here = {
    old: Number(hunk[1]) + (counts.old === 0 ? 1 : 0),
    fresh: Number(hunk[3]) + (counts.fresh === 0 ? 1 : 0),
  };
  const end = { old: here.old + counts.old, fresh: here.fresh + counts.fresh };
  let begun: { old: number; fresh: number } | null = null;
  const close = (): void => {
    if (begun === null) return;
    into.old.push({ from: begun.old, to: here.old - 1 });
    into.fresh.push({ from: begun.fresh, to: here.fresh - 1 });
    begun = null;
  };
  let at = start;
  while (at + 1 < lines.length && (here.old < end.old || here.fresh < end.fresh)) {
    at += 1;
    const kind = lines[at]?.[0];
    if (kind === '\\') continue;
    if (kind === '-' || kind === '+') begun ??= { ...here };
    else close();
    if (kind !== '+') here.old += 1;
    if (kind !== '-') here.fresh += 1;
  }
  close();
  return at;
};

/** Empty for `/dev/null`. */
const nameIn = (line: string): string => {
  const name = line.slice(4).split('\t')[0] ?? '';
  if (name === '/dev/null') return '';
  const plain = name.startsWith('"') && name.endsWith('"') ? unquoted(name.slice(1, -1)) : name;
  return plain.replace(/^[ab]\//, '');
};

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

/** Git's quoting, but for bytes that are no ASCII: the same name stays the same. */
const unquoted = (name: string): string =>
  name.replace(/\\([ntr"\\])/g, (_, char: string) => escapes[char] ?? char);
