import type { Command, Word } from '../../shell/command.ts';
import type { CodeLanguageName, Context, Describe, Table } from '../describe.ts';
import type { Effect } from '../effect.ts';
import { grammar, names } from './arguments.ts';
import { type Call, callOf } from './call.ts';
import { inputText } from './inner.ts';
import { spawns, unclear } from './make.ts';
import { forAll } from './spec.ts';

/** How an interpreter is called. Lists hold options with their dashes. */
type Interpreter = {
  /** Language whose text can be described; null where text is only looked at for words that reach out. */
  readonly language: CodeLanguageName | null;
  /** Options whose value is code. */
  readonly code: string;
  readonly values?: string;
  /** Options that load a module before: a path among them runs that file. */
  readonly loads?: string;
  readonly single?: boolean;
};

const interpreters: Readonly<Record<string, Interpreter>> = {
  R: { language: null, code: '-e', values: '-f --file -g' },
  'octave-cli': { language: null, code: '--eval', values: '-p --path' },
  clisp: { language: null, code: '-x', values: '-E -M', loads: '-i' },
  ghc: { language: null, code: '-e', values: '-o -i -package', single: true },
  gnuplot: { language: null, code: '-e' },
  'jrunscript jjs': { language: null, code: '-e', values: '-l -cp -classpath', loads: '-f', single: true },
  jshell: { language: null, code: '', values: '--class-path', loads: '--startup' },
  slsh: { language: null, code: '-e' },
  'pwsh powershell powershell.exe pwsh.exe': {
    language: 'powershell',
    code: '-c -Command -command',
    values: '-ExecutionPolicy -ep -Version -EncodedCommand -enc -ec -WorkingDirectory',
    loads: '-File -file -f',
    single: true,
  },
  'elvish nu xonsh ion murex': { language: null, code: '-c' },
  'raku rakudo': { language: null, code: '-e', values: '-I' },
  'wish expect jimsh': { language: null, code: '-c', values: '-f' },
  'scheme csi chez': { language: null, code: '-e --eval', loads: '-l -f -r' },
  'erl iex': { language: null, code: '-e --eval -eval', loads: '-r', single: true },
  dc: { language: null, code: '-e --expression', loads: '-f --file' },
  m4: { language: null, code: '', values: '-D -U -I -F -R' },
  gimp: { language: null, code: '-b --batch' },
  blender: {
    language: null,
    code: '--python-expr',
    loads: '-P --python',
    values: '-f -o -s -e -E --render-output',
    single: true,
  },
  bpftrace: { language: null, code: '-e -c', values: '-p' },
  inkscape: { language: null, code: '--actions', values: '-o --export-filename' },
};

const interpret = (interpreter: Interpreter): Describe => {
  const [code, loads] = [names(interpreter.code), names(interpreter.loads)];
  const rules = grammar({
    values: [...code, ...loads, interpreter.values ?? ''].join(' '),
    single: interpreter.single ?? false,
    stops: true,
  });
  return (command, context) => {
    const call = callOf(command, context, rules);
    const hidden = call
      .values('-EncodedCommand', '-enc', '-ec')
      .map(() => unclear('code', 'runs code that is hidden by an encoding'));
    const texts = call.values(...code);
    const file = texts.length > 0 ? undefined : call.operands.find((word) => word.text !== '-');
    const bare = texts.length === 0 && !file && hidden.length === 0;
    return [
      ...hidden,
      ...call.values(...loads).map((word) => runOf(word, command, context)),
      ...texts.flatMap((word) => codeEffects(interpreter.language, word, call)),
      ...(file ? [runOf(file, command, context)] : []),
      ...(bare ? inputEffects(interpreter.language, call) : []),
    ];
  };
};

/** A script by its path: of this workspace, or from somewhere else. */
const runOf = (file: Word, command: Command, context: Context): Effect => {
  const path = context.path(file, command);
  if (!path.known) return unclear('code', `${command.name} runs a file that is not known`);
  const origin = path.place === 'workspace' ? 'project' : 'unknown';
  return { type: 'run', program: file.text, origin, what: `${command.name} runs ${file.text}` };
};

/** Words of many languages for programs, files and the network. */
const reachesOut =
  /system|exec|spawn|popen|shell|process|\brun\b|callCommand|os\.|fork|socket|connect|download|https?:|url|open|write|unlink|delete|remove|\b(?:rm|(?:ba|z)?sh)\b|esyscmd|pipe|eval|source|load|import|[`!]/i;

const codeEffects = (language: CodeLanguageName | null, word: Word, call: Call): readonly Effect[] => {
  const { command, context } = call;
  if (language) return context.code(language, word, command);
  if (!word.known) return [unclear('code', `${command.name} runs code that is not known`)];
  return reachesOut.test(word.text) ? [spawns(word.text, `${command.name} runs code given as text`)] : [];
};

const inputEffects = (language: CodeLanguageName | null, call: Call): readonly Effect[] => {
  const { command } = call;
  const { stdin } = command;
  if (stdin.type === 'none')
    return [{ type: 'run', program: command.name ?? '', origin: 'known', what: `opens ${command.name}` }];
  if (stdin.type === 'text') return codeEffects(language, stdin.text, call);
  if (stdin.type === 'file') return [runOf(stdin.path, command, call.context)];
  const text = inputText(command);
  if (text === null) return [unclear('code', `${command.name} runs what it is given`)];
  return codeEffects(language, { text, known: true, glob: false, quoted: true }, call);
};

const shellGrammar = grammar({ values: '-c -o -O --rcfile --init-file', stops: true });

/** A shell with a script or none. Text for `-c` and here-documents is parsed elsewhere, as shell. */
const shell: Describe = (command, context) => {
  const call = callOf(command, context, shellGrammar);
  const settings = call.values('--rcfile', '--init-file').map((word) => runOf(word, command, context));
  if (call.has('-c')) return [...settings, unclear('code', `${command.name} runs text as code`)];
  const [file] = call.operands;
  if (file && file.text !== '-' && !call.has('-s'))
    return [...settings, call.has('-n') ? call.read([file])[0]! : runOf(file, command, context)];
  const { stdin } = command;
  const started: Effect = {
    type: 'run',
    program: command.name ?? '',
    origin: 'known',
    what: 'opens a shell',
  };
  switch (stdin.type) {
    case 'none':
      return [...settings, started];
    case 'text':
      return [
        ...settings,
        stdin.text.known ? started : unclear('code', 'a shell runs text that is not known'),
      ];
    case 'file':
      return [...settings, runOf(stdin.path, command, context)];
    case 'pipe':
      return [
        ...settings,
        { type: 'run', program: command.name ?? '', origin: 'opaque', what: 'a shell runs what it is given' },
      ];
  }
};

/** Interpreters of code, and shells. */
export const interpreterTable: Table = {
  ...Object.assign(
    {},
    ...Object.entries(interpreters).map(([list, interpreter]) => forAll(list, interpret(interpreter))),
  ),
  ...forAll('sh bash dash ash zsh ksh mksh fish csh tcsh rbash rzsh', shell),
};
