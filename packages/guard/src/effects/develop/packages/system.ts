import type { Effect } from '../../effect.ts';
import { type Arguments, grammarOf, has, parseArguments, valuesOf } from '../arguments.ts';
import type { Develop, DevelopTable } from '../develop.ts';
import { type Outcome, outcomeEffect, type Subject } from '../outcome.ts';
import { type Tool, toolOf } from '../tool.ts';
import { runPackage } from './fetched.ts';
import { after } from './javascript.ts';
import { named, sourceEffects } from './source.ts';
import { versionManagerTable } from './versions.ts';

const subjectOf = (program: string, parsed: Arguments): Subject =>
  named({ program, what: program, scope: 'system', system: 'service' }, parsed.operands);

/** Options of Debian's tools that run a program: `-o APT::Update::Pre-Invoke::=…`, `-o Dpkg::…`. */
const aptSettings = (parsed: Arguments): readonly Effect[] =>
  valuesOf(parsed, '-o', '--option').flatMap((word): readonly Effect[] => {
    const at = word.text.indexOf('=');
    const key = word.text.slice(0, at);
    if (
      /invoke|::post|::pre|changelogs::|editor|pager|dpkg::path|solver|planner|bin::|dir::bin|methods/i.test(
        key,
      ) &&
      !/^Dpkg::Options/i.test(key)
    )
      return [
        {
          type: 'spawn',
          program: word.text.slice(at + 1),
          what: `${key} makes apt run "${word.text.slice(at + 1)}"`,
        },
      ];
    return /allow(?:unauthenticated|insecure|downgrade)|verify-peer|verify-host|check-valid/i.test(key)
      ? [{ type: 'bypass', what: `apt setting ${word.text}` }]
      : [];
  });

/** A tool told by subcommands whose options can run programs. */
const withEffects =
  (develop: Develop, options: string, extra: (parsed: Arguments) => readonly Effect[]): Develop =>
  (command, context) => {
    const effects = develop(command, context);
    const more = extra(parseArguments(command.args, grammarOf(options)));
    return effects === null ? (more.length > 0 ? more : null) : [...more, ...effects];
  };

const unverified: NonNullable<Tool['flags']> = {
  '--allow-unauthenticated --force-yes --nogpgcheck --no-gpg-checks --no-gpg-check --allow-untrusted --allow-insecure-repositories --dangerous --no-verify --gpg-auto-import-keys --ignore-checksums --force-non-interactive-unsafe --skip-integrity-check --no-require-sigs':
    'bypass',
};

const apt: Tool = {
  scope: 'system',
  options:
    '-o= -c= -t= -a= --option= --config-file= --target-release= --default-release= --host-architecture=',
  dry: ['-s', '--simulate', '--just-print', '--dry-run', '--recon', '--no-act', '--print-uris'],
  flags: { ...unverified, '-c --config-file': 'opaque' },
  subcommands: `
    read: list show policy showpkg depends rdepends showsrc check help moo indextargets madison pkgnames dump stats unmet dotty madison search changelog showauto showhold showmanual why why-not versions
    query: search update
    fetch: download source
    install: install reinstall upgrade full-upgrade dist-upgrade satisfy build-dep safe-upgrade dselect-upgrade
    uninstall: remove purge autoremove autopurge
    settings: edit-sources hold unhold auto manual markauto unmarkauto forbid-version
    project: clean autoclean distclean auto-clean`,
};

const aptOptions = '-o= --option=';
const aptTool = (name: string): Develop => withEffects(toolOf(name, apt), aptOptions, aptSettings);

const rpmFamily: Tool = {
  scope: 'system',
  options:
    '-c= -x= --config= --exclude= --enablerepo= --disablerepo= --repo= --repoid= --repofrompath= --releasever= --installroot= --setopt= --downloaddir= --arch= --forcearch= --disableplugin= --enableplugin= -p= -t= -r=',
  dry: ['--assumeno', '--dry-run', '-D'],
  flags: { ...unverified, '--repofrompath': 'fetch', '-c --config': 'opaque' },
  subcommands: `
    read: list info provides whatprovides repolist repoinfo history deplist repoquery check check-update help search se if lr lp packages patches updateinfo module/list,info group/list,info groups lu what-provides pch pa products wp services ls version autosearch
    query: makecache refresh ref list-updates lu
    fetch: download reposync
    install: install in localinstall reinstall upgrade update up dup dist-upgrade patch groupinstall group/install distro-sync swap downgrade module/install,enable builddep build-dep system-upgrade verify ve inr offline-upgrade
    uninstall: remove rm erase autoremove groupremove group/remove module/remove,disable,reset mark history/undo history/rollback
    settings: config-manager addrepo ar removerepo rr modifyrepo mr addlock al removelock rl copr versionlock addservice as
    project: clean cc shell`,
};

const brewPlaces = [
  '--prefix',
  '--cellar',
  '--caskroom',
  '--repository',
  '--repo',
  '--config',
  '--env',
  '--cache',
];

const brew: Tool = {
  scope: 'user',
  alone: 'read',
  options: '-n= --appdir= --fontdir= --language= --prune= --env= --formula-path=',
  dry: ['--dry-run', '-n'],
  subcommands: `
    read: list ls info abv deps desc cat commands config doctor dr home homepage leaves log missing options outdated uses casks formulae tap-info cask formula help which-formula analytics analytics/state shellenv readall style audit linkage services services/list services/info bundle/list bundle/check bundle/dump update-report vendor-gems unbottled docs typecheck tests --caches source command prof log sh-help livecheck
    read: search fetch
    query: update
    project: cleanup test extract create edit irb ruby bottle bump
    install: install reinstall upgrade tap bundle postinstall pin unpin link ln switch migrate update-reset
    install: bundle/install
    uninstall: uninstall rm remove untap unlink autoremove bundle/cleanup zap
    background: services/start,stop,restart,run,kill,cleanup
    settings: analytics/on,off developer/on,off
    publish: bump-formula-pr bump-cask-pr pr-publish pr-upload
    send: gist-logs`,
  special: {
    '*': ({ parsed, subject }) => (has(parsed, ...brewPlaces) ? [outcomeEffect('read', subject)] : null),
    sh: ({ subject }) => [outcomeEffect('unknown', subject)],
    tap: ({ operands, subject }) => [
      outcomeEffect(operands.length > 0 ? 'install' : 'read', named(subject, operands)),
      ...operands.slice(1).flatMap(sourceEffects),
    ],
  },
};

/** Tools told by one-letter modes: dpkg, rpm, pacman. */
const moded =
  (
    name: string,
    options: string,
    modes: readonly (readonly [readonly string[], Outcome])[],
    extra?: (parsed: Arguments) => readonly Effect[],
  ): Develop =>
  (command) => {
    const parsed = parseArguments(command.args, grammarOf(options));
    const subject = subjectOf(name, parsed);
    const mode = modes.find(([names]) => has(parsed, ...names));
    return [
      outcomeEffect(mode?.[1] ?? 'read', subject),
      ...(extra?.(parsed) ?? []),
      ...parsed.operands.flatMap(sourceEffects),
    ];
  };

const rpmPrograms = (parsed: Arguments): readonly Effect[] => [
  ...valuesOf(parsed, '--eval', '-E', '--define', '-D')
    .filter(({ text }) => /%\(|%\{lua:|%\{\w*shell/.test(text))
    .map((word): Effect => ({ type: 'spawn', program: word.text, what: `rpm evaluates "${word.text}"` })),
  ...valuesOf(parsed, '--pipe', '--rcfile', '--load', '--macros').map(
    (word): Effect => ({ type: 'spawn', program: word.text, what: `rpm runs "${word.text}"` }),
  ),
  ...(has(parsed, '--nosignature', '--nodigest', '--nogpgcheck')
    ? [{ type: 'bypass', what: 'rpm without checking signatures' } as const]
    : []),
];

const dpkg = moded(
  'dpkg',
  '--root= --admindir= --instdir= --pre-invoke= --post-invoke= --path-include= --path-exclude= --log= -D? --debug=',
  [
    [['--dry-run', '--no-act', '--simulate'], 'read'],
    [
      [
        '-i',
        '--install',
        '--configure',
        '--unpack',
        '-A',
        '--set-selections',
        '--add-architecture',
        '--triggers-only',
      ],
      'install',
    ],
    [
      [
        '-r',
        '--remove',
        '-P',
        '--purge',
        '--clear-selections',
        '--remove-architecture',
        '--forget-old-unavail',
      ],
      'uninstall',
    ],
  ],
  (parsed) =>
    valuesOf(parsed, '--pre-invoke', '--post-invoke').map(
      (word): Effect => ({ type: 'spawn', program: word.text, what: `dpkg runs "${word.text}"` }),
    ),
);

const rpm = moded(
  'rpm',
  '-E= -D= --eval= --define= --pipe= --rcfile= --load= --macros= --root= --dbpath= --qf= --queryformat= --prefix= --relocate= --excludepath= --undefine=',
  [
    [
      [
        '-q',
        '--query',
        '-V',
        '--verify',
        '--test',
        '--showrc',
        '--querytags',
        '-K',
        '--checksig',
        '--eval',
        '-E',
      ],
      'read',
    ],
    [
      [
        '-i',
        '--install',
        '-U',
        '--upgrade',
        '-F',
        '--freshen',
        '--reinstall',
        '--import',
        '--initdb',
        '--rebuilddb',
      ],
      'install',
    ],
    [['-e', '--erase'], 'uninstall'],
  ],
  rpmPrograms,
);

const pacman = moded(
  'pacman',
  '-b= -r= --dbpath= --root= --config= --cachedir= --gpgdir= --hookdir= --ignore= --overwrite= --assume-installed= --arch=',
  [
    [['-p', '--print', '-Q', '--query', '-F', '--files', '-T', '--deptest', '-V'], 'read'],
    [['-R', '--remove'], 'uninstall'],
    [['-U', '--upgrade', '-D', '--database'], 'install'],
    [['-s', '--search', '-i', '--info', '-l', '--list', '-g', '--groups'], 'query'],
    [['-S', '--sync'], 'install'],
  ],
  (parsed) =>
    valuesOf(parsed, '--hookdir', '--config').map(
      (word): Effect => ({
        type: 'loader',
        variable: '--hookdir',
        what: `pacman loads hooks from ${word.text}`,
      }),
    ),
);

/** apk, snap, flatpak, choco, winget, scoop, port, pkg …: the usual verbs over the machine. */
const verbs: Tool = {
  scope: 'system',
  options:
    '-t= -X= -p= -s= -r= -e= -v= --virtual= --repository= --root= --channel= --revision= --version= --source= --id= --params= --arch= --branch= --installation= --name= --bucket=',
  dry: ['-n', '--dry-run', '--simulate', '-s', '--whatif', '--noop', '--what-if'],
  flags: { ...unverified, '--devmode --classic --jailmode': 'bypass' },
  subcommands: `
    read: list ls info show search find outdated status version versions query cat deps dependents rdepends policy stats history audit verify which contents provides files help doctor features export leaf remotes remote-ls remote-info ps changes interface interfaces connections services known model whoami warnings check config checkup prefix hold-list log manifest dot home depends
    query: update refresh-index update-index fetch download feature
    install: install add upgrade refresh fix reinstall bundle selfupdate activate revert switch enable-alias import local-install dist-upgrade try ack
    uninstall: remove uninstall del delete purge autoremove rm deactivate unuse disable
    settings: pin unpin hold unhold source sources set unset apikey bucket remote-add remote-delete remote-modify mask override connect disconnect alias unalias enable setup-keys settings configure feature/enable feature/disable
    background: start stop restart
    project: cache clean cleanup reset hash
    publish: push publish
    credential.write: login
    credential.destroy: logout`,
  special: {
    run: ({ operands, args, command, context, subject }) =>
      subject.program === 'flatpak' || subject.program === 'snap'
        ? [outcomeEffect('unknown', named(subject, operands))]
        : context.inner(after(args, 'run'), command),
    remove: ({ operands, subject }) => [outcomeEffect('uninstall', named(subject, operands))],
  },
};

const nix: Tool = {
  scope: 'user',
  options:
    '-I= -f= -A= -p= -o= --option= --arg= --argstr= --file= --expr= --profile= --inputs-from= --override-input= --store= --system= --out-link= --extra-experimental-features= --experimental-features= -j= --max-jobs= --command= -c= --run= --attr=',
  flags: unverified,
  dry: ['--dry-run'],
  subcommands: `
    read: search eval show-config log path-info why-depends hash derivation repl registry/list flake/show,metadata,info,check doctor config print-dev-env profile/list,history,diff-closures store/info,ls,cat,diff-closures help nar/ls nar/cat key/convert-secret-to-public realisation/info
    project: build develop fmt flake/init,new,lock,update,archive bundle print-dev-env edit store/optimise store/gc store/repair
    install: profile/install,upgrade,add profile/rollback registry/add,pin upgrade-nix
    uninstall: profile/remove profile/wipe-history registry/remove store/delete
    publish: copy store/sign
    send: copy`,
  special: {
    run: ({ operands, subject }) => {
      const target = operands[0];
      return [
        outcomeEffect(
          !target || /^\.(?:[#/]|$)/.test(target.text) ? 'project' : 'exec',
          named(subject, operands),
        ),
      ];
    },
    shell: ({ operands, subject }) => [outcomeEffect('exec', named(subject, operands))],
    collect: ({ subject }) => [outcomeEffect('project', subject)],
  },
};

const nixRun: Develop = (command, context) => {
  const parsed = parseArguments(command.args, grammarOf(nix.options ?? ''));
  const text = valuesOf(parsed, '--run', '--command');
  const packages = has(parsed, '-p', '--packages');
  const subject: Subject = { program: 'nix-shell', what: 'nix-shell', scope: 'user', system: 'service' };
  return [
    outcomeEffect(packages ? 'install' : 'restore', named(subject, parsed.operands)),
    ...text.flatMap((word) => context.code('shell', word, command)),
  ];
};

const nixEnv = moded('nix-env', '-f= -A= -p= -I= --arg= --argstr=', [
  [['-q', '--query', '--dry-run', '--list-generations'], 'read'],
  [['-i', '--install', '-u', '--upgrade', '-S', '--switch-generation', '--rollback', '--set'], 'install'],
  [['-e', '--uninstall', '--delete-generations'], 'uninstall'],
]);

const group = (names: string, tool: Tool): DevelopTable =>
  Object.fromEntries(names.split(' ').map((name) => [name, toolOf(name, tool)]));

const cpan: Develop = (command) => {
  const parsed = parseArguments(command.args, grammarOf('-I= -j= -M= --mirror= -l= -L= --from='));
  const subject: Subject = { ...subjectOf(command.name ?? 'cpan', parsed), scope: 'user' };
  if (has(parsed, '--installdeps')) return [outcomeEffect('restore', subject)];
  const reads =
    has(parsed, '-v', '-D', '-l', '-O', '-A', '-V', '-h', '--help', '--version', '--info') ||
    parsed.operands.length === 0;
  return [
    outcomeEffect(reads ? 'read' : has(parsed, '-U', '--uninstall') ? 'uninstall' : 'install', subject),
    ...parsed.operands.flatMap(sourceEffects),
  ];
};

/** Package managers of systems, and managers of tool versions. */
export const systemPackageTable: DevelopTable = {
  ...Object.fromEntries(
    ['apt', 'apt-get', 'apt-cache', 'apt-mark', 'aptitude', 'nala'].map((name) => [name, aptTool(name)]),
  ),
  dpkg,
  rpm,
  ...Object.fromEntries(['pacman', 'yay', 'paru', 'pamac'].map((name) => [name, pacman])),
  ...group('yum dnf dnf5 microdnf zypper tdnf', rpmFamily),
  ...group(
    'apk snap flatpak choco winget scoop port pkg pkgin pkg_add xbps-install xbps-remove xbps-query eopkg swupd emerge guix rpm-ostree mas opkg ipkg',
    verbs,
  ),
  brew: toolOf('brew', brew),
  nix: toolOf('nix', nix),
  'nix-shell': nixRun,
  'nix-env': nixEnv,
  ...Object.fromEntries(
    ['nix-build', 'nix-instantiate', 'nix-store', 'nix-collect-garbage', 'nix-prefetch-url'].map((name) => [
      name,
      (): readonly Effect[] => [{ type: 'run', program: name, origin: 'known', what: name }],
    ]),
  ),
  ...versionManagerTable,
  cpan,
  cpanm: cpan,
  cpanp: cpan,
  pear: toolOf('pear', verbs),
  pecl: toolOf('pecl', verbs),
  tlmgr: toolOf('tlmgr', verbs),
  pkgx: (command, context) => runPackage(command.args, 'always', command, context),
};
