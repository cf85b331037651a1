import type { View, ViewTurn } from '@tandem/protocol';
import { emptyLine, type Line } from '../text/line.ts';

/** A piece of the conversation. One that is final never changes again and may scroll away. */
export type Block = {
  readonly key: string;
  readonly final: boolean;
  readonly lines: readonly Line[];
  /** Of one that is not final: how many of its lines stay as they are. */
  readonly stable: number;
};

/** What a block is drawn from: all of it is in the View, so that a restart draws the same. */
export type Drawn = {
  readonly view: View;
  readonly turn: ViewTurn;
  readonly width: number;
  /** Everything, instead of the first lines of long output. */
  readonly whole: boolean;
};

/** Lines after an empty one; `tight`: right below what came before. */
const apart = (lines: readonly Line[], tight: boolean): readonly Line[] =>
  lines.length === 0 || tight ? lines : [emptyLine, ...lines];

export const finalBlock = (key: string, lines: readonly Line[], tight = false): Block => {
  const all = apart(lines, tight);
  return { key, final: true, lines: all, stable: all.length };
};

export const openBlock = (
  key: string,
  lines: readonly Line[],
  { stable = 0, tight = false }: { readonly stable?: number; readonly tight?: boolean } = {},
): Block => ({
  key,
  final: false,
  lines: apart(lines, tight),
  stable: stable === 0 ? 0 : stable + (tight ? 0 : 1),
});
