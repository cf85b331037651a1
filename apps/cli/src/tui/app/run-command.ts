import type { PermissionMode } from '@tandem/protocol';
import { widthOf } from '../screen/frame.ts';
import { contextLines, costLines, permissionLines } from '../screen/report-lines.ts';
import { keyLines } from '../screen/welcome.ts';
import { line, span } from '../text/line.ts';
import { themeNames } from '../text/style.ts';
import { slashCommands } from './commands.ts';
import { only, type Pressed } from './press.ts';
import { type Choice, modeOf, type Panel, type Screen } from './screen.ts';

export const picking = (
  screen: Screen,
  panel: Pick<Extract<Panel, { readonly type: 'pick' }>, 'title' | 'purpose' | 'choices'> & {
    readonly about?: string;
  },
): Screen => ({ ...screen, panel: { type: 'pick', words: '', index: 0, about: '', ...panel } });

export const reading = (
  screen: Screen,
  title: string,
  lines: Extract<Panel, { readonly type: 'text' }>['lines'],
): Screen => ({
  ...screen,
  panel: { type: 'text', title, lines, top: 0 },
});

const said = (screen: Screen, text: string, bad = false): Pressed =>
  only({ ...screen, notice: { text, bad } });

/** Slash commands that need nothing but the screen; null: somebody else does it. */
export const runCommand = (screen: Screen, command: string, words: string): Pressed | null => {
  switch (command) {
    case 'help':
      return only(reading(screen, 'Commands and keys', helpLines(screen)));
    case 'mode':
      return setMode(screen, words);
    case 'plan':
      return only(screen, { type: 'configure', mode: modeOf(screen) === 'plan' ? 'default' : 'plan' });
    case 'theme': {
      if (words === '')
        return only(picking(screen, { title: 'Colours', purpose: 'theme', choices: choices(themeNames) }));
      const theme = themeNames.find((one) => one === words);
      if (theme === undefined)
        return said(screen, `there is no theme ${words}; there are ${themeNames.join(', ')}`, true);
      return only({ ...screen, theme }, { type: 'redraw' });
    }
    case 'model':
      return words === '' ? null : only(screen, { type: 'configure', model: words });
    case 'rewind':
      return only(rewinding(screen));
    case 'diff':
      return only(screen, { type: 'page', what: 'diff' });
    case 'transcript':
      return only(screen, { type: 'page', what: 'transcript' });
    case 'context':
      return only(reading(screen, 'Context', contextLines(screen.view)));
    case 'cost':
      return only(reading(screen, 'Cost', costLines(screen.view)));
    case 'permissions':
      return only(reading(screen, 'Permissions', permissionLines(screen, widthOf(screen))));
    case 'quit':
    case 'exit':
      return only(screen, { type: 'quit' });
    default:
      if (slashCommands.some(({ name }) => name === command)) return null;
      return said(screen, `there is no command /${command}; / lists them`, true);
  }
};

const choices = (values: readonly string[]): readonly Choice[] =>
  values.map((value) => ({ label: value, note: '', value }));

const modeNotes: Readonly<Record<PermissionMode, string>> = {
  default: 'asks before it changes files or runs commands',
  acceptEdits: 'changes files in the workspace, asks for commands',
  plan: 'only looks',
  auto: 'does what the guard finds harmless, asks for the rest',
  dontAsk: 'refuses what it would have to ask for',
  bypass: 'asks for nothing: for throw-away machines',
};

const modes = Object.keys(modeNotes) as PermissionMode[];

const setMode = (screen: Screen, words: string): Pressed => {
  if (words === '') {
    const all = modes.map((value) => ({ label: value, note: modeNotes[value], value }));
    return only(picking(screen, { title: 'Permission mode', purpose: 'mode', choices: all }));
  }
  const mode = modes.find((one) => one === words);
  if (mode !== undefined) {
    const open = mode === 'auto' && screen.place.sandbox === 'off';
    const text = 'commands are not confined here: start with --sandbox workspace-write to confine them';
    return only({ ...screen, notice: open ? { text, bad: true } : null }, { type: 'configure', mode });
  }
  return said(screen, `there is no mode ${words}; there are ${modes.join(', ')}`, true);
};

/** Turns that stand, newest first. */
const rewinding = (screen: Screen): Screen => {
  const turns = screen.view.turns.filter(({ undone }) => !undone);
  if (turns.length === 0)
    return { ...screen, notice: { text: 'there is no earlier prompt to go back to', bad: false } };
  const all = turns.toReversed().map(({ id, text, files }) => ({
    label: text.trim().split('\n')[0] ?? '',
    note: files.length === 0 ? '' : `${files.length} file${files.length === 1 ? '' : 's'} changed`,
    value: id,
  }));
  return picking(screen, { title: 'Go back to before', purpose: 'rewind', choices: all });
};

const helpLines = (screen: Screen): ReturnType<typeof keyLines> => [
  ...[...slashCommands, ...screen.added].map(({ name, takes, help }) =>
    line(span(`/${name}`, 'accent'), takes === undefined ? '' : ` ${takes}`, span(`  ${help}`, 'dim')),
  ),
  [],
  ...keyLines(screen.bindings, widthOf(screen)),
];
