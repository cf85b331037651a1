import type { Item, ViewTurn } from '@tandem/protocol';
import { type Line, line, type Span, span } from '../text/line.ts';
import { wrap } from '../text/wrap.ts';
import { attemptLines } from './attempt-lines.ts';
import { type Block, type Drawn, finalBlock, openBlock } from './block.ts';
import { itemLines, messageLines, promptLines } from './item-lines.ts';
import { amount, seconds } from './numbers.ts';
import { commandOutput } from './output.ts';

/** A turn from its prompt to what came of it. */
export const turnBlocks = (drawn: Drawn): readonly Block[] => {
  const { turn, width, whole } = drawn;
  if (turn.undone && !whole) return [finalBlock(`${turn.id}:undone`, undoneLines(turn, width))];
  const ended = turn.status !== 'queued' && turn.status !== 'running';
  return [
    finalBlock(`${turn.id}:prompt`, promptLines(turn.text, { width, whole })),
    ...turn.items.flatMap((item, at) =>
      itemBlock(item, drawn, { ended, tight: isShort(item) && isShort(turn.items[at - 1]) }),
    ),
    ...streamed(drawn),
    ...(turn.attempts.length === 0 ? [] : [attemptBlock(drawn, ended)]),
    ...(ended ? [finalBlock(`${turn.id}:end`, endLines(turn, width))] : []),
  ];
};

/** Drawn items are kept as long as the item is: the View shares what did not change. */
const drawnItems = new WeakMap<
  Item,
  { readonly width: number; readonly whole: boolean; readonly lines: readonly Line[] }
>();

const linesOf = (item: Item, { width, whole }: Drawn): readonly Line[] => {
  const known = drawnItems.get(item);
  if (known !== undefined && known.width === width && known.whole === whole) return known.lines;
  const lines = itemLines(item, { width, whole });
  // The whole of everything is drawn once, for the pager: keeping it would double the memory.
  if (!whole) drawnItems.set(item, { width, whole, lines });
  return lines;
};

/** One line in most cases: several of them in a row stand together. */
const isShort = (item: Item | undefined): boolean => item?.type === 'tool_call';

const itemBlock = (
  item: Item,
  drawn: Drawn,
  { ended, tight }: { readonly ended: boolean; readonly tight: boolean },
): readonly Block[] => {
  const { turn, view, width, whole } = drawn;
  // The first input is the prompt above.
  if (item.type === 'user_message' && item.text === turn.text && isFirstMessage(item, turn)) return [];
  if (item.type === 'agent_message' && item.text.trim() === '') return [];
  const running = !ended && 'status' in item && item.status === 'in_progress';
  if (!running) return [finalBlock(item.id, linesOf(item, drawn), tight)];
  const live = view.live[item.id] ?? '';
  const limit = whole ? Number.POSITIVE_INFINITY : 6;
  const body = commandOutput(live, { width: width - 4, limit }).map((one): Line => [span('    '), ...one]);
  return [openBlock(item.id, [...itemLines(item, { width, whole }), ...body], { tight })];
};

const isFirstMessage = (item: Item, turn: ViewTurn): boolean =>
  turn.items.find(({ type }) => type === 'user_message') === item;

/** Text that streams before its item is known. */
const streamed = ({ view, turn, width }: Drawn): readonly Block[] => {
  if (turn.status !== 'running') return [];
  const known = new Set(turn.items.map(({ id }) => id));
  return Object.entries(view.live)
    .filter(([id, text]) => !known.has(id) && text.trim() !== '')
    .map(([id, text]) => {
      const { lines, stable } = messageLines(text, { width });
      return openBlock(id, lines, { stable });
    });
};

const attemptBlock = ({ turn, width }: Drawn, ended: boolean): Block => {
  const lines = attemptLines(turn.attempts, width);
  return ended ? finalBlock(`${turn.id}:attempts`, lines) : openBlock(`${turn.id}:attempts`, lines);
};

const undoneLines = (turn: ViewTurn, width: number): readonly Line[] => [
  ...wrap(line(span(`↶ gone back over: ${turn.text.trim().split('\n')[0]}`, 'dim')), width).slice(0, 2),
];

const endLines = (turn: ViewTurn, width: number): readonly Line[] => {
  const lines: Line[] = [];
  const said = turn.items.findLast((item) => item.type === 'agent_message');
  if (turn.answer.trim() !== '' && said?.text.trim() !== turn.answer.trim())
    lines.push(...messageLines(turn.answer, { width }).lines);
  if (turn.error !== null) lines.push(...wrap(line(span(`✗ ${turn.error.message}`, 'bad')), width));
  if (turn.patch !== null)
    lines.push(...wrap(line(span(`  the best attempt is kept in ${turn.patch}`, 'dim')), width));
  lines.push(...wrap(summary(turn), width));
  return lines;
};

const outcomes = {
  ok: ['✓ done', 'good'],
  interrupted: ['■ interrupted', 'warn'],
  failed: ['✗ failed', 'bad'],
  limit: ['■ stopped at a limit', 'warn'],
  queued: ['', 'plain'],
  running: ['', 'plain'],
} as const;

const summary = ({ status, files, verify, ms, usage }: ViewTurn): Line => {
  const [text, style] = outcomes[status];
  const parts: Span[] = [span(text, style)];
  const add = (more: string): void => void parts.push(span(` · ${more}`, 'dim'));
  if (files.length > 0) {
    const added = files.reduce((sum, file) => sum + file.added, 0);
    const removed = files.reduce((sum, file) => sum + file.removed, 0);
    add(`${files.length} file${files.length === 1 ? '' : 's'} +${added} −${removed}`);
  }
  if (verify !== null) add(verify.exit === 0 ? 'verify passes' : `verify fails (exit ${verify.exit})`);
  add(seconds(ms));
  if (usage.in + usage.out > 0) add(`${amount(usage.in)} in, ${amount(usage.out)} out`);
  return line(...parts);
};
