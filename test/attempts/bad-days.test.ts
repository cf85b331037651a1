import { AppError } from '@tandem/protocol';
import { expect, test } from 'vitest';
import { bash, edit, Ground, outcomes, user } from './ground.ts';

const files = { 'a.txt': 'one\ntwo\nthree\n', 'b.txt': 'b\n' };
const change = (to: string) => edit('a.txt', 'two', to);
const verify = 'grep -q good a.txt';

test('no room for the third worktree: the two that are there are made, and the trouble is named', async () => {
  const ground = new Ground(files);
  let made = 0;
  const app = ground.open(
    { 1: change('bad'), 2: change('good'), 3: change('good') },
    {
      worktrees: (real) => ({
        ...real,
        create: async (request, options) => {
          made += 1;
          if (made === 3) throw new AppError('disk', 'There is no room left.');
          return real.create(request, options);
        },
      }),
    },
  );
  const { run } = await app.attempts({ count: 3 }, { verify });
  expect(outcomes(run)).toEqual([[1], [0, 'chosen'], ['disk']]);
  await app.engine.close();
});

test('a verify that hangs is ended at its limit, and the attempt with it', async () => {
  const ground = new Ground(files);
  const app = ground.open({ 1: change('slow'), 2: change('good') });
  const hangs = `grep -q slow a.txt && sleep 300; ${verify}`;
  const { run } = await app.attempts({ count: 2 }, { verify: hangs, verifySeconds: 1 });
  expect(outcomes(run)).toEqual([[124], [0, 'chosen']]);
  await app.engine.close();
});

test('one model is not there, another breaks in the middle: the rest is made and chosen from', async () => {
  const ground = new Ground(files);
  const gone = {
    turns: () => Promise.reject(new AppError('model_unavailable', 'no server at this address')),
  };
  const breaks = {
    turns: [
      { calls: [{ name: 'read', arguments: { path: 'a.txt' } }] },
      { error: new AppError('model_failed', 'it fell over') },
    ],
  };
  const app = ground.open({ 3: change('good') }, { models: { 'm/gone': gone, 'm/breaks': breaks } });
  const { run } = await app.attempts(
    { count: 3, models: ['m/gone', 'm/breaks', 'scripted/memory'] },
    { verify },
  );
  expect(outcomes(run)).toEqual([['model_unavailable'], ['model_failed'], [0, 'chosen']]);
  expect(run.attempts[0]?.error?.message).toBe('no server at this address');
  await app.engine.close();
});

test('a model that fell over is asked again when a person goes on', async () => {
  const ground = new Ground(files);
  const breaks = { turns: [{ error: new AppError('model_failed', 'it fell over') }] };
  const first = ground.open({}, { models: { 'm/one': breaks } });
  const { session, run } = await first.attempts({ count: 1, models: ['m/one'] }, { verify });
  expect([run.status, run.error?.code]).toEqual(['failed', 'model_failed']);
  await first.engine.close();
  const second = ground.open({}, { models: { 'm/one': { turns: change('good') } } });
  await second.start(session, { count: 1, models: ['m/one'], resume: true }, { verify });
  await second.engine.idle(session);
  expect(outcomes(await second.run(session))).toEqual([[0, 'chosen']]);
  await second.engine.close();
});

test('all fail for the same reason: that reason is the turn’s', async () => {
  const ground = new Ground(files);
  const gone = {
    turns: () => Promise.reject(new AppError('model_unavailable', 'no server at this address')),
  };
  const app = ground.open({}, { models: { 'm/gone': gone } });
  const { run } = await app.attempts({ count: 2, models: ['m/gone'] }, { verify });
  expect([run.status, run.error?.code]).toEqual(['failed', 'model_unavailable']);
  expect(run.error?.message).toContain('no server at this address');
  await app.engine.close();
});

test('a bug in the middle of one attempt is the end of that one alone', async () => {
  const ground = new Ground(files);
  const app = ground.open((request) => {
    if (request.seed === 1) throw new TypeError('undefined is no function');
    const said = request.messages.filter(({ role }) => role === 'assistant').length;
    return change('good')[said] ?? { text: 'done' };
  });
  const { run } = await app.attempts({ count: 2 }, { verify });
  expect(outcomes(run)).toEqual([['internal'], [0, 'chosen']]);
  await app.engine.close();
});

test('an attempt that would need a person’s answer ends with the question', async () => {
  const ground = new Ground(files);
  const app = ground.open({ 1: bash('rm -rf b.txt'), 2: change('good') });
  const { run } = await app.attempts({ count: 2 }, { verify, permissionMode: 'acceptEdits' });
  expect(outcomes(run)).toEqual([['approval_required'], [0, 'chosen']]);
  expect(run.attempts[0]?.error?.message).toContain('rm -rf b.txt');
  await app.engine.close();
});

test.each([
  ['no repository', 'none', /git init/],
  ['no commit', 'empty', /no commit yet/],
] as const)('%s: refused in words that help, nothing touched', async (_, git, message) => {
  const ground = new Ground(files, { git });
  const app = ground.open({ 1: change('good') });
  const { run } = await app.attempts({ count: 2 }, { verify });
  expect([run.status, run.error?.code]).toEqual(['failed', 'usage']);
  expect(run.error?.message).toMatch(message);
  expect(ground.read('a.txt')).toBe(files['a.txt']);
  await app.engine.close();
});

test('a person edits meanwhile: another file is fine; the same one is a conflict, named, and nothing is done', async () => {
  const ground = new Ground(files);
  const app = ground.open({ 1: [...change('good').slice(0, 2), ...edit('b.txt', 'b', 'changed')] });
  const { session } = await app.attempts({ count: 1 }, { verify });
  ground.write('c.txt', 'mine\n');
  ground.write('b.txt', 'mine too\n');
  const refused = app.engine.acceptAttempt({ session, actor: user });
  await expect(refused).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringMatching(/b\.txt.*tandem worktree merge/),
  });
  expect(['a.txt', 'b.txt', 'c.txt'].map((path) => ground.read(path))).toEqual([
    files['a.txt'],
    'mine too\n',
    'mine\n',
  ]);
  ground.write('b.txt', files['b.txt']);
  await app.engine.acceptAttempt({ session, actor: user });
  expect(['a.txt', 'b.txt', 'c.txt'].map((path) => ground.read(path))).toEqual([
    'one\ngood\nthree\n',
    'changed\n',
    'mine\n',
  ]);
  await expect(app.engine.acceptAttempt({ session, actor: user })).rejects.toMatchObject({
    code: 'conflict',
  });
  await app.engine.undo({ session, turns: 1, force: false, actor: user });
  expect(['a.txt', 'b.txt', 'c.txt'].map((path) => ground.read(path))).toEqual([
    files['a.txt'],
    'b\n',
    'mine\n',
  ]);
  await app.engine.close();
});

test('Ctrl-C, then go on: what is done is not done again, what is half done goes on from its log', async () => {
  const ground = new Ground(files);
  let release = (): void => {};
  const waits = new Promise<void>((resolve) => {
    release = resolve;
  });
  const first = ground.open((request) => {
    const said = request.messages.filter(({ role }) => role === 'assistant').length;
    if (request.seed === 2 && said === 1) return { ...change('good')[1], until: waits };
    return (request.seed === 1 ? change('bad') : change('good'))[said] ?? { text: 'done' };
  });
  const session = await first.session();
  const isolated = { count: 2, maxParallel: 2 };
  await first.start(session, isolated, { verify });
  const seen = new AbortController();
  for await (const event of first.engine.follow(session, { after: 0, signal: seen.signal }))
    if (event.type === 'attempt.verified') break;
  await first.engine.interrupt(session);
  await first.engine.idle(session);
  seen.abort();
  expect((await first.run(session)).status).toBe('interrupted');
  expect(outcomes(await first.run(session))).toEqual([[1], ['open']]);
  await first.engine.close();
  release();

  const second = ground.open({ 1: change('never'), 2: change('good') });
  await second.start(session, { ...isolated, resume: true }, { verify });
  await second.engine.idle(session);
  expect(outcomes(await second.run(session))).toEqual([[1], [0, 'chosen']]);
  expect(second.requests.map(({ seed }) => seed)).not.toContain(1);
  // The half of its work that was done is in what the model reads.
  expect(second.requests[0]?.messages.map(({ role }) => role)).toEqual([
    'system',
    'user',
    'assistant',
    'tool',
    'user',
  ]);
  await second.engine.close();
});

test('two goals at once on one repository are in nobody’s way, until both land the same file', async () => {
  const ground = new Ground(files);
  const app = ground.open({ 1: change('good'), 11: change('good, too') });
  const [one, two] = await Promise.all([
    app.attempts({ count: 1 }, { verify }),
    app.attempts({ count: 1, seed: 11 }, { verify }),
  ]);
  expect([outcomes(one.run), outcomes(two.run)]).toEqual([[[0, 'chosen']], [[0, 'chosen']]]);
  await app.engine.acceptAttempt({ session: one.session, actor: user });
  await expect(app.engine.acceptAttempt({ session: two.session, actor: user })).rejects.toMatchObject({
    code: 'conflict',
  });
  expect(ground.read('a.txt')).toBe('one\ngood\nthree\n');
  await app.engine.close();
});

test('money that is spent is spent: no further attempt is begun', async () => {
  const ground = new Ground(files);
  const app = ground.open((request) => {
    const said = request.messages.filter(({ role }) => role === 'assistant').length;
    return { ...(change('bad')[said] ?? { text: 'done' }), usage: { costUsd: 0.5 } };
  });
  const { run } = await app.attempts({ count: 3, maxParallel: 1 }, { verify, maxCostUsd: 1 });
  const spent = run.attempts.reduce((sum, { usage }) => sum + usage.costUsd, 0);
  expect(run.attempts.at(-1)?.error?.code).toBe('limit');
  expect(spent).toBeLessThanOrEqual(2);
  await app.engine.close();
});

test('discarding keeps what is held by a process, and says so', async () => {
  const ground = new Ground(files);
  const app = ground.open({ 1: change('good') });
  const { session, run } = await app.attempts({ count: 1 }, { verify });
  const workspace = await app.ports.workspace(run.attempts[0]?.path ?? '');
  const stop = new AbortController();
  const running = workspace.run({
    command: 'echo here; sleep 60',
    timeoutMs: 60_000,
    signal: stop.signal,
    onOutput: () => started(),
  });
  let started = (): void => {};
  await new Promise<void>((resolve) => {
    started = resolve;
  });
  const input = { session, despite: [], actor: user };
  await expect(app.engine.discardAttempts(input)).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('process'),
  });
  stop.abort(new AppError('interrupted', 'enough'));
  await running.catch(() => {});
  expect((await app.engine.discardAttempts(input)).discarded).toHaveLength(1);
  await app.engine.close();
});
