import { spawn } from 'node:child_process';

export type Finished = {
  /** Exit code; 124 when it ran past its limit, 128 + n for a signal. */
  readonly exit: number;
  readonly stdout: string;
  /** stdout and stderr as they came. */
  readonly output: string;
  readonly seconds: number;
};

export type RunInput = {
  /** A line for bash, or an argv that no shell sees. */
  readonly command: string | readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly timeoutSeconds: number;
};

/** Kept of each stream: enough for any test's message, little enough that a runaway loop cannot fill memory. */
const maxOutput = 4 * 1024 * 1024;

/** Runs in a process group of its own, killed whole at the limit and when this process is interrupted. Never rejects. */
export const run = ({ command, cwd, env, timeoutSeconds }: RunInput): Promise<Finished> =>
  new Promise((resolve) => {
    const [program = '', ...args] = typeof command === 'string' ? ['/bin/bash', '-c', command] : command;
    const before = performance.now();
    const stdout = new Capped();
    const output = new Capped();
    let timedOut = false;
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    const killGroup = (): void => killProcessGroup(child.pid);
    const timer = setTimeout(() => {
      timedOut = true;
      killGroup();
    }, timeoutSeconds * 1000);
    process.once('exit', killGroup);
    child.stdout.on('data', (chunk: Buffer) => {
      stdout.add(chunk);
      output.add(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => output.add(chunk));
    const finish = (exit: number): void => {
      clearTimeout(timer);
      process.off('exit', killGroup);
      const seconds = (performance.now() - before) / 1000;
      resolve({ exit, stdout: stdout.text(), output: output.text(), seconds });
    };
    child.on('error', (error) => {
      output.add(Buffer.from(error.message));
      finish(127);
    });
    child.on('close', (code, signal) => finish(timedOut ? 124 : (code ?? (signal === null ? 1 : 137))));
    // A grandchild that keeps a pipe open must not hold the bench: what it started in its group ends with it.
    child.on('exit', killGroup);
  });

const killProcessGroup = (pid: number | undefined): void => {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The group is gone already, which is what was wanted.
  }
};

class Capped {
  readonly #chunks: Buffer[] = [];
  #size = 0;

  add(chunk: Buffer): void {
    if (this.#size < maxOutput) this.#chunks.push(chunk);
    this.#size += chunk.length;
  }

  text(): string {
    return Buffer.concat(this.#chunks).toString('utf8');
  }
}
