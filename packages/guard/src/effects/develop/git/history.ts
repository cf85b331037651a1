import type { Effect } from '../../effect.ts';
import { has } from '../arguments.ts';
import {
  bypasses,
  keeps,
  loses,
  losesWorktree,
  publishes,
  reads,
  type Subcommands,
  spawns,
  subcommand,
  type Use,
} from './use.ts';

const skipsHooks = (what: string): readonly Effect[] => [
  bypasses(`skips the hooks of the repository (${what})`),
];

const commit = ({ parsed }: Use): readonly Effect[] => {
  if (has(parsed, '--dry-run')) return [reads('git commit --dry-run')];
  const what = has(parsed, '--amend') ? 'replaces the last commit' : 'commits';
  return [keeps(what), ...(has(parsed, '--no-verify', '-n') ? skipsHooks('commit --no-verify') : [])];
};

/** Operations that stop in the middle of conflicts and can be given up. */
const resumable = ({ name, parsed }: Use): readonly Effect[] => {
  if (has(parsed, '--abort', '--skip'))
    return [losesWorktree(`gives up conflict resolutions (${name} --abort)`)];
  if (has(parsed, '--show-current-patch')) return [reads(`git ${name}`)];
  return [keeps(`git ${name}`), ...(has(parsed, '--no-verify') ? skipsHooks(`${name} --no-verify`) : [])];
};

/** `-n` of am means nothing; its own check is skipped by name only. */
const filterBranch = ({ parsed }: Use): readonly Effect[] => [
  loses('history', null, 'rewrites every commit of the branch'),
  ...parsed.flags.flatMap(({ name, value }) =>
    value && /-(?:filter|callback)$/.test(name) && name !== '--subdirectory-filter'
      ? [spawns(value, `runs "${value.text}" for every commit`)]
      : [],
  ),
];

const filterRepo = (use: Use): readonly Effect[] =>
  has(use.parsed, '--analyze', '--dry-run') ? [reads('git filter-repo --analyze')] : filterBranch(use);

const bisect = ({ parsed }: Use): readonly Effect[] => {
  const [action] = parsed.operands;
  if (action === undefined || ['log', 'terms', 'help'].includes(action.text)) return [reads('git bisect')];
  return [keeps(`git bisect ${action.text}`)];
};

const subtree = ({ parsed }: Use): readonly Effect[] => {
  const action = parsed.operands[0]?.text ?? '';
  return [action === 'push' ? publishes('pushes a subtree') : keeps(`git subtree ${action}`)];
};

const commitOptions =
  '-S? -u? -m= -F= -C= -c= -t= --message= --file= --reuse-message= --reedit-message= --template= --author= --date= --cleanup= --fixup= --squash= --trailer= --pathspec-from-file= -U= --unified= --inter-hunk-context= --no-verify --amend --dry-run --all';

const mergeOptions =
  '-S? -m= -F= -s= -X= --message= --file= --strategy= --strategy-option= --cleanup= --into-name= --mainline= --no-verify --abort --continue --quit --skip';

/** Subcommands that make or rewrite commits. */
export const historySubcommands: Subcommands = {
  commit: subcommand(commitOptions, commit),
  merge: subcommand(mergeOptions, resumable),
  'cherry-pick': subcommand(mergeOptions, resumable),
  revert: subcommand(mergeOptions, resumable),
  am: subcommand(
    '-S? -p= -C= --directory= --exclude= --include= --whitespace= --patch-format= --quoted-cr= --empty= --no-verify --abort --skip --continue --quit --show-current-patch',
    resumable,
  ),
  rebase: subcommand(
    '-S? -x= -s= -X= -C= --exec= --onto= --strategy= --strategy-option= --whitespace= --empty= --no-verify --abort --skip --continue --quit --edit-todo --show-current-patch',
    resumable,
  ),
  history: subcommand('', ({ parsed }) => [
    loses('history', 'pushed', `git history ${parsed.operands[0]?.text ?? ''}`),
  ]),
  replay: subcommand('--onto= --advance=', () => [keeps('replays commits')]),
  'filter-branch': subcommand(
    '--setup= --subdirectory-filter= --env-filter= --tree-filter= --index-filter= --parent-filter= --msg-filter= --commit-filter= --tag-name-filter= --original= -d= --state-branch=',
    filterBranch,
  ),
  'filter-repo': subcommand(
    '--path= --path-glob= --path-regex= --path-rename= --paths-from-file= --replace-text= --replace-message= --mailmap= --subdirectory-filter= --to-subdirectory-filter= --refs= --blob-callback= --commit-callback= --tag-callback= --reset-callback= --filename-callback= --file-info-callback= --message-callback= --name-callback= --email-callback= --refname-callback= --strip-blobs-bigger-than= --strip-blobs-with-ids= --analyze --dry-run',
    filterRepo,
  ),
  'fast-import': subcommand('', () => [loses('history', 'pushed', 'writes refs from a stream')]),
  bisect: subcommand('@stop', bisect),
  subtree: subcommand('-P= --prefix= -m= --message= -b= --branch= --annotate= --onto=', subtree),
  'commit-tree': subcommand('-p= -m= -F=', () => [keeps('makes a commit object')]),
};
