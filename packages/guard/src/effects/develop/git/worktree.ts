import { literal, type Word } from '../../../shell/command.ts';
import type { Effect } from '../../effect.ts';
import { has, valuesOf } from '../arguments.ts';
import { keeps, loses, losesWorktree, reads, type Subcommands, subcommand, type Use, writes } from './use.ts';

const reset = ({ parsed }: Use): readonly Effect[] => {
  const target = parsed.operands[0]?.text ?? 'HEAD';
  const moved = /^(?:HEAD|@)(?:[~^]0)?$/.test(target)
    ? []
    : [loses('history', 'pushed', `moves the branch to ${target}`)];
  if (has(parsed, '--hard')) return [losesWorktree('discards uncommitted changes (reset --hard)'), ...moved];
  if (has(parsed, '--merge')) return [losesWorktree('discards staged changes (reset --merge)'), ...moved];
  if (has(parsed, '--keep')) return [keeps('moves the branch, keeping changes'), ...moved];
  return [keeps(`resets the index to ${target}`)];
};

const checkout = (use: Use): readonly Effect[] => {
  const { parsed } = use;
  if (has(parsed, '-f', '--force')) return [losesWorktree('discards uncommitted changes (checkout --force)')];
  if (has(parsed, '-p', '--patch')) return [losesWorktree('discards chosen changes (checkout --patch)')];
  const paths = checkoutPaths(use);
  if (paths) return [losesWorktree(`overwrites uncommitted changes in ${paths}`)];
  return [keeps(`checks out ${parsed.operands[0]?.text ?? 'HEAD'}`)];
};

/** What `git checkout` restores from the index or a commit; null where it switches branches. */
const checkoutPaths = ({ parsed }: Use): string | null => {
  if (has(parsed, '--pathspec-from-file')) return 'the listed paths';
  const { operands, beforeDashes } = parsed;
  const paths = beforeDashes === null ? [] : operands.slice(beforeDashes);
  if (paths.length > 0) return named(paths);
  if (has(parsed, '-b', '-B', '--orphan', '--detach', '-d') || beforeDashes !== null) return null;
  const names = withoutSeparatedValue(
    parsed.flags.map(({ name }) => name),
    operands,
  );
  const [first, ...others] = names;
  if (!first) return null;
  if (looksLikePath(first) || has(parsed, '--ours', '--theirs', '-2', '-3')) return named(names);
  if (has(parsed, '-t', '--track')) return others.some(looksLikePath) ? named(others) : null;
  return others.length > 0 ? named(others) : null;
};

/** Some write `--recurse-submodules on-demand`; git itself takes that value only after `=`. */
const withoutSeparatedValue = (flags: readonly string[], operands: readonly Word[]): readonly Word[] =>
  flags.includes('--recurse-submodules') && /^(?:checkout|on-demand)$/.test(operands[0]?.text ?? '')
    ? operands.slice(1)
    : operands;

const looksLikePath = (word: Word): boolean =>
  word.glob ||
  /^(?:\.{0,2}\/|\.{1,2}$|:|~)|\/$|(?:^|\/)\.[a-z]|(?<!^v?\d+|\.\d+)\.[a-zA-Z]{1,4}$|\.(?:html|scss|sass|yaml|toml|json|lock|svelte|swift|kotlin|gradle|properties|dart|jsonc)$/.test(
    word.text,
  ) ||
  /^(?:src|lib|packages|node_modules|dist|build|bin|include|vendor)(?:\/|$)/.test(word.text) ||
  /(?:^|\/)(?:Makefile|Dockerfile|README|LICENSE|CHANGELOG|Gemfile|Rakefile|Procfile|Jenkinsfile)$/.test(
    word.text,
  );

const named = (words: readonly Word[]): string => words.map(({ text }) => text).join(' ');

const switchBranch = ({ parsed }: Use): readonly Effect[] => {
  const target = parsed.operands[0]?.text ?? 'another branch';
  if (has(parsed, '-f', '--force', '--discard-changes'))
    return [losesWorktree('discards uncommitted changes (switch --discard-changes)')];
  return [keeps(`switches to ${target}`)];
};

const restore = ({ parsed }: Use): readonly Effect[] => {
  const stagedOnly = has(parsed, '-S', '--staged') && !has(parsed, '-W', '--worktree');
  if (stagedOnly) return [keeps('unstages changes')];
  return [losesWorktree(`overwrites uncommitted changes in ${named(parsed.operands) || 'the listed paths'}`)];
};

const clean = ({ parsed }: Use): readonly Effect[] => {
  if (has(parsed, '-n', '--dry-run')) return [reads('lists what git clean would delete')];
  if (has(parsed, '-x', '-X')) return [loses('worktree', null, 'deletes untracked and ignored files')];
  return [loses('worktree', 'noUntracked', 'deletes untracked files')];
};

const stash = ({ parsed, context, command }: Use): readonly Effect[] | null => {
  const action = parsed.operands[0]?.text ?? 'push';
  switch (action) {
    case 'list':
    case 'show':
      return [reads(`git stash ${action}`)];
    case 'drop':
      return [loses('stash', 'noStash', 'deletes a stash entry')];
    case 'clear':
      return [loses('stash', 'noStash', 'deletes every stash entry')];
    case 'push':
    case 'save':
    case 'pop':
    case 'apply':
    case 'branch':
    case 'create':
    case 'store':
    case 'import':
      return [keeps(`git stash ${action}`)];
    case 'export':
      return [keeps('copies the stash into a commit')];
    default:
      return parsed.operands[0]?.known === false
        ? [
            {
              type: 'opaque',
              at: 'command',
              what: `an unknown stash command in ${context.path(literal('.'), command).path}`,
            },
          ]
        : null;
  }
};

const remove = ({ parsed }: Use): readonly Effect[] => {
  if (has(parsed, '-n', '--dry-run')) return [reads('lists what git rm would remove')];
  if (has(parsed, '--cached')) return [keeps('stops tracking files, leaving them in place')];
  if (has(parsed, '-f', '--force'))
    return [losesWorktree(`removes ${named(parsed.operands)} with its changes`)];
  return [keeps(`removes tracked files ${named(parsed.operands)}`)];
};

const move = ({ parsed }: Use): readonly Effect[] => {
  if (has(parsed, '-n', '--dry-run')) return [reads('git mv --dry-run')];
  if (has(parsed, '-f', '--force')) return [losesWorktree('moves files over others')];
  return [keeps('moves tracked files')];
};

const readTree = ({ parsed }: Use): readonly Effect[] => {
  if (has(parsed, '-n', '--dry-run')) return [reads('git read-tree --dry-run')];
  return has(parsed, '-u') && has(parsed, '--reset')
    ? [losesWorktree('overwrites files with a tree (read-tree --reset)')]
    : [keeps('reads a tree into the index')];
};

const checkoutIndex = (use: Use): readonly Effect[] => {
  const { parsed } = use;
  const prefix = valuesOf(parsed, '--prefix')[0];
  if (prefix)
    return [
      keeps('exports the index'),
      writes(use, prefix, has(parsed, '-f', '--force') ? 'overwrite' : 'create'),
    ];
  return has(parsed, '-f', '--force')
    ? [losesWorktree('overwrites files from the index')]
    : [keeps('creates missing files from the index')];
};

const apply = (use: Use): readonly Effect[] => {
  const { parsed } = use;
  const onlyShows = has(parsed, '--stat', '--numstat', '--summary', '--check') && !has(parsed, '--apply');
  if (onlyShows) return [reads('git apply --check')];
  if (!has(parsed, '--unsafe-paths')) return [keeps('applies a patch')];
  const folder = valuesOf(parsed, '--directory')[0] ?? literal('/');
  return [keeps('applies a patch outside the repository'), writes(use, folder, 'edit')];
};

const worktree = (use: Use): readonly Effect[] | null => {
  const [action, path] = use.parsed.operands;
  switch (action?.text) {
    case undefined:
    case 'list':
      return [reads('git worktree list')];
    case 'add':
      return [keeps('adds a worktree'), ...(path ? [writes(use, path, 'create')] : [])];
    case 'remove':
      return has(use.parsed, '-f', '--force')
        ? [loses('worktree', null, `deletes the worktree ${path?.text ?? ''} with its changes`)]
        : [keeps(`deletes the clean worktree ${path?.text ?? ''}`)];
    case 'move':
    case 'prune':
    case 'repair':
    case 'lock':
    case 'unlock':
      return [keeps(`git worktree ${action.text}`)];
    default:
      return null;
  }
};

const index = (what: string) => (): readonly Effect[] => [keeps(what)];

/** Subcommands that change files or the index. */
export const worktreeSubcommands: Subcommands = {
  reset: subcommand(
    '-U= --pathspec-from-file= --hard --merge --keep --soft --mixed --quiet --unified= --inter-hunk-context=',
    reset,
  ),
  checkout: subcommand(
    '-b= -B= --orphan= --conflict= --pathspec-from-file= -U= --unified= --inter-hunk-context= --force --patch --ours --theirs --detach --track --recurse-submodules --merge',
    checkout,
  ),
  switch: subcommand(
    '-c= -C= --create= --force-create= --orphan= --conflict= --discard-changes --force --detach --track --merge',
    switchBranch,
  ),
  restore: subcommand(
    '-s= --source= --conflict= --pathspec-from-file= -U= --unified= --inter-hunk-context= --staged --worktree',
    restore,
  ),
  clean: subcommand('-e= --exclude= --dry-run --force', clean),
  stash: subcommand('-m= --message= --pathspec-from-file= --include-untracked --all --quiet --index', stash),
  rm: subcommand('--pathspec-from-file= --cached --force --dry-run', remove),
  mv: subcommand('--force --dry-run', move),
  'read-tree': subcommand('--prefix= --index-output= --reset --dry-run', readTree),
  'checkout-index': subcommand('--prefix= --stage= --force', checkoutIndex),
  apply: subcommand(
    '-p= -C= --directory= --exclude= --include= --whitespace= --build-fake-ancestor= --unsafe-paths --apply --check --stat',
    apply,
  ),
  worktree: subcommand('-b= -B= --reason= --expire= --force', worktree),
  add: subcommand('--chmod= --pathspec-from-file= --dry-run', index('stages changes')),
  stage: subcommand('', index('stages changes')),
  'update-index': subcommand('--cacheinfo= --chmod=', index('changes the index')),
  'sparse-checkout': subcommand('', index('changes which clean files are present')),
  'merge-file': subcommand('-L= --diff-algorithm=', index('merges three files into the first')),
  rerere: subcommand('', index('changes recorded conflict resolutions')),
  init: subcommand('--template= --separate-git-dir= -b= --initial-branch=', (use) => [
    keeps('creates a repository'),
    ...valuesOf(use.parsed, '--template').map(
      (word): Effect => ({ type: 'loader', variable: '--template', what: `copies hooks from ${word.text}` }),
    ),
    ...use.parsed.operands.slice(0, 1).map((word) => writes(use, word, 'create')),
  ]),
};
