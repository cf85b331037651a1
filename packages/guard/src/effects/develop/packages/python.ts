import type { Word } from '../../../shell/command.ts';
import { literal } from '../../../shell/command.ts';
import type { Effect } from '../../effect.ts';
import { has, valuesOf } from '../arguments.ts';
import type { DevelopTable } from '../develop.ts';
import { outcomeEffect } from '../outcome.ts';
import { type Special, type Tool, type ToolUse, toolOf } from '../tool.ts';
import { runPackage } from './fetched.ts';
import { after } from './javascript.ts';
import { addressEffects, installEffects, named } from './source.ts';

const indexFlags = [
  '-i',
  '--index-url',
  '--extra-index-url',
  '-f',
  '--find-links',
  '--index',
  '--default-index',
  '--proxy',
];

/** What options about the source of packages add. */
const indexEffects = ({ parsed, subject }: ToolUse): readonly Effect[] => [
  ...valuesOf(parsed, ...indexFlags).flatMap(addressEffects),
  ...(has(parsed, '--trusted-host', '--allow-insecure-host', '--no-verify-hashes')
    ? [{ type: 'bypass', what: `${subject.what} without checking the source` } as const]
    : []),
];

/** `-e .`, `-r file` and `-c file` name what the workspace lists; other operands are packages. */
const pipInstall: Special = (use) => {
  const lists = valuesOf(
    use.parsed,
    '-r',
    '--requirement',
    '--requirements',
    '-e',
    '--editable',
    '-c',
    '--constraint',
    '--group',
  );
  const foreign = lists.flatMap(addressEffects);
  const operands = [...use.operands, ...valuesOf(use.parsed, '-e', '--editable')];
  const upgrades =
    has(use.parsed, '-U', '--upgrade') && operands.every(({ text }) => packagingTools.test(text));
  const installs =
    upgrades && operands.length > 0
      ? [outcomeEffect('restore', named(use.subject, operands))]
      : installEffects({ ...use, operands: operands.map(asPath) }, addressEffects);
  return [...installs, ...foreign, ...indexEffects(use)];
};

/** pip takes `client/python` for a folder, which it is if it has a slash and no address. */
const asPath = (word: Word): Word =>
  /^[\w-][\w.-]*\//.test(word.text) && !word.text.includes('://')
    ? { ...word, text: `./${word.text}` }
    : word;

/** Bringing the packaging tools themselves up to date is part of restoring an environment. */
const packagingTools =
  /^(?:pip|setuptools|wheel|build|virtualenv|tox|nox|uv|hatch|poetry|pipx|pip-tools|twine)$/;

const pipConfig: Special = ({ operands, subject, parsed }) => {
  const [action, key, value] = operands;
  const program = valuesOf(parsed, '--editor')[0];
  if (action?.text === 'edit' && program)
    return [{ type: 'spawn', program: program.text, what: `opens pip's settings in "${program.text}"` }];
  return /^(?:set|unset|edit)$/.test(action?.text ?? '')
    ? [outcomeEffect('settings', { ...subject, what: `pip setting ${key?.text ?? ''} ${value?.text ?? ''}` })]
    : [outcomeEffect('read', subject)];
};

const pipOptions =
  '-r= -c= -e= -t= -i= -f= -d= -w= -b= --requirement= --constraint= --editable= --target= --index-url= --extra-index-url= --find-links= --trusted-host= --proxy= --python= --platform= --python-version= --abi= --implementation= --root= --prefix= --src= --upgrade-strategy= --config-settings= --global-option= --install-option= --no-binary= --only-binary= --report= --log= --cache-dir= --timeout= --retries= --cert= --client-cert= --progress-bar= --dest= --wheel-dir= --path= --format= --group= --editor= --exists-action= --build-option=';

const pip: Tool = {
  scope: 'user',
  dry: ['--dry-run'],
  folders: ['-t', '--target', '--prefix', '--root', '--src'],
  options: pipOptions,
  subcommands: `
    read: freeze list show check debug hash help completion inspect cache/dir,info,list,purge,remove cache
    query: search index index/versions
    fetch: download wheel
    project: lock
    uninstall: uninstall`,
  special: { install: pipInstall, config: pipConfig },
};

const uvRun: Special = ({ args, parsed, command, context, subject }) => {
  const inner = parsed.operands.slice(1);
  const extra = valuesOf(parsed, '--with', '--with-requirements').map((word) =>
    outcomeEffect('exec', named(subject, [word])),
  );
  if (has(parsed, '-m', '--module'))
    return [
      ...extra,
      ...context.inner(
        [literal('python'), literal('-m'), ...valuesOf(parsed, '-m', '--module'), ...inner],
        command,
      ),
    ];
  const program = inner[0];
  if (!program) return [...extra, outcomeEffect('read', subject)];
  const words = after(args, program.text, 0);
  if (/^https?:/.test(program.text))
    return [...extra, outcomeEffect('exec', named(subject, [program])), ...addressEffects(program)];
  return [
    ...extra,
    ...context.inner(program.text.endsWith('.py') ? [literal('python'), ...words] : words, command),
  ];
};

const uvOptions =
  '-p= -m= -C= --python= --directory= --project= --with= --with-requirements= --with-editable= --extra= --group= --only-group= --no-group= --package= --env-file= --config-file= --cache-dir= --index= --default-index= --index-url= --extra-index-url= -i= -f= --find-links= --module= --color= --allow-insecure-host= --output-file= -o= -r= -c= -e= --requirements= --constraints= --editable= --upgrade-package= -P= --refresh-package= --reinstall-package= --prerelease= --resolution= --exclude-newer= --link-mode= --keyring-provider= --target= --prefix= --token= --publish-url= -t= -u= --username= --password= --from= --prompt= --format= --no-binary= --only-binary= --dev=';

const uv: Tool = {
  options: uvOptions,
  dry: ['--dry-run'],
  subcommands: `
    read: tree export version cache/dir,clean,prune cache python/list,find,dir,pin python tool/list,dir tool pip pip/list,freeze,show,check,tree self/version auth/dir help generate-shell-completion
    project: init venv lock format build
    restore: sync pip/sync pip/compile
    install: add python/install python/upgrade tool/upgrade
    install.user: tool/install self/update python/update-shell tool/update-shell
    uninstall: remove pip/uninstall
    uninstall.user: tool/uninstall python/uninstall
    publish: publish
    credential.write: auth/login
    credential.read: auth/token
    credential.destroy: auth/logout`,
  special: {
    run: uvRun,
    'pip/install': (use) => pipInstall({ ...use, subject: { ...use.subject, scope: 'project' } }),
    add: (use) => [...pipInstall(use)!],
    'tool/run': ({ args, command, context }) =>
      runPackage(after(args, 'tool run'), 'if missing', command, context),
  },
};

const runInner: Special = ({ args, path, command, context, subject }) => {
  const inner = after(args, path).filter(({ text }, index) => !(index === 0 && text === '--'));
  return inner.length > 0 ? context.inner(inner, command) : [outcomeEffect('read', subject)];
};

const poetry: Tool = {
  options:
    '-C= -P= --directory= --project= -E= --extras= --group= -G= --with= --without= --only= --python= -s= --source= --format= -f= -o= --output= -r= --repository= -u= -p= --username= --password= --name=',
  dry: ['--dry-run'],
  subcommands: `
    read: show check about list env/info,list,activate,use version help cache/list,clear export source/show config self/show debug debug/info
    query: search
    project: init new lock build env/remove source/add,remove
    restore: install sync
    install: add?restore update self/add self/update python/install
    uninstall: remove self/remove python/remove
    publish: publish`,
  special: {
    run: runInner,
    shell: ({ subject }) => [outcomeEffect('unknown', subject)],
    config: ({ operands, subject, parsed }) =>
      operands.length < 2 && !has(parsed, '--unset')
        ? [outcomeEffect('read', subject)]
        : [
            outcomeEffect(
              /token|http-basic|password/.test(operands[0]?.text ?? '') ? 'credential.write' : 'settings',
              subject,
            ),
          ],
    add: (use) => [...pipInstall(use)!],
  },
};

const pipx: Tool = {
  scope: 'user',
  options: '--python= --pip-args= --index-url= -i= --suffix= --spec= --include-deps',
  subcommands: `
    read: list environment completions ensurepath help
    install: upgrade upgrade-all inject reinstall reinstall-all upgrade-shared install-all
    uninstall: uninstall uninstall-all uninject`,
  special: {
    install: pipInstall,
    run: ({ args, command, context }) => runPackage(after(args, 'run'), 'always', command, context),
    runpip: ({ subject, operands }) => [outcomeEffect('install', named(subject, operands))],
  },
};

/** Managers of environments that follow a manifest: pdm, hatch, rye, pipenv. */
const environments: Tool = {
  options: '-p= --python= -e= --env= -G= --group= -C= --project= -r= --requirements= --repo= -u= -P=',
  dry: ['--dry-run'],
  subcommands: `
    read: list show info version status dep env/show,find,list config/list,show,find config graph check audit help venv/list cache/clear,list,info cache scan
    query: search outdated
    project: init new lock build test fmt format lint self venv env/create,remove,prune venv/create,remove clean fix use python/find --venv --where clean-lock
    restore: install sync requirements
    install: add update upgrade self/update python/install fetch toolchain/fetch tools/install
    uninstall: remove uninstall tools/uninstall
    publish: publish
    settings: config/set,delete,edit,update`,
  special: {
    run: runInner,
    install: installEffects,
    shell: ({ subject }) => [outcomeEffect('unknown', subject)],
  },
};

const conda: Tool = {
  scope: 'user',
  options: '-n= -p= -c= -f= --name= --prefix= --channel= --file= --solver= --platform=',
  dry: ['-d', '--dry-run'],
  subcommands: `
    read: list info env/list,export,config env compare activate deactivate doctor notices package export repoquery clean shell env/vars/list
    query: search
    project: build debug render
    restore: env/create env/update
    install: install update upgrade self-update
    uninstall: remove uninstall env/remove
    settings: init`,
  special: {
    run: ({ args, operands, command, context }) =>
      context.inner(operands[0] ? after(args, operands[0].text, 0) : [], command),
    create: ({ operands, parsed, subject }) => [
      outcomeEffect(
        operands.length > 0 ? 'install' : has(parsed, '-f', '--file') ? 'restore' : 'project',
        named(subject, operands),
      ),
    ],
    config: ({ parsed, subject }) => [
      outcomeEffect(
        has(parsed, '--add', '--set', '--remove', '--append', '--prepend', '--remove-key')
          ? 'settings'
          : 'read',
        subject,
      ),
    ],
  },
};

const twine: Tool = {
  subcommands: 'publish: upload register\nread: check',
  options: '-r= -u= -p= --repository= --repository-url= --config-file=',
};

const pipTool = toolOf('pip', pip);
const environmentTool = (name: string): DevelopTable[string] => toolOf(name, environments);

/** Package managers of Python. */
export const pythonPackageTable: DevelopTable = {
  ...Object.fromEntries(
    ['pip', 'pip2', 'pip3', 'pip3.11', 'pip3.12', 'pip3.13'].map((name) => [name, pipTool]),
  ),
  uv: toolOf('uv', uv),
  uvx: (command, context) => runPackage(command.args, 'if missing', command, context),
  poetry: toolOf('poetry', poetry),
  pipx: toolOf('pipx', pipx),
  ...Object.fromEntries(['pdm', 'hatch', 'rye', 'pipenv'].map((name) => [name, environmentTool(name)])),
  ...Object.fromEntries(['conda', 'mamba', 'micromamba', 'pixi'].map((name) => [name, toolOf(name, conda)])),
  twine: toolOf('twine', twine),
  flit: toolOf('flit', { subcommands: 'publish: publish\nproject: build init\nrestore: install' }),
  easy_install: (command) => [
    {
      type: 'package',
      change: 'install',
      scope: 'user',
      what: `easy_install ${command.args.map(({ text }) => text).join(' ')}`,
    },
  ],
};
