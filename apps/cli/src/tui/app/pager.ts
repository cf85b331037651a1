import type { View } from '@tandem/protocol';
import { bodyOf } from '../screen/approval-lines.ts';
import { turnBlocks } from '../screen/turn-blocks.ts';
import type { Input } from '../terminal/keys.ts';
import type { Size } from '../terminal/paper.ts';
import { diffLines } from '../text/diff.ts';
import { draw, type Line, line, span, truncate } from '../text/line.ts';
import type { Theme } from '../text/style.ts';
import { wrap } from '../text/wrap.ts';
import { nameOf } from './key-name.ts';

const other = '\x1b[?1049h';
const main = '\x1b[?1049l';

/** Long text on a screen of its own; what was on the terminal comes back when it is closed. */
export class Pager {
  readonly #title: string;
  readonly #lines: (width: number) => readonly Line[];
  #drawn: { readonly width: number; readonly lines: readonly Line[] } | null = null;
  #top: number;

  constructor(given: {
    readonly title: string;
    readonly lines: (width: number) => readonly Line[];
    readonly atEnd: boolean;
  }) {
    this.#title = given.title;
    this.#lines = given.lines;
    this.#top = given.atEnd ? Number.MAX_SAFE_INTEGER : 0;
  }

  /** False: it is to be closed. */
  press(input: Input, size: Size): boolean {
    if (input.type !== 'key') return true;
    const page = Math.max(1, size.rows - 2);
    const steps: Readonly<Record<string, number>> = {
      ...{ up: -1, k: -1, 'ctrl-p': -1, down: 1, j: 1, 'ctrl-n': 1, enter: 1 },
      ...{ pageup: -page, b: -page, pagedown: page, ' ': page, home: -1e9, g: -1e9, end: 1e9, G: 1e9 },
    };
    const name = nameOf(input);
    if (['q', 'escape', 'ctrl-c', 'ctrl-o', 'ctrl-t', 'ctrl-d'].includes(name)) return false;
    this.#top += steps[name] ?? 0;
    return true;
  }

  draw(size: Size, theme: Theme): string {
    const width = Math.max(20, size.columns - 1);
    if (this.#drawn?.width !== width) this.#drawn = { width, lines: this.#lines(width) };
    const { lines } = this.#drawn;
    const room = Math.max(1, size.rows - 1);
    this.#top = Math.max(0, Math.min(this.#top, lines.length - room));
    const shown = lines.slice(this.#top, this.#top + room).map((one) => draw(truncate(one, width), theme));
    const share = lines.length <= room ? 'all' : `${Math.round(((this.#top + room) / lines.length) * 100)} %`;
    const foot = draw(
      truncate(line(span(` ${this.#title} · ${share} · ↑↓ PgUp PgDn g G · q closes `, 'selected')), width),
      theme,
    );
    const body = Array.from({ length: room }, (_, row) => `${shown[row] ?? ''}\x1b[K`).join('\r\n');
    return `\x1b[?2026h${other}\x1b[?25l\x1b[H${body}\r\n${foot}\x1b[K\x1b[?2026l`;
  }

  static readonly close: string = `${main}\x1b[?25h`;
}

/** The whole conversation, nothing folded; what is asked right now comes last. */
export const transcriptPager = (view: View): Pager =>
  new Pager({
    title: 'Conversation',
    atEnd: true,
    lines: (width) => {
      const lines = view.turns.flatMap((turn) =>
        turnBlocks({ view, turn, width, whole: true }).flatMap((block) => block.lines),
      );
      const asked = view.approvals[0];
      return asked === undefined
        ? lines
        : [...lines, line(span(asked.question, 'warn')), ...bodyOf(view, asked, width)];
    },
  });

export type Paged = { readonly diff: string } | { readonly text: string };

export const pagerOf = (title: string, of: Paged): Pager =>
  new Pager({
    title,
    atEnd: false,
    lines: (width) =>
      'diff' in of
        ? diffLines(of.diff, width, { files: true })
        : of.text.split('\n').flatMap((one) => wrap(line(one), width)),
  });

/** What the last turn that changed files did to them; null when none did. */
export const diffPager = (view: View): Pager | null => {
  const turn = view.turns.findLast(
    ({ items, undone }) => !undone && items.some(({ type }) => type === 'file_change'),
  );
  if (turn === undefined) return null;
  const diffs = turn.items.flatMap((item) => (item.type === 'file_change' ? [item.diff] : []));
  return new Pager({
    title: 'Changes of the last turn',
    atEnd: false,
    lines: (width) => diffs.flatMap((diff) => [...diffLines(diff, width, { files: true }), []]),
  });
};
