import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { descendants, isAlive } from '../../src/exec/processes.ts';
import { openSandbox, openWorkspace } from '../../src/index.ts';
import { git, never, put, tempDir } from '../support/temp.ts';
import { levels, rig } from './confined.ts';

describe.each(levels)('a confined command behaves as any other: $title', ({ level }) => {
  const confined = test.skipIf(level === null);

  confined('exit codes, signals, streams, argv', async () => {
    const { inside } = await rig(level);
    expect(await inside('echo out; echo err >&2; exit 3')).toMatchObject({
      exit: 3,
      output: expect.stringMatching(/^(out\nerr|err\nout)\n$/),
      timedOut: false,
    });
    expect(await inside(['echo', '$HOME; `x`'])).toMatchObject({ exit: 0, output: '$HOME; `x`\n' });
    expect((await inside('kill -TERM $$')).exit).toBe(143);
    expect((await inside('kill -KILL $$')).exit).toBe(137);
    expect((await inside(['no-such-program'])).exit).toBe(127);
    expect((await inside(['/etc'])).exit).toBe(126);
    expect((await inside('yes | head -1')).output).toBe('y\n');
  });

  confined('stdin, folder, given variables, streaming, a flood', async () => {
    const { inside, root } = await rig(level, { files: { 'sub/x': '' } });
    const parts: string[] = [];
    const result = await inside('cat; pwd; echo $GIVEN_TOKEN', {
      stdin: 'héllo\n',
      cwd: 'sub',
      env: { GIVEN_TOKEN: 'yes' },
      onOutput: (text) => parts.push(text),
    });
    expect(result.output).toBe(`héllo\n${root}/sub\nyes\n`);
    expect(parts.join('')).toBe(result.output);
    expect((await inside('cat')).output).toBe('');
    const flood = await inside('echo first; head -c 20000000 /dev/zero | tr "\\0" x; echo; echo last', {
      maxOutput: 1_000,
    });
    expect(flood.output).toMatch(/^first\nx+\n\[… \d+ characters cut out …\]\nx+\nlast\n$/);
  });

  confined('an abort lets the command clean up, then nothing is left', async () => {
    const { inside, root } = await rig(level);
    const controller = new AbortController();
    const reason = new Error('stop');
    const running = inside('trap "echo bye > cleaned; exit 0" TERM; sleep 60 & echo go; wait', {
      signal: controller.signal,
      onOutput: () => controller.abort(reason),
    });
    await expect(running).rejects.toBe(reason);
    expect(readFileSync(join(root, 'cleaned'), 'utf8')).toBe('bye\n');
  });

  confined('killed without a chance to say so, the agent leaves nothing running', async () => {
    const [root, state] = [tempDir(), tempDir()];
    const source = (name: string) => JSON.stringify(new URL(`../../src/${name}`, import.meta.url).href);
    const program = `
      const { openSandbox, openWorkspace } = await import(${source('index.ts')});
      const { installedLevels } = await import(${source('sandbox/levels.ts')});
      const [root, state, name] = process.argv.slice(1);
      const signal = new AbortController().signal;
      const levels = installedLevels().filter((level) => level.name === name);
      const sandbox = await openSandbox({ profile: 'workspace-write', environment: process.env, stateDir: state, cacheDir: state, signal, levels });
      const workspace = await openWorkspace(root, { stateDir: state, sandbox });
      await workspace.run({ command: 'echo up; exec sleep 6100', timeoutMs: 1e6, signal, onOutput: () => console.log('up') });`;
    const words = [
      '--no-warnings',
      '--input-type=module-typescript',
      '-e',
      program,
      root,
      state,
      level?.name ?? '',
    ];
    const agent = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(agent.stdout, 'data');
    const below = descendants(agent.pid ?? 0, 1);
    expect(below.length).toBeGreaterThanOrEqual(3);
    agent.kill('SIGKILL');
    await once(agent, 'close');
    await waitFor(() => below.every((pid) => !isAlive(pid, null)));
  });

  confined('past its limit it is killed, also when it will not listen', async () => {
    const { inside } = await rig(level);
    const result = await inside('trap "" TERM; echo begun; setsid sleep 60 & sleep 60', { timeoutMs: 700 });
    expect(result).toMatchObject({ exit: 124, timedOut: true, output: 'begun\n' });
  });

  confined('work: files, temporary files from command to command, a server of its own, commits', async () => {
    const { inside, root } = await rig(level);
    expect((await inside('mkdir -p a/b && echo x > a/b/c && echo t > "$TMPDIR/t"')).exit).toBe(0);
    expect(readFileSync(join(root, 'a/b/c'), 'utf8')).toBe('x\n');
    expect((await inside('cat /tmp/t')).output).toBe('t\n');
    const server = `const s = require('node:http').createServer((q, r) => r.end('served'));
      s.listen(0, '127.0.0.1', async () => { console.log(await (await fetch('http://127.0.0.1:' + s.address().port)).text()); s.close(); });`;
    expect((await inside([process.execPath, '-e', server])).output).toBe('served\n');
    const commit = await inside('git add -A && git commit -qm made && git branch other && git stash list');
    expect(commit).toMatchObject({ exit: 0, output: '' });
    expect(git(root, 'log', '-1', '--format=%an %s')).toBe('Ada made\n');
  });

  confined('a commit in a linked worktree; a `.git` file that points elsewhere opens nothing', async () => {
    const { root: main } = await rig(level);
    const linked = `${main}-linked`;
    git(main, 'worktree', 'add', '-q', linked);
    const { inside } = await rig(level, { root: linked });
    expect(await inside('git commit -q --allow-empty -m linked')).toMatchObject({ exit: 0 });
    expect(git(linked, 'log', '-1', '--format=%s')).toBe('linked\n');
    expect((await inside(`echo x >> ${main}/.git/config`)).exit).not.toBe(0);
    git(main, 'worktree', 'remove', '--force', linked);

    const { root, outside, inside: second } = await rig(level);
    put(root, { 'sub/.git': `gitdir: ${outside}\n` });
    expect((await second(`echo x > ${outside}/planted`, { cwd: 'sub' })).exit).not.toBe(0);
  });

  confined('of the home, the tools on PATH are seen and nothing else', async () => {
    const { home, inside } = await rig(level);
    expect((await inside(`ls -A ${home}`)).output).toBe('');
    put(home, { '.toolbox/bin/tool': '#!/bin/sh\necho tool\n', '.toolbox/lib/x': 'part\n' });
    const second = await rig(level, { home, path: `${home}/.toolbox/bin` });
    const { output } = await second.inside(`cat ${home}/.toolbox/lib/x; ls -A ${home}`);
    expect(output).toBe('part\n.toolbox\n');
  });

  confined('read-only: nothing but the temporary folder is written, a scratch copy is', async () => {
    const { inside, root } = await rig(level, { profile: 'read-only' });
    expect(
      (await inside('exec 2>&1; cat readme.md; echo x > new || echo refused; echo x > /tmp/x && echo kept'))
        .output,
    ).toMatch(/^hello\n.*refused\n.*kept\n$/s);
    expect(existsSync(join(root, 'new'))).toBe(false);
    const scratch = await rig(level, { root, profile: 'read-only', isScratch: true });
    expect((await scratch.inside('echo x > new')).exit).toBe(0);
  });

  confined('a whole home is not made writable', async () => {
    const { home } = await rig(level);
    const { inside } = await rig(level, { home, root: home });
    await expect(inside('true')).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringMatching(/whole home/),
    });
  });

  confined('a scratch copy uses the packages of its workspace and cannot change them', async () => {
    const [root, state] = [tempDir(), tempDir()];
    put(root, { 'main.js': '', 'node_modules/dep/index.js': 'module.exports = 42;\n' });
    const signal = never();
    const parts = { profile: 'workspace-write', stateDir: state, cacheDir: state, signal } as const;
    const sandbox = await openSandbox({ ...parts, environment: process.env, levels: [level!] });
    const workspace = await openWorkspace(root, { stateDir: state, sandbox });
    expect(workspace.sandbox).toMatchObject({
      profile: 'workspace-write',
      level: level?.name,
      egress: 'off',
    });
    const scratch = await workspace.scratch('one');
    const command = `node -p 'require("dep")'; echo x > node_modules/dep/index.js; echo x > ${root}/main.js; echo made > new`;
    const { output } = await scratch.run({ command, timeoutMs: 20_000, signal });
    expect(output).toMatch(/^42$/m);
    expect(readFileSync(join(root, 'node_modules/dep/index.js'), 'utf8')).toContain('42');
    expect(readFileSync(join(root, 'main.js'), 'utf8')).toBe('');
    expect((await scratch.read('new'))?.text).toBe('made\n');
    await scratch.dispose();
  });
});

/** For what the kernel does in its own time and tells nobody. */
const waitFor = async (done: () => boolean): Promise<void> => {
  const limit = Date.now() + 10_000;
  while (!done()) {
    if (Date.now() > limit) throw new Error('waited too long');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};
