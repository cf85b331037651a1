import type { Effect, PathRef } from '../effects/effect.ts';
import type { Facts, PathFacts, Want } from '../facts/facts.ts';
import type { Command } from '../shell/command.ts';
import type { Exception } from './rule.ts';

/** What an exception is asked about; no effect where a rule looks at the command alone. */
export type Subject = { readonly effect: Effect | null; readonly command: Command | null };

/** `wants`: what is not known and could make it hold. */
export type Holds = { readonly holds: boolean; readonly wants: readonly Want[] };

/** Is the harm that a rule warns of impossible as things are? What is not known never makes it so. */
export const holds = (exception: Exception, subject: Subject, facts: Facts): Holds => {
  switch (exception) {
    case 'clean':
      return inRepository(subject, facts, known(facts.clean, 'clean'));
    case 'noUntracked':
      return inRepository(subject, facts, known(isZero(facts.untracked), 'untracked'));
    case 'noStash':
      return inRepository(subject, facts, known(isZero(facts.stashes), 'stashes'));
    case 'pushed':
      return inRepository(subject, facts, known(isZero(facts.unpushed), 'unpushed'));
    case 'merged':
      return inRepository(subject, facts, known(isMerged(subject.command, facts), 'merged'));
    case 'stated':
      return subject.effect?.type === 'git' && subject.effect.unless !== undefined
        ? holds(subject.effect.unless, subject, facts)
        : no;
    case 'tracked':
      return everyPath(subject, facts, ({ tracked, clean }) => both(tracked, clean));
    case 'created':
      return everyPath(subject, facts, ({ createdHere }) => createdHere);
    case 'missing':
      return everyPath(subject, facts, ({ kind }) => (kind === undefined ? undefined : kind === 'missing'));
    case 'untracked':
      return everyPath(subject, facts, ({ kind, tracked }) => (kind === 'missing' ? true : isNot(tracked)));
    case 'file':
      return everyPath(subject, facts, ({ kind }, path) =>
        kind === undefined ? isFileName(path) : kind !== 'folder',
      );
    case 'sharedBranch':
      return inRepository(subject, facts, known(isShared(subject.command, facts), 'branch'));
    case 'buildOutput':
      return { holds: isBuildOutput(subject, facts), wants: [] };
  }
};

const no: Holds = { holds: false, wants: [] };

const known = (value: boolean | undefined, want: Want): Holds =>
  value === undefined ? { holds: false, wants: [want] } : { holds: value, wants: [] };

/** Words and variables that make git work on another repository than that of its folder. */
const elsewhere = /^(?:-C|--git-dir(?:=.*)?|--work-tree(?:=.*)?)$/;

/** The facts are about one repository; of another nothing is known. */
const inRepository = ({ command }: Subject, facts: Facts, answer: Holds): Holds => {
  const isThere =
    command !== null &&
    command.elsewhere === null &&
    command.cwd !== null &&
    command.cwd === (facts.repository ?? facts.workspace) &&
    !command.args.some(({ text }) => elsewhere.test(text)) &&
    !('GIT_DIR' in command.env || 'GIT_WORK_TREE' in command.env);
  return isThere ? answer : no;
};

const isZero = (count: number | undefined): boolean | undefined =>
  count === undefined ? undefined : count === 0;

const isNot = (value: boolean | undefined): boolean | undefined => (value === undefined ? undefined : !value);

const both = (first: boolean | undefined, second: boolean | undefined): boolean | undefined => {
  if (first === false || second === false) return false;
  return first === undefined || second === undefined ? undefined : true;
};

/** The branches a command names are its words after the subcommand that are no options. */
const isMerged = (command: Command | null, facts: Facts): boolean | undefined => {
  if (facts.merged === undefined) return undefined;
  const { merged } = facts;
  const names = (command?.args ?? []).slice(1).filter(({ text }) => !text.startsWith('-'));
  return names.length > 0 && names.every(({ text, known: isKnown }) => isKnown && merged.includes(text));
};

/** Branches that others build on, by custom. */
const sharedName = /^(?:main|master|trunk|stable|prod|production|releases?(?:[-/].*)?)$/;

/** Does a push go to a branch that others build on: by its name, or as the clone was told? */
const isShared = (command: Command | null, facts: Facts): boolean | undefined => {
  const at = command?.args.findIndex(({ text }) => text === 'push') ?? -1;
  if (command === null || at === -1) return false;
  if (facts.branch === undefined) return undefined;
  const refs = command.args.slice(at + 1).filter(({ text }) => !text.startsWith('-'));
  const named = refs.slice(1).map(({ text }) => text.replace(/^\+/, '').split(':').at(-1) ?? '');
  const to = named.length > 0 ? named : [facts.upstream ?? facts.branch ?? ''];
  return to
    .map((name) =>
      name === 'HEAD' || name === '@' ? (facts.branch ?? '') : name.replace(/^refs\/heads\//, ''),
    )
    .some((name) => name !== '' && (name === facts.defaultBranch || sharedName.test(name)));
};

const targetOf = (effect: Effect | null): PathRef | null => {
  if (effect === null) return null;
  if (effect.type === 'move') return effect.from;
  return 'path' in effect ? effect.path : null;
};

/** A pattern holds when each name it stands for does. */
const everyPath = (
  { effect }: Subject,
  facts: Facts,
  test: (facts: PathFacts, path: string) => boolean | undefined,
): Holds => {
  const target = targetOf(effect);
  if (target === null || !target.known) return no;
  const names = target.glob ? facts.globs?.[target.path] : [target.path];
  if (names === undefined) return { holds: false, wants: [`glob:${target.path}`] };
  const wants: Want[] = [];
  for (const name of names) {
    const result = test(facts.paths?.[name] ?? {}, name);
    if (result === false) return no;
    if (result === undefined) wants.push(`path:${name}`);
  }
  return { holds: wants.length === 0, wants };
};

/** An ending that folders do not have; of all other names nothing is known. */
const fileEnding =
  /[^/]\.(?:md|txt|json|ya?ml|toml|xml|csv|html?|css|[cm]?[jt]sx?|py|rb|go|rs|java|c|h|cpp|sh|sql|svg|png|jpe?g|gif|pdf|zip|tgz|gz|bz2|xz|tar|whl|jar|deb|vsix|db|lock)$/i;

const isFileName = (path: string): true | undefined => (fileEnding.test(path) ? true : undefined);

/** Names that tools write by themselves and that a command can bring back. */
const outputNames = new Set([
  ...['node_modules', 'bower_components', 'dist', 'build', 'out', 'target', 'obj', 'coverage', '.nyc_output'],
  ...['htmlcov', '.coverage', 'test-results', 'playwright-report', '__pycache__', '.pytest_cache', '.eggs'],
  ...[
    '.mypy_cache',
    '.ruff_cache',
    '.tox',
    '.nox',
    '.venv',
    'venv',
    '.cache',
    'cache',
    'tmp',
    'temp',
    '.tmp',
  ],
  ...['.temp', '.next', '.nuxt', '.output', '.svelte-kit', '.turbo', '.parcel-cache', '.vite', '.angular'],
  ...['.docusaurus', '.gradle', 'DerivedData', '_build', 'cmake-build-debug', 'cmake-build-release'],
  ...['storybook-static', '.eslintcache', '.jest-cache'],
]);
const outputBeginning = /^(?:dist|coverage|tmp|temp|cmake-build)[-_.]/;
const outputEnding = /\.(?:pyc|pyo|o|obj|class|log|tmp|temp|swp|tsbuildinfo|egg-info|gcda|gcno|profraw)$/;

/** By name alone, below the workspace; not if git knows files in it. */
const isBuildOutput = ({ effect }: Subject, facts: Facts): boolean => {
  const target = targetOf(effect);
  if (target === null || !target.known) return false;
  if (facts.paths?.[target.path]?.tracked === true) return false;
  const inside =
    facts.workspace !== undefined && target.path.startsWith(`${facts.workspace}/`)
      ? target.path.slice(facts.workspace.length + 1)
      : (target.path.split('/').at(-1) ?? '');
  const parts = inside.split('/').filter((part) => part !== '');
  const last = parts.at(-1) ?? '';
  return parts.some((part) => outputNames.has(part) || outputBeginning.test(part)) || outputEnding.test(last);
};
