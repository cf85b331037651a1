import { literal, type Word } from '../../../shell/command.ts';
import type { Effect } from '../../effect.ts';
import { grammarOf, has, parseArguments, valuesOf } from '../arguments.ts';
import type { Develop, DevelopTable } from '../develop.ts';
import { scriptEffect } from '../scripts/script-name.ts';
import { projectRun } from './plain.ts';

type Wrapper = {
  /** The wrapper's own options; what follows the first operand is the command. */
  readonly options: string;
  /** Leading `NAME=value` operands are its environment. */
  readonly assigns?: boolean;
  /** This many operands come before the command. */
  readonly skip?: number;
  /** Options whose value is shell text to run. */
  readonly shell?: readonly string[];
  /** First words that are its own subcommands. */
  readonly own?: RegExp;
  /** Every operand is shell text. */
  readonly texts?: boolean;
};

const variable = /^([A-Za-z_]\w*)=(.*)$/s;

/** A tool that runs the command in its arguments: `cross-env A=1 jest`, `nyc mocha`. */
const wrapper =
  (spec: Wrapper): Develop =>
  (command, context) => {
    const name = command.name ?? '';
    const parsed = parseArguments(command.args, grammarOf(`${spec.texts ? '' : '@stop '}${spec.options}`));
    const shells = valuesOf(parsed, ...(spec.shell ?? [])).flatMap((text) =>
      context.code('shell', text, command),
    );
    if (spec.texts)
      return [
        ...shells,
        ...parsed.operands.flatMap((text) => context.code('shell', text, command)),
        ...alone(parsed.operands, name),
      ];
    if (spec.own?.test(parsed.operands[0]?.text ?? ''))
      return [projectRun(name, `${name} ${parsed.operands[0]?.text}`)];
    const skipped = parsed.operands.slice(spec.skip ?? 0);
    const start = spec.assigns ? skipped.findIndex(({ text }) => !variable.test(text)) : 0;
    const words = (start === -1 ? [] : skipped.slice(start)).filter(
      ({ text }, index) => index > 0 || text !== '--',
    );
    const assigned = spec.assigns ? skipped.slice(0, start === -1 ? undefined : start) : [];
    const inner = words.length > 0 ? context.inner(words, command) : alone(parsed.operands, name);
    return [...loaders(assigned), ...shells, ...inner];
  };

const alone = (operands: readonly Word[], name: string): readonly Effect[] =>
  operands.length === 0 ? [{ type: 'run', program: name, origin: 'known', what: name }] : [];

/** Variables through which other code gets into the command. */
const loaders = (assigned: readonly Word[]): readonly Effect[] =>
  assigned.flatMap((word): readonly Effect[] => {
    const [, name = '', value = ''] = variable.exec(word.text) ?? [];
    const loads =
      /^(?:LD_PRELOAD|LD_LIBRARY_PATH|DYLD_\w+|BASH_ENV|GIT_SSH_COMMAND|GIT_EXTERNAL_DIFF|PYTHONSTARTUP|PERL5OPT|RUBYOPT|JAVA_TOOL_OPTIONS)$/.test(
        name,
      ) ||
      (name === 'NODE_OPTIONS' &&
        /(?:^|\s)(?:-r|--require|--import|--loader|--experimental-loader)[= ]\s*(?:\/|~|\.\.)/.test(value));
    const weakens = name === 'NODE_TLS_REJECT_UNAUTHORIZED' && value === '0';
    if (loads)
      return [{ type: 'loader', variable: name, what: `${name}=${value} loads code into the command` }];
    return weakens ? [{ type: 'bypass', what: 'turns certificate checks off' }] : [];
  });

/** `npm-run-all a b*`: names of scripts. */
const runAll: Develop = (command) => {
  const { operands } = parseArguments(command.args, grammarOf('-l= --label= --max-parallel= --npm-path='));
  const subject = {
    program: command.name ?? '',
    what: 'runs the script',
    scope: 'project',
    system: 'service',
  } as const;
  return operands.map(({ text }) => scriptEffect(text, subject));
};

const nodemon: Develop = (command, context) => {
  const parsed = parseArguments(
    command.args,
    grammarOf(
      '@stop -x= -w= -e= -i= -d= -r= -I= --exec= --watch= --ext= --ignore= --delay= --config= --signal= --cwd= --on-change-only= --require=',
    ),
  );
  const shell = valuesOf(parsed, '-x', '--exec');
  if (shell.length > 0) return shell.flatMap((text) => context.code('shell', text, command));
  return parsed.operands.length > 0
    ? context.inner([literal('node'), ...parsed.operands], command)
    : [projectRun('nodemon', 'runs the main file of the workspace')];
};

const serverAndTest: Develop = (command, context) => {
  const { operands } = parseArguments(command.args, grammarOf('--expect='));
  return operands
    .filter(({ text }) => !/^(?:https?:|\d+$|:\d+)/.test(text))
    .flatMap((word) =>
      /[\s/]/.test(word.text)
        ? context.code('shell', word, command)
        : context.inner([literal('npm'), literal('run'), word], command),
    );
};

/** Starts what its configuration says, or a command after options of its own. */
const afterDashes: Develop = (command, context) => {
  const at = command.args.findIndex(({ text }) => text === '--');
  const words = at === -1 ? [] : command.args.slice(at + 1);
  return words.length > 0
    ? context.inner(words, command)
    : [projectRun(command.name ?? '', `${command.name} as configured`)];
};

const coverage: Develop = (command, context) => {
  const [action, ...rest] = command.args;
  if (action?.text !== 'run') return [projectRun('coverage', `coverage ${action?.text ?? ''}`)];
  const parsed = parseArguments(
    rest,
    grammarOf(
      '@stop -m= --rcfile= --source= --source-pkgs= --omit= --include= --data-file= --context= --concurrency=',
    ),
  );
  const module = has(parsed, '-m', '--module') ? [literal('-m'), ...valuesOf(parsed, '-m')] : [];
  return context.inner([literal('python'), ...module, ...parsed.operands], command);
};

const wrappers: Readonly<Record<string, Wrapper>> = {
  'cross-env': { options: '', assigns: true },
  'cross-env-shell': { options: '', assigns: true },
  'env-cmd': { options: '-f= -e= -r= --file= --environments= --rc-file=' },
  dotenv: { options: '-e= -v= -p= -c? -o' },
  nyc: {
    own: /^(?:report|check-coverage|merge|instrument)$/,
    options:
      '-r= -x= -n= --reporter= --require= --include= --exclude= --temp-dir= --report-dir= --cwd= --extension=',
  },
  c8: {
    own: /^(?:report|check-coverage)$/,
    options: '-r= -x= -n= -o= --reporter= --reports-dir= --include= --exclude= --temp-directory= --src=',
  },
  watchexec: {
    options:
      '-w= -e= -f= -i= -d= -s= -W= --watch= --exts= --filter= --ignore= --debounce= --signal= --workdir= --shell= --delay-run= --stop-signal=',
  },
  entr: { options: '' },
  'cargo-watch': {
    options: '-x= -s= -w= -i= -d= --exec= --shell= --watch= --ignore=',
    shell: ['-s', '--shell'],
  },
  concurrently: {
    options:
      '-n= -c= -p= -l= -m= -s= -k --names= --prefix-colors= --prefix= --prefix-length= --max-processes= --success= --kill-others-on-fail --restart-tries= --restart-after= --timestamp-format= --handle-input --default-input-target= --name-separator= --hide= --teardown=',
    texts: true,
    shell: ['--teardown'],
  },
  hyperfine: {
    options:
      '-w= -r= -m= -M= -p= -c= -s= -S= -P= -D= -L= -n= -i -N -u= --warmup= --runs= --min-runs= --max-runs= --prepare= --conclude= --cleanup= --setup= --shell= --parameter-scan= --parameter-list= --command-name= --export-json= --export-csv= --export-markdown= --style= --time-unit= --output= --input=',
    texts: true,
    shell: ['-p', '-s', '-c', '--prepare', '--setup', '--cleanup', '--conclude'],
  },
  chokidar: {
    options: '-c= -d= -t= -i= --command= --debounce= --throttle= --ignore=',
    shell: ['-c', '--command'],
  },
  'tsc-watch': {
    options:
      '--onSuccess= --onFirstSuccess= --onFailure= --onCompilationStarted= --onCompilationComplete= -p= --project=',
    shell: [
      '--onSuccess',
      '--onFirstSuccess',
      '--onFailure',
      '--onCompilationStarted',
      '--onCompilationComplete',
    ],
  },
  tsup: {
    options: '--onSuccess= --config= --format= -d= --out-dir= --target= --tsconfig=',
    shell: ['--onSuccess'],
  },
};

/** Tools that run a command given as their argument. */
export const wrapperTable: DevelopTable = {
  ...Object.fromEntries(Object.entries(wrappers).map(([name, spec]) => [name, wrapper(spec)])),
  tsup: (command, context) => [
    projectRun('tsup', 'builds the workspace'),
    ...(wrapper({ ...wrappers.tsup!, skip: 99 })(command, context) ?? []),
  ],
  'npm-run-all': runAll,
  'npm-run-all2': runAll,
  'run-s': runAll,
  'run-p': runAll,
  nodemon,
  'ts-node-dev': nodemon,
  'start-server-and-test': serverAndTest,
  'wait-on': () => [projectRun('wait-on', 'waits for a local server')],
  onchange: afterDashes,
  dotenvx: afterDashes,
  coverage,
};
