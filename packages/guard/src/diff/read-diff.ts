import type { Change, FileChange } from './change.ts';

/**
 * A unified diff (git or plain, several files) as before/after pairs. New and deleted files are whole; of others only the
 * hunks' lines are known. Never throws: what cannot be read is told in `problem`, beside the files read so far.
 */
export const readDiff = (text: string): Change => {
  const reader: Reader = { lines: text.split('\n'), at: 0 };
  const files: FileChange[] = [];
  let problem: string | null = null;
  while (reader.at < reader.lines.length && problem === null) {
    const entry = readFile(reader);
    if (typeof entry === 'string') problem = entry;
    else if (entry !== null) files.push(entry);
  }
  if (files.length === 0 && problem === null && text.trim() !== '')
    problem = 'no file header was found in it';
  const partial = files.some((file) => file.beforeLines !== undefined);
  return { files, ...(partial ? { partial } : {}), ...(problem === null ? {} : { problem }) };
};

type Reader = { readonly lines: readonly string[]; at: number };

type Header = {
  from: string | null;
  to: string | null;
  isNew: boolean;
  isDeleted: boolean;
  isRename: boolean;
};

type Hunk = {
  readonly oldStart: number;
  readonly oldCount: number;
  readonly newStart: number;
  readonly newCount: number;
};

type Side = { text: string; readonly numbers: number[] };

const hunkHeader = /^@@ -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@/;

/** One file, null where a line belongs to none (the message of a mail), or what is wrong. */
const readFile = (reader: Reader): FileChange | string | null => {
  const first = reader.lines[reader.at]!;
  const isGit = first.startsWith('diff --git ');
  if (!isGit && !isPlainHeader(reader)) {
    reader.at += 1;
    if (/^@@@? -/.test(first)) return `a hunk without a file at line ${reader.at}`;
    return /^diff --(cc|combined) /.test(first) ? 'a combined diff of a merge' : null;
  }
  const header: Header = { from: null, to: null, isNew: false, isDeleted: false, isRename: false };
  if (isGit) readGitHeader(reader, header);
  if (isPlainHeader(reader)) {
    const from = pathOf(reader.lines[reader.at]!.slice(4));
    const to = pathOf(reader.lines[reader.at + 1]!.slice(4));
    reader.at += 2;
    header.isNew ||= from === null;
    header.isDeleted ||= to === null;
    if (!header.isRename) Object.assign(header, { from: from ?? to, to: to ?? from });
  }
  return readHunks(reader, header);
};

const isPlainHeader = (reader: Reader): boolean =>
  /^--- \S/.test(reader.lines[reader.at] ?? '') && /^\+\+\+ \S/.test(reader.lines[reader.at + 1] ?? '');

const readGitHeader = (reader: Reader, header: Header): void => {
  const names = namesOf(reader.lines[reader.at]!.slice('diff --git '.length).replace(/\r$/, ''));
  header.from = names?.from ?? null;
  header.to = names?.to ?? null;
  reader.at += 1;
  for (; reader.at < reader.lines.length; reader.at += 1) {
    const line = reader.lines[reader.at]!.replace(/\r$/, '');
    const [, key, value = ''] =
      /^(old mode|new mode|new file mode|deleted file mode|rename from|rename to|copy from|copy to|similarity index|dissimilarity index|index|Binary files|GIT binary patch)\b ?(.*)$/.exec(
        line,
      ) ?? [];
    if (key === undefined) return;
    if (key === 'new file mode') header.isNew = true;
    if (key === 'deleted file mode') header.isDeleted = true;
    if (key === 'rename from') Object.assign(header, { from: unquote(value), isRename: true });
    if (key === 'rename to') header.to = unquote(value);
    if (key === 'copy to') Object.assign(header, { to: unquote(value), isNew: true });
    if (key === 'GIT binary patch') skipBinary(reader);
  }
};

/** Both names of a `diff --git` line; unquoted names with blanks are told apart by being the same. */
const namesOf = (rest: string): { readonly from: string; readonly to: string } | null => {
  const quoted = /^("(?:[^"\\]|\\.)*"|\S+) ("(?:[^"\\]|\\.)*"|\S+)$/.exec(rest);
  if (quoted !== null)
    return { from: withoutPrefix(unquote(quoted[1]!)), to: withoutPrefix(unquote(quoted[2]!)) };
  const half = rest.slice(0, (rest.length - 1) / 2);
  const other = rest.slice(half.length + 1);
  return withoutPrefix(half) === withoutPrefix(other)
    ? { from: withoutPrefix(half), to: withoutPrefix(other) }
    : null;
};

const skipBinary = (reader: Reader): void => {
  while (reader.at + 1 < reader.lines.length && !reader.lines[reader.at + 1]!.startsWith('diff --git '))
    reader.at += 1;
};

/** The name after `--- ` or `+++ `: without prefix and timestamp; null for /dev/null. */
const pathOf = (field: string): string | null => {
  const name = unquote(field.replace(/\t.*$/, '').replace(/\r$/, ''));
  return name === '/dev/null' ? null : withoutPrefix(name);
};

const withoutPrefix = (name: string): string => name.replace(/^[abciow]\//, '');

/** Git writes names with control or non-ASCII characters as C strings of bytes. */
const unquote = (name: string): string => {
  if (!/^".*"$/.test(name)) return name;
  const bytes: number[] = [];
  for (const [part] of name.slice(1, -1).matchAll(/\\[0-7]{1,3}|\\.|[^\\]+/g)) {
    if (part[0] !== '\\') bytes.push(...new TextEncoder().encode(part));
    else if (/[0-7]/.test(part[1] ?? '')) bytes.push(Number.parseInt(part.slice(1), 8) & 255);
    else bytes.push(({ n: 10, t: 9, r: 13 } as Record<string, number>)[part[1]!] ?? part.charCodeAt(1));
  }
  return new TextDecoder().decode(new Uint8Array(bytes));
};

const readHunks = (reader: Reader, header: Header): FileChange | string | null => {
  const path = header.to ?? header.from;
  if (path === null) return `a file without a name at line ${reader.at}`;
  const before: Side = { text: '', numbers: [] };
  const after: Side = { text: '', numbers: [] };
  while (reader.at < reader.lines.length) {
    const match = hunkHeader.exec(reader.lines[reader.at]!);
    if (match === null) break;
    const hunk = {
      oldStart: Number(match[1]),
      oldCount: Number(match[2] ?? 1),
      newStart: Number(match[3]),
      newCount: Number(match[4] ?? 1),
    };
    reader.at += 1;
    const problem = readLines(reader, hunk, { before, after });
    if (problem !== null) return `${path}: ${problem}`;
  }
  const line = reader.lines[reader.at];
  if (line !== undefined && /^@@/.test(line))
    return `${path}: a hunk header that cannot be read at line ${reader.at + 1}`;
  const from = header.from !== null && header.from !== path && !header.isNew ? { from: header.from } : {};
  if (header.isNew) return { path, before: null, after: after.text };
  if (header.isDeleted) return { path, before: before.text, after: null };
  return {
    path,
    ...from,
    before: before.text,
    after: after.text,
    beforeLines: before.numbers,
    afterLines: after.numbers,
  };
};

/** Reads as many lines as the hunk's header says; what is wrong, or null. */
const readLines = (reader: Reader, hunk: Hunk, sides: { before: Side; after: Side }): string | null => {
  let oldLeft = hunk.oldCount;
  let newLeft = hunk.newCount;
  const take = (side: Side, content: string, number: number): void => {
    side.text += `${content}\n`;
    side.numbers.push(number);
  };
  while (oldLeft > 0 || newLeft > 0) {
    const line = reader.lines[reader.at];
    if (line === undefined) return 'it ends within a hunk';
    const mark = line === '' || line === '\r' ? ' ' : line[0]!;
    if (mark === '\\') dropNewline(reader, sides);
    else if (mark !== ' ' && mark !== '-' && mark !== '+') return `line ${reader.at + 1} is none of a hunk`;
    reader.at += 1;
    if (mark === ' ' || mark === '-')
      take(sides.before, line.slice(1), hunk.oldStart + hunk.oldCount - oldLeft--);
    if (mark === ' ' || mark === '+')
      take(sides.after, line.slice(1), hunk.newStart + hunk.newCount - newLeft--);
    if (oldLeft < 0 || newLeft < 0) return `more lines than its header says, at line ${reader.at}`;
  }
  if (reader.lines[reader.at]?.startsWith('\\') === true) {
    dropNewline(reader, sides);
    reader.at += 1;
  }
  return null;
};

/** `\ No newline at end of file`: the line before it has none, on the side or sides it belongs to. */
const dropNewline = (reader: Reader, sides: { before: Side; after: Side }): void => {
  const mark = reader.lines[reader.at - 1]?.[0];
  if (mark !== '+') sides.before.text = sides.before.text.replace(/\n$/, '');
  if (mark !== '-') sides.after.text = sides.after.text.replace(/\n$/, '');
};
