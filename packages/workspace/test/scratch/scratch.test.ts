import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isAlive } from '../../src/exec/processes.ts';
import { createScratchFolder } from '../../src/scratch/create-scratch.ts';
import { open } from '../support/open.ts';
import { git, gitRepository, never, put, tempDir } from '../support/temp.ts';

test('a copy of the files as they are now, apart from the original', async () => {
  const root = gitRepository({
    'a.txt': 'old',
    'gone.txt': '',
    'run.sh': '',
    '.gitignore': '*.log\nnode_modules/\ngen.py\n',
  });
  put(root, { 'a.txt': 'dirty', 'new.txt': 'n', 'x.log': '', 'gen.py': 'v = 1', 'node_modules/m/i.js': 'm' });
  rmSync(join(root, 'gone.txt'));
  chmodSync(join(root, 'run.sh'), 0o755);
  symlinkSync('a.txt', join(root, 'link'));
  symlinkSync(join(root, 'a.txt'), join(root, 'absolute'));
  const scratch = await (await open(root)).scratch('one');
  expect(readdirSync(scratch.root).sort()).toEqual(
    ['.gitignore', 'a.txt', 'absolute', 'gen.py', 'link', 'new.txt', 'node_modules', 'run.sh'].sort(),
  );
  expect(statSync(join(scratch.root, 'run.sh')).mode & 0o777).toBe(0o755);
  await scratch.write('link', 'changed');
  expect(readFileSync(join(scratch.root, 'absolute'), 'utf8')).toBe('changed');
  expect(readFileSync(join(root, 'a.txt'), 'utf8')).toBe('dirty');
  expect(readFileSync(join(scratch.root, 'node_modules/m/i.js'), 'utf8')).toBe('m');
  expect(await scratch.list()).toEqual(['.gitignore', 'a.txt', 'absolute', 'link', 'new.txt', 'run.sh']);
  await expect(scratch.write('node_modules/m/i.js', 'x')).rejects.toMatchObject({ code: 'usage' });
  await scratch.dispose();
  await scratch.dispose();
  expect(existsSync(scratch.root)).toBe(false);
  expect(readFileSync(join(root, 'node_modules/m/i.js'), 'utf8')).toBe('m');
});

test('packages that link back into the workspace lead to the copy', async () => {
  const root = tempDir();
  put(root, {
    'packages/a/index.js': 'module.exports = "user"',
    'packages/a/package.json': '{"main":"index.js"}',
    'packages/b/package.json': '{}',
    'node_modules/plain/index.js': 'module.exports = "plain"',
    'node_modules/@s/other/index.js': 'module.exports = "other"',
  });
  symlinkSync('../packages/a', join(root, 'node_modules/a'));
  symlinkSync('../../packages/b', join(root, 'node_modules/@s/b'));
  const scratch = await (await open(root)).scratch('two');
  await scratch.write('packages/a/index.js', 'module.exports = "copy"');
  const result = await scratch.run({
    command: [
      'node',
      '-p',
      'require("a") + require("plain") + require("@s/other") + require.resolve("@s/b/package.json")',
    ],
    timeoutMs: 10_000,
    signal: never(),
  });
  expect(result.output).toBe(`copyplainother${scratch.root}/packages/b/package.json\n`);
  await scratch.dispose();
});

test('no git repository is found from a copy, and commands there are quiet', async () => {
  const root = gitRepository({ a: '' });
  const scratch = await (await open(root, join(root, '.tandem/state'))).scratch('three');
  const result = await scratch.run({
    command: 'git rev-parse --git-dir 2>/dev/null || echo none; echo $NO_COLOR $PYTHONDONTWRITEBYTECODE',
    timeoutMs: 10_000,
    signal: never(),
  });
  expect(result.output).toBe('none\n1 1\n');
  await scratch.dispose();
});

test('a Python project in a copy imports the copy, whatever is installed', async () => {
  const root = tempDir();
  put(root, { 'pyproject.toml': '', 'src/pkg_of_test/__init__.py': 'where = __file__' });
  const scratch = await (await open(root)).scratch('py');
  const result = await scratch.run({
    command: ['python3', '-c', 'import pkg_of_test; print(pkg_of_test.where)'],
    timeoutMs: 10_000,
    signal: never(),
    env: { PYTHONSAFEPATH: '1' },
  });
  expect(result.output).toBe(`${scratch.root}/src/pkg_of_test/__init__.py\n`);
  await scratch.dispose();
});

test('a fresh repository with one commit when asked for', async () => {
  const root = tempDir();
  put(root, { 'a.txt': 'x' });
  const made = await createScratchFolder({ source: { root }, folder: tempDir(), name: 'g', git: true });
  expect(git(made.root, 'log', '--format=%s').trim()).toBe('scratch');
  expect(git(made.root, 'status', '--porcelain')).toBe('');
});

test('dispose ends what still runs in the copy', async () => {
  const root = tempDir();
  const scratch = await (await open(root)).scratch('busy');
  let begun: (pid: number) => void = () => undefined;
  const pid = new Promise<number>((resolve) => {
    begun = resolve;
  });
  const running = scratch.run({
    command: 'echo $$; exec sleep 60',
    timeoutMs: 60_000,
    signal: never(),
    onOutput: (text) => begun(Number(text)),
  });
  const rejected = expect(running).rejects.toMatchObject({ code: 'interrupted' });
  const child = await pid;
  await scratch.dispose();
  await rejected;
  expect(isAlive(child, null)).toBe(false);
  expect(existsSync(scratch.root)).toBe(false);
});

test('opening sweeps the copies and commands of dead processes, not those of living ones', async () => {
  const stateDir = tempDir();
  const root = tempDir();
  put(root, { a: 'x' });
  const source = `
    import { openWorkspace } from ${JSON.stringify(new URL('../../src/index.ts', import.meta.url).href)};
    const workspace = await openWorkspace(${JSON.stringify(root)}, { stateDir: ${JSON.stringify(stateDir)} });
    const scratch = await workspace.scratch('left');
    scratch.run({ command: 'mkdir locked; chmod 500 locked; setsid sh -c "echo \\\\$\\\\$; exec sleep 60" & wait', timeoutMs: 60000,
      signal: new AbortController().signal, onOutput: (text) => process.stdout.write(text) });`;
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', source], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [printed] = await once(child.stdout, 'data');
  const orphan = Number(String(printed));
  child.kill('SIGKILL');
  await once(child, 'close');
  expect(isAlive(orphan, null)).toBe(true);
  mkdirSync(join(stateDir, 'scratch', 'not-ours'));
  const living = await (await open(root, stateDir)).scratch('living');
  await open(root, stateDir);
  expect(readdirSync(join(stateDir, 'scratch')).sort()).toEqual(
    [living.root.slice(living.root.lastIndexOf('/') + 1), 'not-ours'].sort(),
  );
  expect(lstatSync(living.root).isDirectory()).toBe(true);
  const limit = Date.now() + 5_000;
  while (isAlive(orphan, null) && Date.now() < limit) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(isAlive(orphan, null)).toBe(false);
  await living.dispose();
});
