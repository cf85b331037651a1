// Runs inside a sandbox that is being probed and says which of its promises do not hold, as a JSON list of words.
import { readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';

const facts = JSON.parse(process.argv[2]);
const failures = [];

const succeeds = (action) => {
  try {
    action();
    return true;
  } catch {
    return false;
  }
};

const expect = (promise, holds) => {
  if (!holds && !failures.includes(promise)) failures.push(promise);
};

const connects = (target) =>
  new Promise((resolve) => {
    const socket = createConnection(target);
    const end = (answer) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });

const writes = (path) => succeeds(() => writeFileSync(path, 'x'));
const reads = (path) => succeeds(() => readFileSync(path));
const isWritable = facts.profile === 'workspace-write';

expect('a workspace that can be worked in', writes(`${facts.root}/made`) === isWritable);
expect('a temporary folder', writes(`${process.env.TMPDIR}/made`));
expect('a repository in which can be committed', writes(`${facts.root}/.git/index.lock`) === isWritable);
expect('a read-only machine', !writes(`${facts.outside}/made`));
for (const path of facts.closed) expect('closed hooks and settings', !writes(path));
for (const path of facts.secrets) expect('hidden homes and credentials', !reads(path));
expect('hidden homes and credentials', !succeeds(() => readdirSync(facts.state)));

if (process.platform === 'linux') {
  const sameProcesses = readlinkSync('/proc/self/ns/pid') === facts.processes;
  const isThere = () => reads(`/proc/${facts.pid}/environ`) || succeeds(() => process.kill(facts.pid, 0));
  expect('hidden processes', !(sameProcesses && isThere()));
  // Written back as it is: user 0 needs no privilege for it.
  const handler = '/proc/sys/kernel/core_pattern';
  expect('a read-only machine', !succeeds(() => writeFileSync(handler, readFileSync(handler))));
  const status = readFileSync('/proc/self/status', 'utf8');
  expect('no way to more rights', /^NoNewPrivs:\s*1$/m.test(status) && /^Seccomp:\s*2$/m.test(status));
  expect('no way to more rights', /^CapEff:\s*0+$/m.test(status));
  expect('no sockets of the machine', !(await connects({ path: `\0${facts.name}` })));
}
expect('no network', !(await connects({ port: facts.port, host: '127.0.0.1' })));
expect('no sockets of the machine', !(await connects({ path: facts.socket })));

process.stdout.write(JSON.stringify(failures));
