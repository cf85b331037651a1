import { AppError } from '@tandem/protocol';
import { describe, expect, it } from 'vitest';
import { begin, oneTurn, typesOf, until, user, viewOf, world } from '../support/harness.ts';

const call = (name: string, given: unknown) => ({ calls: [{ name, arguments: given }] });

describe('the free loop', () => {
  it('answers without tools', async () => {
    const made = world({ script: { turns: [{ text: 'It is 42.' }] } });
    const { view, events } = await oneTurn(made, 'what is it?');
    expect(typesOf(events)).toEqual([
      'session.created',
      'turn.admitted',
      'turn.started',
      'item.completed',
      'snapshot.taken',
      'step.started',
      'item.completed',
      'step.completed',
      'turn.completed',
    ]);
    expect(view.turns[0]).toMatchObject({ status: 'ok', answer: 'It is 42.', files: [], error: null });
    expect(view.status).toBe('idle');
    expect(view.title).toBe('what is it?');
  });

  it('reads, edits and reports the change', async () => {
    const made = world({
      files: { 'a.ts': 'const one = 1;\nconst two = 3;\n' },
      script: {
        turns: [
          call('read', { path: 'a.ts' }),
          call('edit', { path: 'a.ts', old: 'two = 3', new: 'two = 2' }),
          { text: 'Fixed a.ts:2.' },
        ],
      },
    });
    const { view } = await oneTurn(made);
    expect(made.workspace.files.get('a.ts')).toBe('const one = 1;\nconst two = 2;\n');
    expect(view.turns[0]?.files).toEqual([{ path: 'a.ts', added: 1, removed: 1 }]);
    expect(view.turns[0]?.items.map((item) => item.type)).toEqual([
      'user_message',
      'tool_call',
      'file_change',
      'agent_message',
    ]);
    const last = made.model.requests[2]?.messages.at(-1);
    expect(last).toMatchObject({ role: 'tool', name: 'edit', isError: false });
  });

  it('sends earlier messages byte for byte as before', async () => {
    const made = world({
      files: { 'a.ts': 'x\n' },
      instructions: 'Use tabs.',
      script: {
        turns: [
          call('read', { path: 'a.ts' }),
          call('grep', { pattern: 'x' }),
          { text: 'one' },
          { text: 'two' },
        ],
      },
    });
    const { session } = await oneTurn(made);
    await made.engine.startTurn({ session, text: 'more', options: {}, actor: user });
    await made.engine.idle(session);
    const { requests } = made.model;
    for (const [index, request] of requests.entries()) {
      const before = requests[index - 1]?.messages ?? [];
      expect(JSON.stringify(request.messages.slice(0, before.length))).toBe(JSON.stringify(before));
      expect(JSON.stringify(request.tools)).toBe(JSON.stringify(requests[0]?.tools));
    }
    expect(requests[0]?.messages[0]?.text).toContain('Use tabs.');
  });

  it('keeps the first request small', async () => {
    const made = world({ script: { turns: [{ text: 'ok' }] }, fetchPage: async () => '' });
    await oneTurn(made);
    const { messages, tools } = made.model.requests[0] ?? {};
    expect(JSON.stringify({ messages, tools }).length).toBeLessThan(8_000);
  });

  it('runs reads of one step at the same time', async () => {
    const made = world({
      files: { a: '1\n', b: '2\n' },
      script: {
        turns: [
          {
            calls: [
              { name: 'read', arguments: { path: 'a' } },
              { name: 'read', arguments: { path: 'b' } },
            ],
          },
          { text: 'both' },
        ],
      },
    });
    const inner = made.workspace.read;
    let running = 0;
    let bothRun: () => void = () => {};
    const both = new Promise<void>((resolve) => {
      bothRun = resolve;
    });
    Object.assign(made.workspace, {
      // Neither is done before both have begun: one after the other would never end.
      read: async (path: string) => {
        running += 1;
        if (running === 2) bothRun();
        await both;
        return inner(path);
      },
    });
    await oneTurn(made);
    const results = made.model.requests[1]?.messages.filter((message) => message.role === 'tool');
    expect(results?.map((message) => message.text)).toEqual(['1\t1\n', '1\t2\n']);
  });

  it('tells the model what a wrong call should look like', async () => {
    const made = world({ script: { turns: [call('read', { file: 'a' }), call('fly', {}), { text: 'ok' }] } });
    const { view } = await oneTurn(made);
    expect(view.turns[0]?.status).toBe('ok');
    expect(made.model.requests[1]?.messages.at(-1)?.text).toBe(
      'read: "path" is missing. Call it as read({"path": string, "from"?: integer, "to"?: integer}).',
    );
    expect(made.model.requests[2]?.messages.at(-1)?.text).toContain('There is no tool fly');
  });

  it('takes an input that comes meanwhile at the next step', async () => {
    let release: (value?: unknown) => void = () => {};
    const until2 = new Promise((resolve) => {
      release = resolve;
    });
    const made = world({
      script: { turns: [{ text: 'first', until: until2 }, { text: 'second' }] },
    });
    const { session, turn } = await begin(made);
    await until(made, session, (event) => event.type === 'step.started');
    const joined = await made.engine.startTurn({ session, text: 'also this', options: {}, actor: user });
    expect(joined.turn).toBe(turn);
    release();
    await made.engine.idle(session);
    const view = await viewOf(made.engine, session);
    expect(view.turns).toHaveLength(1);
    expect(view.turns[0]?.answer).toBe('second');
    expect(made.model.requests[1]?.messages.slice(-2).map((message) => message.text)).toEqual([
      'first',
      'also this',
    ]);
  });

  it('answers an input that comes at any moment of the end of a turn', async () => {
    for (let delay = 0; delay < 40; delay += 1) {
      let asked: Promise<unknown> = Promise.resolve();
      const made = world({
        script: {
          turns: (_request, index) => {
            if (index === 0)
              asked = (async () => {
                for (let tick = 0; tick < delay; tick += 1) await Promise.resolve();
                await made.engine.startTurn({ session, text: 'late', options: {}, actor: user });
              })();
            return { text: `answer ${index}` };
          },
        },
      });
      const settings = { model: 'm', cwd: '/memory', permissionMode: 'bypass' } as const;
      const { session } = await made.engine.createSession({ settings, title: '', actor: user });
      await made.engine.startTurn({ session, text: 'go', options: {}, actor: user });
      await made.engine.idle(session);
      await asked;
      await made.engine.idle(session);
      const view = await viewOf(made.engine, session);
      expect(view.status).toBe('idle');
      expect(view.turns.map((turn) => turn.status)).not.toContain('failed');
      expect(view.turns.at(-1)?.answer).toBe('answer 1');
      const texts = made.model.requests[1]?.messages.slice(1).map((message) => message.text);
      expect(texts).toEqual(['go', 'answer 0', 'late']);
    }
  });

  it('asks for the shape of the answer and gives it bare', async () => {
    const outputSchema = { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] };
    const good = world({ script: { turns: [{ text: '```json\n{"n": 3}\n```' }] } });
    const { view } = await oneTurn(good, 'count', { outputSchema });
    expect(view.turns[0]).toMatchObject({ status: 'ok', answer: '{"n": 3}' });
    expect(good.model.requests[0]?.messages.at(-1)?.text).toContain('"required":["n"]');
    const bad = world({ script: { turns: [{ text: '{"m": 3}' }] } });
    expect((await oneTurn(bad, 'count', { outputSchema })).view.turns[0]?.error?.message).toContain(
      '"n" is missing',
    );
  });

  it('tells once and then ends a turn that repeats itself', async () => {
    const made = world({
      files: { a: '1\n' },
      script: { turns: () => call('read', { path: 'a' }) },
    });
    const { view } = await oneTurn(made);
    expect(view.turns[0]).toMatchObject({ status: 'failed', error: { code: 'model_failed' } });
    expect(made.model.requests).toHaveLength(5);
    const told = made.model.requests.at(-1)?.messages.filter((message) => message.text.includes('[loop]'));
    expect(told).toHaveLength(1);
  });

  it('lets the same call go on while its result changes', async () => {
    let count = 0;
    const made = world({
      run: () => ({ output: `${count++}` }),
      script: {
        turns: (_request, index) => (index < 7 ? call('bash', { command: 'poll' }) : { text: 'done' }),
      },
    });
    const { view } = await oneTurn(made);
    expect(view.turns[0]?.status).toBe('ok');
  });

  it('ends at its limit of steps, with the files as before and the work kept as a patch', async () => {
    const made = world({
      files: { a: 'old\n' },
      script: {
        turns: [call('read', { path: 'a' }), call('write', { path: 'a', text: 'new\n' }), { text: 'never' }],
      },
    });
    const { view } = await oneTurn(made, 'go', { maxTurns: 2 });
    expect(view.turns[0]).toMatchObject({ status: 'limit', error: { code: 'limit' } });
    expect(made.workspace.files.get('a')).toBe('old\n');
    expect(made.kept.get(`${view.turns[0]?.id}.patch`)).toContain('+new');
    expect(view.turns[0]?.patch).toBe(`/kept/${view.turns[0]?.id}.patch`);
  });

  it('ends when its seconds are over', async () => {
    const made = world({ script: { turns: [{ text: 'late', until: new Promise(() => {}) }] } });
    const { session } = await begin(made, 'go', { maxSeconds: 5 });
    await until(made, session, (event) => event.type === 'step.started');
    made.clock.advance(5_000);
    await made.engine.idle(session);
    const view = await viewOf(made.engine, session);
    expect(view.turns[0]).toMatchObject({ status: 'limit', ms: 5_000 });
    expect(made.clock.sleepers()).toBe(0);
  });

  it('ends when its money is spent', async () => {
    const made = world({
      files: { a: '' },
      script: { turns: () => ({ ...call('glob', { pattern: '*' }), usage: { costUsd: 0.6 } }) },
    });
    const { view } = await oneTurn(made, 'go', { maxCostUsd: 1 });
    expect(view.turns[0]).toMatchObject({ status: 'limit', usage: { costUsd: 1.2 } });
  });

  it('puts files back when it is interrupted in the middle of a command', async () => {
    let started: () => void = () => {};
    const running = new Promise<void>((resolve) => {
      started = resolve;
    });
    const made = world({
      files: { a: 'old\n' },
      run: (request, files) => {
        files.set('a', 'half');
        started();
        return new Promise((_resolve, reject) =>
          request.signal.addEventListener('abort', () => reject(request.signal.reason)),
        );
      },
      script: { turns: [call('bash', { command: 'long' })] },
    });
    const { session } = await begin(made);
    await running;
    await made.engine.interrupt(session);
    await made.engine.idle(session);
    const view = await viewOf(made.engine, session);
    expect(view.turns[0]).toMatchObject({ status: 'interrupted', error: { code: 'interrupted' } });
    expect(view.turns[0]?.items.at(-1)).toMatchObject({ type: 'tool_call', status: 'interrupted' });
    expect(made.workspace.files.get('a')).toBe('old\n');
  });

  it("leaves a person's own changes alone when a turn that changed nothing fails", async () => {
    const made = world({
      files: { a: 'old\n' },
      script: {
        turns: () => {
          made.workspace.files.set('a', 'mine\n');
          return { error: new AppError('model_failed', 'the provider is down') };
        },
      },
    });
    const { view } = await oneTurn(made);
    expect(view.lastError).toEqual({ code: 'model_failed', message: 'the provider is down' });
    expect(made.workspace.files.get('a')).toBe('mine\n');
  });

  it('streams text as deltas before the item', async () => {
    const made = world({ script: { turns: [{ text: 'one two' }] } });
    const settings = { model: 'm', cwd: '/memory', permissionMode: 'bypass' } as const;
    const { session } = await made.engine.createSession({ settings, title: '', actor: user });
    const control = new AbortController();
    const seen: string[] = [];
    const following = (async () => {
      for await (const event of made.engine.follow(session, { after: 0, signal: control.signal })) {
        if (event.type === 'caught_up')
          await made.engine.startTurn({ session, text: 'go', options: {}, actor: user });
        if (event.type === 'item.delta') seen.push((event as { text: string }).text);
        if (event.type === 'turn.completed') return;
      }
    })();
    await following;
    expect(seen.join('')).toBe('one two');
  });
});

describe('verify', () => {
  const writes = (text: string) => call('write', { path: 'a', text });

  it('gives a failing check back to the model until it passes', async () => {
    const made = world({
      run: (_request, files) =>
        files.get('a') === 'good' ? { exit: 0, output: 'ok' } : { exit: 1, output: 'a is bad' },
      script: { turns: [writes('bad'), { text: 'done' }, writes('good'), { text: 'really' }] },
    });
    const { view } = await oneTurn(made, 'go', { verify: 'check a' });
    expect(view.turns[0]).toMatchObject({
      status: 'ok',
      answer: 'really',
      verify: { command: 'check a', exit: 0 },
      files: [{ path: 'a', added: 1, removed: 0 }],
    });
    expect(made.model.requests[2]?.messages.at(-1)?.text).toContain('a is bad');
  });

  it('fails after three rounds, restores the files and keeps the patch', async () => {
    const made = world({
      files: { a: 'old' },
      run: () => ({ exit: 2, output: 'no' }),
      script: {
        turns: (_request, index) =>
          index === 0 ? call('read', { path: 'a' }) : index === 1 ? writes('new') : { text: `try ${index}` },
      },
    });
    const { view } = await oneTurn(made, 'go', { verify: 'check' });
    expect(view.turns[0]).toMatchObject({
      status: 'failed',
      error: { code: 'verify_failed' },
      verify: { command: 'check', exit: 2 },
      files: [],
    });
    expect(made.model.requests).toHaveLength(6);
    expect(made.workspace.files.get('a')).toBe('old');
    expect([...made.kept.values()][0]).toContain('+new');
  });

  it('leaves the files when told to keep them', async () => {
    const made = world({
      run: () => ({ exit: 2, output: 'no' }),
      script: { turns: [writes('new')] },
    });
    const { view } = await oneTurn(made, 'go', { verify: 'check', keep: true });
    expect(view.turns[0]).toMatchObject({ status: 'failed', patch: null });
    expect(made.workspace.files.get('a')).toBe('new');
  });
});
