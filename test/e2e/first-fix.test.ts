/** The whole house once: the launcher, the door, the engine, the pipeline, real files, and a model that is scripted. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
let folder: string;
let workspace: string;

const env = (): NodeJS.ProcessEnv => ({
  PATH: `${join(root, 'node_modules', '.bin')}${delimiter}${process.env.PATH ?? ''}`,
  HOME: join(folder, 'home'),
  NO_COLOR: '1',
  CI: 'true',
});

const run = (program: string, args: readonly string[]) => {
  const result = spawnSync(program, args, { cwd: workspace, env: env(), encoding: 'utf8', input: '' });
  return { exit: result.status, stdout: result.stdout, stderr: result.stderr };
};

const tandem = (...args: readonly string[]) => run(join(root, 'bin', 'tandem'), args);
const source = (): string => readFileSync(join(workspace, 'src', 'duration.js'), 'utf8');

/** A scripted model that gives the same answer as often as it is asked, and is small enough for the pipeline. */
const scripted = (name: string, answer: string): string => {
  const file = join(folder, `${name}.json`);
  const facts = { strength: 'small', parameters: 1.5, nativeTools: false };
  writeFileSync(file, JSON.stringify({ facts, turns: Array.from({ length: 64 }, () => ({ text: answer })) }));
  return `scripted/${file}`;
};

const wrongLine = 'm: Math.floor((seconds % SECONDS.d) / SECONDS.m),';
const rightLine = 'm: Math.floor((seconds % SECONDS.h) / SECONDS.m),';

const fence = (code: string): string => `\`\`\`js\n${code}\n\`\`\``;

const splitDuration = (): string => /export function splitDuration[\s\S]*?\n}/.exec(source())![0];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-e2e-'));
  workspace = join(folder, 'work');
  mkdirSync(join(folder, 'home'));
  cpSync(join(root, 'examples', 'first-fix'), workspace, { recursive: true });
  run('git', ['init', '--quiet']);
  run('git', ['add', '.']);
  run('git', ['-c', 'user.name=t', '-c', 'user.email=t@localhost', 'commit', '--quiet', '-m', 'start']);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the sample fails before anybody touches it', () => {
  expect(source()).toContain(wrongLine);
  expect(run('node', ['--test']).exit).not.toBe(0);
});

test('when no attempt passes, exit 4 and not a byte is changed', () => {
  const before = source();
  const model = scripted('wrong', fence(splitDuration().replace('SECONDS.d),', 'SECONDS.h),')));
  const options = ['--model', model, '--verify', 'false', '--output-format', 'json'];
  const result = tandem('exec', 'splitDuration counts the minutes wrong. Fix it.', ...options);
  expect(result).toMatchObject({ exit: 4 });
  expect(JSON.parse(result.stdout)).toMatchObject({ status: 'failed', files: [] });
  expect(source()).toBe(before);
  expect(run('git', ['status', '--porcelain']).stdout).toBe('');
});

test('a passing attempt is written, and the log, the export and undo know it', () => {
  const before = source();
  const model = scripted('right', fence(splitDuration().replace(wrongLine, rightLine)));
  const options = ['--model', model, '--verify', 'node --test', '--output-format', 'json'];
  const result = tandem('exec', 'splitDuration counts the minutes wrong. Fix it.', ...options);
  expect(result).toMatchObject({ exit: 0 });
  const told = JSON.parse(result.stdout);
  expect(told).toMatchObject({
    status: 'completed',
    files: [{ path: 'src/duration.js', added: 1, removed: 1 }],
    verify: { command: 'node --test', exit: 0 },
  });
  expect(source()).toBe(before.replace(wrongLine, rightLine));
  expect(run('node', ['--test']).exit).toBe(0);

  const sessions = JSON.parse(tandem('sessions', '--json').stdout);
  expect(JSON.stringify(sessions)).toContain(told.session);
  expect(tandem('export', told.session).stdout).toContain('splitDuration counts the minutes wrong');

  expect(tandem('undo', '--session', told.session)).toMatchObject({ exit: 0 });
  expect(source()).toBe(before);
});
