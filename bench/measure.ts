/** Wall time and peak memory of one command. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type Measured = {
  readonly exit: number;
  readonly seconds: number;
  /** Peak resident size of the largest process of the command, in MB; null where the system does not tell. */
  readonly megabytes: number | null;
  readonly output: string;
};

const gnuTime = '/usr/bin/time';
const timeLimitMs = 120_000;

/** GNU time where it is, since it misses nothing; else the high-water mark is polled while the command runs. */
export const measure = async (
  argv: readonly string[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Promise<Measured> => {
  if (!existsSync(gnuTime)) return runMeasured(argv, { ...options, poll: true });
  const folder = mkdtempSync(join(tmpdir(), 'bench-time-'));
  const file = join(folder, 'rss');
  try {
    const measured = await runMeasured([gnuTime, '-f', '%M', '-o', file, ...argv], {
      ...options,
      poll: false,
    });
    const kilobytes = Number(readFileSync(file, 'utf8').trim().split('\n').at(-1));
    return { ...measured, megabytes: Number.isFinite(kilobytes) ? kilobytes / 1024 : null };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const runMeasured = (
  [program = '', ...args]: readonly string[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv; readonly poll: boolean },
): Promise<Measured> =>
  new Promise((resolve) => {
    const { cwd, env, poll } = options;
    const before = performance.now();
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    const chunks: Buffer[] = [];
    let megabytes: number | null = null;
    const sampler = poll
      ? setInterval(() => {
          megabytes = Math.max(megabytes ?? 0, highWater(child.pid) ?? 0);
        }, 5)
      : undefined;
    const limit = setTimeout(() => killProcessGroup(child.pid), timeLimitMs);
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    const done = (exit: number): void => {
      clearInterval(sampler);
      clearTimeout(limit);
      const seconds = (performance.now() - before) / 1000;
      resolve({ exit, seconds, megabytes, output: Buffer.concat(chunks).toString().slice(-2000) });
    };
    child.on('error', () => done(127));
    child.on('close', (code) => done(code ?? 1));
  });

const killProcessGroup = (pid: number | undefined): void => {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
};

const highWater = (pid: number | undefined): number | null => {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? null : Number(kilobytes) / 1024;
  } catch {
    return null;
  }
};
