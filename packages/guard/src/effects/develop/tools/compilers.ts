import { literal, type Word } from '../../../shell/command.ts';
import type { Effect } from '../../effect.ts';
import { grammarOf, has, parseArguments, valuesOf } from '../arguments.ts';
import type { Develop, DevelopTable } from '../develop.ts';
import { outcomeEffect } from '../outcome.ts';
import { runFile } from '../scripts/file.ts';
import { scriptEffect } from '../scripts/script-name.ts';
import { toolOf } from '../tool.ts';
import { outsideEffects, projectRun } from './plain.ts';

/** Options by which a C compiler runs a program of the caller's choice or loads one. */
const compilerPrograms =
  /^(?:-wrapper|-fplugin(?:-arg.*)?|-specs|--specs|-fuse-ld|-no-canonical-prefixes-program|-Xlinker-plugin)$/;

const compiler: Develop = (command, context) => {
  const grammar = grammarOf(
    '@single -o= -x= -I= -L= -l= -D= -U= -include= -isystem= -wrapper= -B= -target= -arch= -T= -MF= -MT= -Xlinker= -Xclang= -Xpreprocessor= -specs= -fplugin= -load= --param=',
  );
  const parsed = parseArguments(command.args, grammar);
  const name = command.name ?? '';
  const spawned = parsed.flags
    .filter(
      (flag) =>
        compilerPrograms.test(flag.name) || flag.name.startsWith('-fplugin') || flag.value?.text === '-load',
    )
    .map(
      (flag): Effect => ({
        type: 'spawn',
        program: flag.value?.text.split(',')[0] ?? flag.name,
        what: `${name} runs or loads ${flag.value?.text ?? flag.name}`,
      }),
    );
  if (has(parsed, '--version', '--help', '-v', '-dumpversion', '-dumpmachine', '-print-search-dirs'))
    return [...spawned, { type: 'run', program: name, origin: 'known', what: name }];
  return [
    ...spawned,
    projectRun(name, `${name} ${parsed.operands[0]?.text ?? ''}`.trim()),
    ...outsideEffects(parsed, command, context),
  ];
};

const cmake: Develop = (command, context) => {
  const [first, second, ...rest] = command.args;
  if (first?.text === '-E') return second ? cmakeCommand(second, rest, command, context) : [];
  const parsed = parseArguments(
    command.args,
    grammarOf(
      '-S= -B= -G= -D? -U? -P= -C= -A= -T= -t= -j= --build= --install= --target= --config= --preset= --prefix= --parallel= --open=',
    ),
  );
  const script = valuesOf(parsed, '-P')[0];
  if (script) return [runFile(script, 'cmake', command, context)];
  if (has(parsed, '--install')) return installs(valuesOf(parsed, '--prefix')[0], command, context);
  if (has(parsed, '--version', '--help'))
    return [{ type: 'run', program: 'cmake', origin: 'known', what: 'cmake' }];
  const subject = { program: 'cmake', what: 'cmake', scope: 'project', system: 'service' } as const;
  const targets = valuesOf(parsed, '-t', '--target');
  if (targets.some(({ text }) => text === 'install')) return installs(undefined, command, context);
  return targets.length > 0
    ? targets.map(({ text }) => scriptEffect(text, subject))
    : [outcomeEffect('project', subject)];
};

const installs = (prefix: Word | undefined, ...[command, context]: Parameters<Develop>): readonly Effect[] =>
  prefix && ['workspace', 'temp'].includes(context.path(prefix, command).place)
    ? [{ type: 'write', path: context.path(prefix, command), how: 'overwrite' }]
    : [{ type: 'package', change: 'install', scope: 'system', what: 'installs what was built' }];

/** `cmake -E rm -rf x`: portable shell commands. */
const cmakeCommand = (
  verb: Word,
  rest: readonly Word[],
  ...[command, context]: Parameters<Develop>
): readonly Effect[] => {
  const paths = rest.filter(({ text }) => !text.startsWith('-'));
  switch (verb.text) {
    case 'rm':
    case 'remove':
    case 'remove_directory':
      return paths.map((word) => ({
        type: 'delete',
        path: context.path(word, command),
        recursive: verb.text === 'remove_directory' || rest.some(({ text }) => /^-\w*r/i.test(text)),
      }));
    case 'env':
      return context.inner([literal('env'), ...rest], command);
    case 'time':
      return context.inner(rest, command);
    case 'chdir':
      return context.inner(rest.slice(1), command);
    case 'copy':
    case 'copy_directory':
    case 'copy_if_different':
    case 'rename':
    case 'touch':
    case 'make_directory':
      return paths
        .slice(-1)
        .map((word) => ({ type: 'write', path: context.path(word, command), how: 'overwrite' }));
    default:
      return [{ type: 'run', program: 'cmake', origin: 'known', what: `cmake -E ${verb.text}` }];
  }
};

const java: Develop = (command, context) => {
  const parsed = parseArguments(
    command.args,
    grammarOf(
      '@stop @single -jar= -cp= -classpath= --class-path= -p= --module-path= -m= --module= --add-opens= --add-exports= --add-modules= -javaagent= -agentpath= -agentlib=',
    ),
  );
  const loaded = parsed.flags.filter(
    ({ name }) => /^-(?:javaagent|agentpath):/.test(name) || /^-XX:On(?:OutOfMemory)?Error/.test(name),
  );
  const spawned = loaded.map(
    ({ name, value }): Effect => ({
      type: 'spawn',
      program: value?.text ?? name,
      what: `java loads or runs ${name}`,
    }),
  );
  const jar = valuesOf(parsed, '-jar')[0];
  if (has(parsed, '-version', '--version', '-help', '--help'))
    return [{ type: 'run', program: 'java', origin: 'known', what: 'java' }];
  if (jar?.text.endsWith('jenkins-cli.jar'))
    return context.inner(
      [literal('jenkins-cli'), ...command.args.slice(command.args.indexOf(jar) + 1)],
      command,
    );
  if (jar && /(?:^|\/)bfg[\w.-]*\.jar$/.test(jar.text))
    return context.inner([literal('bfg'), ...parsed.operands], command);
  if (jar) return [...spawned, runFile(jar, 'java', command, context)];
  const main = parsed.operands[0];
  return [
    ...spawned,
    main && /[/\\]|\.java$/.test(main.text)
      ? runFile(main, 'java', command, context)
      : projectRun('java', `java ${main?.text ?? ''}`),
  ];
};

const jenkinsChange = (operation: string): 'read' | 'update' | 'destroy' => {
  if (/^(?:list|test)/.test(operation)) return 'read';
  return operation.startsWith('delete-') ? 'destroy' : 'update';
};

const jenkins = toolOf('jenkins-cli', {
  options: '-s= -i= -auth= -user= -logger= @single',
  subcommands: `
    service.read: list-plugins list-jobs list-changes list-credentials who-am-i version help console get-job get-view get-node session-id list-credentials-as-xml
    service.create: create-job create-view create-node copy-job create-credentials-by-xml import-credentials-as-xml
    service.update: update-job update-view update-node update-credentials-by-xml enable-job disable-job add-job-to-view remove-job-from-view set-build-description set-build-display-name keep-build reload-configuration reload-job install-plugin enable-plugin disable-plugin offline-node online-node connect-node disconnect-node wait-node-offline mail quiet-down cancel-quiet-down
    service.run: build groovy groovysh replay-pipeline restart-from-stage
    service.destroy: delete-builds delete-job delete-view delete-node delete-credentials clear-queue stop-builds restart safe-restart shutdown safe-shutdown delete-credentials-domain`,
  special: {
    groovy: ({ subject }) => [outcomeEffect('opaque', subject), outcomeEffect('service.run', subject)],
    '*': ({ path, subject }) =>
      path === '' ? null : [outcomeEffect(`service.${jenkinsChange(path)}`, subject)],
  },
});

/** Programs that serve a workspace to others. */
const server: Develop = (command, context) => {
  const parsed = parseArguments(
    command.args,
    grammarOf(
      '-p= -l= -a= -H= -h= -b= --port= --listen= --host= --bind= --address= --workers= -w= --reload-dir=',
    ),
  );
  const address = valuesOf(parsed, '--host', '--bind', '-b', '-a', '--address', '-H')[0]?.text ?? null;
  const name = command.name ?? '';
  if (has(parsed, '--help', '--version'))
    return [{ type: 'run', program: name, origin: 'known', what: name }];
  const open =
    address === null
      ? /^(?:http-server|serve|live-server|miniserve|simple-http-server)$/.test(name)
      : !/^(?:localhost|127\.|::1|unix:)/.test(address);
  return [
    projectRun(name, `serves ${parsed.operands[0]?.text ?? 'the workspace'}`),
    ...(open
      ? [
          {
            type: 'reach',
            host: address,
            how: 'listen',
            local: false,
            what: `${name} listens for others`,
          } as const,
        ]
      : []),
    ...outsideEffects(parsed, command, context),
  ];
};

const celery: Develop = (command) => {
  const { operands } = parseArguments(
    command.args,
    grammarOf('-A= -b= -Q= -n= --app= --broker= --loglevel= -l= -c='),
  );
  const words = operands.map(({ text }) => text);
  if (words.includes('purge') || words.includes('delete'))
    return [{ type: 'remote', system: 'queue', change: 'destroy', what: `celery ${words.join(' ')}` }];
  if (words.includes('control') || words.includes('amqp'))
    return [{ type: 'remote', system: 'queue', change: 'update', what: `celery ${words.join(' ')}` }];
  return [projectRun('celery', `celery ${words.join(' ')}`)];
};

/** TeX can write files and, when allowed, start programs. */
const tex: Develop = (command, context) => {
  const parsed = parseArguments(
    command.args,
    grammarOf('@single -output-directory= -jobname= -interaction= -e= -r= -outdir='),
  );
  const name = command.name ?? '';
  const inline = [...parsed.operands, ...valuesOf(parsed, '-e')].filter(({ text }) =>
    /[\\`]|system|exec/.test(text),
  );
  const escapes = has(parsed, '-shell-escape', '--shell-escape', '-enable-write18', '--enable-write18');
  return [
    projectRun(name, `${name} ${parsed.operands[0]?.text ?? ''}`),
    ...(escapes
      ? [{ type: 'spawn', program: 'sh', what: `lets the text of ${name} run programs` } as const]
      : []),
    ...inline.map(({ text }): Effect => ({ type: 'opaque', at: 'code', what: `${name} runs "${text}"` })),
    ...outsideEffects(parsed, command, context),
  ];
};

const each = (names: string, develop: Develop): DevelopTable =>
  Object.fromEntries(names.split(' ').map((name) => [name, develop]));

/** Compilers, virtual machines and servers of languages. */
export const compilerTable: DevelopTable = {
  ...each('gcc g++ cc c++ clang clang++ gfortran tcc icc nvcc emcc em++', compiler),
  ...each('tex pdftex latex pdflatex xetex xelatex luatex lualatex latexmk context', tex),
  cmake,
  java,
  'jenkins-cli': jenkins,
  ...each(
    'uvicorn gunicorn hypercorn daphne waitress-serve http-server serve live-server miniserve simple-http-server json-server puma unicorn thin webpack-dev-server',
    server,
  ),
  celery,
  ...each('xcodebuild msbuild nmake devenv xcrun csc fsc ', (command) => {
    const { operands } = parseArguments(
      command.args,
      grammarOf(
        '@single -scheme= -project= -workspace= -target= -configuration= -sdk= -destination= -archivePath= -exportPath= -derivedDataPath=',
      ),
    );
    const subject = {
      program: command.name ?? '',
      what: command.name ?? '',
      scope: 'project',
      system: 'service',
    } as const;
    return operands.length > 0
      ? operands.map(({ text }) => scriptEffect(text, subject))
      : [outcomeEffect('project', subject)];
  }),
};
