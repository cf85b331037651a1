import type { Word } from '../../../shell/command.ts';
import type { Effect } from '../../effect.ts';
import { type Arguments, grammarOf, has, parseArguments, valuesOf } from '../arguments.ts';
import type { Develop, DevelopTable } from '../develop.ts';
import { outcomeEffect, type Subject } from '../outcome.ts';
import { runFile } from '../scripts/file.ts';
import { scriptEffect } from '../scripts/script-name.ts';
import { type Tool, toolOf } from '../tool.ts';

/** A runner of named targets: `make test`, `just build`. */
type Runner = {
  readonly options: string;
  /** Options with which nothing is run. */
  readonly dry: readonly string[];
  /** Options that name the file with the targets. */
  readonly files: readonly string[];
  /** Options whose value is code of the runner. */
  readonly code: readonly string[];
  /** Operands that come before the targets: `turbo run`. */
  readonly verbs?: RegExp;
};

const runner =
  (name: string, spec: Runner): Develop =>
  (command, context) => {
    const parsed = parseArguments(command.args, grammarOf(spec.options));
    const subject: Subject = { program: name, what: name, scope: 'project', system: 'service' };
    const around = [
      ...codeEffects(parsed, spec),
      ...fileEffects(parsed, spec, command, context),
      ...variables(parsed.operands),
    ];
    if (has(parsed, '--help', '--version', ...spec.dry)) return [outcomeEffect('read', subject), ...around];
    const targets = parsed.operands.filter(
      ({ text }, index) => !text.includes('=') && !(index === 0 && spec.verbs?.test(text)),
    );
    const unknown = targets.some(({ known, text }) => !known && text.length === 1);
    if (targets.length === 0 || unknown) return [outcomeEffect('project', subject), ...around];
    return [...targets.map(({ text }) => targetEffect(text, subject)), ...around];
  };

const targetEffect = (target: string, subject: Subject): Effect =>
  /^(?:un)?install(?:-(?:strip|bin|lib|man|all))?$/.test(target) &&
  /^(?:make|gmake|ninja)$/.test(subject.program)
    ? outcomeEffect(target.startsWith('un') ? 'uninstall' : 'install', {
        ...subject,
        scope: 'system',
        what: `${subject.what} ${target}`,
      })
    : scriptEffect(target, subject);

const codeEffects = (parsed: Arguments, { code }: Runner): readonly Effect[] =>
  valuesOf(parsed, ...code).map((word) =>
    /\$[({]|shell|`|!=/.test(word.text) || !word.known
      ? { type: 'spawn', program: word.text, what: `evaluates "${word.text}"` }
      : { type: 'opaque', at: 'code', what: `evaluates "${word.text}"` },
  );

const fileEffects = (
  parsed: Arguments,
  { files }: Runner,
  ...[command, context]: Parameters<Develop>
): readonly Effect[] =>
  valuesOf(parsed, ...files).flatMap((word): readonly Effect[] => {
    if (word.text === '-') return [{ type: 'opaque', at: 'code', what: 'runs targets from its input' }];
    const effect = runFile(word, command.name ?? '', command, context);
    return effect.type === 'run' && effect.origin === 'project' ? [] : [effect];
  });

/** `make SHELL=…` and `CC='sh -c …'`: variables that are run. */
const variables = (operands: readonly Word[]): readonly Effect[] =>
  operands.flatMap((word): readonly Effect[] => {
    const [, name = '', value = ''] = /^([\w.]+)[:+?!]*=(.*)$/s.exec(word.text) ?? [];
    return /^(?:SHELL|\.SHELLFLAGS|MAKE|MAKEFLAGS)$/.test(name) || /\$\(shell|`|[;|&]/.test(value)
      ? [{ type: 'spawn', program: value, what: `${word.text} is run by the targets` }]
      : [];
  });

const make: Runner = {
  options:
    '-C= -f= -I= -j? -l? -o= -W= -O? -E= --directory= --file= --makefile= --include-dir= --eval= --old-file= --what-if= --assume-new= --assume-old= --jobs --load-average --output-sync --debug',
  dry: [
    '-n',
    '-q',
    '-v',
    '-h',
    '-p',
    '--just-print',
    '--dry-run',
    '--recon',
    '--question',
    '--print-data-base',
  ],
  files: ['-f', '--file', '--makefile'],
  code: ['-E', '--eval'],
};

const plain = (options: string, verbs?: RegExp): Runner => ({
  options: `-f= -C= -d= -c= -p= -j= --file= --directory= --config= --filter= --cwd= ${options}`,
  dry: [
    '--list',
    '-l',
    '--dry-run',
    '--dry',
    '-n',
    '--summary',
    '--show',
    '--evaluate',
    '--dump',
    '--graph',
    '--tasks',
    '-T',
    '-P',
    '--prereqs',
  ],
  files: ['--taskfile', '--justfile', '--rakefile', '--gulpfile', '--gruntfile'],
  code: [],
  ...(verbs && { verbs }),
});

const bazel: Tool = {
  options:
    '-c= --config= --compilation_mode= --test_output= --output_base= --output_user_root= --bazelrc= --platforms= --test_arg= --test_filter= -j= --jobs= --define= --run_under=',
  flags: { '--run_under': 'opaque', '--bazelrc': 'unknown' },
  subcommands: `
    read: query cquery aquery info version help dump print_action analyze-profile license
    project: build test coverage clean fetch sync mod mobile-install shutdown canonicalize-flags vendor config run`,
  special: { run: ({ operands, subject }) => [scriptEffect(operands[0]?.text ?? '', subject)] },
};

const nx: Develop = (command) => {
  const parsed = parseArguments(
    command.args,
    grammarOf(
      '-p= -t= -c= -e= --target= --targets= --projects= --exclude= --base= --head= --parallel= --configuration= --runner= --output-style= --generator= --files= --verbose --file=',
    ),
  );
  const [verb, target] = parsed.operands.map(({ text }) => text);
  const subject: Subject = { program: 'nx', what: 'nx', scope: 'project', system: 'service' };
  if (verb === undefined || has(parsed, '--help', '--version', '--graph', '--dry-run', '-d'))
    return [outcomeEffect('read', subject)];
  const named = valuesOf(parsed, '-t', '--target', '--targets').flatMap(({ text }) => text.split(','));
  if (named.length > 0) return named.map((each) => scriptEffect(each, subject));
  if (verb === 'release') return [outcomeEffect('publish', { ...subject, what: 'nx release' })];
  if (verb === 'run') return [scriptEffect(target ?? '', subject)];
  if (/^(?:migrate|add)$/.test(verb))
    return [outcomeEffect('install', { ...subject, what: `nx ${verb} ${target ?? ''}` })];
  return [scriptEffect(verb, subject)];
};

const lerna: Tool = {
  options:
    '--scope= --ignore= --since= --concurrency= --stream --npm-client= --dist-tag= --registry= --preid=',
  subcommands: `
    read: ls list la ll changed updated diff info repair-list
    project: version clean create init link repair watch
    restore: bootstrap
    install: add
    publish: publish`,
  special: {
    run: ({ operands, subject }) => [scriptEffect(operands[0]?.text ?? '', subject)],
    exec: ({ operands, command, context }) => context.inner(operands, command),
  },
};

/** Tools that publish packages or releases by themselves. */
const releaser =
  (publishes: (words: readonly string[]) => boolean): Develop =>
  (command) => {
    const parsed = parseArguments(
      command.args,
      grammarOf('-c= -e= -b= -p= -r= --branches= --plugins= --extends= --preset= --release-as= --config='),
    );
    const words = parsed.operands.map(({ text }) => text);
    const subject: Subject = {
      program: command.name ?? '',
      what: [command.name, ...words].join(' '),
      scope: 'project',
      system: 'service',
    };
    if (
      has(
        parsed,
        '-d',
        '--dry-run',
        '--help',
        '--version',
        '-h',
        '--snapshot',
        '--no-publish',
        '--skip-publish',
      )
    )
      return [outcomeEffect('read', subject)];
    return [outcomeEffect(publishes(words) ? 'publish' : 'project', subject)];
  };

const preCommit: Tool = {
  options: '-c= --config= --files= --from-ref= --to-ref= --hook-stage= -t= --hook-type= --repo= -s= -o=',
  subcommands: `
    read: validate-config validate-manifest sample-config help manifest
    project: run install install-hooks init-templatedir migrate-config
    install: autoupdate
    project: clean gc
    exec: try-repo
    bypass: uninstall`,
};

const lefthook: Tool = {
  options: '--file= --commands=',
  subcommands: 'read: version dump validate check-install help\nproject: run install add\nbypass: uninstall',
};

const act: Develop = (command) => [
  has(
    parseArguments(command.args, grammarOf('-j= -W= -P= -e= -s= --job= --workflows=')),
    '-l',
    '--list',
    '-n',
    '--dryrun',
    '--help',
    '--version',
    '-g',
    '--graph',
  )
    ? { type: 'run', program: 'act', origin: 'known', what: 'lists the workflows' }
    : { type: 'remote', system: 'container', change: 'run', what: 'runs the workflows in containers' },
];

const browsers: Tool = {
  options:
    '-c= -g= --config= --project= --grep= --reporter= --workers= --spec= --browser= --retries= --timeout= --output= --shard= -b= -s= --device=',
  alone: 'project',
  subcommands: `
    read: show-report show-trace version info verify cache help merge-reports cache/list cache/path
    project: test run open codegen screenshot pdf clear-cache init-agents
    restore: install
    uninstall: uninstall
    install: install-deps`,
  special: {
    install: ({ parsed, subject }) => [
      outcomeEffect('restore', subject),
      ...(has(parsed, '--with-deps') ? [outcomeEffect('install', { ...subject, scope: 'system' })] : []),
    ],
    '*': ({ subject, path }) => [
      outcomeEffect('project', { ...subject, what: `${subject.program} ${path}`.trim() }),
    ],
  },
};

/** Targets, tasks, pipelines and releases of a workspace. */
export const runnerTable: DevelopTable = {
  make: runner('make', make),
  gmake: runner('make', make),
  bmake: runner('make', make),
  ninja: runner('ninja', {
    options: '-C= -f= -j= -k= -l= -d= -t= -w=',
    dry: ['-n', '-t'],
    files: ['-f'],
    code: [],
  }),
  just: runner('just', plain('--justfile= --working-directory= --set= --shell= --shell-arg=')),
  task: runner('task', plain('-t= --taskfile= --dir= -o= --output=')),
  invoke: runner('invoke', plain('--collection= --search-root=')),
  fab: runner('fab', plain('-H= --hosts= -i= --identity=')),
  gulp: runner('gulp', plain('--gulpfile=')),
  grunt: runner('grunt', plain('--gruntfile= --base=')),
  jake: runner('jake', plain('')),
  turbo: runner(
    'turbo',
    plain(
      '-F= --concurrency= --cache-dir= --output-logs= --token= --team= --api= --scope=',
      /^(?:run|watch|prune|query|link|unlink|ls|boundaries|gen|daemon|telemetry|scan|info)$/,
    ),
  ),
  moon: runner('moon', plain('--query= --base=', /^(?:run|ci|check|query|project)$/)),
  wireit: runner('wireit', plain('')),
  doit: runner('doit', plain('', /^run$/)),
  earthly: runner('earthly', plain('')),
  mage: runner('mage', plain('-w=')),
  psake: runner('psake', plain('')),
  meson: toolOf('meson', {
    subcommands:
      'read: introspect help rewrite wrap/list wrap/status env2mfile format\nproject: setup configure compile test dist init subprojects devenv\ninstall: install wrap/install',
    options: '-C= -D? --prefix= --backend= --buildtype=',
    scope: 'system',
    special: { '*': ({ subject }) => [outcomeEffect('project', subject)] },
  }),
  bazel: toolOf('bazel', bazel),
  bazelisk: toolOf('bazel', bazel),
  buck2: toolOf('buck2', bazel),
  pants: toolOf('pants', {
    ...bazel,
    special: { '*': ({ subject, path }) => [scriptEffect(path, subject)] },
  }),
  nx,
  lerna: toolOf('lerna', lerna),
  'semantic-release': releaser(() => true),
  'release-it': releaser(() => true),
  np: releaser(() => true),
  'standard-version': releaser(() => false),
  'commit-and-tag-version': releaser(() => false),
  bumpp: releaser(() => true),
  changeset: releaser(([verb]) => verb === 'publish'),
  'changeset-cli': releaser(([verb]) => verb === 'publish'),
  goreleaser: releaser(([verb]) => verb === 'release' || verb === 'publish'),
  jreleaser: releaser(([verb]) => !/^(?:config|init|template|assemble|changelog)$/.test(verb ?? '')),
  vsce: releaser(([verb]) => /^(?:publish|unpublish)$/.test(verb ?? '')),
  ovsx: releaser(([verb]) => verb === 'publish'),
  jsr: releaser(([verb]) => verb === 'publish'),
  fastlane: releaser((words) =>
    words.some((word) => /deploy|release|beta|upload|pilot|deliver|supply|match|produce/.test(word)),
  ),
  mkdocs: releaser(([verb]) => verb === 'gh-deploy'),
  'pkg-pr-new': releaser(([verb]) => verb === 'publish'),
  'pre-commit': toolOf('pre-commit', preCommit),
  lefthook: toolOf('lefthook', lefthook),
  act,
  playwright: toolOf('playwright', browsers),
  cypress: toolOf('cypress', browsers),
};
