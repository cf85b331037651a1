#!/usr/bin/env node
/**
 * `npm start`: Tandem from nothing. Without arguments it repairs a failing test in a fresh sample workspace; with
 * arguments (`npm start -- "prompt" --cwd DIR`) it runs `tandem exec` on the reader's own folder.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { plainFileError, root, runPinned, setup } from './setup.mjs';

const tandem = join(root, 'bin', 'tandem');
const verify = 'node --test';
const request = 'The tests fail: splitDuration counts the minutes wrong. Fix it.';

const main = async () => {
  const args = process.argv.slice(2);
  return args.length > 0 ? onOwnFolder(args) : firstFix();
};

/** Only the answer on stdout, and the caller's folder as the workspace: this is `tandem exec`, nothing more. */
const onOwnFolder = async (args) => {
  await setup();
  return runPinned(['exec', ...args], { program: tandem, cwd: process.env.INIT_CWD ?? process.cwd() });
};

const firstFix = async () => {
  await step('1/5  Packages', setup);
  const folder = await step('2/5  A sample workspace with a failing test', async () => makeSample());
  say(indent(failures(nodeTest(folder).output)));
  const exit = await step(
    `3/5  tandem exec ${JSON.stringify(request)} --verify ${JSON.stringify(verify)}`,
    () =>
      runPinned(['exec', request, '--cwd', folder, '--verify', verify], {
        program: tandem,
        cwd: folder,
      }),
  );
  if (exit !== 0) {
    say(`Tandem did not repair it (exit ${exit}). The sample is in ${folder}.`);
    return exit;
  }
  say('4/5  What it changed');
  say(indent(git(folder, 'diff', '--unified=1')));
  const after = nodeTest(folder);
  say(`5/5  ${verify}: ${after.exit === 0 ? 'every test passes' : 'a test still fails'}`);
  say(indent(summary(after.output)));
  if (after.exit === 0) say(ownCode(folder));
  return after.exit;
};

/** A git repository of its own in a fresh folder, so that nothing of the reader's is touched. */
const makeSample = () => {
  const folder = sampleFolder();
  git(folder, 'init', '--quiet');
  git(folder, 'add', '.');
  git(
    folder,
    '-c',
    'user.name=sample',
    '-c',
    'user.email=sample@localhost',
    'commit',
    '--quiet',
    '-m',
    'Sample',
  );
  return folder;
};

const sampleFolder = () => {
  try {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'tandem-first-fix-')));
    cpSync(join(root, 'examples', 'first-fix'), folder, { recursive: true });
    return folder;
  } catch (error) {
    throw new Error(`${plainFileError(error, tmpdir())} Or set TMPDIR to another folder.`);
  }
};

const git = (folder, ...args) => {
  const result = spawnSync('git', args, { cwd: folder, encoding: 'utf8' });
  if (result.error !== undefined) throw new Error('git was not found. Install git and run this again.');
  if (result.status !== 0) throw new Error(`git ${args[0]} failed in ${folder}: ${result.stderr.trim()}`);
  return result.stdout;
};

const nodeTest = (folder) => {
  const path = `${join(root, 'node_modules', '.bin')}${delimiter}${process.env.PATH ?? ''}`;
  const env = { ...process.env, PATH: path, NODE_TEST_CONTEXT: undefined, NO_COLOR: '1' };
  const result = spawnSync('node', ['--test', '--test-reporter=spec'], {
    cwd: folder,
    encoding: 'utf8',
    env,
  });
  if (result.error !== undefined) throw new Error('node was not found on PATH.');
  return { exit: result.status ?? 1, output: result.stdout };
};

const failures = (output) =>
  output
    .split('\n')
    .filter((line) => /^✖ .*\(|^✔/.test(line) || /^\s+'.*' !== '.*'$/.test(line))
    .filter((line, index, lines) => lines.indexOf(line) === index)
    .join('\n');

const summary = (output) =>
  output
    .split('\n')
    .filter((line) => /^ℹ (tests|pass|fail) /.test(line))
    .join('\n');

const ownCode = (folder) => `
The sample stays in ${folder}. On your own code, from any folder:
  ${short(tandem)} exec "what is wrong, in your words" --verify "your test command"
  npm start -- "the same" --cwd DIR --verify "your test command"     (from here)
  ${short(tandem)} exec --help                                       (everything else)`;

/** As short as the reader can type it from where they stand. */
const short = (path) => (existsSync('bin/tandem') ? 'bin/tandem' : path);

const step = async (title, work) => {
  say(title);
  const before = performance.now();
  const result = await work();
  say(`     ${((performance.now() - before) / 1000).toFixed(1)} s`);
  return result;
};

const say = (text) => process.stdout.write(`${text}\n`);
const indent = (text) => text.trimEnd().replace(/^/gm, '     ');

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`tandem: ${error.message}\n`);
  process.exitCode = 1;
}
