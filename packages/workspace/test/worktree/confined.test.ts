import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openSandbox, openWorkspace } from '../../src/index.ts';
import { levels } from '../sandbox/confined.ts';
import { git, gitRepository, never, put, tempDir } from '../support/temp.ts';
import { worktreesOf } from './made.ts';

const level = levels.find((one) => one.level !== null)?.level ?? null;
const cacheDir = mkdtempSync(join(tmpdir(), 'tandem-test-probe-'));
afterAll(() => rmSync(cacheDir, { recursive: true, force: true }));

test.skipIf(level === null)(
  'confined in a worktree: commits, packages, a temporary folder of its own; the origin cannot be written',
  async () => {
    const root = gitRepository({ 'a.txt': 'a\n', '.gitignore': 'node_modules/\n' });
    git(root, 'config', 'user.name', 'Ada');
    git(root, 'config', 'user.email', 'ada@example.org');
    put(root, { 'node_modules/m/index.js': 'module.exports = "m"' });
    const stateDir = tempDir();
    const { create } = worktreesOf(root, stateDir);
    const made = await create('one');
    const sandbox = await openSandbox({
      ...{ profile: 'workspace-write', environment: process.env, stateDir, cacheDir, signal: never() },
      levels: level === null ? [] : [level],
    });
    const workspace = await openWorkspace(made.root, { stateDir, sandbox });
    const run = async (command: string) => {
      const { output, exit } = await workspace.run({ command, timeoutMs: 20_000, signal: never() });
      return [exit, output];
    };
    expect(await run('node -p "require(\'m\')" && echo kept > $TMPDIR/x && echo $TANDEM_WORKTREE')).toEqual([
      0,
      'm\none\n',
    ]);
    expect(readFileSync(join(made.environment.TMPDIR as string, 'x'), 'utf8')).toBe('kept\n');
    expect(await run('echo mine > a.txt && git commit -qam work && git status --porcelain')).toEqual([0, '']);
    expect(git(root, 'log', '-1', '--format=%an %s', 'tandem/one')).toBe('Ada work\n');
    for (const path of [`${root}/planted`, `${root}/node_modules/m/planted`, 'node_modules/m/planted'])
      expect((await run(`touch ${path}`))[0], path).not.toBe(0);
    expect(existsSync(join(root, 'node_modules/m/planted'))).toBe(false);
  },
);
