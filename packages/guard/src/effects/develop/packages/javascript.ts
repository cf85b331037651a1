import type { Word } from '../../../shell/command.ts';
import type { Effect } from '../../effect.ts';
import { has } from '../arguments.ts';
import type { DevelopTable } from '../develop.ts';
import { outcomeEffect } from '../outcome.ts';
import { scriptEffect } from '../scripts/script-name.ts';
import { type Special, type Tool, toolOf } from '../tool.ts';
import { npx, runPackage } from './fetched.ts';
import { configSet, explore, packageSet } from './javascript-settings.ts';
import { isProjectTool } from './project-tools.ts';
import { installEffects } from './source.ts';

const script: Special = ({ path, operands, subject }) => {
  const name = operands[0]?.text;
  return path === 'run' || path.startsWith('run') || /^(?:rum|urn|task)$/.test(path)
    ? [name === undefined ? outcomeEffect('read', subject) : scriptEffect(name, subject)]
    : [outcomeEffect('project', subject)];
};

/** Runs a tool of the workspace: `pnpm exec tsc`. */
const runLocal: Special = ({ args, path, command, context }) => context.inner(after(args, path), command);

const fetchAndRun: Special = ({ args, path, command, context }) =>
  runPackage(after(args, path), path === 'exec' || path === 'x' ? 'if missing' : 'always', command, context);

/** `npm init thing` and `yarn create thing` run the package create-thing. */
const create: Special = ({ operands, subject }) => {
  const starter = operands[0];
  return [
    outcomeEffect(starter ? 'exec' : 'project', {
      ...subject,
      what: `${subject.what} ${starter?.text ?? ''}`.trim(),
    }),
  ];
};

/** A name that is no subcommand is a script of the workspace or one of its tools: `pnpm lint`, `yarn tsc`. */
const scriptOrTool: Special = ({ path, args, subject, command, context }) => {
  if (path === '') return null;
  const words = after(args, path, 0);
  if (isProjectTool(path)) return context.inner(words, command);
  return /[/\\]|\.[cm]?[jt]sx?$/.test(path)
    ? context.inner([{ ...words[0]!, text: 'node' }, ...words], command)
    : [scriptEffect(path, { ...subject, what: subject.program })];
};

/** The words from the one that names the subcommand on, or after it. */
export const after = (args: readonly Word[], path: string, skip = 1): readonly Word[] => {
  const last = path.split(' ').at(-1);
  return args.slice(args.findIndex(({ text }) => text === last) + skip);
};

const version: Special = ({ parsed, subject, operands }) =>
  operands.length === 0 || has(parsed, '--no-git-tag-version')
    ? [outcomeEffect('project', subject)]
    : [{ type: 'git', loses: 'nothing', reach: 'local', what: 'commits and tags a new version' }];

const audit: Special = ({ operands, subject }) => [
  outcomeEffect(operands[0]?.text === 'fix' ? 'install' : 'query', subject),
];

const flags: NonNullable<Tool['flags']> = {
  '--registry --@npm:registry': 'fetch',
  '--unsafe-perm --allow-root --dangerously-allow-all-builds --dangerouslyAllowAllBuilds': 'bypass',
  '--no-strict-ssl': 'bypass',
  '--script-shell --shell-emulator-path': 'opaque',
};

const options =
  '-C= -F= --prefix= --workspace= --registry= --cache= --userconfig= --globalconfig= --tag= --access= --otp= --omit= --include= --loglevel= --depth= --filter= --dir= --cwd= --script-shell= --dist-tag= --preid= --node-options= --diff= --pack-destination= --modules-folder= --mutex= --network-timeout= --lockfile-dir= --store-dir= --reporter= --config= --network-concurrency= --child-concurrency= --workspace-concurrency= --test-name-pattern= --preload= --env-file= --outdir= --outfile= --target= --define= --external= --tsconfig-override= --backend= --timeout= --bail= -m= --message=';

const registryWrites =
  'publish: publish unpublish deprecate undeprecate dist-tag/add,rm,set,remove tag/add,rm,remove owner/add,rm,remove access/set,grant,revoke,public,restricted,2fa-required,2fa-not-required,edit team/create,destroy,add,rm org/set,rm,add hook/add,rm,update star unstar stage/publish,approve profile/set,enable-2fa,disable-2fa';

const npm: Tool = {
  options: `${options} -w= --expect-results= --sort-by= --scope= --auth-type= --omit-lockfile-registry-resolved`,
  global: ['-g', '--global'],
  folders: ['-C', '--prefix', '--dir', '--cwd', '--modules-folder'],
  dry: ['--dry-run'],
  flags,
  subcommands: `
    read: ls list la ll prefix root bin pack explain why fund config/get,list,ls get pkg/get completion sbom query help-search hlep docs home bugs issues repo owner/ls,list access/list,get team/ls dist-tag/ls,list profile/get org/ls hook/ls tag/ls,list
    read: cache/ls,verify,clean,add cache pkg/fix config dist-tag owner access team org profile hook token
    query: outdated view info show v search find s se whoami ping doctor diff stars llm trust/list
    project: shrinkwrap pkg/delete rebuild rb dedupe ddp prune find-dupes set-script
    restore: ci clean-install ic install-clean isntall-clean cit install-ci-test clean-install-test sit
    install: update up upgrade udpate
    install.user: link ln
    uninstall: uninstall un unlink remove rm r
    credential.write: login adduser add-user token/create
    credential.read: token/list
    credential.destroy: logout token/revoke token/delete
    settings: config/delete,edit,rm,fix
    ${registryWrites} trust/github,gitlab,revoke`,
  special: {
    ...Object.fromEntries(
      'install i in ins inst insta instal isnt isnta isntal isntall add it install-test'
        .split(' ')
        .map((name) => [name, installEffects]),
    ),
    ...Object.fromEntries(
      'run run-script rum urn test t tst start stop restart'.split(' ').map((name) => [name, script]),
    ),
    exec: fetchAndRun,
    x: fetchAndRun,
    init: create,
    create,
    innit: create,
    version,
    verison: version,
    audit,
    explore,
    'config/set': configSet,
    set: configSet,
    'pkg/set': packageSet,
    'pkg/fix': () => [],
  },
};

const pnpm: Tool = {
  ...npm,
  options: `${options} --use-node-version= --package-import-method= --virtual-store-dir=`,
  subcommands: `
    read: ls list la ll prefix root bin pack explain why config/get,list get licenses store/status,path,prune store cat-file cat-index find-hash env/list owner/ls dist-tag/ls ignored-builds config doctor
    query: outdated view info show search whoami ping env/list-remote
    project: rebuild rb dedupe prune import patch patch-commit patch-remove pkg/delete install-test clean
    restore: ci clean-install fetch
    install: update up upgrade env/use,add self-update setup runtime/set,use approve-builds
    install.user: link ln
    uninstall: uninstall un unlink remove rm env/remove env/rm
    credential.write: login adduser
    credential.destroy: logout
    settings: config/delete
    ${registryWrites}`,
  special: {
    ...npm.special,
    exec: runLocal,
    x: runLocal,
    dlx: fetchAndRun,
    deploy: ({ subject }) => [outcomeEffect('project', subject)],
    with: ({ args, command, context, subject }) => [
      outcomeEffect('restore', subject),
      ...context.inner([{ ...args[0]!, text: 'pnpm' }, ...after(args, 'with', 2)], command),
    ],
    '*': scriptOrTool,
  },
};

const yarn: Tool = {
  ...npm,
  options: `${options} --use-yarnrc= --cache-folder= --registry= --from= --include= --exclude= --since= -j= --jobs=`,
  alone: 'restore',
  subcommands: `
    read: ls list bin why config/get,list get licenses/list,generate-disclaimer pack cache/list,dir,clean,ls cache node-version versions constraints workspaces/list,info workspaces workspace plugin/list plugin/runtime check autoclean help-search config owner/list tag/list explain sdks stage
    query: outdated info npm/info,whoami,audit npm/tag/list
    project: dedupe rebuild unplug patch patch-commit version generate-lock-entry import link/self
    install.user: global/add global/upgrade
    install: upgrade up upgrade-interactive plugin/import set/version policies/set-version set/resolution
    install.user: link
    uninstall: remove unlink global/remove plugin/remove
    credential.write: login npm/login
    credential.destroy: logout npm/logout
    settings: config/delete,unset
    publish: npm/publish npm/tag/add,remove
    ${registryWrites}`,
  special: {
    ...npm.special,
    exec: runLocal,
    dlx: fetchAndRun,
    node: runLocalFrom('node'),
    'config/set': configSet,
    'workspaces/run': ({ operands, subject }) => [scriptEffect(operands[0]?.text ?? '', subject)],
    'workspaces/foreach': ({ operands, subject }) => [scriptEffect(operands.at(-1)?.text ?? '', subject)],
    workspace: ({ operands, command, context, args }) =>
      context.inner([{ ...args[0]!, text: 'yarn' }, ...operands.slice(1)], command),
    '*': scriptOrTool,
  },
};

const bun: Tool = {
  ...npm,
  options,
  subcommands: `
    read: pm/ls,bin,hash,hash-string,hash-print,cache,why,pkg,whoami,version pm repl why completions
    read: pm/pack pm/cache/rm
    query: outdated info audit
    project: build test patch patch-commit init link unlink
    project: pm/trust pm/migrate
    install: update upgrade
    uninstall: remove rm
    publish: publish`,
  special: {
    install: npm.special!.install!,
    i: npm.special!.install!,
    add: npm.special!.install!,
    a: npm.special!.install!,
    create,
    c: create,
    x: fetchAndRun,
    run: ({ operands, args, subject, command, context }) => {
      const first = operands[0];
      if (!first) return [outcomeEffect('read', subject)];
      if (isProjectTool(first.text)) return context.inner(after(args, first.text, 0), command);
      return /[/\\]|\.[cm]?[jt]sx?$/.test(first.text)
        ? context.inner([{ ...first, text: 'node' }, ...operands], command)
        : [scriptEffect(first.text, subject)];
    },
    'pm/trust': ({ subject }) => [outcomeEffect('bypass', subject)],
    '*': scriptOrTool,
  },
};

/** Evaluated code comes before every subcommand. */
const bunOrCode = (): DevelopTable[string] => {
  const tool = toolOf('bun', { ...bun, options: `${options} -e= --eval= -p= --print= -r= --require=` });
  return (command, context) => {
    const at = command.args.findIndex(({ text }) => /^(?:-e|--eval|-p|--print)$/.test(text));
    const code = command.args.slice(0, Math.max(at, 0)).every(({ text }) => text.startsWith('-'))
      ? command.args[at + 1]
      : undefined;
    return at !== -1 && code ? context.code('node', code, command) : tool(command, context);
  };
};

function runLocalFrom(program: string): Special {
  return ({ operands, command, context, args }) =>
    context.inner([{ ...args[0]!, text: program }, ...operands], command);
}

const corepack: Tool = {
  subcommands: `
    read: cache/clean cache hydrate
    project: enable disable pack
    restore: install prepare
    install: use up`,
};

const registryFlag = (tool: Tool, name: string): DevelopTable[string] => {
  const develop = toolOf(name, tool);
  return (command, context) => {
    const effects = develop(command, context);
    return effects?.map((effect): Effect => withHost(effect, command.args)) ?? null;
  };
};

/** Names the host of `--registry`. */
const withHost = (effect: Effect, args: readonly Word[]): Effect => {
  if (effect.type !== 'reach' || effect.host !== null) return effect;
  const text = args.map((word) => word.text).join(' ');
  const host = /--registry[= ]\s*\w+:\/\/([^/: ]+)/.exec(text)?.[1];
  return host ? { ...effect, host, local: host === 'localhost' } : effect;
};

export const javascriptPackageTable: DevelopTable = {
  npm: registryFlag(npm, 'npm'),
  pnpm: registryFlag(pnpm, 'pnpm'),
  yarn: registryFlag(yarn, 'yarn'),
  yarnpkg: registryFlag(yarn, 'yarn'),
  bun: bunOrCode(),
  npx: npx('if missing'),
  bunx: npx('if missing'),
  pnpx: npx('always'),
  corepack: toolOf('corepack', corepack),
};
