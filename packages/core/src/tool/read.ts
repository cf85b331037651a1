import { cleanPath } from './paths.ts';
import { failure, type LookTool, success } from './tool.ts';

const LINE_LIMIT = 2_000;
const TEXT_LIMIT = 60_000;

export const readTool: LookTool = {
  spec: {
    name: 'read',
    description: 'Read a text file, lines numbered. Give from and to (1-based) for part of a long file.',
    parameters: {
      type: 'object',
      properties: { path: { type: 'string' }, from: { type: 'integer' }, to: { type: 'integer' } },
      required: ['path'],
    },
  },
  effect: 'read',
  replay: 'safe',
  run: async (given, { workspace }) => {
    const path = cleanPath(String(given.path), workspace.root);
    const file = await workspace.read(path);
    if (file === null) return failure(`There is no file ${path}. Use glob to find it.`);
    const lines = file.text.split('\n');
    if (lines.at(-1) === '') lines.pop();
    const from = Math.max(1, Number(given.from ?? 1));
    const to = Math.min(lines.length, Number(given.to ?? lines.length), from + LINE_LIMIT - 1);
    if (lines.length === 0) return success('(the file is empty)');
    if (from > lines.length) return failure(`${path} has only ${lines.length} lines.`);
    const { text, last } = numbered(lines, from, to);
    return success(last < lines.length ? `${text}(lines ${from}-${last} of ${lines.length})` : text);
  },
};

const numbered = (
  lines: readonly string[],
  from: number,
  to: number,
): { readonly text: string; readonly last: number } => {
  let text = '';
  for (let line = from; line <= to; line += 1) {
    const next = `${line}\t${lines[line - 1] ?? ''}\n`;
    if (text.length + next.length > TEXT_LIMIT) {
      if (text !== '') return { text, last: line - 1 };
      return { text: `${next.slice(0, TEXT_LIMIT)} (line cut)\n`, last: line };
    }
    text += next;
  }
  return { text, last: to };
};
