import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { developTable } from '../../../src/effects/develop/table.ts';
import type { Command, Word } from '../../../src/shell/command.ts';
import { commandOf, word } from '../../command-of.ts';
import { context, effectsOf, hidden } from './context.ts';

const programs = Object.keys(developTable);

const pieces = [
  ...'install run add remove config set list push reset clean checkout api delete exec test build x publish'.split(
    ' ',
  ),
  ...'-c -e -m -f -x -n -p -rf -- - -C --help --force --dry-run --exec --global -g -i -lane -0777pe --eval= =x'.split(
    ' ',
  ),
  ...'./a.sh /tmp/x.js a=b https://host.example/x.tgz user/repo .[dev] *.ts !x @ : :x +x $x `x` {} ; && \n \u0000'.split(
    ' ',
  ),
  '',
];

const words: fc.Arbitrary<readonly Word[]> = fc.array(
  fc.oneof(fc.constantFrom(...pieces).map(word), fc.string().map(word), fc.constant(hidden)),
  { maxLength: 8 },
);

const commands: fc.Arbitrary<Command> = fc
  .record({ program: fc.constantFrom(...programs), args: words, known: fc.boolean(), piped: fc.boolean() })
  .map(({ program, args, known, piped }) =>
    commandOf(program, {
      args,
      cwd: known ? '/home/user/project' : null,
      stdin: piped ? { type: 'pipe', from: commandOf('cat x') } : { type: 'text', text: word('x') },
    }),
  );

const describeOf = (command: Command) => developTable[command.name ?? '']?.(command, context);

const shuffled = <T>(values: readonly T[]): fc.Arbitrary<readonly T[]> =>
  fc.shuffledSubarray([...values], { minLength: values.length });

const clusters = (letters: string, must: string): fc.Arbitrary<string> =>
  fc
    .tuple(fc.subarray([...letters]), fc.constant([...must]))
    .chain(([some, always]) => shuffled([...new Set([...some, ...always])]))
    .map((all) => `-${all.join('')}`);

const globals = fc.constantFrom(
  '',
  '--no-pager ',
  '-p ',
  '-c user.name=x ',
  '-cuser.name=x ',
  '--literal-pathspecs ',
);

describe('any use', () => {
  test('is described or left, without a throw, the same each time', () => {
    fc.assert(
      fc.property(commands, (command) => {
        const effects = describeOf(command);
        expect(effects === null || Array.isArray(effects)).toBe(true);
        expect(describeOf(command)).toEqual(effects);
      }),
      { numRuns: 4000 },
    );
  });

  test('names are looked up as they stand', () => {
    for (const name of ['constructor', '__proto__', 'toString'])
      expect(Object.hasOwn(developTable, name)).toBe(false);
    expect(effectsOf('git constructor')).toBe('run opaque');
    expect(effectsOf('npm toString')).toBe('null');
  });
});

describe('clusters and shortened options of git', () => {
  const property = (arbitrary: fc.Arbitrary<string>, expected: string): void =>
    fc.assert(
      fc.property(globals, arbitrary, (start, rest) => {
        expect(effectsOf(`git ${start}${rest}`)).toBe(expected);
      }),
    );

  test('push with f in a cluster overwrites the remote', () => {
    property(
      clusters('uqv46', 'f').map((cluster) => `push ${cluster} origin main`),
      'git loses remote',
    );
    property(
      clusters('uqv46', '')
        .filter((cluster) => cluster !== '-')
        .map((cluster) => `push ${cluster} origin main`),
      'git publish',
    );
  });

  test('clean deletes with f, and nothing with n', () => {
    property(
      clusters('dqf', 'f').map((cluster) => `clean ${cluster}`),
      'git loses worktree unless noUntracked',
    );
    property(
      clusters('dqx', 'fx').map((cluster) => `clean ${cluster} -e keep`),
      'git loses worktree',
    );
    property(
      clusters('dqxf', 'n').map((cluster) => `clean ${cluster}`),
      'run known',
    );
  });

  test('checkout with f discards, whatever the branch', () => {
    property(
      clusters('qt', 'f').map((cluster) => `checkout ${cluster} main`),
      'git loses worktree unless clean',
    );
    property(
      clusters('qt', '')
        .filter((cluster) => cluster !== '-')
        .map((cluster) => `checkout ${cluster} main`),
      'git local',
    );
  });

  test('what follows -- is a path', () => {
    property(
      fc.constantFrom('main', '-f', '--help', '.', 'a b', '--').map((path) => `checkout -- '${path}'`),
      'git loses worktree unless clean',
    );
  });

  test.each([
    ['reset', '--hard', '', 'git loses worktree unless clean'],
    ['reset', '--merge', '', 'git loses worktree unless clean'],
    ['switch', '--discard-changes', 'main', 'git loses worktree unless clean'],
    ['push', '--delete', 'origin x', 'git loses remote'],
    ['push', '--mirror', 'origin', 'git loses remote'],
    ['commit', '--no-verify', '-m x', 'git local + bypass'],
    ['clean', '--force', '', 'git loses worktree unless noUntracked'],
  ])('%s %s may be shortened', (subcommand, option, rest, expected) => {
    const shortened = fc.integer({ min: 5, max: option.length }).map((length) => option.slice(0, length));
    property(
      shortened.map((text) => `${subcommand} ${text} ${rest}`.trim()),
      expected,
    );
    property(
      shortened.map((text) => `${subcommand} ${rest} ${text}`.trim()),
      expected,
    );
  });
});
