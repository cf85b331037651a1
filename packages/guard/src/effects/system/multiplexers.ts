import type { Word } from '../../shell/command.ts';
import type { Describe, Table } from '../describe.ts';
import type { Effect } from '../effect.ts';
import { grammar } from './arguments.ts';
import { callOf } from './call.ts';
import { innerEffects, innerText, type Outer } from './inner.ts';
import { changes, spawns } from './make.ts';
import { forAll } from './spec.ts';

/** One word is a text for a shell, several are a program and its arguments. */
const commandEffects = (words: readonly Word[], outer: Outer): readonly Effect[] =>
  words.length === 1 ? innerText(words[0]!, outer) : innerEffects(words, outer);

const quiet =
  /^(ls|list|show|display-m|has|info|start|attach|a|at|att|detach|select|switch|next|previous|last|rename|resize|move|swap|join|break|rotate|refresh|lock|choose|copy-mode|clock|find-window|capture|clear-history|set-environment|setenv|set-buffer|setb|paste|unbind|unlink|link-window|suspend|lsw|lsp|lsk|lsc)/;
const opens = /^(new(-session|-window|w)?$|split|respawn|(display-)?popup|newp|new-pane)/;

const tmuxGrammar = grammar({ values: '-c -f -L -S -T', stops: true });
const openGrammar = grammar({ values: '-c -e -F -n -s -t -x -y -l -b -T -S', stops: true });

const tmux: Describe = (command, context) => {
  const call = callOf(command, context, tmuxGrammar);
  const settings = call.values('-f').filter((word) => word.text !== '/dev/null');
  return [
    ...call.values('-c').flatMap((word) => innerText(word, { command, context })),
    ...settings.map((word) => spawns(word.text, 'tmux runs a file of commands')),
    ...sequences(call.operands).flatMap((words) => tmuxEffects(words, { command, context })),
  ];
};

/** `new -d \; send-keys x`: commands divided by `;`. */
const sequences = (words: readonly Word[]): readonly (readonly Word[])[] => {
  const all: Word[][] = [[]];
  for (const word of words) {
    if (word.text === ';') all.push([]);
    else all.at(-1)!.push(word);
  }
  return all.filter((each) => each.length > 0);
};

const tmuxEffects = (words: readonly Word[], outer: Outer): readonly Effect[] => {
  const [verb, ...rest] = words;
  const name = verb!.text;
  const inner = callOf({ ...outer.command, args: rest }, outer.context, openGrammar);
  const last = rest.at(-1)?.text ?? '';
  if (opens.test(name)) return commandEffects(inner.operands, outer);
  if (/^send(-keys)?$/.test(name)) return typed(inner.operands, outer);
  if (/^(run|if|pipe)/.test(name))
    return inner.operands.slice(0, 1).flatMap((word) => innerText(word, outer));
  if (/^(source|set-hook|confirm|command-prompt)/.test(name)) return [spawns(last, 'tmux runs commands')];
  if (/^bind/.test(name))
    return rest.some((word) => /run|if-shell|pipe/.test(word.text))
      ? [spawns(last, 'tmux runs a command at a key')]
      : [];
  if (/^kill/.test(name)) return [changes('process', `tmux ${name}`)];
  if (/^save/.test(name)) return inner.write(inner.operands.slice(-1));
  if (/^load/.test(name)) return inner.read(inner.operands.slice(-1));
  if (quiet.test(name)) return [];
  if (!/^set/.test(name)) return [spawns(name, `tmux ${name}`)];
  const runs = rest.some((word) => /#\(|default-(command|shell)|lock-command|editor/.test(word.text));
  return runs ? [spawns(last, 'tmux is told to run a program')] : [];
};

const keyName = /^(Enter|C-[a-z]|M-\w|Escape|Space|Tab|Up|Down|Left|Right|BSpace|q|y|n|-[lR]|KPEnter)$/;

/** Keys typed into a shell are a command. */
const typed = (words: readonly Word[], outer: Outer): readonly Effect[] =>
  words.filter((word) => !keyName.test(word.text)).flatMap((word) => innerText(word, outer));

const screenGrammar = grammar({ values: '-S -c -e -h -p -s -t -T', stops: true });

const screen: Describe = (command, context) => {
  // `-Logfile f` and `-X cmd` are no clusters of letters.
  const at = command.args.findIndex((word) => /^-\w*X$/.test(word.text));
  if (at >= 0) return sentToScreen(command.args.slice(at + 1), { command, context });
  const log = command.args.findIndex((word) => word.text === '-Logfile');
  const args = log < 0 ? command.args : command.args.toSpliced(log, 2);
  const call = callOf({ ...command, args }, context, screenGrammar);
  const attaches =
    call.has('-r', '-R', '-x', '-w', '-D') || args.some((word) => /^-(ls|list|wipe)$/.test(word.text));
  return [
    ...call.write(log < 0 ? [] : command.args.slice(log + 1, log + 2), 'append'),
    ...call
      .values('-s', '-c')
      .map((word) => spawns(word.text, 'screen runs a program or a file of commands')),
    ...(attaches ? [] : innerEffects(call.operands, { command, context })),
  ];
};

const sentToScreen = (words: readonly Word[], outer: Outer): readonly Effect[] => {
  const [verb, ...rest] = words;
  if (verb?.text === 'stuff')
    return rest.flatMap((word) =>
      innerText({ ...word, text: word.text.replace(/(\\[nr]|\^M|\s)+$/, '') }, outer),
    );
  if (/^(quit|kill)$/.test(verb?.text ?? '')) return [changes('process', `screen ${verb!.text}`)];
  return /^(exec|screen|eval|source|at|bind|shell)$/.test(verb?.text ?? '')
    ? [spawns(rest[0]?.text ?? '', 'screen runs a command')]
    : [];
};

/** Sessions of terminals: what they start, and what is typed into them. */
export const multiplexers: Table = {
  ...forAll('tmux byobu', tmux),
  ...forAll('abduco dtach', (command, context) => innerEffects(command.args.slice(2), { command, context })),
  zellij: (command, context) => {
    const words = command.args.filter((word) => !word.text.startsWith('-'));
    return words[0]?.text === 'run' ? innerEffects(words.slice(1), { command, context }) : [];
  },
  screen,
};
