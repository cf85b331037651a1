import { hole, literal } from '../../../shell/command.ts';
import type { Effect } from '../../effect.ts';
import { has, valuesOf } from '../arguments.ts';
import { keeps, reads, type Subcommands, spawns, subcommand, type Use, writes } from './use.ts';

/** Comparing and logging: a read, unless it is told to write a file or to run a program. */
const compare = (use: Use): readonly Effect[] => [
  reads(`git ${use.name}`),
  ...valuesOf(use.parsed, '--output', '-o').map((word) => writes(use, word, 'overwrite')),
  ...(has(use.parsed, '--no-index')
    ? use.parsed.operands.map((word): Effect => ({ type: 'read', path: use.context.path(word, use.command) }))
    : []),
];

const grep = (use: Use): readonly Effect[] => [
  reads('git grep'),
  ...use.parsed.flags.flatMap(({ name, value }) =>
    name === '-O' || name === '--open-files-in-pager'
      ? [spawns(value ?? literal('the pager'), `opens what it finds in "${value?.text ?? 'the pager'}"`)]
      : [],
  ),
];

/** The command gets the names of two or three files, one of them in the worktree. */
const difftool = ({ parsed, command, context }: Use): readonly Effect[] => [
  reads('git difftool'),
  ...valuesOf(parsed, '-x', '--extcmd').flatMap((word) =>
    context.code('shell', { ...word, text: `${word.text} ${hole}`, known: false }, command),
  ),
];

const blame = (use: Use): readonly Effect[] => [
  reads(`git ${use.name}`),
  ...valuesOf(use.parsed, '--contents').map(
    (word): Effect => ({ type: 'read', path: use.context.path(word, use.command) }),
  ),
];

const formatPatch = (use: Use): readonly Effect[] => [
  keeps('writes patch files'),
  ...valuesOf(use.parsed, '-o', '--output-directory', '--output').map((word) => writes(use, word, 'create')),
];

const hook = ({ parsed }: Use): readonly Effect[] => [
  { type: 'run', program: 'git', origin: 'project', what: `runs the hook ${parsed.operands[1]?.text ?? ''}` },
];

const compareOptions =
  '-S= -G= -O= -n= -L= -o= --output= --format= --pretty= --author= --committer= --grep= --since= --until= --after= --before= --max-count= --skip= --date= --diff-filter= --stat= --word-diff-regex= --src-prefix= --dst-prefix= --ignore-matching-lines= -I= --find-object= --no-index';

/** Subcommands that read, but may be told to write a file or to run a program. */
export const nestedSubcommands: Subcommands = {
  ...Object.fromEntries(
    [
      'log',
      'diff',
      'show',
      'whatchanged',
      'diff-tree',
      'diff-index',
      'diff-files',
      '',
      'range-diff',
      'rev-list',
    ].map((name) => [name, subcommand(compareOptions, compare)]),
  ),
  grep: subcommand(
    '-O? -e= -f= -m= -A= -B= -C= --max-depth= --threads= --max-count= --open-files-in-pager',
    grep,
  ),
  difftool: subcommand('-x= -t= --extcmd= --tool=', difftool),
  blame: subcommand('--contents=', blame),
  annotate: subcommand('--contents=', blame),
  mergetool: subcommand('-t= --tool=', () => [keeps('opens the configured merge tool')]),
  'format-patch': subcommand(
    '-o= --output-directory= --output= --start-number= --in-reply-to= --subject-prefix= --base=',
    formatPatch,
  ),
  hook: subcommand('', hook),
  'merge-index': subcommand('', ({ parsed }) =>
    parsed.operands.slice(0, 1).map((word) => spawns(word, `runs "${word.text}" for every conflict`)),
  ),
  'for-each-repo': subcommand('@stop --config=', ({ parsed, command, context }) =>
    context.inner([literal('git'), ...parsed.operands], command),
  ),
};
