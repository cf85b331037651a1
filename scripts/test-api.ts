/**
 * `npm run test:api [words for schemathesis]`: the team server's door against its own OpenAPI document, tried by schemathesis, which
 * must be on PATH (`pip install schemathesis`). A server of its own, in a temporary folder, with one organisation.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const program = 'schemathesis';

const state = (home: string): string => join(home, 'state', 'tandem', 'server');
const environment = (home: string): NodeJS.ProcessEnv => ({
  PATH: process.env.PATH,
  HOME: home,
  XDG_STATE_HOME: join(home, 'state'),
});

const tandem = (home: string, ...words: string[]): string =>
  execFileSync(join(root, 'bin', 'tandem'), ['server', ...words], {
    cwd: home,
    env: environment(home),
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();

/** Resolves with its address once it is ready. Nothing is worked on: what is tried is the door. */
const start = (home: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const words = ['server', 'start', '--port', '0', '--tasks', '0', '--rate', '0', '--sandbox', 'full'];
    const child = spawn(join(root, 'bin', 'tandem'), words, { cwd: home, env: environment(home) });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk;
      if (!said.includes('ready; the token')) return;
      child.stderr.removeAllListeners('data').resume();
      const running = readFileSync(join(state(home), 'server.json'), 'utf8');
      resolve((JSON.parse(running) as { url: string }).url);
    });
    child.on('close', () => reject(new Error(said)));
  });

const makeRepository = (path: string): void => {
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, 'till.txt'), 'ten\n');
  const git = (...words: string[]): void =>
    void execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@localhost', ...words], {
      cwd: path,
    });
  git('init', '--quiet', '--initial-branch=main');
  git('add', '.');
  git('commit', '--quiet', '-m', 'first');
};

/** Every phase, stateful links included, with the token that no request can revoke; what roles may do is tested elsewhere. */
const tryDoor = async (home: string, more: readonly string[]): Promise<number> => {
  const url = await start(home);
  makeRepository(join(home, 'till'));
  tandem(home, 'organisation', 'create', 'shop');
  tandem(home, 'repository', 'add', 'shop', 'till', join(home, 'till'));
  const token = readFileSync(join(state(home), 'token'), 'utf8').trim();
  const words = [
    ...['--config-file', join(root, 'scripts', 'test-api.toml'), 'run', `${url}/openapi.json`],
    ...['--header', `Authorization: Bearer ${token}`, '--header', 'Tandem-Organisation: shop', ...more],
  ];
  return spawnSync(program, words, { cwd: home, stdio: 'inherit' }).status ?? 1;
};

if (spawnSync(program, ['--version']).status !== 0) {
  console.error(`${program} is not on PATH; pip install ${program} into an environment of its own first.`);
  process.exit(2);
}
const home = mkdtempSync(join(tmpdir(), 'tandem-api-'));
chmodSync(home, 0o711);
try {
  process.exitCode = await tryDoor(home, process.argv.slice(2));
} finally {
  try {
    tandem(home, 'stop');
  } catch {
    // It did not start; that was said.
  }
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
}
