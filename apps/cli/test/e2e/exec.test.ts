import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Machine } from './tandem.ts';

const machine = new Machine();
const answer = machine.script('answer', [{ text: 'Add takes two numbers: see add.js:1.' }]);
const editTurns = [
  {
    toolCalls: [{ name: 'write', arguments: { path: 'new.txt', text: 'one\ntwo\n' } }],
  },
  { text: 'Wrote new.txt.' },
];

describe('formats', () => {
  test('text: the answer on stdout, everything else on stderr', async () => {
    machine.expectGolden('exec-text', await machine.run(['exec', '--model', answer, 'What does add take?']));
  });

  test('json: one object, as the contract has it', async () => {
    const model = machine.script('edit', editTurns);
    const outcome = await machine.run(['exec', '--model', model, '--json', 'Write new.txt']);
    machine.expectGolden('exec-json', outcome);
    expect(machine.read('new.txt')).toBe('one\ntwo\n');
    expect(Object.keys(JSON.parse(outcome.out))).toEqual([
      'session',
      'status',
      'answer',
      'files',
      'verify',
      'attempts',
      'usage',
      'ms',
    ]);
  });

  test('stream-json: the events of the session, line for line as they are stored', async () => {
    const { code, out } = await machine.run([
      '-p',
      'Go',
      '--model',
      answer,
      '--output-format',
      'stream-json',
    ]);
    expect(code).toBe(0);
    const events = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
    expect([events[0].type, events.at(-1).type]).toEqual(['session.created', 'turn.completed']);
    const { out: exported } = await machine.run(['export', events[0].session, '--json']);
    expect(JSON.parse(exported).events).toEqual(events);
  });

  test('-o writes the answer to a file too', async () => {
    const { code, out } = await machine.run(['exec', '-m', answer, '-o', 'answer.txt', 'What?']);
    expect([code, machine.read('answer.txt')]).toEqual([0, out]);
  });
});

describe('input', () => {
  test('piped stdin beside a prompt is appended as a block', async () => {
    const model = machine.script('block', [
      { match: '^Why\\?\n\n<stdin>\nline 1\nline 2\n</stdin>', text: 'Seen.' },
    ]);
    const { code, out, err } = await machine.run(['exec', '--model', model, 'Why?'], {
      input: 'line 1\nline 2\n',
    });
    expect([code, out]).toEqual([0, 'Seen.\n']);
    expect(err).not.toContain('Waiting');
  });

  test.each([{ words: ['-'] }, { words: [] }])('stdin is the prompt: exec $words', async ({ words }) => {
    const model = machine.script('prompt', [{ match: '^Just this', text: 'Seen.' }]);
    const outcome = await machine.run(['exec', '--model', model, ...words], { input: 'Just this\n' });
    expect([outcome.code, outcome.out]).toEqual([0, 'Seen.\n']);
  });

  test('a parent that leaves stdin open and says nothing is not waited for', async () => {
    const { child, ended } = machine.start(['exec', '--model', answer, 'What?'], { stdin: 'pipe' });
    expect((await ended).code).toBe(0);
    child.stdin!.destroy();
  });

  test('an empty stdin without a prompt is a usage error', async () => {
    const { code, err } = await machine.run(['exec', '--model', answer], { input: '' });
    expect([code, err]).toEqual([2, 'tandem: the prompt on stdin is empty\n']);
  });

  test('TANDEM_MODEL names the model where no flag does', async () => {
    const { code, err } = await machine.run(['exec', 'What?'], { env: { TANDEM_MODEL: answer } });
    expect([code, err]).toEqual([0, expect.stringContaining(`${answer} ·`)]);
  });
});

describe('exit codes', () => {
  test('1: the model fails', async () => {
    const model = machine.script('broken', [{ error: 'the server is on fire' }]);
    machine.expectGolden('exit-1-failed', await machine.run(['exec', '--model', model, 'Go']));
  });

  test('1: offline, and no weights on disk; it says how to get them', async () => {
    machine.expectGolden('exit-1-offline', await machine.run(['exec', '--offline', 'Go']));
  });

  test('3: an approval is needed and nobody can answer', async () => {
    const model = machine.script('asks', [
      { toolCalls: [{ name: 'bash', arguments: { command: 'touch made-by-bash' } }] },
      { text: 'Done.' },
    ]);
    const outcome = await machine.run(['exec', '--model', model, '--permission-mode', 'default', 'Go']);
    machine.expectGolden('exit-3-approval', outcome);
    expect(machine.read('made-by-bash')).toBe(null);
  });

  test.each([
    ['while planning', 'plan', 'a + b'],
    ['with a key in it that the guard asks about', 'default', "a + b + 'AKIAIOSFODNN7EXAMPLX'"],
  ])('3: what a small model wrote may not be written %s, and is kept as a patch', async (_, mode, sum) => {
    const before = 'export const add = (a, b) => a - b;\n';
    const own = new Machine();
    own.write('add.js', before);
    const text = `\`\`\`js\nexport const add = (a, b) => ${sum};\n\`\`\``;
    const model = own.script(
      'small',
      Array.from({ length: 20 }, () => ({ text })),
      { strength: 'small', parameters: 1.5, nativeTools: false },
    );
    const words = ['--verify', "grep -q 'a + b' add.js", '--without', 'mutations', 'Fix add in add.js.'];
    const exec = ['exec', '--model', model, '--permission-mode', mode, '--json', ...words];
    const { code, out, err } = await own.run(exec);
    expect([code, own.read('add.js')]).toEqual([3, before]);
    expect(JSON.parse(out)).toMatchObject({ status: 'failed', files: [] });
    const patch = /kept in (\S+\.patch);/.exec(err)?.[1] ?? '';
    expect(readFileSync(patch, 'utf8')).toContain('a + b');
  });

  test('4: verify fails, and the files are as before', async () => {
    machine.write('add.js', 'export const add = (a, b) => a - b;\n');
    const model = machine.script(
      'wrong',
      Array.from({ length: 40 }, (_, index) => ({
        text: `\`\`\`js\nexport const add = (a, b) => a * b + ${index};\n\`\`\``,
      })),
      { strength: 'small', parameters: 1.5, nativeTools: false },
    );
    const words = [
      '--verify',
      'exit 7',
      '--attempts',
      '2',
      '--files',
      'add.js',
      'Fix add in add.js: it subtracts.',
    ];
    const outcome = await machine.run(['exec', '--model', model, '--json', ...words]);
    expect(outcome.code).toBe(4);
    expect(JSON.parse(outcome.out)).toMatchObject({ status: 'failed', files: [] });
    expect(machine.read('add.js')).toBe('export const add = (a, b) => a - b;\n');
    // How many attempts there were is the pipeline's business; what is said of them is ours.
    const said = outcome.err.split('\n').filter((line) => /^(tandem|verify):/.test(line));
    const masked = said.join('\n').replace(/\d+ different attempts?/, '<n> different attempts');
    machine.expectGolden('exit-4-verify', { code: outcome.code, out: '', err: `${masked}\n` });
  });

  test('53: a limit is reached', async () => {
    const model = machine.script(
      'endless',
      Array.from({ length: 5 }, (_, index) => ({
        toolCalls: [{ name: 'write', arguments: { path: `endless-${index}.txt`, text: 'x\n' } }],
      })),
    );
    machine.expectGolden(
      'exit-53-limit',
      await machine.run(['exec', '--model', model, '--max-turns', '1', 'Go']),
    );
  });
});

describe('what is left behind', () => {
  test('--ephemeral leaves no session', async () => {
    const before = (await machine.run(['sessions', '--json'])).out;
    expect((await machine.run(['exec', '--ephemeral', '--model', answer, 'What?'])).code).toBe(0);
    expect((await machine.run(['sessions', '--json'])).out).toBe(before);
  });

  test('the session log is a file that a person can read', () => {
    const folder = join(machine.home, '.local/state/tandem/sessions');
    expect(existsSync(folder)).toBe(true);
    const logs = readdirSync(folder, { recursive: true }).filter((name) => String(name).endsWith('.jsonl'));
    expect(readFileSync(join(folder, String(logs[0])), 'utf8')).toMatch(/^\{"v":1,/);
  });

  test('a workspace that is not trusted cannot choose the model', async () => {
    const other = new Machine();
    other.write('.tandem/config.toml', 'model = "scripted/evil.json"\nverify = "touch evil"\n');
    const outcome = await other.run([
      'exec',
      '--model',
      other.script('answer', [{ text: 'Fine.' }]),
      'What?',
    ]);
    expect([outcome.code, outcome.out]).toEqual([0, 'Fine.\n']);
    expect(outcome.err).toContain('model, verify ignored, because this workspace is not trusted');
  });
});
