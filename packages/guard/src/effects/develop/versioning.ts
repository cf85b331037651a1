import type { Effect } from '../effect.ts';
import { grammarOf, has, parseArguments, valuesOf } from './arguments.ts';
import type { Develop, DevelopTable } from './develop.ts';
import { reaches } from './git/address.ts';
import { fetches, keeps, loses, losesRemote, losesWorktree, publishes, reads } from './git/use.ts';

type Kind = 'reads' | 'keeps' | 'loses' | 'history' | 'fetches' | 'publishes' | 'remote';

/** A version control system beside git: its subcommands by what they can lose. */
type System = {
  readonly subcommands: string;
  readonly options: string;
  /** With one of these, what is kept otherwise is lost. */
  readonly forced?: Readonly<Record<string, readonly string[]>>;
};

const kindsOf = (text: string): ReadonlyMap<string, Kind> =>
  new Map(
    text.split('\n').flatMap((line): readonly (readonly [string, Kind])[] => {
      const [kind, names] = line.split(':') as [string, string | undefined];
      return (names?.trim().split(/\s+/) ?? []).map((name) => [name, kind.trim() as Kind]);
    }),
  );

const versioning = (name: string, system: System): Develop => {
  const kinds = kindsOf(system.subcommands);
  return (command) => {
    const parsed = parseArguments(command.args, grammarOf(system.options));
    const [first, second] = parsed.operands.map(({ text }) => text);
    if (first === undefined || first === 'help' || has(parsed, '--help', '--version')) return [reads(name)];
    const path = kinds.has(`${first}/${second}`) ? `${first}/${second}` : first;
    const forced = system.forced?.[path];
    const kind = forced && has(parsed, ...forced) ? 'loses' : kinds.get(path);
    const settings = settingsOf(name, valuesOf(parsed, '--config', '--config-toml'));
    if (!kind)
      return [
        ...settings,
        {
          type: 'run',
          program: `${name} ${first}`,
          origin: 'opaque',
          what: `${name} ${first} may be an alias`,
        },
      ];
    return [
      ...settings,
      effectOf(kind, `${name} ${path.replace('/', ' ')}`),
      ...parsed.operands.slice(1).flatMap((word) => reaches(word, kind === 'publishes' ? 'send' : 'fetch')),
    ];
  };
};

/** `hg --config alias.x='!command'`, `--config hooks.x=…`, `--config extensions.x=…` */
const settingsOf = (name: string, values: readonly { readonly text: string }[]): readonly Effect[] =>
  values
    .filter(({ text }) =>
      /^(?:alias|aliases|hooks|extensions|ui\.(?:ssh|editor|merge|pager|diff-editor)|merge-tools|extdiff|pager|paths|signing|fix)/.test(
        text,
      ),
    )
    .map(({ text }) => ({ type: 'spawn', program: text, what: `${name} setting ${text}` }));

const effectOf = (kind: Kind, what: string): Effect => {
  switch (kind) {
    case 'reads':
      return reads(what);
    case 'keeps':
      return keeps(what);
    case 'loses':
      return losesWorktree(`${what} discards uncommitted changes`);
    case 'history':
      return loses('history', 'pushed', what);
    case 'fetches':
      return fetches(what);
    case 'publishes':
      return publishes(what);
    case 'remote':
      return losesRemote(what);
  }
};

const hg = versioning('hg', {
  options:
    '-R= -r= -m= -l= -u= -d= -I= -X= -b= -e= -n= -B= -U= --config= --cwd= --repository= --rev= --message= --user= --date= --encoding= --branch= --bookmark= --template= -T= --limit=',
  subcommands: `
    reads: annotate blame cat diff export files glog grep heads identify id incoming in log history manifest outgoing out parents paths root showconfig config status st summary sum tags tip verify version locate branches debuginstall qseries qapplied
    keeps: add addremove archive backout bisect bookmark bookmarks branch bundle commit ci copy cp forget graft init merge move mv rename mv phase recover remove rm resolve tag unbundle update up checkout co shelve unshelve import rebase histedit evolve amend uncommit split fold absorb fix topic
    loses: revert
    history: rollback strip prune
    fetches: clone pull fetch
    publishes: push email
    keeps: serve`,
  forced: {
    update: ['-C', '--clean'],
    up: ['-C', '--clean'],
    checkout: ['-C', '--clean'],
    co: ['-C', '--clean'],
    merge: ['--abort'],
    purge: ['--all'],
    push: [],
  },
});

const svn = versioning('svn', {
  options:
    '-m= -r= -c= -F= -x= --message= --revision= --username= --password= --depth= --set-depth= --file= --diff-cmd= --diff3-cmd= --editor-cmd= --config-dir= --config-option= --changelist= --targets=',
  subcommands: `
    reads: blame praise annotate ann cat diff di info list ls log mergeinfo propget pget pg proplist plist pl status stat st help
    keeps: add changelist cl cleanup patch propset pset ps propdel pdel pd propedit resolve resolved upgrade merge switch sw relocate auth x-shelve
    loses: revert
    fetches: checkout co export update up
    publishes: commit ci import lock unlock copy cp mkdir move mv rename ren
    keeps: delete del remove rm`,
});

const jj = versioning('jj', {
  options:
    '-R= -m= -r= -s= -d= -b= -f= -t= -T= -n= -A= -B= -o= --repository= --message= --revision= --source= --destination= --config= --config-toml= --config-file= --at-operation= --template= --from= --to= --into= --remote= --bookmark= --change= --limit=',
  subcommands: `
    reads: log st status diff show evolog obslog op/log operation/log op/show op/diff root version file/list file/show file/annotate files cat config/list config/get config/path interdiff workspace/list workspace/root bookmark/list branch/list tag/list git/remote/list help git/root bisect
    keeps: abandon absorb backout bookmark/create bookmark/set bookmark/move bookmark/rename bookmark/track bookmark/untrack bookmark/delete bookmark/forget branch/create b bookmark branch commit ci describe desc diffedit duplicate edit fix git/init git/export git/import git/remote/add git/remote git/colocation init metaedit new next parallelize prev rebase resolve restore revert sign unsign simplify-parents sparse split squash undo redo unsquash workspace/add workspace/forget workspace/update-stale workspace file/track file/untrack file/chmod op/restore op/undo op/revert operation operation/restore op config/set config/edit tag util run
    history: op/abandon util/gc operation/abandon
    fetches: git/clone git/fetch clone
    publishes: git/push`,
});

const view =
  (what: string): Develop =>
  ({ name }) => [{ type: 'run', program: name ?? '', origin: 'known', what }];

const bfg: Develop = ({ args }) =>
  args.length === 0 || args.some(({ text }) => text === '--help' || text === '--version')
    ? [reads('bfg')]
    : [loses('history', null, 'rewrites every commit of the repository (bfg)')];

const ghPages: Develop = ({ args }) => [
  args.some(({ text }) => /^(?:-f|--no-history|--history=false)$/.test(text))
    ? losesRemote('replaces the published pages branch and its history')
    : publishes('pushes to the published pages branch'),
];

/** Version control beside git, and tools around git. */
export const versioningTable: DevelopTable = {
  hg,
  chg: hg,
  sl: hg,
  svn,
  jj,
  bfg,
  'gh-pages': ghPages,
  gitk: view('shows the history'),
  tig: view('shows the history'),
  lazygit: view('opens a screen over git'),
  gitui: view('opens a screen over git'),
  'git-cola': view('opens a screen over git'),
  'git-delta': view('shows a diff'),
  'diff-so-fancy': view('shows a diff'),
};
