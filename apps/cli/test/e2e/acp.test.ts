import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import {
  type ClientContext,
  client,
  methods,
  ndJsonStream,
  type RequestPermissionRequest,
  type RequestPermissionResponse,
  type SessionUpdate,
} from '@agentclientprotocol/sdk';
import { describe, expect, test } from 'vitest';
import { Machine } from './tandem.ts';

type Answer = (asked: RequestPermissionRequest) => Promise<RequestPermissionResponse>;

const choose =
  (kind: string): Answer =>
  async ({ options }) => ({
    outcome: { outcome: 'selected', optionId: options.find((one) => one.kind === kind)!.optionId },
  });

/** The official client against a real process. */
const connect = async (machine: Machine, words: readonly string[], answer: Answer = choose('allow_once')) => {
  const started = machine.start(['acp', ...words], { stdin: 'pipe' });
  const { stdin, stdout } = started.child;
  const updates: SessionUpdate[] = [];
  const asked: RequestPermissionRequest[] = [];
  const waiting = new Set<() => void>();
  const connection = client({ name: 'test' })
    .onRequest(methods.client.session.requestPermission, ({ params }) => {
      asked.push(params);
      return answer(params);
    })
    .onNotification(methods.client.session.update, ({ params }) => {
      updates.push(params.update);
      for (const check of [...waiting]) check();
    })
    .connect(
      ndJsonStream(
        Writable.toWeb(stdin!) as WritableStream<Uint8Array>,
        Readable.toWeb(stdout!) as ReadableStream<Uint8Array>,
      ),
    );
  const { agent } = connection;
  const initialized = await agent.request(methods.agent.initialize, {
    protocolVersion: 1,
    clientCapabilities: {},
  });
  /** Resolves when an update fits. */
  const sees = (fits: (update: SessionUpdate) => boolean): Promise<void> =>
    new Promise((resolve) => {
      const check = (): void => {
        if (!updates.some(fits)) return;
        waiting.delete(check);
        resolve();
      };
      waiting.add(check);
      check();
    });
  return { ...started, agent, initialized, updates, asked, sees };
};

const open = async (agent: ClientContext, machine: Machine) =>
  await agent.request(methods.agent.session.new, { cwd: machine.workspace, mcpServers: [] });

const say = (agent: ClientContext, sessionId: string, text: string) =>
  agent.request(methods.agent.session.prompt, { sessionId, prompt: [{ type: 'text', text }] });

const textOf = (updates: readonly SessionUpdate[], kind: string): string =>
  updates
    .map((one) =>
      one.sessionUpdate === kind && 'content' in one && one.content !== null && 'text' in one.content
        ? one.content.text
        : '',
    )
    .join('');

const call = (name: string, given: object): object => ({ toolCalls: [{ name, arguments: given }] });

const logOf = (machine: Machine, session: string): string =>
  readFileSync(join(machine.home, '.local/state/tandem/sessions', session, 'events.jsonl'), 'utf8');

const edits = [
  { reasoning: 'It is small.', text: 'I look.', toolCalls: [{ name: 'read', arguments: { path: 'a.txt' } }] },
  call('todo', { steps: [{ text: 'change it', status: 'in_progress' }] }),
  call('edit', { path: 'a.txt', old: 'b', new: 'B' }),
  { match: 'Edited', text: 'It is changed.' },
];

describe('an editor', () => {
  test('makes a session, prompts, is asked with the diff, and sees each thing once; another loads it', async () => {
    const machine = new Machine();
    machine.write('a.txt', 'a\nb\nc\n');
    const model = machine.script('mind', edits);
    const one = await connect(machine, ['--model', model]);
    expect(one.initialized).toMatchObject({
      protocolVersion: 1,
      authMethods: [],
      agentCapabilities: { loadSession: true, promptCapabilities: { embeddedContext: true } },
    });
    const { sessionId, modes } = await open(one.agent, machine);
    expect(modes).toMatchObject({ currentModeId: 'default', availableModes: { length: 6 } });
    const uri = `file://${machine.workspace}/a.txt`;
    const ended = await one.agent.request(methods.agent.session.prompt, {
      sessionId,
      prompt: [
        { type: 'text', text: 'Change' },
        { type: 'resource_link', name: 'a.txt', uri },
        { type: 'resource', resource: { uri: 'file:///elsewhere/b.md', text: 'as here' } },
      ],
    });
    expect(ended.stopReason).toBe('end_turn');
    expect(machine.read('a.txt')).toBe('a\nB\nc\n');

    const path = join(machine.workspace, 'a.txt');
    const diff = { type: 'diff', path, oldText: 'a\nb\nc\n', newText: 'a\nB\nc\n' };
    expect(one.asked).toMatchObject([
      {
        toolCall: { title: expect.stringMatching(/a\.txt\? \(.+\)$/), content: [diff] },
        options: [{ kind: 'allow_once' }, { kind: 'reject_once' }],
      },
    ]);
    expect(textOf(one.updates, 'agent_message_chunk')).toBe('I look.It is changed.');
    expect(textOf(one.updates, 'agent_thought_chunk')).toBe('It is small.');
    expect(one.updates).toContainEqual({
      sessionUpdate: 'plan',
      entries: [{ content: 'change it', status: 'in_progress', priority: 'medium' }],
    });
    const call = one.asked[0]!.toolCall.toolCallId;
    const steps = one.updates.filter((update) => 'toolCallId' in update && update.toolCallId === call);
    expect(steps).toMatchObject([
      {
        sessionUpdate: 'tool_call',
        kind: 'edit',
        status: 'pending',
        title: 'edit a.txt',
        locations: [{ path }],
      },
      { sessionUpdate: 'tool_call_update', status: 'in_progress' },
      {
        sessionUpdate: 'tool_call_update',
        status: 'completed',
        content: [diff],
        locations: [{ path, line: 1 }],
      },
    ]);
    one.child.stdin!.end();
    expect(await one.ended).toMatchObject({ code: 0 });

    const two = await connect(machine, ['--model', model]);
    const listed = await two.agent.request(methods.agent.session.list, { cwd: machine.workspace });
    expect(listed.sessions).toMatchObject([
      { sessionId, cwd: machine.workspace, title: expect.stringMatching(/^Change/) },
    ]);
    const loaded = await two.agent.request(methods.agent.session.load, {
      sessionId,
      cwd: machine.workspace,
      mcpServers: [],
    });
    expect(loaded.modes?.currentModeId).toBe('default');
    expect(textOf(two.updates, 'user_message_chunk')).toBe(
      'Change a.txt  /elsewhere/b.md \n\n<resource name="/elsewhere/b.md">\nas here\n</resource>',
    );
    expect(textOf(two.updates, 'agent_message_chunk')).toBe('I look.It is changed.');
    expect(two.updates.at(-2)).toMatchObject({
      sessionUpdate: 'tool_call',
      status: 'completed',
      content: [diff],
    });
    // Whatever is on stdout is the protocol.
    two.child.stdin!.end();
    const { out } = await two.ended;
    for (const line of out.trim().split('\n')) expect(JSON.parse(line)).toMatchObject({ jsonrpc: '2.0' });
  });

  test('refuses an edit, and the model hears of it; allows a kind for good, where that is offered', async () => {
    const machine = new Machine();
    const install = (name: string): object =>
      call('bash', { command: `npm install ${name}@1.3.0 --offline` });
    const model = machine.script('mind', [
      call('write', { path: 'no.txt', text: 'no' }),
      { match: '^The person declined this', text: 'As you like.' },
      install('left-pad'),
      install('right-pad'),
      { text: 'Both.' },
    ]);
    const answers = ['reject_once', 'allow_always'];
    const { agent, asked, updates } = await connect(machine, ['--model', model], (question) =>
      choose(answers.shift()!)(question),
    );
    const { sessionId } = await open(agent, machine);
    expect(await say(agent, sessionId, 'Go')).toEqual({ stopReason: 'end_turn' });
    expect(machine.read('no.txt')).toBeNull();
    await agent.request(methods.agent.session.setMode, { sessionId, modeId: 'auto' });
    expect(await say(agent, sessionId, 'Install')).toEqual({ stopReason: 'end_turn' });
    expect(asked.map(({ options }) => options.map(({ kind }) => kind))).toEqual([
      ['allow_once', 'reject_once'],
      ['allow_once', 'allow_always', 'reject_once'],
    ]);
    expect(textOf(updates, 'agent_message_chunk')).toBe('As you like.Both.');
    expect(readFileSync(join(machine.home, '.config/tandem/policy.toml'), 'utf8')).toContain('[[rule]]');
  });

  test('passes an MCP server on, each call of which is asked about', async () => {
    const machine = new Machine();
    const modules = join(import.meta.dirname, '../../../../node_modules');
    const everything = join(modules, '@modelcontextprotocol/server-everything/dist/index.js');
    const model = machine.script('mind', [
      call('find_tool', { words: 'echo message' }),
      {
        match: 'my-own/echo: ',
        ...call('use_tool', { name: 'my-own/echo', arguments: { message: 'ping' } }),
      },
      { match: '^Echo: ping$', text: 'It said ping.' },
    ]);
    const { agent, asked, updates } = await connect(machine, ['--model', model]);
    const { sessionId } = await agent.request(methods.agent.session.new, {
      cwd: machine.workspace,
      mcpServers: [{ name: 'my own', command: process.execPath, args: [everything, 'stdio'], env: [] }],
    });
    expect(await say(agent, sessionId, 'Go')).toEqual({ stopReason: 'end_turn' });
    expect(asked.map(({ toolCall }) => toolCall.title)).toEqual([
      expect.stringMatching(/^Use my-own\/echo with/),
    ]);
    expect(textOf(updates, 'agent_message_chunk')).toBe('It said ping.');
  });

  test('sees what a small model is at, its diff and its answer once, and that no attempt passes', async () => {
    const machine = new Machine();
    machine.write('a.js', 'export const a = 1;\n');
    const small = { strength: 'small', parameters: 1.5, nativeTools: false };
    const answers = Array.from({ length: 60 }, (_, index) => ({
      text: `\`\`\`js\nexport const a = ${index + 2};\n\`\`\``,
    }));
    const model = machine.script('small', answers, small);
    const verify = "test -e ok && ! grep -q 'a = 1;' a.js";
    const { agent, updates } = await connect(machine, ['--model', model, '--verify', verify]);
    const { sessionId } = await open(agent, machine);
    const ask = 'Make a in a.js larger.';
    expect(await say(agent, sessionId, ask)).toEqual({ stopReason: 'end_turn' });
    expect(machine.read('a.js')).toBe('export const a = 1;\n');
    const failed = textOf(updates.splice(0), 'agent_message_chunk');
    expect(failed.split('No attempt')).toHaveLength(2);

    machine.write('ok', '');
    expect(await say(agent, sessionId, ask)).toEqual({ stopReason: 'end_turn' });
    const [first] = updates;
    expect(first).toMatchObject({ sessionUpdate: 'tool_call', kind: 'think', status: 'in_progress' });
    const work = 'toolCallId' in first! ? first.toolCallId : null;
    expect(updates).toContainEqual({
      sessionUpdate: 'tool_call_update',
      toolCallId: work,
      status: 'completed',
    });
    expect(updates).toContainEqual(expect.objectContaining({ kind: 'edit', status: 'completed' }));
    expect(textOf(updates, 'agent_message_chunk').split('Changed a.js')).toHaveLength(2);
  });

  test('cancels a turn that works and one that waits for an answer', async () => {
    const machine = new Machine();
    const model = machine.script('mind', [
      call('bash', { command: 'echo started; sleep 60' }),
      call('write', { path: 'no.txt', text: 'no' }),
      { text: 'Still here.' },
    ]);
    const never: Answer = () => new Promise(() => {});
    const { agent, sees, updates } = await connect(
      machine,
      ['--model', model, '--permission-mode', 'bypass'],
      never,
    );
    const { sessionId } = await open(agent, machine);
    const working = say(agent, sessionId, 'Go');
    await sees((update) => JSON.stringify(update).includes('started\\n'));
    await expect(say(agent, sessionId, 'And?')).rejects.toThrow(/a turn is running/);
    await agent.notify(methods.agent.session.cancel, { sessionId });
    expect(await working).toEqual({ stopReason: 'cancelled' });

    await agent.request(methods.agent.session.setMode, { sessionId, modeId: 'default' });
    const waits = say(agent, sessionId, 'Go on');
    await sees((update) => 'title' in update && update.title === 'write no.txt');
    await agent.notify(methods.agent.session.cancel, { sessionId });
    expect(await waits).toEqual({ stopReason: 'cancelled' });
    expect(machine.read('no.txt')).toBeNull();
    expect(await say(agent, sessionId, 'There?')).toEqual({ stopReason: 'end_turn' });
    expect(textOf(updates, 'agent_message_chunk')).toBe('Still here.');
  });

  test('is told what is wrong with what it sends', async () => {
    const machine = new Machine();
    const model = machine.script('mind', [{ error: 'the provider is gone' }]);
    const { agent, child, shows } = await connect(machine, ['--model', model]);
    const cwd = machine.workspace;
    const { session } = methods.agent;
    const refused = (method: string, params: object) => expect(agent.request(method, params)).rejects;
    await refused(session.new, { cwd: 'here', mcpServers: [] }).toMatchObject({ code: -32602 });
    await refused(session.new, { cwd: '/nowhere/at/all', mcpServers: [] }).toMatchObject({ code: -32602 });
    await refused(session.load, { sessionId: 'ses_none', cwd, mcpServers: [] }).toMatchObject({
      code: -32002,
    });
    await refused(session.prompt, { sessionId: 'ses_none', prompt: [] }).toMatchObject({ code: -32002 });
    await agent.notify(session.cancel, { sessionId: 'ses_none' });
    await refused('session/what', {}).toMatchObject({ code: -32601 });
    const { sessionId } = await open(agent, machine);
    await refused(session.setMode, { sessionId, modeId: 'yolo' }).toMatchObject({ code: -32602 });
    await refused(session.load, { sessionId, cwd: machine.home, mcpServers: [] }).toMatchObject({
      code: -32602,
    });
    const image = { type: 'image', data: '', mimeType: 'image/png' };
    await refused(session.prompt, { sessionId, prompt: [image] }).toMatchObject({ code: -32602 });
    await refused(session.prompt, { sessionId, prompt: [] }).toMatchObject({ code: -32602 });
    await expect(say(agent, sessionId, 'Go')).rejects.toThrow(/the provider is gone/);
    child.stdin!.write('this is no JSON\n');
    await shows('-32700');
  });

  test('may die, and be interrupted, while a command runs: the turn is closed in the log and nothing goes on', async () => {
    for (const end of ['stdin', 'SIGINT'] as const) {
      const machine = new Machine();
      const run = call('bash', { command: 'echo started; sleep 60; echo late > late.txt' });
      const model = machine.script('mind', [run]);
      const words = ['--model', model, '--permission-mode', 'bypass'];
      const { agent, child, ended, sees } = await connect(machine, words);
      const { sessionId } = await open(agent, machine);
      const turn = say(agent, sessionId, 'Go').catch(() => null);
      await sees((update) => JSON.stringify(update).includes('started\\n'));
      if (end === 'stdin') child.stdin!.destroy();
      else child.kill(end);
      expect({ end, code: (await ended).code }).toEqual({ end, code: { stdin: 0, SIGINT: 130 }[end] });
      await turn;
      expect(logOf(machine, sessionId)).toMatch(/"type":"turn.completed".*"outcome":"interrupted"/);
    }
  });

  test('may be killed: the next prompt takes up what was left open, and then itself', async () => {
    const machine = new Machine();
    const run = call('bash', { command: 'echo started; sleep 60; echo late > late.txt' });
    const words = ['--permission-mode', 'bypass', '--model'];
    const one = await connect(machine, [...words, machine.script('mind', [run])]);
    const { sessionId } = await open(one.agent, machine);
    void say(one.agent, sessionId, 'Go').catch(() => null);
    await one.sees((update) => JSON.stringify(update).includes('started\\n'));
    one.child.kill('SIGKILL');
    await one.ended;
    machine.script('mind', [
      { match: '^Interrupted:', text: 'I see.' },
      { match: 'There', text: 'Here.' },
    ]);
    const two = await connect(machine, [...words, 'scripted/elsewhere']);
    await two.agent.request(methods.agent.session.resume, { sessionId, cwd: machine.workspace });
    expect(await say(two.agent, sessionId, 'There?')).toEqual({ stopReason: 'end_turn' });
    expect(textOf(two.updates, 'agent_message_chunk')).toBe('I see.Here.');
    expect(machine.read('late.txt')).toBeNull();
  });
});
