import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { judgeWithFacts, loadGuard, loadRules } from '../../src/index.ts';

const guard = await loadGuard({
  rules: loadRules({ managed: null, user: null, workspace: null, workspaceTrusted: false }),
});

let base = '';
let root = '';

const git = (...args: readonly string[]): void =>
  void execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.c', ...args], {
    cwd: root,
    stdio: 'ignore',
  });

const decide = async (input: string, created: readonly string[] = []): Promise<string> => {
  const files = created.map((path) => join(root, path));
  const request = { kind: 'bash', input, cwd: root, workspace: root, created: files } as const;
  return (await judgeWithFacts(guard, request)).decision;
};

beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'guard-facts-')));
  root = join(base, 'work');
  for (const folder of ['src', 'tests']) mkdirSync(join(root, folder), { recursive: true });
  for (const file of ['src/a.ts', 'tests/a.test.ts'])
    writeFileSync(join(root, file), 'export const a = 1;\n');
  git('init', '-q', '-b', 'next');
  git('add', '.');
  git('commit', '-q', '-m', 'a');
});

afterEach(() => rmSync(base, { recursive: true, force: true }));

describe('what git can bring back', () => {
  it('may be emptied and deleted, work that is nowhere else may not', async () => {
    expect(await decide('> src/a.ts')).toBe('allow');
    expect(await decide('rm -r src')).toBe('allow');
    expect(await decide('> src/new.ts')).toBe('allow');
    writeFileSync(join(root, 'src/a.ts'), 'export const a = 2;\n');
    expect(await decide('> src/a.ts')).toBe('ask');
    expect(await decide('rm -r src')).toBe('ask');
  });

  it('is no reason to take tests away; what git does not know is no test of the workspace', async () => {
    expect(await decide('rm tests/a.test.ts')).toBe('ask');
    expect(await decide('rm -r tests')).toBe('ask');
    writeFileSync(join(root, 'tests/try.test.ts'), '');
    expect(await decide('rm tests/try.test.ts')).toBe('allow');
  });
});

describe('what the session made itself', () => {
  it('may be deleted, a folder if nothing else is in it', async () => {
    mkdirSync(join(root, 'src/new'));
    for (const file of ['src/new/a.ts', 'src/new/b.ts']) writeFileSync(join(root, file), '');
    expect(await decide('rm -r src/new')).toBe('ask');
    expect(await decide('rm -r src/new', ['src/new/a.ts'])).toBe('ask');
    expect(await decide('rm -r src/new', ['src/new/a.ts', 'src/new/b.ts'])).toBe('allow');
  });
});

describe('a forced push', () => {
  const remote = (): void => {
    execFileSync('git', ['init', '-q', '--bare', '-b', 'next', join(base, 'remote.git')]);
    git('remote', 'add', 'origin', join(base, 'remote.git'));
    git('push', '-q', '-u', 'origin', 'next');
    git('remote', 'set-head', 'origin', 'next');
  };

  it.each([
    ['to the default branch, named nowhere in the command', 'git push --force', 'next', 'deny'],
    ['by its name', 'git push -f origin HEAD:next', 'topic', 'deny'],
    ['to a branch of one’s own', 'git push --force', 'topic', 'ask'],
    ['to a release branch', 'git push --force', 'release/2', 'deny'],
  ])('%s', async (_, command, branch, expected) => {
    remote();
    if (branch !== 'next') git('checkout', '-q', '-b', branch);
    expect(await decide(command)).toBe(expected);
  });

  it('where the branch follows one of another name, goes there', async () => {
    remote();
    git('checkout', '-q', '-b', 'topic', '--track', 'origin/next');
    expect(await decide('git push --force')).toBe('deny');
  });

  it('outside a repository is asked about', async () => {
    rmSync(join(root, '.git'), { recursive: true });
    expect(await decide('git push --force')).toBe('ask');
  });
});
