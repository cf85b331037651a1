import type { PermissionMode } from '@tandem/protocol';
import { type Edit, edit, emptyEditor, wholeText } from '../editor/editor.ts';
import { remember, searchHistory, step } from '../editor/history.ts';
import { vertical } from '../editor/layout.ts';
import { widthOf } from '../screen/frame.ts';
import { promptWidth } from '../screen/prompt-box.ts';
import { keyLines } from '../screen/welcome.ts';
import type { Input, Key } from '../terminal/keys.ts';
import { slashCommands } from './commands.ts';
import { nameOf } from './key-name.ts';
import { meant } from './keymap.ts';
import { mentionAt, menuOf } from './menu.ts';
import { pressApproval } from './press-approval.ts';
import { pressMenu } from './press-menu.ts';
import { pressPanel } from './press-panel.ts';
import { type Ask, isBusy, modeOf, type Screen } from './screen.ts';

export type Pressed = { readonly screen: Screen; readonly asks: readonly Ask[] };

export const only = (screen: Screen, ...asks: readonly Ask[]): Pressed => ({ screen, asks });

/** What a key or a paste does: the one place that decides it. Pure. */
export const press = (before: Screen, input: Input): Pressed => {
  if (input.type === 'paste') return pasted(before, input.text);
  const name = nameOf(input);
  const screen = disarmed(before, name);
  if (before.armed === 'chord' && (name === 'e' || name === 'ctrl-e'))
    return only(screen, { type: 'external editor' });
  if (name === 'ctrl-c') return interrupt(screen);
  const key = meant(screen.keys, input);
  switch (key === null ? '' : nameOf(key)) {
    case 'ctrl-b':
      if (screen.running.shell !== null) return only(screen, { type: 'put behind' });
      break;
    case 'ctrl-z':
      return only(screen, { type: 'suspend' });
    case 'ctrl-l':
      return only(screen, { type: 'redraw' });
    case 'ctrl-o':
    case 'ctrl-t':
      return only(screen, { type: 'page', what: 'transcript' });
  }
  if (screen.view.approvals.length > 0) return pressApproval(screen, input, name);
  if (screen.panel !== null) return pressPanel(screen, screen.panel, input);
  const menu = menuOf(screen);
  const chosen = menu === null ? null : pressMenu(screen, menu, name);
  if (chosen !== null || key === null) return chosen ?? only(screen);
  return pressPrompt(screen, key, nameOf(key));
};

const noPictures =
  'pictures cannot be sent: no model is given any here. Save it in the workspace and mention it by @path, for tools that read it';

/** Terminals tell that a picture is pasted by a paste of nothing, or by the name of its file. */
const pasted = (screen: Screen, text: string): Pressed => {
  const said = { ...screen, notice: { text: noPictures, bad: false } };
  if (text === '') return only(said);
  const isPicture = /^\s*(?:file:\/\/)?['"]?\/[^\n]*\.(?:png|jpe?g|gif|webp|bmp|heic|tiff?)['"]?\s*$/i.test(
    text,
  );
  return typed(isPicture ? said : screen, { type: 'paste', text });
};

/** The second press counts only right after the first. */
const disarmed = (screen: Screen, name: string): Screen => {
  const keeps =
    (screen.armed === 'quit' && name === 'ctrl-c') || (screen.armed === 'rewind' && name === 'escape');
  const notice = name === 'escape' || name === 'ctrl-c' ? screen.notice : null;
  return { ...screen, armed: keeps ? screen.armed : null, notice };
};

const interrupt = (screen: Screen): Pressed => {
  if (screen.armed === 'quit') return only(screen, { type: 'quit' });
  const armed = {
    ...screen,
    armed: 'quit' as const,
    panel: null,
    denying: false,
    form: null,
    editor: cleared(screen),
  };
  return isBusy(screen) || isWorking(screen) ? only(armed, { type: 'interrupt' }) : only(armed);
};

const isWorking = ({ running }: Screen): boolean => running.shell !== null || running.work !== null;

const cleared = ({ editor }: Screen): Screen['editor'] => ({
  ...emptyEditor,
  killed: editor.text === '' ? editor.killed : editor.text,
});

const modes: readonly PermissionMode[] = ['default', 'acceptEdits', 'plan', 'auto'];

export const pressPrompt = (screen: Screen, input: Key, name: string): Pressed => {
  const { editor } = screen;
  switch (name) {
    case 'enter':
      return enter(screen);
    case 'shift-enter':
    case 'alt-enter':
    case 'ctrl-j':
      return typed(screen, { type: 'insert', text: '\n' });
    case 'escape':
      return backOut(screen);
    case 'shift-tab': {
      // Auto mode is not stumbled into where nothing confines what the guard lets through: /mode auto says it.
      const offered = modes.filter((mode) => mode !== 'auto' || screen.place.sandbox !== 'off');
      const next = offered[(offered.indexOf(modeOf(screen)) + 1) % offered.length] ?? 'default';
      return only(screen, { type: 'configure', mode: next });
    }
    case 'ctrl-d':
      return editor.text === ''
        ? only(screen, { type: 'quit' })
        : typed(screen, { type: 'erase', unit: 'character', back: false });
    case 'ctrl-r':
      return only(searching(screen));
    case 'ctrl-g':
      return only(screen, { type: 'external editor' });
    case 'ctrl-v':
      return only({ ...screen, notice: { text: noPictures, bad: false } });
    case 'ctrl-x':
      return only({ ...screen, armed: 'chord' });
    case 'up':
    case 'down':
      return vertically(screen, name === 'up' ? -1 : 1);
    case '?':
      if (editor.text === '') {
        const lines = keyLines(screen.bindings, widthOf(screen));
        return only({ ...screen, panel: { type: 'text', title: 'Keys', lines, top: 0 } });
      }
  }
  const change = editOf(name) ?? insertOf(input);
  return change === null ? only(screen) : typed(screen, change);
};

const edits: Readonly<Record<string, Edit>> = {
  backspace: { type: 'erase', unit: 'character', back: true },
  'ctrl-h': { type: 'erase', unit: 'character', back: true },
  delete: { type: 'erase', unit: 'character', back: false },
  'ctrl-w': { type: 'erase', unit: 'word', back: true },
  'alt-backspace': { type: 'erase', unit: 'word', back: true },
  'ctrl-backspace': { type: 'erase', unit: 'word', back: true },
  'alt-d': { type: 'erase', unit: 'word', back: false },
  'ctrl-u': { type: 'erase', unit: 'line', back: true },
  'ctrl-k': { type: 'erase', unit: 'line', back: false },
  'ctrl-y': { type: 'yank' },
  'ctrl-_': { type: 'undo' },
  left: { type: 'move', unit: 'character', back: true },
  'ctrl-b': { type: 'move', unit: 'character', back: true },
  right: { type: 'move', unit: 'character', back: false },
  'ctrl-f': { type: 'move', unit: 'character', back: false },
  'ctrl-left': { type: 'move', unit: 'word', back: true },
  'alt-left': { type: 'move', unit: 'word', back: true },
  'alt-b': { type: 'move', unit: 'word', back: true },
  'ctrl-right': { type: 'move', unit: 'word', back: false },
  'alt-right': { type: 'move', unit: 'word', back: false },
  'alt-f': { type: 'move', unit: 'word', back: false },
  home: { type: 'move', unit: 'line', back: true },
  'ctrl-a': { type: 'move', unit: 'line', back: true },
  end: { type: 'move', unit: 'line', back: false },
  'ctrl-e': { type: 'move', unit: 'line', back: false },
};

export const editOf = (name: string): Edit | null => (Object.hasOwn(edits, name) ? edits[name]! : null);

export const insertOf = ({ name, control, alt }: Key): Edit | null =>
  control || alt || [...name].length !== 1 ? null : { type: 'insert', text: name };

/** Every change of the text goes through here: it opens lists again, and asks for files at the first `@`. */
const typed = (screen: Screen, change: Edit): Pressed => {
  const editor = edit(screen.editor, change);
  const closed = change.type === 'move' || change.type === 'paste';
  const next: Screen = { ...screen, editor, armed: null, menu: { index: 0, closed } };
  const wantsFiles = screen.files === null && mentionAt(editor.text, editor.cursor) !== null;
  return wantsFiles ? only(next, { type: 'list files' }) : only(next);
};

const backOut = (screen: Screen): Pressed => {
  if (isBusy(screen) || isWorking(screen)) return only(screen, { type: 'interrupt' });
  if (screen.editor.text !== '')
    return only({ ...screen, editor: cleared(screen), menu: { index: 0, closed: false } });
  if (screen.armed !== 'rewind') return only({ ...screen, armed: 'rewind', notice: null });
  return only({ ...screen, armed: null }, { type: 'run', command: 'rewind', words: '' });
};

const enter = (screen: Screen): Pressed => {
  const { editor } = screen;
  if (editor.text[editor.cursor - 1] === '\\') {
    return typed(screen, { type: 'replace', from: editor.cursor - 1, to: editor.cursor, text: '\n' });
  }
  const text = wholeText(editor).trim();
  if (text === '') return only(screen);
  const next: Screen = {
    ...screen,
    editor: { ...emptyEditor, killed: editor.killed },
    history: remember(screen.history, text),
    panel: null,
  };
  if (text.startsWith('!')) {
    const command = text.slice(1).trim();
    return command === '' ? only(screen) : only(next, { type: 'shell', command });
  }
  const slash = slashOf(text);
  const isAdded = screen.added.some(({ name }) => name === /^\/([\w:.-]+)/.exec(text)?.[1]);
  if (slash === null || isAdded) return only(next, { type: 'send', text });
  return only(next, { type: 'run', command: slash[1]!, words: slash[2]?.trim() ?? '' });
};

/** A first line like a command's name is one; over several lines only our own are, for a prompt may begin with a path. */
const slashOf = (text: string): RegExpExecArray | null => {
  const slash = /^\/([\w:.-]+)(?:\s+([\s\S]*))?$/.exec(text);
  const isOwn = slashCommands.some(({ name }) => name === slash?.[1]);
  return isOwn || !text.includes('\n') ? slash : null;
};

const vertically = (screen: Screen, by: -1 | 1): Pressed => {
  const { editor, history } = screen;
  const width = promptWidth(widthOf(screen));
  const cursor = history.at === null ? vertical(editor.text, editor.cursor, { width, by }) : null;
  if (cursor !== null) return only({ ...screen, editor: { ...editor, cursor, last: '' } });
  const stepped = step(history, by, editor.text);
  if (stepped === null) return only(screen);
  const shown = edit(editor, { type: 'set', text: stepped.text });
  return only({ ...screen, history: stepped.history, editor: shown, menu: { index: 0, closed: true } });
};

const searching = (screen: Screen): Screen => {
  const choices = searchHistory(screen.history, '').map((text) => ({ label: text, note: '', value: text }));
  const panel = {
    type: 'pick',
    title: 'Earlier prompts',
    purpose: 'history',
    choices,
    words: '',
    index: 0,
    about: '',
  } as const;
  return { ...screen, panel };
};
