import type { CodeLanguageName, Context } from './effects/describe.ts';
import type { Effect } from './effects/effect.ts';
import { placePath } from './effects/place.ts';
import { type Command, hole, type Word } from './shell/command.ts';

/** Code in another language than the shell, judged by its own analyzers. */
export type CodeEffects = (language: CodeLanguageName, text: string, command: Command) => readonly Effect[];

type Place = {
  /** Absolute. */
  readonly workspace: string;
  readonly home: string;
  /** Nobody named the folder that the action runs in. */
  readonly assumed: boolean;
};

export type ContextInput = Place & {
  readonly code: CodeEffects;
  readonly shell: (text: string, cwd: string | null) => readonly Effect[];
};

/** What descriptions may ask about the world around a command. */
export const createContext = ({ workspace, home, assumed, code, shell }: ContextInput): Context => ({
  workspace,
  home,
  path: (word, command) => placeWord(word, command, { workspace, home, assumed }),
  code: (language, text, command) => {
    if (text.text.replaceAll(hole, '').trim() === '' && !text.known)
      return [{ type: 'opaque', at: 'code', what: `${language} code that is not known before` }];
    return language === 'shell' ? shell(text.text, command.cwd) : code(language, text.text, command);
  },
});

/** `../../docs` from a folder that was only assumed: where it leads nobody knows. */
const isGuessed = (word: Word, command: Command, ground: Place): boolean =>
  ground.assumed && word.text.startsWith('..') && (command.cwd ?? '').startsWith(ground.workspace);

/** On another machine nothing is the workspace, but a root is a root. */
const placeWord = (word: Word, command: Command, ground: Place): ReturnType<typeof placePath> => {
  if (command.elsewhere === null) {
    const path = placePath(word.text, word.glob, { ...ground, cwd: command.cwd });
    return isGuessed(word, command, ground) && /^(?:root|homeRoot|home|workspaceRoot)$/.test(path.place)
      ? { ...path, place: 'outside' }
      : path;
  }
  const there = placePath(word.text, word.glob, {
    workspace: '/\u0000',
    home: ground.home,
    cwd: '/\u0000/there',
  });
  return there.place === 'workspace' || there.place === 'workspaceRoot'
    ? { ...there, place: 'outside' }
    : there;
};
