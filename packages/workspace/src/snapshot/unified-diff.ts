import { structuredPatch } from 'diff';

/** One side of a change: null where the file does not exist. Modes are git's: 100644, 100755, 120000. */
export type Side = { readonly mode: string; readonly bytes: Uint8Array };

export type FilePatch = { readonly diff: string; readonly added: number; readonly removed: number };

/** A diff of more is of no use to a reader, nor is finding a smaller one worth the time. */
const maxTextBytes = 2 * 1024 * 1024;
const timeoutMs = 1_000;

/** One file's change in git's patch format. Binary files are noted in a line that `git apply` passes over. */
export const unifiedDiff = (input: {
  readonly path: string;
  readonly before: Side | null;
  readonly after: Side | null;
}): FilePatch => {
  const { path, before, after } = input;
  if (before !== null && after !== null && kind(before) !== kind(after)) {
    const removed = unifiedDiff({ path, before, after: null });
    const added = unifiedDiff({ path, before: null, after });
    return { diff: removed.diff + added.diff, added: added.added, removed: removed.removed };
  }
  const old = decode(before);
  const fresh = decode(after);
  if (old === null || fresh === null) {
    return { diff: `Binary files a/${path} and b/${path} differ\n`, added: 0, removed: 0 };
  }
  const hunks = hunksOf(old, fresh);
  const names = { old: quote(`a/${path}`), fresh: quote(`b/${path}`) };
  const from = before === null ? '/dev/null' : names.old;
  const to = after === null ? '/dev/null' : names.fresh;
  // A tab after a name with a space tells patch programs where the name ends.
  const end = path.includes(' ') ? '\t' : '';
  const head = `diff --git ${names.old} ${names.fresh}\n${modeLines(before, after)}`;
  if (hunks.lines.length === 0) return { diff: head, added: 0, removed: 0 };
  const marks = `--- ${from}${before === null ? '' : end}\n+++ ${to}${after === null ? '' : end}\n`;
  return { diff: `${head}${marks}${hunks.lines.join('\n')}\n`, added: hunks.added, removed: hunks.removed };
};

const kind = (side: Side): string => side.mode.slice(0, 3);

const decode = (side: Side | null): string | null => {
  if (side === null) return '';
  if (side.bytes.length > maxTextBytes || side.bytes.includes(0)) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(side.bytes);
  } catch {
    return null;
  }
};

const modeLines = (before: Side | null, after: Side | null): string => {
  if (before === null) return `new file mode ${after?.mode}\n`;
  if (after === null) return `deleted file mode ${before.mode}\n`;
  return before.mode === after.mode ? '' : `old mode ${before.mode}\nnew mode ${after.mode}\n`;
};

type Hunks = { readonly lines: readonly string[]; readonly added: number; readonly removed: number };

const hunksOf = (old: string, fresh: string): Hunks => {
  if (old === fresh) return { lines: [], added: 0, removed: 0 };
  const patch = structuredPatch('a', 'b', old, fresh, undefined, undefined, {
    context: 3,
    timeout: timeoutMs,
  });
  const hunks = patch?.hunks ?? [replaceAll(old, fresh)];
  const lines = hunks.flatMap((hunk) => [
    `@@ -${range(hunk.oldStart, hunk.oldLines)} +${range(hunk.newStart, hunk.newLines)} @@`,
    ...hunk.lines,
  ]);
  const count = (sign: string): number =>
    hunks.reduce((sum, hunk) => sum + hunk.lines.filter((line) => line.startsWith(sign)).length, 0);
  return { lines, added: count('+'), removed: count('-') };
};

/** An empty range names the line before it, as git writes it. */
const range = (start: number, length: number): string =>
  length === 0 ? `${Math.max(0, start - 1)},0` : length === 1 ? `${start}` : `${start},${length}`;

const noNewline = '\\ No newline at end of file';

const replaceAll = (old: string, fresh: string) => {
  const mark = (text: string, sign: string): readonly string[] => {
    if (text === '') return [];
    const lines = text.split('\n');
    const ended = lines.at(-1) === '';
    const kept = (ended ? lines.slice(0, -1) : lines).map((line) => sign + line);
    return ended ? kept : [...kept, noNewline];
  };
  const removed = mark(old, '-');
  const added = mark(fresh, '+');
  const size = (lines: readonly string[]): number => lines.filter((line) => line !== noNewline).length;
  return {
    oldStart: 1,
    oldLines: size(removed),
    newStart: 1,
    newLines: size(added),
    lines: [...removed, ...added],
  };
};

/** Names with control characters, quotes or backslashes are written as C strings. */
const quote = (name: string): string => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must be quoted
  if (!/["\\\x00-\x1f\x7f]/.test(name)) return name;
  const escapes: Readonly<Record<string, string>> = {
    '"': '\\"',
    '\\': '\\\\',
    '\n': '\\n',
    '\t': '\\t',
    '\r': '\\r',
  };
  // biome-ignore lint/suspicious/noControlCharactersInRegex: as above
  return `"${name.replace(/["\\\x00-\x1f\x7f]/g, (char) => escapes[char] ?? `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`)}"`;
};
