import type { PermissionMode, View } from '@tandem/protocol';
import { initialView } from '@tandem/protocol/view';
import { type Editor, emptyEditor } from '../editor/editor.ts';
import { type History, historyOf } from '../editor/history.ts';
import type { Size } from '../terminal/paper.ts';
import type { Line } from '../text/line.ts';
import type { ThemeName } from '../text/style.ts';
import type { SlashCommand } from './commands.ts';
import { type Bindings, bindingsOf, type Keymap, keymapOf } from './keymap.ts';
import type { Finding } from './machine.ts';

export type Choice = { readonly label: string; readonly note: string; readonly value: string };

/** What somebody else does with a choice. */
export type Chosen =
  | 'resume'
  | 'rewind'
  | 'trust'
  | 'worktree'
  | 'with worktree'
  | 'attempt'
  | 'with attempt'
  | 'instructions';

/** What is shown above the prompt until it is dismissed. */
export type Panel =
  | { readonly type: 'text'; readonly title: string; readonly lines: readonly Line[]; readonly top: number }
  | {
      readonly type: 'pick';
      readonly title: string;
      readonly purpose: 'model' | 'mode' | 'theme' | 'scope' | 'history' | Chosen;
      readonly choices: readonly Choice[];
      readonly words: string;
      readonly index: number;
      /** What was chosen before this: the turn, for a scope; the worktree, for what is to be done with it. */
      readonly about: string;
    };

/** Everything that the screen shows: the View, and what the person is about to do. Plain data. */
export type Screen = {
  readonly size: Size;
  readonly view: View;
  readonly editor: Editor;
  readonly history: History;
  readonly panel: Panel | null;
  /** The line that is marked in the list below a command or a mention; the list itself follows from the text. */
  readonly menu: { readonly index: number; readonly closed: boolean };
  /** Files that can be mentioned; null until somebody types `@`. */
  readonly files: readonly string[] | null;
  /** Commands beside our own. */
  readonly added: readonly SlashCommand[];
  /** One line above the prompt: what came of the last thing asked. */
  readonly notice: { readonly text: string; readonly bad: boolean } | null;
  /** Written as the reason of a refusal. */
  readonly denying: boolean;
  /** A question's fields being filled in: the one that is asked for, and what was said of those before. */
  readonly form: { readonly at: number; readonly values: Readonly<Record<string, string>> } | null;
  /** Escape, Ctrl-C or Ctrl-X was pressed, and the next key means more. */
  readonly armed: 'quit' | 'rewind' | 'chord' | null;
  /** Output of the person's own commands, sent with the next prompt. */
  readonly shell: readonly string[];
  readonly running: { readonly shell: string | null; readonly work: string | null };
  /** Lines for the person's own shell that go on behind, oldest first. */
  readonly behind: readonly string[];
  readonly bindings: Bindings;
  /** What follows from `bindings`. */
  readonly keys: Keymap;
  /** Before there is a session; then the View says them. */
  readonly settings: { readonly model: string; readonly mode: PermissionMode };
  readonly place: {
    /** The machine, where it is not the person's. */
    readonly host: string | null;
    readonly cwd: string;
    readonly branch: string | null;
    readonly sandbox: string;
    readonly version: string;
  };
  readonly findings: readonly Finding[] | null;
  readonly theme: ThemeName;
  /** Drives the sign of work; stands still where nothing moves. */
  readonly tick: number;
};

export const newScreen = (
  given: Pick<Screen, 'size' | 'settings' | 'place' | 'theme'> & { readonly history: readonly string[] },
): Screen => ({
  ...given,
  view: initialView,
  editor: emptyEditor,
  history: historyOf(given.history),
  panel: null,
  menu: { index: 0, closed: false },
  files: null,
  added: [],
  notice: null,
  denying: false,
  form: null,
  armed: null,
  shell: [],
  running: { shell: null, work: null },
  behind: [],
  bindings: bindingsOf({}),
  keys: keymapOf(bindingsOf({})),
  findings: null,
  tick: 0,
});

export const modeOf = ({ view, settings }: Screen): PermissionMode =>
  view.settings?.permissionMode ?? settings.mode;
export const modelOf = ({ view, settings }: Screen): string => view.settings?.model ?? settings.model;
export const isBusy = ({ view }: Screen): boolean => view.status !== 'idle';

/** What the screen wants done; whoever holds it does it. */
export type Ask =
  | { readonly type: 'send'; readonly text: string }
  | { readonly type: 'shell'; readonly command: string }
  | { readonly type: 'interrupt' }
  | {
      readonly type: 'answer';
      readonly decision: 'allow' | 'deny';
      readonly note?: string;
      readonly values?: Readonly<Record<string, string>>;
      readonly kind?: true;
    }
  | { readonly type: 'configure'; readonly model?: string; readonly mode?: PermissionMode }
  | { readonly type: 'run'; readonly command: string; readonly words: string }
  | {
      readonly type: 'chosen';
      readonly purpose: Chosen;
      readonly value: string;
      readonly about: string;
    }
  | { readonly type: 'list files' }
  | { readonly type: 'put behind' }
  | { readonly type: 'external editor' }
  | { readonly type: 'suspend' }
  | { readonly type: 'quit' }
  | { readonly type: 'redraw' }
  | { readonly type: 'page'; readonly what: 'transcript' | 'diff' };
