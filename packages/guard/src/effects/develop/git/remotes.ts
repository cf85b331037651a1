import { literal, type Word } from '../../../shell/command.ts';
import type { Effect } from '../../effect.ts';
import { has, valuesOf } from '../arguments.ts';
import { reaches } from './address.ts';
import { settingEffects, splitSetting } from './config.ts';
import {
  bypasses,
  fetches,
  keeps,
  loses,
  losesRemote,
  losesWorktree,
  publishes,
  reads,
  type Subcommands,
  spawns,
  subcommand,
  type Use,
  writes,
} from './use.ts';

const otherSide = ({ parsed }: Use): readonly Effect[] =>
  valuesOf(parsed, '--upload-pack', '--receive-pack', '--exec')
    .filter(({ text }) => !/^git[ -](?:upload|receive)-(?:pack|archive)$/.test(text))
    .map((word) => spawns(word, `runs "${word.text}" at the other end`));

const push = (use: Use): readonly Effect[] => {
  const { parsed } = use;
  const [remote, ...refs] = parsed.operands;
  const given = [remote, ...refs].map((word) => word?.text).filter((text) => text !== undefined);
  const around = [...reaches(remote, 'send'), ...otherSide(use)];
  if (has(parsed, '-n', '--dry-run')) return [fetches('git push --dry-run'), ...around];
  const loss = pushLoss(use, refs);
  return [
    loss ? losesRemote(`${loss}: ${given.join(' ') || 'the current branch'}`) : publishes(pushed(use, given)),
    ...around,
    ...(has(parsed, '--no-verify') ? [bypasses('skips the hooks of the repository (push --no-verify)')] : []),
  ];
};

const pushed = ({ parsed }: Use, given: readonly string[]): string =>
  has(parsed, '--force-with-lease')
    ? `rewrites the remote branch if nobody else pushed: ${given.join(' ')}`
    : `pushes ${given.join(' ') || 'the current branch'}`;

/** What a push can overwrite or delete at the other end; null for a push that only adds. */
const pushLoss = ({ parsed }: Use, refs: readonly Word[]): string | null => {
  if (has(parsed, '-f', '--force')) return 'overwrites the remote branch';
  if (has(parsed, '--mirror')) return 'makes the remote a copy, deleting its other branches';
  if (has(parsed, '--prune')) return 'deletes remote branches that are not here';
  if (has(parsed, '-d', '--delete')) return 'deletes remote refs';
  if (refs.some(({ text }) => text.startsWith(':') && text !== ':')) return 'deletes remote refs';
  return refs.some(({ text }) => text.startsWith('+')) ? 'overwrites the remote branch' : null;
};

const fetch = (use: Use): readonly Effect[] => {
  const { parsed } = use;
  const [remote, ...refs] = parsed.operands;
  const forced = refs.filter(
    ({ text }) => text.includes(':') && (text.startsWith('+') || has(parsed, '-f', '--force')),
  );
  const local = forced.filter(({ text }) => !/:refs\/(?:remotes|tags)\//.test(text));
  return [
    fetches(`git ${use.name}`),
    ...reaches(remote, 'fetch'),
    ...otherSide(use),
    ...local.map(({ text }) => loses('history', 'pushed', `overwrites a local branch: ${text}`)),
    ...(has(parsed, '--no-verify')
      ? [bypasses(`skips the hooks of the repository (${use.name} --no-verify)`)]
      : []),
  ];
};

const clone = (use: Use): readonly Effect[] => {
  const [from, to] = use.parsed.operands;
  const folder =
    to ??
    literal(
      from?.text
        .replace(/\/+$/, '')
        .replace(/\.git$/, '')
        .split(/[/:]/)
        .at(-1) || '.',
    );
  return [
    fetches(`clones ${from?.text ?? ''}`),
    ...reaches(from, 'fetch'),
    ...otherSide(use),
    ...valuesOf(use.parsed, '-u').map((word) => spawns(word, `runs "${word.text}" at the other end`)),
    ...valuesOf(use.parsed, '-c', '--config')
      .map(splitSetting)
      .flatMap(({ key, value }) => settingEffects(key, value)),
    ...valuesOf(use.parsed, '--template').map(
      (word): Effect => ({ type: 'loader', variable: '--template', what: `copies hooks from ${word.text}` }),
    ),
    writes(use, folder, 'create'),
  ];
};

const lsRemote = (use: Use): readonly Effect[] => [
  fetches('lists remote refs'),
  ...reaches(use.parsed.operands[0], 'query'),
  ...otherSide(use),
];

const remote = ({ parsed }: Use): readonly Effect[] | null => {
  const [action, name, url] = parsed.operands;
  switch (action?.text) {
    case undefined:
    case 'show':
    case 'get-url':
      return [reads('git remote')];
    case 'add':
      return [keeps(`adds remote ${name?.text ?? ''}`), ...programOf(url)];
    case 'update':
    case 'prune':
      return [fetches(`git remote ${action.text}`)];
    case 'set-head':
    case 'set-branches':
      return [keeps(`git remote ${action.text}`)];
    case 'set-url':
      return [
        {
          type: 'system',
          part: 'config',
          change: 'change',
          what: `points remote ${name?.text ?? ''} at ${url?.text ?? ''}`,
        },
        ...programOf(url),
      ];
    case 'remove':
    case 'rm':
    case 'rename':
      return [
        {
          type: 'system',
          part: 'config',
          change: 'change',
          what: `git remote ${action.text} ${name?.text ?? ''}`,
        },
      ];
    default:
      return null;
  }
};

const programOf = (url: Word | undefined): readonly Effect[] =>
  reaches(url, 'query').filter(({ type }) => type === 'spawn');

const submodule = (use: Use): readonly Effect[] | null => {
  const { parsed } = use;
  const [action, ...rest] = parsed.operands;
  switch (action?.text) {
    case undefined:
    case 'status':
    case 'summary':
      return [reads('git submodule')];
    case 'foreach':
      return [keeps('runs a command in every submodule')];
    case 'deinit':
      return isForced(rest)
        ? [losesWorktree('empties submodules with their changes')]
        : [keeps('empties clean submodules')];
    case 'update':
      return isForced(rest)
        ? [losesWorktree('overwrites changes in submodules')]
        : [fetches('updates submodules')];
    case 'add':
      return [
        fetches('adds a submodule'),
        ...reaches(
          rest.find(({ text }) => !text.startsWith('-')),
          'fetch',
        ),
      ];
    case 'init':
    case 'sync':
    case 'absorbgitdirs':
    case 'set-branch':
    case 'set-url':
      return [keeps(`git submodule ${action.text}`)];
    default:
      return null;
  }
};
const isForced = (rest: readonly Word[]): boolean =>
  rest.some(({ text }) => /^(?:-[a-z]*f[a-z]*|--force)$/.test(text));

const lfs = (use: Use): readonly Effect[] | null => {
  const [action, first] = use.parsed.operands;
  const name = action?.text ?? 'help';
  if (/^(?:env|ls-files|status|logs|version|help|fsck|ext|pointer|locks)$/.test(name))
    return [reads(`git lfs ${name}`)];
  if (/^(?:fetch|pull|clone)$/.test(name)) return [fetches(`git lfs ${name}`)];
  if (
    /^(?:checkout|track|untrack|dedup|update|prune|clean|smudge|filter-process|post-.*|pre-push)$/.test(name)
  )
    return [keeps(`git lfs ${name}`)];
  if (name === 'install' || name === 'uninstall')
    return has(use.parsed, '--local')
      ? [keeps(`git lfs ${name}`)]
      : [{ type: 'system', part: 'config', change: 'change', what: `git lfs ${name}` }];
  if (name === 'push') return [publishes('pushes large files')];
  if (name === 'migrate')
    return first?.text === 'info'
      ? [reads('git lfs migrate info')]
      : [loses('history', null, 'rewrites commits (lfs migrate)')];
  if (/^(?:un)?lock$/.test(name)) return [publishes(`git lfs ${name}`)];
  return null;
};

const svn = (use: Use): readonly Effect[] | null => {
  const action = use.parsed.operands[0]?.text ?? 'help';
  if (/^(?:dcommit|commit-diff|set-tree|branch|tag)$/.test(action)) return [publishes(`git svn ${action}`)];
  if (/^(?:fetch|clone|rebase|init|propget)$/.test(action))
    return [fetches(`git svn ${action}`), ...reaches(use.parsed.operands[1], 'fetch')];
  if (/^(?:log|info|blame|find-rev|help|show-.*|proplist|gc)$/.test(action))
    return [reads(`git svn ${action}`)];
  return action === 'reset' ? [loses('history', null, 'git svn reset')] : null;
};

const archive = (use: Use): readonly Effect[] => [
  ...(has(use.parsed, '--remote') ? [fetches('archives a remote repository')] : [reads('git archive')]),
  ...valuesOf(use.parsed, '--remote').flatMap((word) => reaches(word, 'fetch')),
  ...otherSide(use),
  ...valuesOf(use.parsed, '-o', '--output').map((word) => writes(use, word, 'overwrite')),
];

const sendMail = (use: Use): readonly Effect[] => [
  {
    type: 'reach',
    host: valuesOf(use.parsed, '--smtp-server')[0]?.text ?? null,
    how: 'send',
    local: false,
    payload: 'file',
    what: 'mails patches',
  },
  ...valuesOf(use.parsed, '--sendmail-cmd', '--to-cmd', '--cc-cmd', '--header-cmd').map((word) =>
    spawns(word, `runs "${word.text}"`),
  ),
  ...(has(use.parsed, '--no-validate')
    ? [bypasses('skips the hooks of the repository (send-email --no-validate)')]
    : []),
];

const listens = ({ name }: Use): readonly Effect[] => [
  {
    type: 'reach',
    host: null,
    how: 'listen',
    local: false,
    what: `git ${name} serves the repository to others`,
  },
];

const transferOptions =
  '-o= -j= -O= --upload-pack= --receive-pack= --exec= --depth= --deepen= --shallow-since= --shallow-exclude= --refmap= --negotiation-tip= --server-option= --filter= --jobs= --repo= --push-option= --recurse-submodules= --upload-pack --no-verify --force --dry-run --prune';

/** Subcommands that talk to other repositories. */
export const remoteSubcommands: Subcommands = {
  push: subcommand(
    '-o= --receive-pack= --exec= --repo= --push-option= --recurse-submodules= --force --force-with-lease --force-if-includes --delete --mirror --prune --no-verify --dry-run --all --tags --follow-tags --set-upstream',
    push,
  ),
  'send-pack': subcommand('--receive-pack= --exec= --push-option= --force --mirror --dry-run --all', push),
  'http-push': subcommand('--force --dry-run', push),
  fetch: subcommand(transferOptions, fetch),
  pull: subcommand(`-s= -X= --strategy= --strategy-option= --cleanup= ${transferOptions}`, fetch),
  'fetch-pack': subcommand(transferOptions, fetch),
  clone: subcommand(
    '-b= -c= -j= -o= -u= --branch= --config= --jobs= --origin= --upload-pack= --reference= --reference-if-able= --depth= --filter= --template= --separate-git-dir= --server-option= --shallow-since= --shallow-exclude= --bundle-uri= --revision= --ref-format=',
    clone,
  ),
  'ls-remote': subcommand('-o= --upload-pack= --exec= --server-option= --sort=', lsRemote),
  remote: subcommand('-t= -m=', remote),
  submodule: subcommand('@stop -b= --branch= --name= --depth= --reference= --jobs= -j= --filter=', submodule),
  lfs: subcommand('-I= -X= --include= --exclude= --everything', lfs),
  svn: subcommand(
    '-r= --revision= -A= --authors-file= -T= -t= -b= --trunk= --tags= --branches= --prefix=',
    svn,
  ),
  p4: subcommand('', ({ parsed }) => [
    parsed.operands[0]?.text === 'submit' ? publishes('git p4 submit') : fetches('git p4'),
  ]),
  archive: subcommand(
    '-o= --output= --remote= --exec= --format= --prefix= --add-file= --add-virtual-file= --mtime=',
    archive,
  ),
  'send-email': subcommand(
    '--smtp-server= --smtp-server-port= --smtp-user= --smtp-pass= --smtp-encryption= --sendmail-cmd= --to-cmd= --cc-cmd= --header-cmd= --to= --cc= --bcc= --from= --subject= --in-reply-to= --validate --no-validate',
    sendMail,
  ),
  'imap-send': subcommand('-f= --folder=', sendMail),
  daemon: subcommand('', listens),
  instaweb: subcommand('-d= -p= -b= -m= --httpd= --port= --browser=', listens),
  'http-backend': subcommand('', listens),
};
