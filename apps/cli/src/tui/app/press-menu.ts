import { edit } from '../editor/editor.ts';
import type { Menu } from './menu.ts';
import { only, type Pressed } from './press.ts';
import type { Screen } from './screen.ts';

/** Keys that a list below the text takes; null: the text takes it. */
export const pressMenu = (screen: Screen, menu: Menu, name: string): Pressed | null => {
  const { choices } = menu;
  const index = Math.min(screen.menu.index, choices.length - 1);
  const at = (to: number): Pressed =>
    only({ ...screen, menu: { index: (to + choices.length) % choices.length, closed: false } });
  switch (name) {
    case 'up':
    case 'ctrl-p':
      return at(index - 1);
    case 'down':
    case 'ctrl-n':
      return at(index + 1);
    case 'escape':
      return only({ ...screen, menu: { index: 0, closed: true } });
    case 'tab':
      return only(taken(screen, menu, index));
    case 'enter': {
      const { value } = choices[index]!;
      // A command that is written out is run; a part of one is completed first.
      if (menu.kind === 'command' && value === screen.editor.text) return null;
      return only(taken(screen, menu, index));
    }
    default:
      return null;
  }
};

const taken = (screen: Screen, { from, to, kind, choices }: Menu, index: number): Screen => {
  const { value, label } = choices[index]!;
  const blank = kind === 'file' || label !== value ? ' ' : '';
  const editor = edit(screen.editor, { type: 'replace', from, to, text: `${value}${blank}` });
  return { ...screen, editor, menu: { index: 0, closed: true } };
};
