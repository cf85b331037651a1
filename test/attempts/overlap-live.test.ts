import { join } from 'node:path';
import { type Event, foldAttempts } from '@tandem/protocol';
import { expect, test } from 'vitest';
import { type App, edit, Ground, type Steps, user } from './ground.ts';

const source = `export const first = () => {
  return 1;
};

export const second = () => {
  return 2;
};

export const third = () => {
  return 3;
};
`;
const files = { 'src/numbers.js': source, 'src/other.js': 'export const other = 0;\n' };
const changing = (before: string, after: string) => edit('src/numbers.js', before, after);

/** Its steps, and then it stays at work until it is let go. */
const staying = (steps: Steps, leave: Promise<unknown>): Steps => [
  ...steps.slice(0, -1),
  { text: 'done', until: leave },
];

const gate = (): { readonly opened: Promise<void>; readonly open: () => void } => {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
};

const begin = async (app: App, cwd: string): Promise<string> => {
  const session = await app.session({ cwd });
  await app.engine.startTurn({ session, text: 'Do it', options: {}, actor: user });
  return session;
};

const until = async (app: App, session: string, type: Event['type'], times = 1): Promise<void> => {
  const stop = new AbortController();
  let seen = 0;
  for await (const event of app.engine.follow(session, { after: 0, signal: stop.signal }))
    if (event.type === type && ++seen === times) break;
  stop.abort();
};

const noticed = async (app: App, session: string) =>
  ((await app.engine.events(session)) as Event[]).flatMap((event) =>
    event.type === 'overlap.noticed' ? [event.data] : [],
  );

test('a session in another worktree, of another process, is noticed while both work', async () => {
  const ground = new Ground(files);
  const elsewhere = join(ground.folder, 'elsewhere');
  ground.git('worktree', 'add', '-q', elsewhere);
  const leave = gate();
  const one = ground.open(staying(changing('return 2', 'return 20'), leave.opened));
  const two = ground.open(
    staying(
      [...changing('return 2', 'return 22').slice(0, 2), ...edit('src/other.js', '0', '1')],
      leave.opened,
    ),
  );
  const first = await begin(one, ground.root);
  await until(one, first, 'tool.completed', 2);
  const second = await begin(two, elsewhere);
  await until(two, second, 'overlap.noticed');
  expect(await noticed(two, second)).toEqual([
    {
      with: { session: first, title: 'a goal', cwd: ground.root },
      overlaps: [{ path: 'src/numbers.js', level: 'line', symbols: ['second'], lines: [{ from: 6, to: 6 }] }],
      advice: 'wait',
      why: 'all that is changed here is changed there too: src/numbers.js',
    },
  ]);
  await until(two, second, 'tool.completed', 4);
  const live = await one.engine.live(ground.root);
  expect([...live.sessions].sort()).toEqual([first, second].sort());
  expect(live.overlaps.map(({ session, with: other, advice }) => [session, other.session, advice])).toEqual([
    [second, first, 'split'],
  ]);
  leave.open();
  await Promise.all([one.engine.idle(first), two.engine.idle(second)]);
  expect(await one.engine.live(ground.root)).toEqual({ sessions: [], overlaps: [] });
  await Promise.all([one.engine.close(), two.engine.close()]);
});

test('two sessions in one folder are told apart by their own edits; different places merge by themselves', async () => {
  const ground = new Ground(files);
  const leave = gate();
  const one = ground.open(staying(changing('return 1;', 'return 10;'), leave.opened));
  const two = ground.open(staying(changing('return 3;', 'return 30;'), leave.opened));
  const first = await begin(one, ground.root);
  await until(one, first, 'tool.completed', 2);
  const second = await begin(two, ground.root);
  await until(two, second, 'overlap.noticed');
  const [found] = await noticed(two, second);
  expect(found).toMatchObject({
    advice: 'go on',
    overlaps: [{ path: 'src/numbers.js', level: 'file', symbols: [] }],
  });
  leave.open();
  await Promise.all([one.engine.close(), two.engine.close()]);
});

test('attempts at one goal are rivals and not in each other’s way; their parent hears of others', async () => {
  const ground = new Ground(files);
  const leave = gate();
  const other = ground.open(staying(changing('return 2', 'return 20'), leave.opened));
  const first = await begin(other, ground.root);
  await until(other, first, 'tool.completed', 2);
  const app = ground.open({ 1: changing('return 2', 'return 21'), 2: changing('return 2', 'return 22') });
  const session = await app.session();
  await app.start(session, { count: 2, all: true }, { verify: 'true' });
  await app.engine.idle(session);
  const run = foldAttempts(await app.engine.events(session));
  const heard = run?.overlaps.map(({ with: one, advice }) => [one.session, advice]) ?? [];
  expect(heard.length).toBeGreaterThan(0);
  expect(new Set(heard.map((one) => one.join(' ')))).toEqual(new Set([`${first} wait`]));
  leave.open();
  await Promise.all([app.engine.close(), other.engine.close()]);
});

test('a session of another repository, or one that has ended, is nobody’s neighbour', async () => {
  const [here, there] = [new Ground(files), new Ground(files)];
  const leave = gate();
  const far = there.open(staying(changing('return 2', 'return 20'), leave.opened));
  const away = await begin(far, there.root);
  await until(far, away, 'tool.completed', 2);
  const done = here.open(changing('return 2', 'return 21'));
  const ended = await begin(done, here.root);
  await done.engine.idle(ended);
  const app = here.open(staying(changing('return 21', 'return 22'), leave.opened));
  const session = await begin(app, here.root);
  await until(app, session, 'tool.completed', 2);
  expect(await app.engine.live(here.root)).toEqual({ sessions: [session], overlaps: [] });
  leave.open();
  await Promise.all([far.engine.close(), done.engine.close(), app.engine.close()]);
});
