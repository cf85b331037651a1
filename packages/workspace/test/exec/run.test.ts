import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunRequest, Workspace } from '@tandem/core';
import { expect, test } from 'vitest';
import { isAlive } from '../../src/exec/processes.ts';
import { open } from '../support/open.ts';
import { never, put, tempDir } from '../support/temp.ts';

const run = (workspace: Workspace, command: RunRequest['command'], more: Partial<RunRequest> = {}) =>
  workspace.run({ command, timeoutMs: 20_000, signal: never(), ...more });

const pidIn = (root: string, name: string): number => Number(readFileSync(join(root, name), 'utf8'));

test('a shell line and an argv, their exit codes and both streams', async () => {
  const workspace = await open(tempDir());
  expect(await run(workspace, 'echo out; echo err >&2; exit 3')).toMatchObject({
    exit: 3,
    output: expect.stringMatching(/^(out\nerr|err\nout)\n$/),
    timedOut: false,
  });
  expect(await run(workspace, ['echo', '$HOME; `x`'])).toMatchObject({ exit: 0, output: '$HOME; `x`\n' });
  expect((await run(workspace, 'kill -TERM $$')).exit).toBe(143);
  expect(await run(workspace, ['no-such-program'])).toMatchObject({ exit: 127 });
  expect(await run(workspace, ['/'])).toMatchObject({ exit: 126 });
  expect(await run(workspace, 'a\0b')).toMatchObject({ exit: 126 });
});

test('stdin, cwd, env and streaming', async () => {
  const root = tempDir();
  put(root, { 'sub/x': '' });
  const workspace = await open(root);
  const parts: string[] = [];
  const result = await run(workspace, 'cat; pwd; echo $GIVEN_TOKEN', {
    stdin: 'héllo\n',
    cwd: 'sub',
    env: { GIVEN_TOKEN: 'yes' },
    onOutput: (text) => parts.push(text),
  });
  expect(result.output).toBe(`héllo\n${root}/sub\nyes\n`);
  expect(parts.join('')).toBe(result.output);
  expect((await run(workspace, 'true', { stdin: 'x'.repeat(1_000_000) })).exit).toBe(0);
  await expect(run(workspace, 'true', { cwd: '../' })).rejects.toMatchObject({ code: 'usage' });
  await expect(run(workspace, 'true', { cwd: 'none' })).rejects.toMatchObject({ code: 'usage' });
});

test('past its limit the whole tree is killed, also a child that ignores SIGTERM', async () => {
  const root = tempDir();
  const workspace = await open(root);
  const result = await run(
    workspace,
    'trap "" TERM; sleep 60 & echo $! > child; echo begun; wait; sleep 60',
    {
      timeoutMs: 1_000,
    },
  );
  expect(result).toMatchObject({ exit: 124, timedOut: true, output: 'begun\n' });
  expect(result.ms).toBeLessThan(10_000);
  expect(isAlive(pidIn(root, 'child'), null)).toBe(false);
});

test('an abort rejects with its reason and leaves nothing, also what left the group with setsid', async () => {
  const root = tempDir();
  const workspace = await open(root);
  const controller = new AbortController();
  const reason = new Error('stop');
  const running = run(workspace, 'setsid sh -c "echo \\$\\$ > far; exec sleep 60" & echo go; sleep 60', {
    signal: controller.signal,
    onOutput: () =>
      waitFor(() => existsSync(join(root, 'far')) && pidIn(root, 'far') > 0).then(() =>
        controller.abort(reason),
      ),
  });
  await expect(running).rejects.toBe(reason);
  await waitFor(() => !isAlive(pidIn(root, 'far'), null));
  await expect(run(workspace, 'true', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
});

test('a child that holds the pipe open does not hold up the result, and is gone', async () => {
  const root = tempDir();
  const workspace = await open(root);
  const result = await run(workspace, 'sleep 60 & echo $! > child; echo done');
  expect(result).toMatchObject({ exit: 0, output: 'done\n' });
  expect(result.ms).toBeLessThan(10_000);
  await waitFor(() => !isAlive(pidIn(root, 'child'), null));
});

test('a flood of 200 MB keeps head and tail in little memory', async () => {
  const workspace = await open(tempDir());
  const before = process.memoryUsage().rss;
  const result = await run(
    workspace,
    'echo first; head -c 200000000 /dev/zero | tr "\\0" x; echo; echo last',
    {
      maxOutput: 1_000,
    },
  );
  expect(result.output).toMatch(/^first\nx+\n\[… 1999990\d\d characters cut out …\]\nx+\nlast\n$/);
  expect(process.memoryUsage().rss - before).toBeLessThan(150 * 1024 * 1024);
});

test('commands do not see secrets', async () => {
  const workspace = await open(tempDir());
  const names = ['OPENAI_API_KEY', 'GITHUB_TOKEN', 'AWS_REGION', 'DB_PASSWORD'];
  for (const name of names) process.env[name] = 'SECRET-VALUE';
  try {
    expect((await run(workspace, 'env')).output).not.toContain('SECRET-VALUE');
  } finally {
    for (const name of names) delete process.env[name];
  }
});

test('a background command runs on, shows its output, and dies with its signal', async () => {
  const workspace = await open(tempDir());
  const controller = new AbortController();
  const started = await workspace.start({ command: 'echo up; sleep 60', signal: controller.signal });
  await waitFor(() => started.output() === 'up\n');
  expect(started.exit()).toBeNull();
  controller.abort();
  expect(await started.exited).toBe(143);
  expect(started.exit()).toBe(143);
  expect(await started.kill()).toBe(143);
});

test('an exit of the agent itself takes its commands along', async () => {
  const root = tempDir();
  const source = `
    import { startProcess } from ${JSON.stringify(new URL('../../src/exec/start.ts', import.meta.url).href)};
    const p = startProcess({ command: 'echo $$; exec sleep 60', cwd: ${JSON.stringify(root)}, environment: {}, onOutput: (t) => { console.log(t); process.exit(0); } });`;
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', source], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  child.stdout.on('data', (chunk) => {
    printed += chunk;
  });
  await once(child, 'close');
  expect(Number(printed)).toBeGreaterThan(0);
  await waitFor(() => !isAlive(Number(printed), null));
});

/** For what the kernel does in its own time and tells nobody. */
const waitFor = async (done: () => boolean): Promise<void> => {
  const limit = Date.now() + 5_000;
  while (!done()) {
    if (Date.now() > limit) throw new Error('waited too long');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};
