import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Machine } from './tandem.ts';

const writes = [
  { toolCalls: [{ name: 'write', arguments: { path: 'a.txt', text: 'one\n' } }] },
  { text: 'Done.' },
];

/** A hook that keeps what it was given, one JSON object a line, and then does the rest. */
const keeping = (log: string, rest = ''): string => `cat >> ${log}; echo >> ${log}; ${rest}`;

const given = (log: string): readonly Record<string, unknown>[] =>
  readFileSync(log, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

const settings = (hooks: Record<string, readonly (readonly [matcher: string, command: string])[]>): string =>
  JSON.stringify({
    hooks: Object.fromEntries(
      Object.entries(hooks).map(([moment, entries]) => [
        moment,
        entries.map(([matcher, command]) => ({ matcher, hooks: [{ type: 'command', command }] })),
      ]),
    ),
  });

const personal = (machine: Machine, toml: string): void => {
  mkdirSync(join(machine.home, '.config/tandem'), { recursive: true });
  writeFileSync(join(machine.home, '.config/tandem/config.toml'), toml);
};

describe("a person's hooks", () => {
  test('get the JSON that hooks of other assistants get, at every moment, without secrets', async () => {
    const machine = new Machine();
    const log = join(machine.home, 'log');
    const moments = [
      'SessionStart',
      'UserPromptSubmit',
      'PreToolUse',
      'PostToolUse',
      'Stop',
      'SessionEnd',
      'Notification',
    ];
    const hook = keeping(log, 'echo "$SOME_TOKEN" >&2');
    personal(
      machine,
      moments.map((moment) => `[[hooks.${moment}]]\nhooks = [{ command = '${hook}' }]\n`).join('\n'),
    );
    const model = machine.script('mind', writes);
    const ran = await machine.run(['exec', '--model', model, '--permission-mode', 'acceptEdits', 'Go'], {
      env: { SOME_TOKEN: 'hush' },
    });
    expect(ran.code).toBe(0);
    const all = given(log);
    const session = all[0]?.session_id;
    const common = { session_id: session, cwd: machine.workspace, permission_mode: 'acceptEdits' };
    const call = {
      tool_name: 'Write',
      tool_input: { file_path: join(machine.workspace, 'a.txt'), content: 'one\n' },
    };
    expect(all).toMatchObject([
      { ...common, hook_event_name: 'SessionStart', source: 'startup' },
      { ...common, hook_event_name: 'UserPromptSubmit', prompt: 'Go' },
      { ...common, hook_event_name: 'PreToolUse', ...call },
      { ...common, hook_event_name: 'PostToolUse', ...call, tool_response: { success: true } },
      { ...common, hook_event_name: 'Stop', stop_hook_active: false },
      { ...common, hook_event_name: 'SessionEnd', reason: 'other' },
    ]);
    expect(readFileSync(String(all[0]?.transcript_path), 'utf8')).toContain('"turn.completed"');
    expect(ran.err).not.toContain('hush');
  });

  test('exit 2 refuses, and the model reads what stderr says', async () => {
    const machine = new Machine();
    personal(
      machine,
      "[[hooks.PreToolUse]]\nmatcher = 'Edit|Write'\nhooks = [{ command = 'echo frozen until Monday >&2; exit 2' }]\n",
    );
    const model = machine.script('mind', [
      writes[0]!,
      { match: 'Not allowed: frozen until Monday', text: 'I cannot.' },
    ]);
    const ran = await machine.run(['exec', '--model', model, '--permission-mode', 'bypass', 'Go']);
    expect(ran).toMatchObject({ code: 0, out: 'I cannot.\n' });
    expect(machine.read('a.txt')).toBeNull();
  });

  test('JSON on stdout decides, adds context and ends the turn', async () => {
    const machine = new Machine();
    const answer = (json: object): string =>
      `hooks = [{ command = '''echo '${JSON.stringify(json)}' ''' }]\n`;
    const pre = {
      hookEventName: 'PreToolUse',
      permissionDecision: 'allow',
      permissionDecisionReason: 'fine',
    };
    const start = { hookEventName: 'SessionStart', additionalContext: 'the week is 48' };
    personal(
      machine,
      `[[hooks.PreToolUse]]\nmatcher = 'Write'\n${answer({ hookSpecificOutput: pre })}` +
        `[[hooks.SessionStart]]\n${answer({ hookSpecificOutput: start })}` +
        `[[hooks.PostToolUse]]\nmatcher = 'Bash'\n${answer({ continue: false, stopReason: 'enough' })}`,
    );
    const model = machine.script('mind', [
      { match: 'the week is 48', ...writes[0]! },
      { toolCalls: [{ name: 'bash', arguments: { command: 'ls' } }] },
    ]);
    const exec = ['exec', '--model', model, '--permission-mode', 'default', '--keep', 'Go'];
    const ran = await machine.run(exec);
    expect(ran).toMatchObject({ code: 130, err: expect.stringContaining('a hook ended the turn: enough') });
    expect(machine.read('a.txt')).toBe('one\n');
  });

  test('what a hook writes after an edit is undone with it', async () => {
    const machine = new Machine();
    machine.write('a.txt', 'before\n');
    personal(
      machine,
      "[[hooks.PostToolUse]]\nmatcher = 'Write|Edit'\nhooks = [{ command = 'echo formatted >> a.txt; echo x > b.txt' }]\n",
    );
    const model = machine.script('mind', [
      { toolCalls: [{ name: 'read', arguments: { path: 'a.txt' } }] },
      ...writes,
    ]);
    await machine.run(['exec', '--model', model, 'Go']);
    expect([machine.read('a.txt'), machine.read('b.txt')]).toEqual(['one\nformatted\n', 'x\n']);
    expect((await machine.run(['undo'])).code).toBe(0);
    expect([machine.read('a.txt'), machine.read('b.txt')]).toEqual(['before\n', null]);
  });

  test('one that hangs is ended, and a person is asked about what it did not judge', async () => {
    const machine = new Machine();
    personal(machine, "[[hooks.PreToolUse]]\nhooks = [{ command = 'sleep 60', timeout = 0.2 }]\n");
    const model = machine.script('mind', writes);
    const ran = await machine.run(['exec', '--model', model, '--permission-mode', 'acceptEdits', 'Go']);
    expect(ran).toMatchObject({ code: 3, err: expect.stringContaining('took too long') });
    expect(machine.read('a.txt')).toBeNull();
  });

  test('a refused prompt never reaches a model, small ones included', async () => {
    const machine = new Machine();
    personal(
      machine,
      "[[hooks.UserPromptSubmit]]\nhooks = [{ command = 'grep -q sesame && echo no passwords >&2 && exit 2 || exit 0' }]\n",
    );
    const model = machine.script('mind', [{ text: 'Hello.' }], { strength: 'small' });
    const ran = await machine.run(['exec', '--model', model, 'open sesame?']);
    expect(ran).toMatchObject({ code: 2, out: '', err: expect.stringContaining('no passwords') });
    expect(await machine.run(['exec', '--model', model, 'What is this?'])).toMatchObject({ code: 0 });
  });
});

describe("a workspace's hooks", () => {
  const machine = new Machine();
  const log = join(machine.home, 'log');
  machine.write('.claude/settings.json', settings({ PreToolUse: [['Write', keeping(log)]] }));
  machine.write('.tandem/config.toml', `[[hooks.Stop]]\nhooks = [{ command = '${keeping(log)}' }]\n`);
  const model = machine.script('mind', writes);
  const exec = ['exec', '--model', model];
  const moments = (): readonly unknown[] => given(log).map((one) => one.hook_event_name);

  test('do not run until a person trusts it, and a line says so', async () => {
    const untrusted = await machine.run([...exec, 'Go']);
    expect(untrusted).toMatchObject({
      code: 0,
      err: expect.stringContaining('is not trusted, so what it brings along does not run: 2 hooks'),
    });
    expect((await machine.run(['hooks'])).out).toMatch(/does not run: this workspace is not trusted/);
    expect(() => given(log)).toThrow('ENOENT');

    const once = await machine.run([...exec, '--trust', 'Go']);
    expect(once.err).not.toContain('trusted');
    expect(moments()).toEqual(['PreToolUse', 'Stop']);
    expect((await machine.run([...exec, 'Go'])).err).toContain('is not trusted');

    expect(await machine.run(['trust'])).toMatchObject({
      code: 0,
      err: `${machine.workspace} is trusted.\n`,
    });
    expect((await machine.run([...exec, 'Go'])).err).not.toContain('trusted');
    expect(moments()).toHaveLength(4);
    expect((await machine.run(['trust', '--list'])).out).toBe(`${machine.workspace}\n`);
    machine.expectGolden('hooks-list', await machine.run(['hooks']));

    await machine.run(['trust', '--revoke']);
    expect((await machine.run([...exec, 'Go'])).err).toContain('is not trusted');
    expect(moments()).toHaveLength(4);
  });

  test('what is wrong in them is named and costs nothing else', async () => {
    const other = new Machine();
    other.write(
      '.claude/settings.json',
      '{ "hooks": { "PreToolUse": [{ "matcher": "(", "hooks": [] }], "Later": [] } }',
    );
    const { code, err } = await other.run(['hooks']);
    expect(code).toBe(0);
    expect(err).toMatch(/the matcher "\(" of PreToolUse is no pattern\n.*there is no moment Later/);
  });
});
