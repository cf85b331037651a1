/** Reads the output of a failing command: where it failed and what it said. */

export type Frame = { readonly path: string; readonly line: number };

const framePatterns: readonly RegExp[] = [
  /File "([^"\n]+)", line (\d+)/g,
  /(?:\(|at |^|\s)(?:file:\/\/)?((?:[A-Za-z]:)?[^\s():'"]+\.[A-Za-z]{1,4}):(\d+)(?::\d+)?/gm,
];

/** Stack frames that name a file of the workspace, in the order of the output, each once. */
export const findFrames = (input: {
  readonly output: string;
  readonly root: string;
  readonly files: ReadonlySet<string>;
}): readonly Frame[] => {
  const seen = new Map<string, Frame>();
  for (const pattern of framePatterns) {
    for (const match of input.output.matchAll(pattern)) {
      const path = workspacePath(match[1] ?? '', input);
      const line = Number(match[2]);
      if (path !== null && line > 0) seen.set(`${path}:${line}`, { path, line });
    }
  }
  return [...seen.values()];
};

const workspacePath = (
  raw: string,
  input: { readonly root: string; readonly files: ReadonlySet<string> },
): string | null => {
  const slashed = raw.replaceAll('\\', '/');
  const inside = slashed.startsWith(`${input.root}/`)
    ? slashed.slice(input.root.length + 1)
    : slashed.replace(/^\.\//, '');
  if (input.files.has(inside)) return inside;
  // A temporary folder may be reached through a link, so the prefix differs: the longest known tail decides.
  const parts = slashed.split('/');
  for (let from = 1; from < parts.length; from++) {
    const tail = parts.slice(from).join('/');
    if (tail.includes('/') && input.files.has(tail)) return tail;
  }
  return null;
};

const ansi: RegExp = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');

/** Stack frames of JavaScript fill pages and say where, not what; where is read from the whole output. */
const withoutFrames = (text: string): string =>
  text
    .split('\n')
    .filter((line) => !/^\s+at .*(?::\d+:\d+\)?|<anonymous>\)?|native\)?)$/.test(line))
    .join('\n');

/** The lines of an output that say most, at most `limit` characters: the first error and the end. */
export const gist = (output: string, limit: number): string => {
  const text = withoutFrames(output.replace(ansi, '')).trim();
  if (text.length <= limit) return text;
  const lines = text.split('\n');
  const telling = lines.findIndex((line) => /error|assert|expected|fail|not ok/i.test(line));
  const head =
    telling < 0
      ? ''
      : lines
          .slice(telling, telling + 8)
          .join('\n')
          .slice(0, limit / 2);
  const tail = text.slice(-(limit - head.length - 5));
  return head === '' || tail.includes(head) ? text.slice(-limit) : `${head}\n...\n${tail}`;
};
