import type { IBufferCell } from '@xterm/headless';
import type { Terminal } from './terminal.ts';

const wide = 8.4;
const high = 18;
const palette = ['#45475a', '#f38ba8', '#a6e3a1', '#f9e2af', '#89b4fa', '#f5c2e7', '#94e2d5', '#bac2de'];
const ink = '#cdd6f4';
const paper = '#1e1e2e';

type Run = { readonly column: number; readonly cells: number; readonly text: string; readonly style: string };

/** What the emulator shows, as a picture: the cells it has, in the colours that were asked for. */
export const pictureOf = (terminal: Terminal, masked: (text: string) => string): string => {
  const { cols, rows, buffer } = terminal.emulator;
  const lines = Array.from({ length: rows }, (_, row) =>
    runsOf(buffer.active.getLine(buffer.active.baseY + row)!, cols),
  );
  const drawn = lines.flatMap((runs, row) =>
    runs.map(({ column, cells, text, style }) => {
      const place = `x="${(8 + column * wide).toFixed(1)}" y="${(24 + row * high).toFixed(0)}"`;
      const shown = masked(text);
      // Runs whose text was masked keep their own width: a fixed one would squeeze other words into it.
      const fixed = shown === text ? ` textLength="${(cells * wide).toFixed(1)}"` : '';
      return `<text ${place}${fixed} ${style}>${escaped(shown)}</text>`;
    }),
  );
  const [width, height] = [cols * wide + 16, rows * high + 20];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width.toFixed(0)} ${height}" font-family="ui-monospace, Menlo, Consolas, monospace" font-size="14" xml:space="preserve">`,
    `<rect width="100%" height="100%" rx="8" fill="${paper}"/>`,
    ...drawn,
    '</svg>',
    '',
  ].join('\n');
};

type BufferLine = NonNullable<ReturnType<Terminal['emulator']['buffer']['active']['getLine']>>;

const runsOf = (line: BufferLine, columns: number): readonly Run[] => {
  const runs: Run[] = [];
  for (let column = 0; column < columns; column += 1) {
    const cell = line.getCell(column);
    if (cell === undefined || cell.getWidth() === 0) continue;
    const text = cell.getChars() || ' ';
    const style = styleOf(cell);
    const last = runs.at(-1);
    if (last !== undefined && last.style === style) {
      runs[runs.length - 1] = { ...last, text: last.text + text, cells: last.cells + cell.getWidth() };
    } else runs.push({ column, cells: cell.getWidth(), text, style });
  }
  return runs
    .map((run) => ({
      ...run,
      text: run.text.trimEnd(),
      cells: run.cells - (run.text.length - run.text.trimEnd().length),
    }))
    .filter(({ text }) => text !== '');
};

const styleOf = (cell: IBufferCell): string => {
  const colour = cell.isFgPalette() ? (palette[cell.getFgColor() % 8] ?? ink) : ink;
  const marked = cell.isInverse() ? ' text-decoration="underline" font-weight="bold"' : '';
  return `fill="${colour}"${cell.isDim() ? ' opacity="0.6"' : ''}${cell.isBold() ? ' font-weight="bold"' : ''}${marked}`;
};

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
