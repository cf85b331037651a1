import type { Command } from '../../shell/command.ts';
import type { Describe, Table } from '../describe.ts';
import type { Effect } from '../effect.ts';
import { grammar, wordWith } from './arguments.ts';
import { callOf } from './call.ts';
import { changes, destroys, spawns, unclear } from './make.ts';
import { forAll, tableOf, textOf } from './spec.ts';

const quiet = `
  cd chdir pushd popd dirs echo printf : true false test [ [[ export readonly declare typeset local unset set shopt setopt unsetopt alias unalias
  read readarray type which hash wait jobs fg bg disown suspend ulimit times getopts return exit logout break continue shift let
  caller help if then else fi for while until do done case esac select function time pwd umask command builtin exec autoload zstyle zmodload
  emulate compdef compinit vared print rehash whence bindkey compgen compopt setenv unsetenv setopt functions abbr`;

const source: Describe = (command, context) => {
  const [file] = command.args;
  if (!file) return [];
  return [
    context.path(file, command).known
      ? runsFile(command, context)
      : unclear('code', 'runs a file that is not known'),
  ];
};

/** A script that is given by its path. */
const runsFile = (command: Command, context: Parameters<Describe>[1]): Effect => {
  const file = command.args[0]!;
  const path = context.path(file, command);
  const own =
    path.place === 'workspace' ||
    /(^|\/)(bin\/activate(\.\w+)?|\.(nvm|cargo|sdkman|asdf|rbenv)\/[\w./-]+)$/.test(path.path);
  return {
    type: 'run',
    program: file.text,
    origin: own ? 'project' : 'unknown',
    what: `runs the file ${file.text}`,
  };
};

const trap: Describe = (command, context) => {
  const [code, ...signals] = command.args.filter((word) => !/^-[lp-]?$/.test(word.text));
  const shows = command.args.length === 0 || /^-[lp]$/.test(command.args[0]!.text);
  if (shows || !code || code.text === '' || signals.length === 0) return [];
  return code.text === '-' ? [] : context.code('shell', code, command);
};

const history: Describe = (command, context) => {
  const call = callOf(command, context, grammar({ values: '-d -s -p' }));
  if (call.has('-c', '-d')) return [destroys('log', 'clears the history of commands')];
  return call.has('-w') ? call.write(call.operands) : [];
};

const editsHistory: Describe = (command) =>
  command.args.some((word) => /^-\w*l/.test(word.text))
    ? []
    : [unclear('code', 'runs a line of the history again')];

const evaluates: Describe = (command, context) => {
  const [first] = command.args;
  return first ? context.code('shell', wordWith(first, textOf(command.args)), command) : [];
};

const bind: Describe = (command, context) => {
  const call = callOf(command, context, grammar({ values: '-m -x -f -q -u -r' }));
  return [
    ...call.read(call.values('-f')),
    ...call.values('-x').map((word) => spawns(word.text, 'a key runs a command')),
  ];
};

/** `hash -p /path name`: another program under the name. */
const hashed: Describe = (command, context) => {
  const call = callOf(command, context, grammar({ values: '-p -d -t' }));
  return call.values('-p').map((word) => ({
    type: 'loader',
    variable: 'hash',
    what: `${word.text} under another name`,
  }));
};

const umask: Describe = (command) =>
  command.args.some((word) => /^0*[0-7]?[0145]$/.test(word.text) && /^0+$/.test(word.text))
    ? [changes('config', 'lets everyone write what is made from now on')]
    : [];

/** What a shell does itself. Those that only change the shell's own state change nothing here. */
export const builtins: Table = {
  ...forAll(quiet, () => []),
  ...tableOf({
    complete: { values: '-A -G -W -P -S -X -o', spawns: '-C -F' },
    enable: { spawns: '-f' },
    mapfile: { values: '-d -n -O -s -u -c', spawns: '-C' },
    readarray: { values: '-d -n -O -s -u -c', spawns: '-C' },
  }),
  ...forAll('source .', source),
  ...forAll('fc r', editsHistory),
  eval: evaluates,
  hash: hashed,
  umask,
  trap,
  history,
  bind,
};
