import type { Command } from '../shell/command.ts';
import { shells } from '../shell/unwrap/shells.ts';
import type { Effect } from './effect.ts';

/** Programs that only show or look at the words they are given. */
const showing = new Set(
  'echo printf cat ls which type file grep rg egrep fgrep test [ stat readlink realpath basename dirname chsh usermod useradd sed awk command whereis diff cmp find locate man export declare local'.split(
    ' ',
  ),
);

const shellPath = String.raw`\/(?:usr\/)?bin\/(?:ba|da|z|k|a|c|tc)?sh`;
/** A shell that is tied to a terminal or to given descriptors: nothing but an escape from a program is written so. */
const interactive = new RegExp(
  `${shellPath}\\s+(?:-i\\b|-p\\b|[012]?[<>]&|[<>]\\s*(?:\\/dev\\/tty|\\$\\(tty\\)))`,
);
/** A shell as the whole of a value, or right behind what starts a program. */
const given = new RegExp(`(?:^|[=!,;|{:]\\s*|exec\\s+|["'(\`]\\s*)${shellPath}(?:["',;)}\`#\\s]|$)`);

/** A shell as a whole text, or as all that a call, a string or a directive of a build names. */
const whole = new RegExp(
  `^\\s*${shellPath}\\s*(?:[<>].*)?$|["'(]${shellPath}(?:\\\\?["')])|COMMAND ${shellPath}\\b`,
  'm',
);
/** Settings that say which shell is meant, not that one be started. */
const setting = /^.*(?:shell"?\s*[:=]|SHELL|CMD|ENTRYPOINT|shebang|executable).*$/gim;
const maxContent = 20_000;

/** Whether a text that is written for another program makes it start a shell without anything to do. */
export const startsShell = (content: string): boolean =>
  content.length <= maxContent && whole.test(content.replace(setting, ''));

/** A program that is made to start a shell of its own, by an argument or by text that is written for another. */
export const ownShell = (command: Command): readonly Effect[] => {
  const { name } = command;
  if (name === null) return [];
  const spawn = (what: string): readonly Effect[] => [{ type: 'spawn', program: name, what }];
  if (isBareShell(command) && command.wrappers.length > 0)
    return spawn(`${command.wrappers.at(-1)} starts a shell without saying what it runs`);
  const texts = command.args.map((word) => word.text);
  if (texts.some((text) => interactive.test(text)))
    return spawn(`${name} is given a shell tied to a terminal`);
  if (showing.has(name) || shells.has(name) || command.elsewhere !== null) return [];
  return texts.some((text) => given.test(text)) ? spawn(`${name} is given a shell to run`) : [];
};

/** A shell that is started without anything to run: what it will do is said by nobody. */
export const isBareShell = ({ name, args, stdin }: Command): boolean =>
  name !== null &&
  shells.has(name) &&
  (stdin.type === 'none' || (stdin.type === 'file' && stdin.path.text === '/dev/tty')) &&
  args.every((word) => /^-[a-z]*$/.test(word.text) && !/[cv]/.test(word.text));
