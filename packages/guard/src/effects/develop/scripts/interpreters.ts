import { literal, type Word } from '../../../shell/command.ts';
import type { CodeLanguageName } from '../../describe.ts';
import type { Effect } from '../../effect.ts';
import { type Arguments, grammarOf, has, parseArguments, valuesOf } from '../arguments.ts';
import type { Develop, DevelopTable } from '../develop.ts';
import { runFile } from './file.ts';
import { pythonModule } from './python-module.ts';

type Interpreter = {
  readonly language: CodeLanguageName | null;
  readonly options: string;
  /** Options that carry code. */
  readonly code: readonly string[];
  /** Options that name a file to load first. */
  readonly loads?: readonly string[];
  /** Options with which nothing runs. */
  readonly harmless?: readonly string[];
  /** What a use does beside running the code that it is given. */
  readonly special?: (parsed: Arguments, ...rest: Parameters<Develop>) => readonly Effect[] | null;
  /** Options after which the rest belongs to the code. */
  readonly last?: readonly string[];
  /** Files with a description of their own: `python manage.py`. */
  readonly files?: RegExp;
};

const interpreter =
  (name: string, spec: Interpreter): Develop =>
  (command, context) => {
    const parsed = upTo(spec.last ?? [], parseArguments(command.args, grammarOf(`@stop ${spec.options}`)));
    const code = valuesOf(parsed, ...spec.code);
    if (code.length === 0 && has(parsed, '--version', '--help', ...(spec.harmless ?? [])))
      return [readsOnly(name)];
    const loaded = valuesOf(parsed, ...(spec.loads ?? []))
      .filter(({ text }) => /^[./~]/.test(text))
      .map((word) => runFile(word, name, command, context));
    const given = [
      ...code.flatMap((text) => codeEffects(spec.language, text, command, context)),
      ...(spec.special?.(parsed, command, context) ?? []),
    ];
    if (given.length > 0) return [...loaded, ...given];
    const file = parsed.operands[0];
    if (!file || file.text === '-') return [...loaded, ...inputEffects(name, spec, command, context)];
    const base = file.text.split('/').at(-1) ?? '';
    if (spec.files?.test(base))
      return [...loaded, ...context.inner([{ ...file, text: base }, ...parsed.operands.slice(1)], command)];
    return [...loaded, runFile(file, name, command, context)];
  };

/** The arguments up to the first option of these: what follows it belongs to the code that it names. */
const upTo = (last: readonly string[], parsed: Arguments): Arguments => {
  const at = parsed.flags.findIndex(({ name }) => last.includes(name));
  return at === -1 ? parsed : { ...parsed, flags: parsed.flags.slice(0, at + 1) };
};

const readsOnly = (program: string): Effect => ({ type: 'run', program, origin: 'known', what: program });

const codeEffects = (
  language: CodeLanguageName | null,
  text: Word,
  ...[command, context]: Parameters<Develop>
): readonly Effect[] => {
  if (language === null)
    return !text.known || reachesOut.test(text.text)
      ? [{ type: 'opaque', at: 'code', what: `code given to ${command.name}` }]
      : [readsOnly(command.name ?? '')];
  return [
    { type: 'run', program: language, origin: 'known', what: `runs given ${language} code` },
    ...context.code(language, text, command),
  ];
};

/** Words by which code in a language that is not read here leaves its own process. */
const reachesOut =
  /system|shell|exec|spawn|process|popen|\brun\b|cmd|unlink|delete|remove|\brm\b|write|save|sink|open|file|socket|connect|download|url|http|eval|load|source|require|import|getenv|environ|`|ccall/i;

/** Without a file an interpreter reads code from its input. */
const inputEffects = (
  name: string,
  spec: Interpreter,
  ...[command, context]: Parameters<Develop>
): readonly Effect[] => {
  const { stdin } = command;
  switch (stdin.type) {
    case 'none':
      return [readsOnly(name)];
    case 'text':
      return codeEffects(spec.language, stdin.text, command, context);
    case 'file':
      return [runFile(stdin.path, name, command, context)];
    case 'pipe':
      return [
        { type: 'opaque', at: 'code', what: `${name} runs what ${stdin.from.name ?? 'a command'} prints` },
      ];
  }
};

const listens = (address: string, what: string): Effect => ({
  type: 'reach',
  host: address.split(':')[0] || null,
  how: 'listen',
  local: /^(?:localhost|127\.)/.test(address),
  what,
});

const python: Interpreter = {
  language: 'python',
  options: '-c= -m= -W= -X= --check-hash-based-pycs=',
  code: ['-c'],
  last: ['-c', '-m'],
  harmless: ['-V', '-h'],
  files: /^(?:manage|setup)\.py$/,
  special: (parsed, command, context) => {
    const module = valuesOf(parsed, '-m')[0];
    return module ? pythonModule(module, moduleArguments(command.args, module), command, context) : null;
  },
};

/** All that follows the module belongs to it. */
const moduleArguments = (args: readonly Word[], module: Word): readonly Word[] => {
  const at = args.findIndex(
    ({ text }) => text === module.text || (/^-[a-zA-Z]*m/.test(text) && text.endsWith(module.text)),
  );
  return args.slice(at + 1);
};

const node: Interpreter = {
  language: 'node',
  options:
    '-e= -p= -r= -C= --eval= --print= --require= --import= --loader= --experimental-loader= --env-file= --env-file-if-exists= --conditions= --input-type= --title= --watch-path= --stack-trace-limit= --test-name-pattern= --test-reporter= --test-reporter-destination= --test-concurrency= --test-shard= --test-timeout= --icu-data-dir= --openssl-config= --redirect-warnings= --diagnostic-dir= --tsconfig= --run= --build-snapshot-config= --experimental-config-file=',
  code: ['-e', '-p', '--eval', '--print'],
  loads: ['-r', '--require', '--import', '--loader', '--experimental-loader'],
  harmless: ['-v', '-h', '-c', '--check', '--v8-options'],
  special: (parsed, command, context) => {
    const script = valuesOf(parsed, '--run')[0];
    if (script) return context.inner([literal('npm'), literal('run'), script], command);
    return has(parsed, '--test')
      ? [{ type: 'run', program: 'node', origin: 'project', what: 'runs the tests' }]
      : null;
  },
};

const perl: Interpreter = {
  language: 'perl',
  options: '-e= -E= -M? -m? -I= -F? -i? -0# -l# -C# -x? -d? -D#',
  code: ['-e', '-E'],
  harmless: ['-v', '-V', '-h', '-c'],
  special: (parsed, command, context) => {
    const modules = valuesOf(parsed, '-M', '-m').filter(({ text }) => /[;({`]/.test(text));
    const reads = has(parsed, '-p') || has(parsed, '-n');
    const edits = has(parsed, '-i') && reads;
    if (valuesOf(parsed, '-e', '-E').length === 0) return null;
    return [
      ...modules.flatMap((text) => context.code('perl', text, command)),
      ...(reads ? parsed.operands : []).map((word): Effect => {
        const path = context.path(word, command);
        return edits ? { type: 'write', path, how: 'edit' } : { type: 'read', path };
      }),
    ];
  },
};

const ruby: Interpreter = {
  language: 'ruby',
  options: '-e= -r= -I= -C= -F? -i? -0# -x? -E= -K? -W# -T#',
  code: ['-e'],
  loads: ['-r'],
  harmless: ['-v', '-c', '-h'],
  files: /^(?:rake|rails)$/,
  special: (parsed, command, context) => {
    const libraries = valuesOf(parsed, '-r').map(({ text }) => text);
    if (libraries.includes('un') && valuesOf(parsed, '-e')[0]?.text === 'httpd')
      return [listens('', 'serves a folder over HTTP')];
    const files = parsed.flags.filter(({ name }) => name !== '-E');
    return perl.special!({ ...parsed, flags: files }, command, context);
  },
};

const php: Interpreter = {
  language: 'php',
  options: '-r= -S= -f= -d= -t= -c= -B= -R= -E= -F= -z= --run= --server= --file= --define= --docroot=',
  code: ['-r', '-B', '-R', '-E', '--run'],
  harmless: ['-v', '-i', '-m', '-l', '-h', '--ini', '--modules', '--syntax-check'],
  files: /^(?:artisan|composer(?:\.phar)?)$/,
  special: (parsed, command, context) => {
    const address = valuesOf(parsed, '-S', '--server')[0];
    const main = parsed.operands[0];
    const loads = valuesOf(parsed, '-d', '--define').filter(({ text }) =>
      /^(?:auto_(?:pre|ap)pend_file|extension|zend_extension)=/.test(text),
    );
    const loaded = loads.map(
      ({ text }): Effect => ({ type: 'loader', variable: '-d', what: `php loads ${text}` }),
    );
    const file = valuesOf(parsed, '-f', '--file')[0];
    if (address) return [...loaded, listens(address.text, 'serves a folder over HTTP')];
    if (file) return [...loaded, runFile(file, 'php', command, context)];
    return loaded.length > 0 ? [...loaded, ...(main ? [runFile(main, 'php', command, context)] : [])] : null;
  },
};

const simple = (
  options: string,
  code: readonly string[],
  language: CodeLanguageName | null,
): Interpreter => ({
  language,
  options,
  code,
  harmless: ['-v', '-h', '-V'],
});

const specs: Readonly<Record<string, Interpreter>> = {
  ...Object.fromEntries(
    [
      'python',
      'python2',
      'python3',
      'python3.9',
      'python3.10',
      'python3.11',
      'python3.12',
      'python3.13',
      'python3.14',
      'pypy',
      'pypy3',
      'py',
    ].map((name) => [name, python]),
  ),
  ipython: { ...python, options: `${python.options} --profile=` },
  node,
  nodejs: node,
  tsx: { ...node, options: `${node.options} --tsconfig=` },
  'ts-node': {
    ...node,
    options: '-e= -p= -r= -P= -O= --eval= --print= --require= --project= --compiler-options=',
  },
  'ts-node-esm': node,
  'vite-node': { ...node, options: '-r= -c= --root= --config= --mode=', code: [] },
  jiti: simple('', [], 'node'),
  perl,
  ruby,
  jruby: ruby,
  php,
  lua: { ...simple('-e= -l=', ['-e'], 'lua'), loads: ['-l'] },
  luajit: simple('-e= -l= -j= -O?', ['-e'], 'lua'),
  Rscript: simple('-e= --default-packages=', ['-e'], null),
  julia: simple(
    '-e= -E= -L= -J= -p= -t= --eval= --print= --project= --load=',
    ['-e', '-E', '--eval', '--print'],
    null,
  ),
  elixir: simple('-e= -r= -S= -pa= -pz= --eval= --erl=', ['-e', '--eval'], null),
  escript: simple('', [], null),
  groovy: simple('-e= -cp= -D?', ['-e'], null),
  scala: simple('-e= -cp= -classpath=', ['-e'], null),
  kotlin: simple('-e= -cp= -classpath=', ['-e'], null),
  tclsh: simple('', [], null),
  guile: simple('-c= -l= -L=', ['-c'], null),
  racket: simple('-e= -l= -r= -f=', ['-e'], null),
  sbcl: simple('--eval= --load= --script=', ['--eval'], null),
  clojure: simple('-e= -M= -X= -A= -T=', ['-e'], null),
  irb: ruby,
  pry: { ...ruby, options: ruby.options.replace('-e=', '-e= --exec='), code: ['-e', '--exec'] },
  runghc: simple('', [], null),
  runhaskell: simple('', [], null),
  bpython: python,
  bb: simple('-e= -f=', ['-e'], null),
  coffee: simple('-e= -r=', ['-e'], null),
  octave: simple('--eval=', ['--eval'], null),
};

/** Language interpreters: code given in text, a file, or from the input. */
export const interpreterTable: DevelopTable = Object.fromEntries(
  Object.entries(specs).map(([name, spec]) => [name, interpreter(name, spec)]),
);
