import { literal, type Word } from '../../../shell/command.ts';
import type { Effect } from '../../effect.ts';
import { grammarOf, has, parseArguments, valuesOf } from '../arguments.ts';
import type { Develop, DevelopTable } from '../develop.ts';
import { outcomeEffect, type Subject } from '../outcome.ts';
import { runFile } from '../scripts/file.ts';
import { scriptEffect } from '../scripts/script-name.ts';
import { type Special, type Tool, toolOf } from '../tool.ts';
import { after } from './javascript.ts';
import { configSet } from './javascript-settings.ts';
import { installEffects, named, sourceEffects } from './source.ts';

const dashed: Special = ({ args, path, command, context, subject }) => {
  const inner = after(args, path).filter(({ text }, index) => !(index === 0 && text === '--'));
  return inner.length > 0 ? context.inner(inner, command) : [outcomeEffect('read', subject)];
};

const cargo: Tool = {
  options:
    '-C= -p= -j= -F= -Z= --package= --bin= --example= --test= --bench= --features= --target= --target-dir= --manifest-path= --profile= --message-format= --color= --config= --jobs= --exclude= --index= --registry= --token= --git= --branch= --tag= --rev= --path= --root= --version= --vers= --edition= --lockfile-path=',
  dry: ['--dry-run', '-n'],
  subcommands: `
    read: locate-project metadata read-manifest version tree pkgid config/get verify-project report audit deny geiger bloat udeps machete outdated help expand asm semver-checks
    query: info search
    project: build b check c test t bench doc d rustdoc rustc clippy fmt fix clean package init new nextest miri llvm-cov tarpaulin insta hack watch make xtask zigbuild cross criterion fuzz mutants dist about release-plz vet public-api machete expand msrv sort dylint llvm-lines flamegraph run r
    restore: fetch generate-lockfile vendor update
    install: install?restore add upgrade
    uninstall.user: uninstall
    uninstall: remove rm
    publish: publish yank owner release smart-release workspaces/publish
    credential.write: login
    credential.destroy: logout`,
  special: {
    install: (use) => {
      const path = valuesOf(use.parsed, '--path')[0];
      const git = valuesOf(use.parsed, '--git').flatMap(sourceEffects);
      if (path) return [outcomeEffect('restore', use.subject)];
      return use.operands.length + git.length === 0
        ? null
        : [outcomeEffect('install.user', named(use.subject, use.operands)), ...git];
    },
    add: (use) => [...installEffects(use)!, ...valuesOf(use.parsed, '--git').flatMap(sourceEffects)],
    owner: ({ parsed, subject }) => [
      outcomeEffect(has(parsed, '-l', '--list') ? 'query' : 'publish', subject),
    ],
    watch: ({ args, command, context }) => {
      const parsed = parseArguments(after(args, 'watch'), grammarOf('-x= -s= --exec= --shell='));
      return [
        ...valuesOf(parsed, '-x', '--exec').flatMap((text) =>
          context.inner([literal('cargo'), ...text.text.split(' ').map(literal)], command),
        ),
        ...valuesOf(parsed, '-s', '--shell').flatMap((text) => context.code('shell', text, command)),
      ];
    },
    '*': ({ subject, path }) => [outcomeEffect('project', { ...subject, what: `cargo ${path}` })],
  },
};

/** A module path with a version is fetched; a folder of the workspace is not. */
const isFetched = ({ text }: Word): boolean => /@[\w.-]+$/.test(text) || /^https?:/.test(text);

const goBuild: Special = ({ parsed, subject }) => {
  const program = valuesOf(parsed, '-exec', '-toolexec', '-vettool')[0];
  const spawned: readonly Effect[] = program
    ? [{ type: 'spawn', program: program.text, what: `go runs "${program.text}"` }]
    : [];
  return [outcomeEffect('project', subject), ...spawned];
};

const go: Tool = {
  options:
    '@single -C= -o= -p= -run= -bench= -count= -timeout= -tags= -ldflags= -gcflags= -asmflags= -exec= -toolexec= -vettool= -coverprofile= -covermode= -coverpkg= -cpuprofile= -memprofile= -mod= -modfile= -overlay= -pkgdir= -f= -benchtime= -cpu= -parallel= -fuzz= -fuzztime= -skip= -shuffle= -vet= -outputdir= -blockprofile= -mutexprofile= -trace= -buildmode= -compiler= -go= -require= -replace= -exclude= -droprequire= -dropreplace= -module= -json',
  subcommands: `
    read: version list doc env mod/graph,why,verify,bug tool help telemetry mod work
    project: clean fmt fix mod/init,tidy,edit,vendor work/init,use,sync,edit,vendor generate
    restore: mod/download
    settings: telemetry/on,off,local`,
  special: {
    ...Object.fromEntries(['build', 'test', 'vet'].map((name) => [name, goBuild])),
    install: ({ operands, subject }) => {
      const names = operands.filter(isFetched);
      return [outcomeEffect(names.length > 0 ? 'install.user' : 'project', named(subject, names))];
    },
    get: ({ operands, subject }) => {
      const names = operands.filter(({ text }) => !/^\.{1,2}(?:\/|$)|^all$/.test(text));
      return [outcomeEffect(names.length > 0 ? 'install' : 'restore', named(subject, names))];
    },
    run: (use) => {
      const target = use.operands[0];
      if (target && isFetched(target)) return [outcomeEffect('exec', named(use.subject, [target]))];
      if (target && /[/\\]/.test(target.text))
        return [
          runFile({ ...target, glob: false }, 'go run', use.command, use.context),
          ...goBuild(use)!.slice(1),
        ];
      return goBuild(use);
    },
    env: ({ parsed, subject, operands }) => [
      outcomeEffect(has(parsed, '-w', '-u') ? 'settings' : 'read', named(subject, operands)),
    ],
  },
};

const gem: Tool = {
  scope: 'user',
  options:
    '-v= -s= -i= -n= -e= -g= --version= --source= --install-dir= --bindir= --editor= --host= --key= --otp= --platform= -P=',
  subcommands: `
    read: list contents dependency environment env help info specification which check cert stale lock rdoc
    query: search outdated query
    fetch: fetch unpack mirror
    project: build pristine cleanup
    install: install i update
    uninstall: uninstall
    publish: push yank owner
    credential.write: signin
    credential.destroy: signout
    listen: server`,
  special: {
    install: (use) => [
      ...(has(use.parsed, '-g', '--file') ? [outcomeEffect('restore', use.subject)] : installEffects(use)!),
      ...valuesOf(use.parsed, '--source', '-s').flatMap(sourceEffects),
    ],
    open: ({ parsed, subject }) => {
      const editor = valuesOf(parsed, '-e', '--editor')[0];
      return editor
        ? [{ type: 'spawn', program: editor.text, what: `opens the package in "${editor.text}"` }]
        : [outcomeEffect('read', subject)];
    },
    sources: ({ parsed, subject }) => [
      outcomeEffect(
        has(parsed, '-a', '--add', '-r', '--remove', '-c', '--clear-all') ? 'settings' : 'read',
        subject,
      ),
    ],
    exec: ({ operands, subject }) => [outcomeEffect('exec', named(subject, operands))],
  },
};

const bundle: Tool = {
  alone: 'restore',
  options: '-j= --jobs= --path= --gemfile= --without= --with= --group= --retry=',
  subcommands: `
    read: list show info check outdated config/get,list platform viz version licenses help doctor env open console fund
    project: init lock clean pristine binstubs gem cache package config/set config/unset config
    restore: install
    install: add update plugin/install
    uninstall: remove plugin/uninstall
    bypass: config/disable_checksum_validation`,
  special: { exec: dashed },
};

const composer: Tool = {
  options: '-d= --working-dir= --repository= --prefer-stable --stability= --format=',
  global: ['-g', '--global'],
  dry: ['--dry-run'],
  subcommands: `
    read: show info licenses depends why prohibits why-not validate diagnose status check-platform-reqs about help list fund archive browse home suggests
    query: search outdated audit
    project: init dump-autoload dumpautoload clear-cache clearcache cc bump
    restore: install i reinstall
    install: require r update u upgrade self-update selfupdate create-project global/require global/update
    uninstall: remove rm global/remove`,
  special: {
    exec: dashed,
    'run-script': ({ operands, subject }) => [scriptEffect(operands[0]?.text ?? '', subject)],
    run: ({ operands, subject }) => [scriptEffect(operands[0]?.text ?? '', subject)],
    config: (use) =>
      use.operands.length < 2
        ? [outcomeEffect('read', use.subject)]
        : has(use.parsed, '--global', '-g')
          ? configSet(use)
          : [outcomeEffect('project', use.subject)],
    '*': ({ path, subject }) => (path ? [scriptEffect(path, { ...subject, what: 'composer' })] : null),
  },
};

/** Goals and tasks are operands, each on its own: `mvn clean deploy`. */
const goals =
  (name: string, options: string): Develop =>
  (command, context) => {
    const parsed = parseArguments(command.args, grammarOf(options));
    const subject: Subject = { program: name, what: name, scope: 'project', system: 'service' };
    if (has(parsed, '--help', '-h', '--version', '-v', '--dry-run', '-m'))
      return [outcomeEffect('read', subject)];
    const scripts = valuesOf(
      parsed,
      '-I',
      '--init-script',
      '-b',
      '--build-file',
      '-f',
      '--file',
      '-buildfile',
    )
      .filter(({ text }) => /[/\\]/.test(text))
      .map((word) => runFile(word, name, command, context));
    const tasks =
      parsed.operands.length === 0
        ? [outcomeEffect('project', subject)]
        : parsed.operands.map(({ text }) => goalEffect(text, subject));
    return [...tasks, ...scripts];
  };

const goalEffect = (goal: string, subject: Subject): Effect => {
  const task = goal.split(':').at(-1) ?? goal;
  if (/^publish\w*ToMavenLocal$|^publishLocal$/.test(task))
    return outcomeEffect('project', { ...subject, what: `${subject.what} ${goal}` });
  if (/^(?:publish\w*|upload\w*|release|closeAndRelease\w*|deploy-file|perform|publishSigned)$/.test(task))
    return outcomeEffect('publish', { ...subject, what: `${subject.what} ${goal}` });
  if (task === 'deploy' && subject.program.startsWith('mvn'))
    return outcomeEffect('publish', { ...subject, what: `${subject.what} deploy` });
  if (/^(?:flywayClean|clean)$/.test(task) && /flyway/i.test(goal))
    return outcomeEffect('database.destroy', { ...subject, what: goal });
  if (/^(?:dropAll)$/.test(task)) return outcomeEffect('database.destroy', { ...subject, what: goal });
  return scriptEffect(goal, subject);
};

const gradle = goals(
  'gradle',
  '-p= -b= -I= -x= -c= -g= -D? -P? --project-dir= --build-file= --init-script= --exclude-task= --settings-file= --gradle-user-home= --include-build= --tests= --max-workers= --console= --configuration=',
);
const maven = goals(
  'mvn',
  '-f= -s= -P= -pl= -T= -D? -l= -t= -gs= --file= --settings= --activate-profiles= --projects= --threads= --define= --log-file=',
);

const dotnet: Tool = {
  options:
    '-c= -f= -r= -o= -v= -p? -s= -k= -n= --configuration= --framework= --runtime= --output= --verbosity= --source= --api-key= --project= --version= --filter= --logger= --name= --tool-path= --startup-project= --context= --property=',
  global: ['-g', '--global'],
  subcommands: `
    read: list sln/list tool/list --info --list-sdks --list-runtimes nuget/locals workload/list,search new/list user-secrets/list help reference/list package/list
    query: package/search tool/search
    project: build test clean publish pack run format new sln sln/add,remove add/reference remove/reference watch msbuild vstest store migrate build-server fsi dev-certs reference/add ef/migrations,dbcontext user-secrets/init workload/clean
    restore: restore tool/restore workload/restore
    install: add add/package package/add,update tool/install,update workload/install,update new/install
    uninstall: remove/package package/remove tool/uninstall workload/uninstall new/uninstall
    publish: nuget/push,delete
    settings: nuget/add,remove,update,enable,disable,trust
    credential.write: user-secrets/set
    credential.destroy: user-secrets/clear,remove
    database.update: ef/database/update
    database.destroy: ef/database/drop`,
  special: {
    'tool/run': ({ operands, subject }) => [outcomeEffect('project', named(subject, operands))],
    'tool/exec': ({ operands, subject }) => [outcomeEffect('exec', named(subject, operands))],
    '*': ({ path, args, subject, command, context }) =>
      /\.dll$/.test(path)
        ? [runFile(after(args, path, 0)[0]!, 'dotnet', command, context)]
        : [outcomeEffect('project', { ...subject, what: `dotnet ${path}`.trim() })],
  },
};

const nuget: Tool = {
  options: '@single -Source= -ApiKey= -OutputDirectory= -Version= -ConfigFile=',
  subcommands: `
    read: list search locals verify spec help
    project: pack init
    restore: restore
    install: install update
    publish: push delete
    settings: sources config setApiKey`,
};

/** Managers that share the usual verbs: stack, cabal, opam, luarocks, vcpkg, conan, pod, dart pub … */
const usual: Tool = {
  options:
    '-p= -c= -d= -D= -g= -o= --registry= --sandbox= --repo= --switch= --tree= --server= --remote= -r= --file= --mode= --define= -e=',
  dry: ['--dry-run', '-n'],
  subcommands: `
    read: list ls show info status config env path which help version doctor check outdated deps tree why licenses query pin/list switch/list,show remote/list profile/list,show repo/list sdk/list pub/deps pub/outdated ide devices doc analyze metadata inspect graph fetch-info log hash freeze check-path get-val versions dir plugins man current available locate
    query: search view download pub/search index
    project: build test bench run clean haddock configure repl ghci init new gen-bounds format fmt lint compile ct eunit dialyzer xref shell cover edoc hex/docs package create lock describe sdist dist unpack make pack generate eval exec test-compile deps/clean deps/unlock gen-l10n assemble symbolize drive emit profile/detect drop-cache cache/clean archive lipo
    restore: restore deps/get pub/get get install-deps sync setup dependencies deps/compile bootstrap pub/cache update-index fetch
    install: install add upgrade update use global default plugin/install plugin/add pub/add pub/upgrade pub/global archive/install local/hex local/rebar tool/install toolchain/install component/add target/add self/update integrate reinstall tap
    uninstall: uninstall remove rm pub/remove toolchain/uninstall component/remove target/remove plugin/remove plugin/uninstall autoremove purge
    publish: publish upload push pub/publish hex/publish trunk/push trunk/delete unpublish deprecate retire yank hex/retire hex/owner owner
    credential.write: login hex/user signin
    credential.destroy: logout
    settings: config/set remote/add,remove,disable repo/add,remove profile/new`,
  special: {
    install: installEffects,
    exec: ({ operands, args, command, context }) =>
      operands[0] ? context.inner(after(args, operands[0].text, 0), command) : null,
    'repo/push': ({ subject }) => [outcomeEffect('publish', subject)],
  },
};

/** `mix` tasks are one word with dots. */
const mix: Develop = (command, context) => {
  const { operands } = parseArguments(command.args, grammarOf('-e= --eval= --app= --only= --env= -r='));
  const task = operands[0]?.text ?? '';
  const subject: Subject = { program: 'mix', what: 'mix', scope: 'project', system: 'service' };
  if (/^(?:deps\.get|deps\.compile)$/.test(task))
    return [outcomeEffect('restore', { ...subject, what: `mix ${task}` })];
  if (/^(?:archive\.install|escript\.install|local\.(?:hex|rebar|phx)|deps\.update)$/.test(task))
    return [outcomeEffect('install', named(subject, operands))];
  if (/^hex\.(?:publish|retire|owner)$/.test(task))
    return [outcomeEffect('publish', { ...subject, what: `mix ${task}` })];
  if (/^ecto\.(?:drop|reset|rollback)$/.test(task))
    return [outcomeEffect('database.destroy', { ...subject, what: `mix ${task}` })];
  if (task === 'run' || task === 'cmd' || task === 'do')
    return [outcomeEffect('project', named(subject, operands)), ...codeOf(command.args, context, command)];
  return [scriptEffect(task, subject)];
};

const codeOf = (
  args: readonly Word[],
  ...[context, command]: [Parameters<Develop>[1], Parameters<Develop>[0]]
): readonly Effect[] =>
  valuesOf(parseArguments(args, grammarOf('-e= --eval=')), '-e', '--eval').map(
    (): Effect => ({
      type: 'opaque',
      at: 'code',
      what: `Elixir code given to ${command.name} in ${context.workspace}`,
    }),
  );

const usualNames =
  'cabal stack opam luarocks vcpkg conan pod carthage mint rebar3 hex pub shards nimble crystal raco spack alr fpm bower jspm swift-package gleam elm-json';

/** Build and package tools of languages beside JavaScript and Python. */
export const languagePackageTable: DevelopTable = {
  cargo: toolOf('cargo', cargo),
  go: toolOf('go', go),
  gem: toolOf('gem', gem),
  bundle: toolOf('bundle', bundle),
  bundler: toolOf('bundle', bundle),
  composer: toolOf('composer', composer),
  'composer.phar': toolOf('composer', composer),
  gradle,
  gradlew: gradle,
  mvn: maven,
  mvnw: maven,
  mvnd: maven,
  ant: goals('ant', '-f= -file= -buildfile= -D? -lib= -logger='),
  sbt: goals('sbt', '-D? -J? -mem='),
  mill: goals('mill', '-j='),
  lein: goals('lein', ''),
  dotnet: toolOf('dotnet', dotnet),
  nuget: toolOf('nuget', nuget),
  mix,
  ...Object.fromEntries(usualNames.split(' ').map((name) => [name, toolOf(name, usual)])),
  ...Object.fromEntries(['dart', 'flutter', 'swift', 'zig'].map((name) => [name, toolOf(name, usual)])),
};
