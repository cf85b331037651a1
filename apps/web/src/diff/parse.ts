/** One line of a file's change. `mark` is what of it differs from the line that it replaces or is replaced by. */
export type DiffLine = {
  /** Its place among the lines of its file. */
  readonly index: number;
  readonly kind: 'same' | 'added' | 'removed' | 'note';
  readonly before: number | null;
  readonly after: number | null;
  readonly text: string;
  readonly mark: readonly [from: number, to: number] | null;
};

export type DiffFile = {
  /** Of this file alone: the same path may come twice. */
  readonly key: string;
  readonly path: string;
  /** Where it was, if it was moved. */
  readonly from: string | null;
  /** What git says of it beside its lines: new, deleted, binary, another mode. */
  readonly notes: readonly string[];
  readonly lines: readonly DiffLine[];
  readonly added: number;
  readonly removed: number;
};

type Draft = { path: string; from: string | null; notes: string[]; lines: Omit<DiffLine, 'index'>[] };

/** A unified diff, as git writes it or without git's headers. What it does not understand is left out, never guessed. */
export const parseDiff = (text: string): readonly DiffFile[] => {
  const files: Draft[] = [];
  let file: Draft | null = null;
  let left = { before: 0, after: 0 };
  let at = { before: 0, after: 0 };
  for (const line of text.split('\n')) {
    if (file !== null && (left.before > 0 || left.after > 0)) {
      const read = readLine(line, at);
      if (read === null) continue;
      file.lines.push(read);
      const [back, on] = [read.kind !== 'added' ? 1 : 0, read.kind !== 'removed' ? 1 : 0];
      if (read.kind === 'note') continue;
      left = { before: left.before - back, after: left.after - on };
      at = { before: at.before + back, after: at.after + on };
      continue;
    }
    const hunk = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@(.*)$/.exec(line);
    if (hunk !== null && file !== null) {
      at = { before: Number(hunk[1]), after: Number(hunk[3]) };
      left = { before: Number(hunk[2] ?? 1), after: Number(hunk[4] ?? 1) };
      file.lines.push({ kind: 'note', before: null, after: null, text: hunk[5]!.trim(), mark: null });
      continue;
    }
    file = readHeader(line, file, files);
  }
  return files.map(finished);
};

const readLine = (
  line: string,
  at: { readonly before: number; readonly after: number },
): Omit<DiffLine, 'index'> | null => {
  const text = line.slice(1);
  switch (line[0]) {
    case '+':
      return { kind: 'added', before: null, after: at.after, text, mark: null };
    case '-':
      return { kind: 'removed', before: at.before, after: null, text, mark: null };
    case ' ':
    case undefined:
      return { kind: 'same', ...at, text, mark: null };
    case '\\':
      return { kind: 'note', before: null, after: null, text: text.trim(), mark: null };
    default:
      return null;
  }
};

const readHeader = (line: string, file: Draft | null, files: Draft[]): Draft | null => {
  const begin = (path: string): Draft => {
    const fresh: Draft = { path, from: null, notes: [], lines: [] };
    files.push(fresh);
    return fresh;
  };
  const git = /^diff --git (?:"?a\/(.*?)"? "?b\/(.*?)"?)$/.exec(line);
  if (git !== null) return begin(git[2]!);
  const path = /^(?:\+\+\+|---) (?:"?[ab]\/)?(.*?)"?(?:\t.*)?$/.exec(line);
  if (path !== null) {
    const isOther = file === null || (line.startsWith('---') && file.lines.length > 0);
    const draft = isOther ? begin(path[1]!) : file;
    if (path[1] !== '/dev/null') draft.path = path[1]!;
    return draft;
  }
  if (file === null) return null;
  const moved = /^rename from (.*)$/.exec(line);
  if (moved !== null) file.from = moved[1]!;
  if (/^(?:new file|deleted file|old mode|new mode|Binary files|GIT binary)/.test(line))
    file.notes.push(line);
  return file;
};

const finished = (draft: Draft, place: number): DiffFile => ({
  ...draft,
  key: `${place} ${draft.path}`,
  lines: withMarks(draft.lines.map((line, index) => ({ ...line, index }))),
  added: draft.lines.filter(({ kind }) => kind === 'added').length,
  removed: draft.lines.filter(({ kind }) => kind === 'removed').length,
});

/** Lines that replace as many others, one for one, show what differs in them. */
const withMarks = (lines: readonly DiffLine[]): readonly DiffLine[] => {
  const marked = [...lines];
  for (let start = 0; start < lines.length; start += 1) {
    if (lines[start]!.kind !== 'removed') continue;
    const removed = run(lines, start, 'removed');
    const added = run(lines, start + removed, 'added');
    if (removed === added)
      for (let index = start; index < start + removed; index += 1) markPair(marked, index, index + removed);
    start += removed + added - 1;
  }
  return marked;
};

const run = (lines: readonly DiffLine[], start: number, kind: DiffLine['kind']): number => {
  let count = 0;
  while (lines[start + count]?.kind === kind) count += 1;
  return count;
};

const markPair = (lines: DiffLine[], one: number, other: number): void => {
  const [before, after] = [lines[one]!, lines[other]!];
  const shorter = Math.min(before.text.length, after.text.length);
  let head = 0;
  while (head < shorter && before.text[head] === after.text[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && before.text.at(-1 - tail) === after.text.at(-1 - tail)) tail += 1;
  // Lines with little in common are two lines, not one that was changed.
  if (head + tail < shorter / 3) return;
  lines[one] = { ...before, mark: [head, before.text.length - tail] };
  lines[other] = { ...after, mark: [head, after.text.length - tail] };
};
