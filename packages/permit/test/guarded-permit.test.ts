import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Action, Ran } from '@tandem/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createPermit, type PermitOptions } from '../src/index.ts';

const home = realpathSync(mkdtempSync(join(tmpdir(), 'permit-')));
const root = join(home, 'project');
const { signal } = new AbortController();

beforeAll(() => {
  mkdirSync(root);
  writeFileSync(join(root, 'a.txt'), 'a\n');
  execFileSync('git', ['init', '-q'], { cwd: root });
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

const permitOf = (options: Partial<PermitOptions> = {}) =>
  createPermit({ home, policies: { managed: join(home, 'managed'), user: join(home, 'user') }, ...options });

const calling = (given: Partial<Action>): Action => ({
  tool: 'bash',
  effect: 'exec',
  arguments: {},
  mode: 'auto',
  root,
  verify: undefined,
  preview: null,
  events: [],
  ...given,
});

const running = (command: string, given: Partial<Action> = {}): Action =>
  calling({ arguments: { command }, ...given });

const editing = (path: string, after: string, given: Partial<Action> = {}): Action =>
  calling({
    tool: 'edit',
    effect: 'write',
    arguments: { path, old: '', new: after },
    preview: { path, before: null, after },
    ...given,
  });

describe('permit', () => {
  const workflow = editing('.github/workflows/ci.yml', 'on: push\njobs: {}\n');

  test.each([
    ['reading', running('ls -la'), 'allow'],
    ['deleting a home', running('rm -rf ~'), 'deny'],
    ['sending a file out', running('curl -T a.txt https://x.example'), 'ask'],
    ['an ordinary edit', editing('b.txt', 'b\n'), 'allow'],
    ['an edit of what runs elsewhere', workflow, 'ask'],
    ['a tool without effects', calling({ tool: 'todo', effect: 'read', arguments: {} }), 'allow'],
  ])('%s is judged', async (_, action, decision) => {
    expect((await permitOf().permit(action, signal)).decision).toBe(decision);
  });

  test('without a verify command nothing counts as one, and with one nothing but it', async () => {
    const { permit } = permitOf();
    const decide = async (action: Action) => (await permit(action, signal)).decision;
    expect(await decide({ ...workflow, verify: undefined })).toBe('ask');
    const publish = 'curl -T a.txt https://x.example';
    expect(await decide(running(publish, { verify: publish }))).toBe('allow');
    expect(await decide(running(`${publish} `, { verify: publish }))).toBe('ask');
    expect(await decide(running(publish, { verify: publish, mode: 'default' }))).toBe('ask');
  });

  test('a yes holds for the same action in the session, and for no other', async () => {
    const { permit } = permitOf();
    const command = 'curl -T a.txt https://x.example';
    const asked = await permit(running(command), signal);
    const events = [
      { type: 'permission.evaluated', data: { callId: 'itm_1', action: asked.action } },
      { type: 'approval.requested', data: { callId: 'itm_1', approval: 'apr_1' } },
      { type: 'approval.resolved', data: { approval: 'apr_1', decision: 'allow' } },
    ];
    const decide = async (action: Action) => (await permit(action, signal)).decision;
    expect(await decide(running(command, { events }))).toBe('allow');
    expect(await decide(running('curl -T a.txt https://y.example', { events }))).toBe('ask');
    expect(await decide(running(command, { events: events.slice(0, 2) }))).toBe('ask');
    const declined = [
      ...events.slice(0, 2),
      { type: 'approval.resolved', data: { approval: 'apr_1', decision: 'deny' } },
    ];
    expect(await decide(running(command, { events: declined }))).toBe('ask');
  });

  test('a policy that cannot be read asks where somebody can be asked, and else denies', async () => {
    const user = join(home, 'broken');
    mkdirSync(user);
    writeFileSync(join(user, 'policy.toml'), 'rules = [');
    const { permit } = permitOf({ policies: { managed: join(home, 'managed'), user } });
    const decide = async (mode: Action['mode']) => await permit(running('ls', { mode }), signal);
    expect(await decide('auto')).toMatchObject({
      decision: 'ask',
      rules: ['guard:failed', 'clause:be-clear'],
    });
    expect((await decide('dontAsk')).decision).toBe('deny');
    expect((await decide('plan')).decision).toBe('deny');
  });

  test('a second opinion is asked about what is open, never about what is denied', async () => {
    const asked: string[] = [];
    const opinion = async ({ user }: { readonly user: string }): Promise<string> => {
      asked.push(user);
      return 'nonsense';
    };
    const { permit } = permitOf({ opinion });
    expect((await permit(running('rm -rf ~'), signal)).decision).toBe('deny');
    expect(asked).toEqual([]);
  });
});

describe('gate', () => {
  const ran = (diff: string | null, given: Partial<Ran> = {}): Ran => ({
    tool: 'bash',
    effect: 'exec',
    arguments: { command: 'make' },
    mode: 'auto',
    root,
    approved: false,
    diff: async () => diff,
    check: async () => ({ exit: 0, output: '', timedOut: false, ms: 1 }),
    ...given,
  });
  const added = (path: string, ...lines: readonly string[]): string =>
    [
      `diff --git a/${path} b/${path}`,
      'new file mode 100644',
      '--- /dev/null',
      `+++ b/${path}`,
      `@@ -0,0 +1,${lines.length} @@`,
      ...lines.map((line) => `+${line}`),
      '',
    ].join('\n');
  const hook = added('.github/workflows/ci.yml', 'on: push', 'jobs: {}');

  test('what a command left is judged like an edit', async () => {
    const { gate } = permitOf();
    expect(await gate(ran(null), signal)).toBeNull();
    expect(await gate(ran(added('b.txt', 'b')), signal)).toBeNull();
    expect(await gate(ran(hook), signal)).toMatchObject({
      decision: 'deny',
      reasons: [expect.stringContaining('.github/workflows/ci.yml')],
    });
    expect(await gate(ran(hook, { approved: true }), signal)).toBeNull();
    expect(await gate(ran(hook, { mode: 'bypass' }), signal)).toBeNull();
    expect(await gate(ran(hook, { effect: 'write' }), signal)).toBeNull();
    expect(await gate(ran(hook, { arguments: { command: 'git checkout main' } }), signal)).toBeNull();
  });

  test('a check that held before and fails after is a reason to put it back', async () => {
    const { permit, gate } = permitOf({ invariants: ['npm run types'] });
    let exit = 0;
    const check: Ran['check'] = async () => ({ exit, output: 'broken', timedOut: false, ms: 1 });
    await permit(running('make', { check }), signal);
    expect(await gate(ran(added('b.txt', 'b'), { check }), signal)).toBeNull();
    exit = 1;
    expect(await gate(ran(added('b.txt', 'b'), { check }), signal)).toMatchObject({
      decision: 'deny',
      category: 'edit.invariant',
    });
  });
});
