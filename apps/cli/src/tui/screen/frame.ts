import { keyLabel } from '../app/keymap.ts';
import { menuOf } from '../app/menu.ts';
import { isBusy, type Screen } from '../app/screen.ts';
import { emptyLine, type Line, line, span, spread, truncate } from '../text/line.ts';
import { approvalLines } from './approval-lines.ts';
import { seconds } from './numbers.ts';
import { menuLines, panelLines } from './panel-lines.ts';
import { promptBox } from './prompt-box.ts';
import { statusLine } from './status-line.ts';
import { findingLines } from './welcome.ts';

export type Frame = {
  readonly lines: readonly Line[];
  readonly cursor: { readonly row: number; readonly column: number };
};

/** Columns that are written to: the last one stays free, because terminals do not agree on what follows it. */
export const widthOf = ({ size }: Pick<Screen, 'size'>): number => Math.max(20, size.columns - 1);

/** Everything below the conversation's finished part; never higher than the terminal. */
export const frameOf = (screen: Screen, open: readonly Line[]): Frame => {
  const width = widthOf(screen);
  const rows = Math.max(6, screen.size.rows);
  const box = promptBox(screen, { width, most: Math.max(1, Math.floor(rows / 2) - 3) });
  const status = statusLine(screen, width);
  const fixed = box.lines.length + status.length;
  const menu = menuOf(screen);
  const work = workLines(screen, width);
  const room = Math.max(0, rows - fixed - work.length - 1);
  const above =
    menu !== null
      ? menuLines(menu, screen.menu.index, { width, most: Math.min(8, room) })
      : upper(screen, width, room);
  const shown = open.slice(Math.max(0, open.length - Math.max(0, room - above.length)));
  const lines = [...shown, emptyLine, ...above, ...work, ...box.lines, ...status].slice(-rows);
  const top = lines.length - status.length - box.lines.length;
  return { lines, cursor: { row: top + box.cursor.row, column: box.cursor.column } };
};

const upper = (screen: Screen, width: number, most: number): readonly Line[] => {
  const asked = screen.view.approvals[0];
  if (asked !== undefined) return approvalLines(screen, asked, { width, most });
  if (screen.panel !== null) return panelLines(screen.panel, { width, most });
  return screen.view.turns.length > 0 ? [] : findingLines(screen.findings, width).slice(0, most);
};

const spinner = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
/** Ticks of a tenth of a second. */
const tickMs = 100;

const workLines = (screen: Screen, width: number): readonly Line[] => {
  const { view, running, notice, tick, bindings } = screen;
  const lines: Line[] = [];
  if (notice !== null) lines.push(truncate(line(span(notice.text, notice.bad ? 'bad' : 'dim')), width));
  const what =
    running.work ??
    (running.shell === null ? null : `$ ${running.shell}`) ??
    (isBusy(screen) ? doing(screen) : null);
  if (what === null || view.approvals.length > 0) return lines;
  const sign = span(`${spinner[tick % spinner.length]} `, 'accent');
  const took = tick < 10 ? '' : ` ${seconds(tick * tickMs).replace(/\.\d s/, ' s')}`;
  const behind = running.work === null && running.shell !== null ? bindings.background?.[0] : undefined;
  const also = behind === undefined ? '' : `, ${keyLabel([behind])} behind`;
  const hint = width > 60 ? `  Esc to interrupt${also}` : '';
  const left = truncate([sign, ...line(what), span(took, 'dim')], width - 2 - hint.length);
  return [...lines, spread(left, [span(hint, 'dim')], width)];
};

const doing = ({ view: { progress } }: Screen): string => {
  if (progress === null) return 'thinking';
  return progress.total === undefined
    ? progress.text
    : `${progress.text} (${progress.done ?? 0}/${progress.total})`;
};
