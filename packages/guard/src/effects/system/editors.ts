import type { Word } from '../../shell/command.ts';
import type { Describe, Table } from '../describe.ts';
import type { Effect } from '../effect.ts';
import { grammar } from './arguments.ts';
import { callOf } from './call.ts';
import { inputText } from './inner.ts';
import { spawns, unclear } from './make.ts';
import { forAll, tableOf } from './spec.ts';

const harmlessEx =
  /^\s*:*\s*(w?q?a?l?l?!?|wqa?!?|xa?!?|qa(ll)?!?|quit!?|wall?!?|write!?|exit|\d+|\$|normal!? [\w ]+|gg|set? (?!(shell|makeprg|grepprg|equalprg|formatprg|keywordprg|exrc|modeline|rtp|runtimepath))[\w=,!?&.-]*|set(local|global)? (no)?(number|paste|list|wrap|hlsearch|ignorecase|expandtab|ff=\w+|fileformat=\w+|fileencoding=\S+|bomb|nobomb)|(\d*,?\$?\d*|%|g\/[^/!]*\/)?(d|s\/([^/|!=]|\\\/)*\/([^/|!=]|\\\/)*\/[gciI]*|j|>|<|sort( u)?|normal .*)|retab!?|syntax \w+|noh|filetype [\w ]+|echo "[^"]*"|version)\s*$/;

/** A longer one is no everyday command, and would take the pattern long. */
const longestCommand = 300;

const exText = (text: string): boolean =>
  text.split(/\||\n/).every((part) => part.length <= longestCommand && harmlessEx.test(part));

const vimValues =
  '-c -S -u -U -i -w -W -T --cmd --startuptime --listen --remote-send --remote-expr --servername --server';
const vimGrammar = grammar({ values: `${vimValues} -s` });
/** In ex mode `-s` is silence, and takes nothing. */
const exGrammar = grammar({ values: vimValues });

/** An editor of the vi family: its commands are a language with `!`. */
const vim: Describe = (command, context) => {
  const plus = command.args.filter((word) => /^\+./.test(word.text));
  const args = command.args.filter((word) => !word.text.startsWith('+'));
  const exMode = command.name === 'ex' || args.some((word) => /^-\w*[eE]/.test(word.text));
  const call = callOf({ ...command, args }, context, exMode ? exGrammar : vimGrammar);
  const commands = [
    ...call.values('-c', '--cmd'),
    ...plus.map((word) => ({ ...word, text: word.text.slice(1) })),
  ];
  const loud = commands.filter((word) => !/^\/.*|^\d+$/.test(word.text) && !exText(word.text));
  const scripts = [
    ...call.values('-S', '-s'),
    ...call.values('-u', '-U', '-i').filter((word) => !/^(NONE|NORC|DEFAULTS|\/dev\/null)$/.test(word.text)),
  ];
  const keys = inputText(command);
  const driven = command.stdin.type !== 'none' && call.has('-e', '-E') && (keys === null || !exText(keys));
  return [
    ...loud.map((word) => spawns(word.text, `${command.name} runs a command of its language`)),
    ...call
      .values('--remote-send', '--remote-expr')
      .map((word) => spawns(word.text, 'sends keys to another editor')),
    ...scripts.map((word) => spawns(word.text, `${command.name} runs a script`)),
    ...(driven ? [unclear('text', `${command.name} takes its commands from its input`)] : []),
    ...call.write(call.values('-w', '-W')),
    ...(call.has('-R') || command.name === 'view'
      ? call.read(call.operands)
      : call.write(call.operands, 'edit')),
  ];
};

const ed: Describe = (command, context) => {
  const call = callOf(command, context, grammar({ values: '-p --prompt' }));
  const keys = inputText(command);
  const shells = keys === null ? command.stdin.type !== 'none' : /^\s*(\d*,?\d*)?[rwe]? ?!|^!/m.test(keys);
  const files = call.operands.filter((word) => !word.text.startsWith('!'));
  return [
    ...(shells ? [unclear('text', 'ed takes its commands from its input')] : []),
    ...call.operands
      .filter((word) => word.text.startsWith('!'))
      .map((word) => spawns(word.text.slice(1), 'ed reads the output of a command')),
    ...call.write(files, 'edit'),
  ];
};

const emacsGrammar = grammar({
  values:
    '-l -f -L -u -d -t -q- --eval --execute --load --funcall --script --insert --directory --user --visit --file --chdir -a -s',
  flags: '--batch',
});

const emacs: Describe = (command, context) => {
  // Emacs takes its long options with one dash too.
  const args = command.args.map((word) =>
    /^-[a-z]{2,}/.test(word.text) && !/^-(nw|nbc|nbi|nsl)$/.test(word.text)
      ? { ...word, text: `-${word.text}` }
      : word,
  );
  const call = callOf({ ...command, args }, context, emacsGrammar);
  return [
    ...call
      .values('--eval', '--execute', '-f', '--funcall', '-e')
      .map((word) => spawns(word.text, 'emacs runs code')),
    ...call.values('-l', '--load', '--script').map((word) => spawns(word.text, 'emacs runs a script')),
    ...call.write(
      call.operands.filter((word) => !word.text.startsWith('+')),
      'edit',
    ),
  ];
};

const pagerCommand = (word: Word): boolean => /[!|]|^\+*[vsE:]/.test(word.text.slice(1));

const less: Describe = (command, context) => {
  const plus = command.args.filter((word) => word.text.startsWith('+'));
  const call = callOf(
    { ...command, args: command.args.filter((word) => !plus.includes(word)) },
    context,
    grammar({
      values:
        '-o -O -k -p -P -t -T -x -y -z -b -h -j -D --log-file --LOG-FILE --lesskey-file --lesskey-src --lesskey-content --pattern --tag --tag-file --cmd',
    }),
  );
  const commands = [
    ...plus,
    ...call.values('--cmd').map((word) => ({ ...word, text: `+${word.text}` })),
  ].filter(pagerCommand);
  return [
    ...commands.map((word) => spawns(word.text, 'less runs a command')),
    ...call
      .values('-k', '--lesskey-file', '--lesskey-src', '--lesskey-content')
      .map((word) => spawns(word.text, 'less takes its keys from a file')),
    ...call.write(call.values('-o', '-O', '--log-file', '--LOG-FILE')),
    ...call.read(call.operands),
  ];
};

const manGrammar = grammar({
  values:
    '-P -H- -C -M -m -S -s -e -L -p -E -R -T- -r --pager --config-file --manpath --extension --sections --locale --preprocessor --encoding --prompt',
  attached: '-H -T',
  flags: '--html --browser',
});

const man: Describe = (command, context) => {
  const call = callOf(command, context, manGrammar);
  const pagers = call
    .values('-P', '--pager', '-H', '--html', '--browser')
    .filter((word) => !/^(cat|less|more|col -b\w*)( -\w+)*$/.test(word.text));
  return [
    ...pagers.map((word) => spawns(word.text, 'man runs the program that shows the page')),
    ...call
      .values('-C', '--config-file')
      .map((word) => spawns(word.text, 'man takes its programs from a file')),
    ...(call.has('-l', '--local-file') ? call.read(call.operands) : []),
  ];
};

const gdbSafe =
  /^\s*(bt|backtrace|where|info|i|run|r|start|print|p|x|thread|frame|f|up|down|list|l|disas\w*|break|b|tbreak|rbreak|delete|quit|q|continue|c|next|n|step|s|finish|until|set (pagination|confirm|print|disassembly-flavor|height|width|args|breakpoint|logging)|show|file|symbol-file|display|watch|handle|help|ptype|whatis|image|register|process (status|launch)|settings set|target (list|create))\b[^!|`]*$|^\s*$/;

/** Debuggers: a prompt with a shell, and code in the program that they hold. */
const debuggerOf = (options: {
  readonly commands: string;
  readonly scripts: string;
  readonly values: string;
}): Describe => {
  const [commands, scripts] = [options.commands.split(' '), options.scripts.split(' ')];
  const rules = grammar({
    values: `${options.commands} ${options.scripts} ${options.values}`,
    single: true,
    stops: false,
  });
  return (command, context) => {
    const call = callOf(command, context, rules);
    const loud = call
      .values(...commands)
      .filter((word) => !gdbSafe.test(word.text) || /\b(system|exec\w*|popen|fork)\s*\(/.test(word.text));
    const attached = call.values('-p', '-pid', '--pid', '--attach-pid');
    const program = call.operands[0];
    return [
      ...loud.map((word) => spawns(word.text, `${command.name} runs a command of its language`)),
      ...call
        .values(...scripts)
        .filter((word) => word.text !== '/dev/null')
        .map((word) => spawns(word.text, `${command.name} runs a script`)),
      ...attached.map(
        (word): Effect => ({
          type: 'system',
          part: 'process',
          change: 'change',
          what: `holds the process ${word.text}`,
        }),
      ),
      ...(program ? [held(program, context.path(program, command).place === 'workspace')] : []),
      ...(command.stdin.type === 'none'
        ? []
        : [unclear('text', `${command.name} takes its commands from its input`)]),
    ];
  };
};

const held = (program: Word, own: boolean): Effect => ({
  type: 'run',
  program: program.text,
  origin: own ? 'project' : 'known',
  what: `looks into ${program.text}`,
});

/** Editors, pagers and debuggers: programs with a language, and a way out to a shell. */
export const editors: Table = {
  ...forAll('vi vim nvim gvim rvim vimdiff view gview rview ex vim.basic vim.tiny elvis nvi', vim),
  ...forAll('ed red', ed),
  ...forAll('emacs emacsclient xemacs mg jmacs zile', emacs),
  ...forAll('less more most pg zless bzless xzless lesspipe', less),
  ...tableOf({
    nano: { operands: 'edit', spawns: '-s --speller -f --rcfile', values: '-r -T -Y -o -Q -X' },
    rnano: { operands: 'edit' },
    pico: { operands: 'edit', spawns: '-s' },
    micro: { operands: 'edit' },
    joe: { operands: 'edit' },
    kak: { operands: 'edit', spawns: '-e -E' },
    hx: { operands: 'edit' },
    helix: { operands: 'edit' },
    gedit: { operands: 'edit' },
    kate: { operands: 'edit' },
    mcedit: { operands: 'edit' },
    ranger: { spawns: '--cmd' },
    nnn: {},
    lf: { spawns: '-command' },
    bvi: { operands: 'edit', spawns: '-c -f' },
    hexedit: { operands: 'edit' },
  }),
  man,
  gdb: debuggerOf({
    commands: '-ex -iex --ex --eval-command -eval-command --init-eval-command -init-eval-command',
    scripts: '-x -ix --command -command --init-command -init-command',
    values: '-p -pid --pid -c -core --core -s -e -d -cd',
  }),
  lldb: debuggerOf({
    commands: '-o -O -k --one-line --one-line-before-file --one-line-on-crash',
    scripts: '-s -S -K --source --source-before-file',
    values: '-p --attach-pid -n -c --core -a -f',
  }),
  cgdb: debuggerOf({ commands: '-ex', scripts: '-x', values: '-p' }),
  jdb: () => [spawns('java', 'holds a program of Java')],
};
