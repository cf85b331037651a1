import { expect, test } from 'vitest';
import { nameOf } from '../../../src/tui/app/key-name.ts';
import { bindingsOf, keyActions, keyLabel, keymapOf, meant } from '../../../src/tui/app/keymap.ts';
import { key } from '../../../src/tui/terminal/keys.ts';

const pressed = (
  table: Readonly<Record<string, unknown>>,
  ...held: Parameters<typeof key>
): string | null => {
  const meaning = meant(keymapOf(bindingsOf(table)), key(...held));
  return meaning === null ? null : nameOf(meaning);
};

test('without [keys] every key is itself, and the second key of an action is its first', () => {
  for (const { keys } of keyActions) expect(keymapOf(bindingsOf({}))[keys[0]]).toBe(keys[0]);
  expect(pressed({}, 'home')).toBe('ctrl-a');
  expect(pressed({}, 'x')).toBe('x');
  expect(pressed({}, 'escape')).toBe('escape');
});

test('another key does it, and the one that did it does nothing any more', () => {
  const table = { editor: 'Ctrl-P', newline: ['enter'], send: 'alt-enter', undo: [] };
  expect(pressed(table, 'p', { control: true })).toBe('ctrl-g');
  expect(pressed(table, 'g', { control: true })).toBeNull();
  expect(pressed(table, 'enter')).toBe('shift-enter');
  expect(pressed(table, 'enter', { alt: true })).toBe('enter');
  expect(pressed(table, 'j', { control: true })).toBeNull();
  expect(pressed(table, '_', { control: true })).toBeNull();
  expect(keyLabel(bindingsOf(table).editor ?? [])).toBe('Ctrl-P');
  expect(keyLabel([])).toBe('no key');
});

test.each([
  [{ edior: 'ctrl-p' }, /there is no edior; there are send, newline, /],
  [{ editor: 'ctrl-r' }, /ctrl-r is given to search and to editor/],
  [{ editor: 'ctrl-hyper' }, /there is no key "ctrl-hyper"/],
  [{ editor: 'hyper-x' }, /there is no key "hyper-x"/],
  [{ editor: 'x' }, /x writes text; hold ctrl or alt/],
  [{ editor: 'ctrl-shift-x' }, /do not tell shift/],
  [{ editor: 'ctrl-c' }, /ctrl-c is kept for what it does/],
  [{ editor: 7 }, /must be a key such as/],
])('%o is refused in words', (table, message) => {
  expect(() => bindingsOf(table)).toThrow(message);
});
