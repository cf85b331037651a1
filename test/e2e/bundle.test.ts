/** The command as it is bundled: what it does, and what it reads from the checkout it was made in. */
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildBundle } from '../../scripts/build.ts';

const root = join(import.meta.dirname, '..', '..');
let checkout: string;
let workspace: string;
let bundle: string;

/** What a person's machine lends to the command, and nothing of the machine that the tests run on. */
const tandem = (args: readonly string[], input = '') => {
  const result = spawnSync(process.execPath, [join(bundle, 'tandem.mjs'), ...args], {
    cwd: workspace,
    env: {
      PATH: `${join(root, 'node_modules', '.bin')}${delimiter}${process.env.PATH ?? ''}`,
      HOME: join(checkout, 'home'),
      CI: 'true',
    },
    encoding: 'utf8',
    input,
  });
  return { exit: result.status, out: result.stdout, err: result.stderr };
};

const scripted = (name: string, script: object): string => {
  const file = join(checkout, `${name}.json`);
  writeFileSync(file, JSON.stringify(script));
  return `scripted/${file}`;
};

beforeAll(async () => {
  checkout = mkdtempSync(join(tmpdir(), 'tandem-bundle-'));
  symlinkSync(join(root, 'node_modules'), join(checkout, 'node_modules'));
  // No links: what is run inside a sandbox must be where it says it is.
  const filter = (path: string): boolean => !/\/(?:test|node_modules)$/.test(path);
  for (const name of ['apps', 'packages'])
    cpSync(join(root, name), join(checkout, name), { recursive: true, filter });
  mkdirSync(join(checkout, 'home'));
  workspace = join(checkout, 'work');
  cpSync(join(root, 'examples', 'first-fix'), workspace, { recursive: true });
  bundle = (await buildBundle(root, join(checkout, 'dist'))).folder;
});

afterAll(() => rmSync(checkout, { recursive: true, force: true }));

test('the stamp names the build', () => {
  expect(join(checkout, 'dist', readFileSync(join(checkout, 'dist', 'stamp'), 'utf8').trim())).toBe(bundle);
});

test('the web page is made with it, and only when its own sources changed', async () => {
  const page = join(bundle, 'page');
  expect(readdirSync(page)).toEqual(
    expect.arrayContaining(['index.html', 'manifest.webmanifest', 'sources']),
  );
  writeFileSync(join(page, 'mark'), '');
  const again = (await buildBundle(root, join(checkout, 'dist'))).folder;
  expect(readdirSync(join(again, 'page'))).toContain('mark');
});

test('every place that the bundle names is in the checkout', () => {
  const text = readdirSync(bundle)
    .filter((name) => name.endsWith('.mjs'))
    .map((name) => readFileSync(join(bundle, name), 'utf8'))
    .join('\n');
  const places = [...text.matchAll(/\(__root,"([^"]+)"\)/g)].map(([, path]) => path!);
  expect(places.length).toBeGreaterThan(5);
  expect(places.filter((path) => !existsSync(join(checkout, path)))).toEqual([]);
});

test('judges every kind of action', () => {
  const edit = '--- a/x.test.js\n+++ b/x.test.js\n@@ -1,2 +0,0 @@\n-test("a", () => {\n-});\n';
  const lines = [
    { kind: 'bash', input: 'ls -la' },
    { kind: 'bash', input: 'rm -rf ~/' },
    { kind: 'python', input: 'import shutil; shutil.rmtree("/")' },
    { kind: 'node', input: 'require("fs").rmSync("/", { recursive: true })' },
    { kind: 'sql', input: 'drop table users' },
    { kind: 'edit', input: edit },
  ];
  const { out } = tandem(['judge', '--json'], lines.map((line) => JSON.stringify(line)).join('\n'));
  const decisions = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).decision);
  expect(decisions).toEqual(['allow', 'deny', 'deny', 'deny', 'ask', 'ask']);
});

test('repairs the sample, and takes it back', () => {
  const path = join(workspace, 'src/duration.js');
  const before = readFileSync(path, 'utf8');
  const whole = /export function splitDuration[\s\S]*?\n}/.exec(before)![0];
  const answer = `\`\`\`js\n${whole.replace('SECONDS.d) / SECONDS.m', 'SECONDS.h) / SECONDS.m')}\n\`\`\``;
  const model = scripted('right', {
    facts: { strength: 'small', parameters: 1.5, nativeTools: false },
    turns: Array.from({ length: 64 }, () => ({ text: answer })),
  });
  const prompt = 'The tests fail: splitDuration counts the minutes wrong. Fix it.';
  const options = ['--model', model, '--verify', 'node --test', '--output-format', 'json'];
  const done = tandem(['exec', prompt, ...options]);
  expect(JSON.parse(done.out)).toMatchObject({ status: 'completed', verify: { exit: 0 } });
  expect(readFileSync(path, 'utf8')).not.toBe(before);
  expect(tandem(['undo'])).toMatchObject({ exit: 0 });
  expect(readFileSync(path, 'utf8')).toBe(before);
});

test('runs a command in the sandbox where one holds', (context) => {
  const report = tandem(['doctor']).out;
  context.skip(!/^ok +sandbox:.*workspace-write/m.test(report), report);
  const command = 'echo inside > made; echo out > ../planted; echo ended';
  const model = scripted('shell', {
    turns: [{ toolCalls: [{ name: 'bash', arguments: { command } }] }, { text: 'Done.' }],
  });
  const options = ['--permission-mode', 'bypass', '--sandbox', 'workspace-write', '--output-format', 'json'];
  expect(tandem(['exec', 'Go', '--model', model, ...options])).toMatchObject({ exit: 0 });
  expect([existsSync(join(workspace, 'made')), existsSync(join(checkout, 'planted'))]).toEqual([true, false]);
});

test('lists the catalogue, the version and the help', () => {
  expect(tandem(['model', 'list']).out).toContain('qwen');
  expect(tandem(['--version']).out).toMatch(/^tandem \d/);
  expect(tandem(['exec', '--help']).out).toContain('--verify');
});
