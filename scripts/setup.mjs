#!/usr/bin/env node
/**
 * Makes node_modules match package-lock.json and the bundle match the sources, and does nothing, at once, when they do.
 *
 *   node scripts/setup.mjs                       only that
 *   node scripts/setup.mjs --run FILE [args...]  then runs FILE on the pinned Node, passing its exit code on
 *
 * Plain JavaScript for Node 18 or newer: this is what runs before the pinned Node is there.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { bundle, pinnedNode } from './bundle.mjs';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const modules = join(root, 'node_modules');
const stampFile = join(modules, '.tandem-stamp');
const lockFile = join(root, 'package-lock.json');

/**
 * Resolves when node_modules is as the lock file says; `installed` tells whether anything had to be done. The bundle is
 * made as far as it can be.
 * Safe to call twice at once: the second call waits for the first. @throws Error with one line for a person
 */
export const setup = async () => {
  const installed = readStamp() !== wantedStamp() && (await installOnce());
  bundle();
  return { installed };
};

const installOnce = async () => {
  const release = await takeLock();
  try {
    if (readStamp() === wantedStamp()) return false;
    const installed = !matchesLockFile();
    if (installed) await install();
    prune();
    writeFileSync(stampFile, wantedStamp());
    return installed;
  } finally {
    release();
  }
};

// ------------------------------------------------------------------------------------------------ what is wanted

const wantedStamp = () => {
  const hash = createHash('sha256').update(readFileSync(lockFile)).digest('hex');
  return `${hash} ${process.platform}-${process.arch} gpu=${process.env.TANDEM_GPU ?? 'none'}\n`;
};

const readStamp = () => {
  try {
    return readFileSync(stampFile, 'utf8');
  } catch {
    return '';
  }
};

/** True after a plain `npm ci` by hand: npm's own record of what it installed agrees with the lock file. */
const matchesLockFile = () => {
  let have;
  try {
    have = JSON.parse(readFileSync(join(modules, '.package-lock.json'), 'utf8')).packages;
  } catch {
    return false;
  }
  const want = JSON.parse(readFileSync(lockFile, 'utf8')).packages;
  return Object.entries(want).every(([path, entry]) => {
    if (!path.startsWith('node_modules/')) return true;
    const found = have[path];
    if (found === undefined) return entry.optional === true;
    if (!existsSync(join(root, path))) return entry.optional === true;
    return entry.link === true || (found.version === entry.version && found.integrity === entry.integrity);
  });
};

// --------------------------------------------------------------------------------------------------- the install

const install = async () => {
  const npm = npmCommand();
  refuseOldNpm(npm);
  refuseNoRoom();
  const logs = mkdtempSync(join(tmpdir(), 'tandem-npm-'));
  process.stderr.write('tandem: installing packages (npm ci), about 600 MB on disk\n');
  try {
    const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error', `--logs-dir=${logs}`];
    const { exit, said } = await run(npm, args);
    if (exit === 0) return;
    const cause = explain(`${readLogs(logs)}\n${said}`);
    // A dozen lines of npm's above the one that helps would hide it.
    if (cause === undefined) process.stderr.write(said);
    throw new Error(`npm ci failed: ${cause ?? `exit ${exit}; what npm printed above says why.`}`);
  } finally {
    rmSync(logs, { recursive: true, force: true });
  }
};

/** Less than the packages take is sure to fail, and npm would take minutes to find out. */
const leastBytes = 500e6;

/** Asked before npm begins: it reports a folder that cannot be written as one that is not there. */
const refuseNoRoom = () => {
  try {
    mkdirSync(modules, { recursive: true });
    const probe = mkdtempSync(join(modules, '.tandem-room-'));
    rmSync(probe, { recursive: true });
  } catch (error) {
    throw new Error(plainFileError(error, modules));
  }
  // Packages of before make room when npm takes them away.
  if (existsSync(join(modules, '.package-lock.json'))) return;
  const { bavail, bsize, blocks } = statfsSync(modules);
  if (blocks > 0 && bavail * bsize < leastBytes)
    throw new Error(
      `the disk of ${root} is full (${Math.floor((bavail * bsize) / 1e6)} MB free). Free about 2 GB and run it again.`,
    );
};

/** What to do about a file that could not be made, in one line. */
export const plainFileError = (error, path) => {
  switch (error.code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return `the disk of ${path} is full. Free about 2 GB and run it again.`;
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'ENOENT':
      return `no permission to write ${path}. Give yourself that folder and run it again.`;
    default:
      return error.message;
  }
};

/** The npm that called this script, else the one on PATH; never through a shell. */
const npmCommand = () => {
  const cli = process.env.npm_execpath;
  if (cli?.endsWith('.js') && existsSync(cli))
    return [process.env.npm_node_execpath ?? process.execPath, cli];
  return [process.platform === 'win32' ? 'npm.cmd' : 'npm'];
};

const refuseOldNpm = ([program, ...before]) => {
  const result = spawnSync(program, [...before, '--version'], { cwd: root, encoding: 'utf8' });
  if (result.error !== undefined) {
    throw new Error('npm was not found. Install Node.js 18 or newer, which brings npm, and try again.');
  }
  if (Number.parseInt(result.stdout, 10) < 8) {
    throw new Error(`npm ${result.stdout.trim()} is too old for this lock file. Install npm 8 or newer.`);
  }
};

/** npm's output goes to stderr: stdout belongs to whatever runs next. Its errors are kept. */
const run = ([program, ...before], args) =>
  new Promise((resolve) => {
    const child = spawn(program, [...before, ...args], { cwd: root, stdio: ['ignore', 2, 'pipe'] });
    let said = '';
    child.stderr.on('data', (chunk) => {
      said = `${said}${chunk}`.slice(-20_000);
    });
    child.on('error', () => resolve({ exit: 127, said }));
    child.on('close', (code) => resolve({ exit: code ?? 1, said }));
  });

const readLogs = (folder) =>
  readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n');

/** @type {readonly (readonly [RegExp, string])[]} */
const causes = [
  [/ENOSPC|EDQUOT/, 'the disk is full. Free about 2 GB and run it again.'],
  [
    /(?:EACCES|EPERM|EROFS|ENOENT)[^\n]*_cacache/,
    "npm's cache cannot be written. Give yourself the folder that `npm config get cache` names, or set npm_config_cache to another.",
  ],
  [/EACCES|EPERM|EROFS/, `no permission to write ${modules}. Give yourself that folder and run it again.`],
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|network/i,
    'the package registry cannot be reached. Check the network (or HTTPS_PROXY) and run it again.',
  ],
  [/EINTEGRITY/, 'a package arrived damaged. Run `npm cache verify` and then this again.'],
  [/EUSAGE/, 'package.json and package-lock.json disagree. Take both from the same commit.'],
];

/** What to do, where the log tells what it was. */
export const explain = (log) => {
  const errors = log
    .split('\n')
    .filter((line) => /\b(error|ENO|EACC|attempt)/i.test(line))
    .join('\n');
  return causes.find(([pattern]) => pattern.test(errors))?.[1];
};

/** npm installs engine packages for other processors too; each is 12 to 30 MB that nothing here can load. */
const prune = () => {
  const folder = join(modules, '@node-llama-cpp');
  if (!existsSync(folder)) return;
  const platform = { darwin: 'mac', win32: 'win' }[process.platform] ?? process.platform;
  const fitting = `${platform}-${process.arch}`;
  const gpu = process.env.TANDEM_GPU;
  const keeps = (name) =>
    name === fitting ||
    name === `${fitting}-metal` ||
    (gpu !== undefined && name.startsWith(`${fitting}-${gpu}`));
  const names = readdirSync(folder);
  // A platform without a package of its own keeps what npm chose: better too much than an engine short.
  if (!names.some(keeps)) return;
  for (const name of names) {
    if (!keeps(name)) rmSync(join(folder, name), { recursive: true, force: true });
  }
};

// ------------------------------------------------------------------------------------------------------ the lock

/** A folder beside no repository file: `npm ci` empties node_modules, so the lock cannot live there. */
const lockFolder = () => {
  const name = createHash('sha256').update(root).digest('hex').slice(0, 12);
  return join(tmpdir(), `tandem-setup-${process.getuid?.() ?? 'user'}-${name}`);
};

const takeLock = async () => {
  const folder = lockFolder();
  const owner = join(folder, 'pid');
  for (let waited = 0; ; waited += 1) {
    try {
      mkdirSync(folder);
      writeFileSync(owner, String(process.pid));
      return () => rmSync(folder, { recursive: true, force: true });
    } catch (error) {
      if (error.code !== 'EEXIST')
        throw new Error(`${plainFileError(error, tmpdir())} Or set TMPDIR to another folder.`);
    }
    if (isAbandoned(folder, owner)) {
      rmSync(folder, { recursive: true, force: true });
      continue;
    }
    if (waited === 0) process.stderr.write('tandem: another setup is running, waiting for it\n');
    // 20 minutes: longer than any install seen, short enough that CI still says why.
    if (waited > 6000)
      throw new Error(`another setup holds ${folder}. Remove that folder if none is running.`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
};

const isAbandoned = (folder, owner) => {
  try {
    const pid = Number(readFileSync(owner, 'utf8'));
    if (pid > 0) {
      process.kill(pid, 0);
      return false;
    }
  } catch (error) {
    if (error.code === 'EPERM') return false;
    if (error.code === 'ESRCH') return true;
  }
  // No pid yet: its owner may be between making the folder and writing the file.
  try {
    return Date.now() - statSync(folder).mtimeMs > 5000;
  } catch {
    return false;
  }
};

// --------------------------------------------------------------------------------------------------- as a script

/** Runs a script on the pinned Node with our own streams; signals reach it, its exit code comes back. */
export const runPinned = (args, options = {}) =>
  new Promise((resolve) => {
    const path = `${join(modules, '.bin')}${delimiter}${process.env.PATH ?? ''}`;
    const env = { ...process.env, PATH: path, ...options.env };
    const child = spawn(options.program ?? pinnedNode(), args, { stdio: 'inherit', ...options, env });
    const pass = (signal) => child.kill(signal);
    process.on('SIGINT', pass).on('SIGTERM', pass);
    child.on('error', (error) => {
      process.stderr.write(`tandem: ${error.message}\n`);
      resolve(127);
    });
    child.on('exit', (code, signal) => {
      process.off('SIGINT', pass).off('SIGTERM', pass);
      resolve(code ?? 128 + (constants.signals[signal] ?? 0));
    });
  });

const main = async () => {
  try {
    await setup();
  } catch (error) {
    process.stderr.write(`tandem: ${error.message}\n`);
    return 1;
  }
  const [flag, ...args] = process.argv.slice(2);
  return flag === '--run' ? await runPinned(args) : 0;
};

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) process.exitCode = await main();
