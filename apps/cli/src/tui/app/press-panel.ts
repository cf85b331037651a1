import { edit } from '../editor/editor.ts';
import { chosen } from '../screen/panel-lines.ts';
import type { Key } from '../terminal/keys.ts';
import { type ThemeName, themeNames } from '../text/style.ts';
import { nameOf } from './key-name.ts';
import { insertOf, only, type Pressed } from './press.ts';
import type { Choice, Panel, Screen } from './screen.ts';

type Pick = Extract<Panel, { readonly type: 'pick' }>;

export const pressPanel = (screen: Screen, panel: Panel, input: Key): Pressed => {
  const name = nameOf(input);
  if (name === 'escape') return only({ ...screen, panel: null });
  return panel.type === 'pick' ? pick(screen, panel, { input, name }) : read(screen, panel, { input, name });
};

type Given = { readonly input: Key; readonly name: string };

const read = (
  screen: Screen,
  panel: Extract<Panel, { readonly type: 'text' }>,
  { input, name }: Given,
): Pressed => {
  const by = { up: -1, down: 1, pageup: -10, pagedown: 10 }[name];
  if (by !== undefined) {
    const top = Math.max(0, Math.min(panel.lines.length - 1, panel.top + by));
    return only({ ...screen, panel: { ...panel, top } });
  }
  if (name === 'enter' || name === 'q') return only({ ...screen, panel: null });
  const change = insertOf(input);
  // Who goes on writing has read it.
  return change === null
    ? only(screen)
    : only({ ...screen, panel: null, editor: edit(screen.editor, change) });
};

const pick = (screen: Screen, panel: Pick, { input, name }: Given): Pressed => {
  const shown = chosen(panel.choices, panel.words);
  const at = (index: number): Pressed =>
    only({ ...screen, panel: { ...panel, index: Math.max(0, Math.min(shown.length - 1, index)) } });
  const search = (words: string): Pressed => only({ ...screen, panel: { ...panel, words, index: 0 } });
  switch (name) {
    case 'up':
    case 'ctrl-p':
      return at(panel.index - 1);
    case 'down':
    case 'ctrl-n':
    case 'ctrl-r':
      return at(panel.index + 1);
    case 'pageup':
      return at(panel.index - 10);
    case 'pagedown':
      return at(panel.index + 10);
    case 'backspace':
      return search(panel.words.slice(0, -1));
    case 'enter': {
      const choice = shown[Math.min(panel.index, shown.length - 1)];
      return choice === undefined ? only(screen) : choose({ ...screen, panel: null }, panel, choice);
    }
  }
  const change = insertOf(input);
  return change?.type === 'insert' ? search(panel.words + change.text) : only(screen);
};

const scopes = [
  { label: 'both', note: 'files and conversation', value: 'both' },
  { label: 'code', note: 'files alone', value: 'code' },
  { label: 'conversation', note: 'what was said alone', value: 'conversation' },
];

const choose = (screen: Screen, { purpose, about }: Pick, { value }: Choice): Pressed => {
  switch (purpose) {
    case 'history':
      return only({
        ...screen,
        editor: edit(screen.editor, { type: 'set', text: value }),
        menu: { index: 0, closed: true },
      });
    case 'theme':
      return only(
        { ...screen, theme: themeNames.find((one): one is ThemeName => one === value) ?? screen.theme },
        { type: 'redraw' },
      );
    case 'model':
      return only(screen, { type: 'configure', model: value });
    case 'mode':
      return only(screen, { type: 'run', command: 'mode', words: value });
    case 'resume':
    case 'trust':
    case 'worktree':
    case 'with worktree':
    case 'attempt':
    case 'with attempt':
    case 'instructions':
      return only(screen, { type: 'chosen', purpose, value, about });
    case 'rewind': {
      const title = 'What goes back?';
      return only({
        ...screen,
        panel: { type: 'pick', title, purpose: 'scope', choices: scopes, words: '', index: 0, about: value },
      });
    }
    case 'scope':
      return only(screen, { type: 'chosen', purpose: 'rewind', value, about });
  }
};
