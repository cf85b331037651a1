import type { View } from '@tandem/protocol';
import { type Line, line, span, textOf, truncate } from '../text/line.ts';
import type { Block } from './block.ts';
import { turnBlocks } from './turn-blocks.ts';

/** Lines of the past that are drawn when a session is opened: a few screens; the pager has the rest. */
const openingLines = 400;

export type Advance = {
  /** Final since the last call, to be written for good. */
  readonly commit: readonly Line[];
  /** What may still change. */
  readonly open: readonly Line[];
  /** What was committed is not what the View says: everything must be drawn anew. */
  readonly broken: boolean;
};

/** How much of the conversation has been written for good. */
export class Transcript {
  #turn = 0;
  #block = 0;
  /** Lines of the next block that were committed while it was open, as text. */
  #early: string[] = [];

  /** Starts near the end of a long conversation. */
  begin(view: View, width: number): readonly Line[] {
    this.#block = 0;
    this.#early = [];
    let lines = 0;
    let turn = view.turns.length;
    while (turn > 0 && lines < openingLines) {
      turn -= 1;
      for (const block of blocksOf(view, turn, width)) lines += block.lines.length;
    }
    this.#turn = turn;
    if (turn === 0) return [];
    const before = `… ${turn} earlier turn${turn === 1 ? '' : 's'}: Ctrl-O`;
    return [line(span(before, 'dim')), []];
  }

  advance(view: View, width: number): Advance {
    const commit: Line[] = [];
    const open: Line[] = [];
    let broken = false;
    let blocked = false;
    for (; this.#turn < view.turns.length; this.#turn += 1, this.#block = 0) {
      for (const block of blocksOf(view, this.#turn, width).slice(this.#block)) {
        if (!blocked) {
          broken ||= !this.#agrees(block);
          commit.push(...block.lines.slice(this.#early.length, block.final ? undefined : block.stable));
          if (block.final) this.#pass();
          else this.#keep(block);
        }
        if (!block.final || blocked) open.push(...(blocked ? block.lines : block.lines.slice(block.stable)));
        blocked ||= !block.final;
      }
      if (blocked || !isOver(view, this.#turn)) break;
    }
    return { commit, open: [...open, ...queuedLines(view, this.#turn, width)], broken };
  }

  #pass(): void {
    this.#block += 1;
    this.#early = [];
  }

  #keep(block: Block): void {
    for (const one of block.lines.slice(this.#early.length, block.stable)) this.#early.push(textOf(one));
  }

  /** The first lines of a finished block are those that were written while it was open. */
  #agrees(block: Block): boolean {
    return this.#early.every((text, at) => block.lines[at] !== undefined && textOf(block.lines[at]) === text);
  }
}

const blocksOf = (view: View, index: number, width: number): readonly Block[] => {
  const turn = view.turns[index];
  return turn === undefined ? [] : turnBlocks({ view, turn, width, whole: false });
};

const isOver = (view: View, index: number): boolean => {
  const status = view.turns[index]?.status;
  return status !== 'queued' && status !== 'running';
};

/** What was sent and not begun: inputs for the running turn, then turns behind it. */
const queuedLines = (view: View, running: number, width: number): readonly Line[] => {
  const inputs = view.turns[running]?.waiting ?? [];
  const turns = view.turns.slice(running + 1).map(({ text }) => text);
  return [...inputs, ...turns].map((text) =>
    truncate(line(span('⋯ queued: ', 'dim'), span(text.trim().split('\n')[0] ?? '', 'dim')), width),
  );
};
