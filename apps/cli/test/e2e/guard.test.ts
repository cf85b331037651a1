import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Machine } from './tandem.ts';

const bash = (command: string): object => ({ toolCalls: [{ name: 'bash', arguments: { command } }] });

type StoredEvent = { readonly type: string; readonly data: Readonly<Record<string, unknown>> };

/** One turn in which the model runs commands; the events of the session and the outcome. */
const runTurn = async (
  machine: Machine,
  turns: readonly object[],
  words: readonly string[] = ['--permission-mode', 'auto'],
): Promise<{
  readonly code: number | null;
  readonly err: string;
  readonly events: readonly StoredEvent[];
}> => {
  const model = machine.script('turn', [...turns, { text: 'Done.' }]);
  const outcome = await machine.run([
    'exec',
    '--model',
    model,
    ...words,
    '--output-format',
    'stream-json',
    'Go',
  ]);
  const events = outcome.out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as StoredEvent);
  return { code: outcome.code, err: outcome.err, events };
};

const decisions = (events: readonly StoredEvent[]): readonly unknown[] =>
  events.filter(({ type }) => type === 'permission.evaluated').map(({ data }) => data.decision);

describe('auto mode', () => {
  test('runs what the guard allows, and writes the decision with effects and time into the log', async () => {
    const machine = new Machine();
    const { code, events } = await runTurn(machine, [bash('mkdir -p src && echo hello > src/a.txt')]);
    expect(code).toBe(0);
    expect(machine.read('src/a.txt')).toBe('hello\n');
    const [evaluated] = events.filter(({ type }) => type === 'permission.evaluated');
    expect(evaluated?.data).toMatchObject({
      decision: 'allow',
      category: 'none',
      effects: expect.any(Array),
      us: expect.any(Number),
    });
  });

  test('stops at what it asks about: exit 3, nothing done', async () => {
    const machine = new Machine();
    machine.write('keep.txt', 'mine\n');
    const { code, err, events } = await runTurn(machine, [
      bash('cd /tmp/elsewhere-of-nobody; git clean -fdx'),
    ]);
    expect(code).toBe(3);
    expect(err).toContain('--permission-mode');
    expect(decisions(events)).toEqual(['ask']);
  });

  test('offers one general rule, never the words that were asked about', async () => {
    const machine = new Machine();
    const { code, err } = await runTurn(machine, [bash('npm install left-pad@1.3.0')]);
    expect(code).toBe(3);
    expect(err).toContain('[[rule]]');
    expect(err.slice(err.indexOf('[[rule]]'))).not.toContain('left-pad');
  });

  test('denies what cannot be put back; three in a row hand the floor to a person', async () => {
    const machine = new Machine();
    const wipe = ['rm -rf /', 'rm -rf ~', 'mkfs.ext4 /dev/sda1', 'echo never'].map(bash);
    const { code, events } = await runTurn(machine, wipe);
    expect(code).toBe(3);
    expect(decisions(events)).toEqual(['deny', 'deny', 'ask']);
  });

  test('a managed or own policy that is broken lets nothing through', async () => {
    const machine = new Machine();
    machine.write('../.config/tandem/policy.toml', 'colour = "red"\n');
    const { code } = await runTurn(machine, [bash('touch made')]);
    expect(code).not.toBe(0);
    expect(machine.read('made')).toBe(null);
  });

  test("a workspace's own policy cannot allow anything", async () => {
    const machine = new Machine();
    machine.write(
      '.tandem/policy.toml',
      '[[rule]]\nid = "all"\ndecision = "allow"\ncategory = "git.publish"\nclause = "keep-work"\nreason = "x"\nprogram = "git"\nmatch = ["git push"]\nnot_match = ["ls"]\n',
    );
    const { code } = await runTurn(machine, [bash('git push')]);
    expect(code).toBe(3);
  });
});

describe('what a command does to tests', () => {
  const before = "test('adds', () => {\n  expect(add(1, 2)).toBe(3);\n});\n";
  const weaken = "sed -i '/expect/d' a.test.js";

  const withTest = (): Machine => {
    const machine = new Machine();
    machine.write('a.test.js', before);
    machine.write('tidy.sh', `${weaken}\n`);
    const git = (...words: readonly string[]): void =>
      void execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@b', ...words], {
        cwd: machine.workspace,
      });
    git('init', '-q');
    git('add', '.');
    git('commit', '-qm', 'one');
    return machine;
  };

  test('is asked about where the command says it', async () => {
    const machine = withTest();
    expect((await runTurn(machine, [bash(weaken)])).code).toBe(3);
    expect(machine.read('a.test.js')).toBe(before);
  });

  test('is put back where it does not, also beside a command of git, and the model is told', async () => {
    const machine = withTest();
    const { code, events } = await runTurn(machine, [
      bash('sh tidy.sh'),
      bash('git add . && echo > b && sh tidy.sh'),
    ]);
    expect(code).toBe(0);
    expect(machine.read('a.test.js')).toBe(before);
    const told = events
      .filter(({ type }) => type === 'tool.completed')
      .map(({ data }) => String(data.output));
    expect(told.filter((output) => output.includes('were put back'))).toHaveLength(2);
  });
});

describe('the invariants of the person', () => {
  const write = (path: string, text: string): object => ({
    toolCalls: [{ name: 'write', arguments: { path, text } }],
  });
  const outputs = (events: readonly StoredEvent[]): readonly string[] =>
    events.filter(({ type }) => type === 'tool.completed').map(({ data }) => String(data.output));

  test('hold after each change: one that breaks them is put back, and the model is told', async () => {
    const machine = new Machine();
    machine.write(
      '../.config/tandem/config.toml',
      'invariants = ["! grep -rn FORBIDDEN --include=*.txt ."]\n',
    );
    machine.write('a.txt', 'fine\n');
    const { code, events } = await runTurn(machine, [
      write('d.txt', 'FORBIDDEN\n'),
      bash('echo FORBIDDEN > b.txt'),
      write('c.txt', 'fine too\n'),
    ]);
    expect(code).toBe(0);
    expect([machine.read('d.txt'), machine.read('b.txt'), machine.read('c.txt')]).toEqual([
      null,
      null,
      'fine too\n',
    ]);
    const [first, second, third] = outputs(events);
    expect(first).toMatch(/This change was put back: the invariant .*FORBIDDEN[\s\S]*d\.txt:1:FORBIDDEN/);
    expect(second).toContain('was put back');
    expect(third).not.toContain('put back');
  });

  test('that were broken before are not held against the changes', async () => {
    const machine = new Machine();
    machine.write('../.config/tandem/config.toml', 'invariants = ["test ! -e broken"]\n');
    machine.write('broken', '');
    await runTurn(machine, [write('a.txt', 'a\n'), bash('rm broken'), write('broken', '')]);
    expect([machine.read('a.txt'), machine.read('broken')]).toEqual(['a\n', null]);
  });
});

test('plan mode changes nothing', async () => {
  const machine = new Machine();
  const { events } = await runTurn(machine, [bash('touch made')], ['--permission-mode', 'plan']);
  expect(decisions(events)).toEqual(['deny']);
  expect(machine.read('made')).toBe(null);
});

test('reading a credential with the read tool is refused like reading it with a command', async () => {
  const machine = new Machine();
  machine.write('../.aws/credentials', 'secret\n');
  const { events } = await runTurn(machine, [
    { toolCalls: [{ name: 'read', arguments: { path: '~/.aws/credentials' } }] },
    { toolCalls: [{ name: 'read', arguments: { path: '/proc/self/environ' } }] },
  ]);
  const text = JSON.stringify(events.filter(({ type }) => type === 'tool.completed'));
  expect(text).not.toContain('secret\\n');
  expect(text).not.toContain('HOME=');
});

test('what an allowed command deletes outside the workspace is kept in the trash, and comes back byte for byte', async () => {
  const machine = new Machine();
  machine.write('../outside/notes.txt', 'mine\r\n');
  const { code, events } = await runTurn(
    machine,
    [bash('rm ../outside/notes.txt')],
    ['--permission-mode', 'bypass'],
  );
  expect(code).toBe(0);
  expect(machine.read('../outside/notes.txt')).toBe(null);
  const taken = events.find(({ type, data }) => type === 'snapshot.taken' && data.notes !== undefined);
  expect(JSON.stringify(taken?.data.notes)).toContain('kept in the trash');
  const [entry] = JSON.parse((await machine.run(['trash', '--json'])).out);
  expect(await machine.run(['trash', 'restore', entry.id])).toMatchObject({ code: 0 });
  expect(machine.read('../outside/notes.txt')).toBe('mine\r\n');
});

test('a second opinion may say that the person has asked for it, and a model that says nothing changes nothing', async () => {
  const machine = new Machine();
  const yes = machine.script('yes', [
    { text: '{"decision":"allow","reason":"the person asked for this install"}' },
  ]);
  const mute = machine.script('mute', [{ text: 'I would rather not say.' }]);
  const install = [bash('npm install left-pad --offline')];
  machine.write('../.config/tandem/config.toml', `second_opinion = "${mute}"\n`);
  expect((await runTurn(machine, install)).code).toBe(3);
  machine.write('../.config/tandem/config.toml', `second_opinion = "${yes}"\n`);
  const { code, events } = await runTurn(machine, install);
  expect(code).toBe(0);
  const evaluated = events.find(({ type }) => type === 'permission.evaluated');
  expect(evaluated?.data).toMatchObject({ decision: 'allow', rules: ['opinion:allow'] });
});

test('the rules in docs/policy.md load, hold their own examples, and decide', async () => {
  const page = readFileSync(join(import.meta.dirname, '../../../../docs/policy.md'), 'utf8');
  const [, policy = ''] = /```toml\n([\s\S]*?)```/.exec(page) ?? [];
  const machine = new Machine();
  mkdirSync(join(machine.home, '.config/tandem'), { recursive: true });
  writeFileSync(join(machine.home, '.config/tandem/policy.toml'), policy);
  machine.write('recorded/login.json', '{}\n');
  const judged = async (command: string): Promise<string> => (await machine.run(['judge', command])).out;
  const deny = await judged('helm upgrade shop ./chart --namespace staging');
  expect(deny).toMatch(/^deny {2}k8s\.mutate[\s\S]*rule user:no-staging, clause shared-systems/);
  expect(await judged('git push origin feature/login')).toMatch(/^allow/);
  expect(await judged('git push origin main')).toMatch(/^ask/);
  expect(await judged('rm recorded/login.json')).toMatch(/^ask[\s\S]*rule user:fixtures-stay/);
});
