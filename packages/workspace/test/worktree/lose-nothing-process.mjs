/**
 * `node lose-nothing-process.mjs CASES SEED SECONDS`: prints how many cases it ran and what was met as JSON. SECONDS, if
 * given, may end it before CASES are run. A process of its own whose gits are started by a small one: forking a large one
 * costs several times as much as git itself.
 */
import child from 'node:child_process';
import { EventEmitter } from 'node:events';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const { spawn } = child;
const script = join(import.meta.dirname, 'spawner.py');
const spawner = spawn('python3', ['-S', script], { stdio: ['pipe', 'pipe', 'inherit'] });
const waiting = [];
createInterface({ input: spawner.stdout }).on('line', (line) => waiting.shift()(JSON.parse(line)));

/** As much of a child process as our own use of git needs. */
const startSmall = (argv, { cwd, env, stdio }) => {
  const started = Object.assign(new EventEmitter(), {
    stdout: new EventEmitter(),
    stderr: new EventEmitter(),
  });
  const start = (input = '') => {
    waiting.push(([code, out, err]) => {
      started.stdout.emit('data', Buffer.from(out, 'base64'));
      started.stderr.emit('data', Buffer.from(err, 'base64'));
      started.emit('close', code);
    });
    const encoded = Buffer.from(input).toString('base64');
    spawner.stdin.write(`${JSON.stringify({ argv, cwd, env, input: encoded })}\n`);
  };
  if (stdio[0] === 'ignore') start();
  else started.stdin = { on: () => undefined, end: start };
  return started;
};

child.spawn = (program, words, options) =>
  program === 'git' && Array.isArray(options.stdio)
    ? startSmall([program, ...words], options)
    : spawn(program, words, options);
syncBuiltinESMExports();

const { loseNothing } = await import('./lose-nothing.ts');
const [cases = '100', seed = '', seconds = ''] = process.argv.slice(2);
const counts = await loseNothing({
  cases: Number(cases),
  ...(seed === '' ? {} : { seed: Number(seed) }),
  ...(seconds === '' ? {} : { seconds: Number(seconds) }),
});
spawner.stdin.end();
console.log(JSON.stringify({ cases: counts.cases, met: Object.fromEntries([...counts.met].sort()) }));
