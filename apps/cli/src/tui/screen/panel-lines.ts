import type { Menu } from '../app/menu.ts';
import type { Choice, Panel } from '../app/screen.ts';
import { type Line, line, pad, span, truncate } from '../text/line.ts';

type Room = { readonly width: number; readonly most: number };

export const panelLines = (panel: Panel, { width, most }: Room): readonly Line[] => {
  if (panel.type === 'pick') {
    const choices = chosen(panel.choices, panel.words);
    const search =
      panel.words === ''
        ? span('  type to search, Enter chooses, Esc closes', 'dim')
        : span(`  ${panel.words}▏`);
    const head = truncate(line(span(panel.title, 'heading'), search), width);
    if (choices.length === 0) return [head, line(span('  nothing like that', 'dim'))];
    return [head, ...list(choices, panel.index, { width, most: most - 1 })];
  }
  const room = Math.max(1, most - 2);
  const top = Math.min(panel.top, Math.max(0, panel.lines.length - room));
  const more = panel.lines.length > room ? '  ↑↓ scroll, Esc closes' : '  Esc closes';
  const head = truncate(line(span(panel.title, 'heading'), span(more, 'dim')), width);
  return [head, ...panel.lines.slice(top, top + room).map((one) => truncate(one, width)), []];
};

export const menuLines = ({ choices }: Menu, index: number, room: Room): readonly Line[] =>
  list(choices, index, room);

/** Those that hold all the words typed. */
export const chosen = (choices: readonly Choice[], words: string): readonly Choice[] => {
  const parts = words
    .toLowerCase()
    .split(/\s+/)
    .filter((part) => part !== '');
  return choices.filter(({ label, note }) =>
    parts.every((part) => `${label} ${note}`.toLowerCase().includes(part)),
  );
};

const list = (choices: readonly Choice[], index: number, { width, most }: Room): readonly Line[] => {
  const count = Math.max(1, most);
  const at = Math.min(index, choices.length - 1);
  const top = Math.max(0, Math.min(at - Math.floor(count / 2), choices.length - count));
  const shown = choices.slice(top, top + count);
  const column = Math.min(Math.floor(width / 2), Math.max(...shown.map(({ label }) => label.length)) + 2);
  return shown.map(({ label, note }, row) => {
    const marked = top + row === at;
    const left = pad(
      line(
        span(marked ? '› ' : '  ', 'accent'),
        span(label.split('\n')[0] ?? '', marked ? 'selected' : 'plain'),
      ),
      column + 2,
    );
    return truncate([...left, ...line(span(note, 'dim'))], width);
  });
};
