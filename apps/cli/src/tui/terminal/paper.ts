export type Size = { readonly columns: number; readonly rows: number };

export type Picture = {
  /** Lines that go above what is live, for good: the terminal scrolls them away and keeps them. */
  readonly commit: readonly string[];
  /** Lines that may change; never more than the terminal has rows. */
  readonly live: readonly string[];
  /** In `live`, from 0. */
  readonly cursor: { readonly row: number; readonly column: number } | null;
};

/** Nothing is drawn until the end of the frame, where the terminal knows that; elsewhere the cursor at least does not dance. */
const begin = '\x1b[?2026h\x1b[?25l';
const end = '\x1b[?2026l';
const eraseLine = '\x1b[K';
const eraseBelow = '\x1b[J';

/**
 * What the terminal shows, and the least to write to make it show something else. Lines that are committed scroll into the
 * terminal's own history, where its search, its mouse and its copying work; only the lines below them are ever written again.
 */
export class Paper {
  #size: Size;
  /** Lines on the screen that are ours, from the highest that we can still reach. */
  #shown: readonly string[] = [];
  #committed = 0;
  #row = 0;

  constructor(size: Size) {
    this.#size = size;
  }

  /** From the line where the cursor is, which is taken as empty. */
  paint({ commit, live, cursor }: Picture): string {
    const next = [...this.#shown.slice(0, this.#committed), ...commit, ...live];
    const body = this.#write(next);
    const over = Math.max(0, next.length - this.#size.rows);
    this.#shown = next.slice(over);
    this.#committed = Math.max(0, next.length - live.length - over);
    return frame(body + this.#place(cursor));
  }

  /** Everything anew, for another size or after somebody else wrote: `above` are the last of the committed lines. */
  repaint(size: Size, above: readonly string[], { live, cursor }: Omit<Picture, 'commit'>): string {
    this.#size = size;
    const room = Math.max(0, size.rows - live.length);
    const kept = room === 0 ? [] : above.slice(-room);
    this.#shown = [...kept, ...live];
    this.#committed = kept.length;
    this.#row = Math.max(0, this.#shown.length - 1);
    const body = this.#shown.map((text) => text + eraseLine).join('\r\n');
    return frame(`\x1b[H\x1b[2J${body}${this.#place(cursor)}`);
  }

  /** Takes the live lines away and leaves the cursor below what is committed. */
  end(): string {
    const erased = `${this.#move(Math.min(this.#committed, Math.max(0, this.#shown.length - 1)))}\r${eraseBelow}`;
    this.#shown = this.#shown.slice(0, this.#committed);
    return erased;
  }

  #write(next: readonly string[]): string {
    const first = firstDifference(this.#shown, next);
    if (first === null) return '';
    if (next.length > this.#size.rows || next.length !== this.#shown.length)
      return this.#writeFrom(next, first);
    let body = '';
    for (const [row, text] of next.entries())
      if (text !== this.#shown[row]) body += `${this.#move(row)}\r${text}${eraseLine}`;
    return body;
  }

  /** The tail from a line on; line feeds past the last row scroll. */
  #writeFrom(next: readonly string[], first: number): string {
    if (next.length === 0) return `${this.#move(0)}\r${eraseBelow}`;
    // The last line is written again where nothing else differs: erasing goes on from its end.
    const from = Math.min(first, Math.max(0, this.#shown.length - 1), next.length - 1);
    const tail = next.slice(from).map((text) => text + eraseLine);
    const body = `${this.#move(from)}\r${tail.join('\r\n')}`;
    this.#row = Math.min(next.length, this.#size.rows) - 1;
    return next.length < this.#shown.length ? body + eraseBelow : body;
  }

  #move(row: number): string {
    const by = row - this.#row;
    this.#row = row;
    return by === 0 ? '' : `\x1b[${Math.abs(by)}${by < 0 ? 'A' : 'B'}`;
  }

  #place(cursor: Picture['cursor']): string {
    if (cursor === null) return '';
    const { row, column } = cursor;
    return `${this.#move(this.#committed + row)}\r${column > 0 ? `\x1b[${column}C` : ''}\x1b[?25h`;
  }
}

const firstDifference = (shown: readonly string[], next: readonly string[]): number | null => {
  const length = Math.max(shown.length, next.length);
  for (let at = 0; at < length; at += 1) if (shown[at] !== next[at]) return at;
  return null;
};

const frame = (body: string): string => (body === '' ? '' : `${begin}${body}${end}`);
