/**
 * A process that merges `topic` and is killed before its Nth change of the file system or start of a program:
 * `node killed-merge.mjs ROOT STATE N start|resume|abandon [after]`. With `after` the Nth program is started first. Prints
 * what it started, one a line, when it comes to its end.
 */
import childProcess from 'node:child_process';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const [root = '', stateDir = '', last = '0', what = 'start', after = ''] = process.argv.slice(2);
const steps = [];
const step = (name, done) => {
  steps.push(name);
  if (steps.length !== Number(last)) return done();
  if (after === 'after') done();
  process.kill(process.pid, 'SIGKILL');
  throw new Error('killed');
};

for (const name of ['open', 'rename', 'unlink', 'rm', 'mkdir', 'writeFile', 'copyFile', 'link']) {
  const inner = fs.promises[name];
  fs.promises[name] = (...given) =>
    name === 'open' && (given[1] === undefined || given[1] === 'r')
      ? inner(...given)
      : step(name, () => inner(...given));
}
const { spawn } = childProcess;
childProcess.spawn = (program, words, options) => {
  const verb = words.find((word) => /^[a-z]+-?[a-z]*$/.test(word));
  return step(`${program} ${verb}`, () => spawn(program, words, options));
};
syncBuiltinESMExports();

const { createMergeGate } = await import('../../src/merge/gate.ts');
const { openWorkspace } = await import('../../src/open-workspace.ts');
const oneHunk = async ({ base, ours, theirs }) => ({
  text: `<<<<<<< a\n${ours}||||||| b\n${base}=======\n${theirs}>>>>>>> c\n`,
  open: [{ base, ours, theirs, before: '', after: '' }],
  settled: [],
  dropped: [],
});
const gate = createMergeGate({
  folder: root,
  stateDir,
  ids: { next: (prefix) => `${prefix}_${process.pid}` },
  now: () => '2030-01-01T00:00:00.000Z',
  workspace: (top) => openWorkspace(top, { stateDir }),
  mergeTexts: oneHunk,
  syntaxError: async () => null,
});
const run = { signal: new AbortController().signal, choices: { 'a.txt': 'theirs' } };
if (what === 'start') await gate.start('topic', run);
else if (what === 'resume') await gate.resume(run);
else await gate.abandon();
process.stdout.write(steps.join('\n'));
