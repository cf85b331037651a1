import { spawn } from 'node:child_process';

export type ShellOutcome = { readonly output: string; readonly exit: number | null };

/** The end of the output that is kept: a model reads it, and so does a person. */
const outputLimit = 60_000;

/** A line that the person typed for their own shell, with their own rights. Ends with the signal, and all it started. */
export const runShell = (
  command: string,
  {
    cwd,
    environment,
    signal,
  }: {
    readonly cwd: string;
    readonly environment: Readonly<Record<string, string | undefined>>;
    readonly signal: AbortSignal;
  },
): Promise<ShellOutcome> =>
  new Promise((resolve) => {
    const child = spawn(environment.SHELL || '/bin/sh', ['-c', command], {
      cwd,
      env: { ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    let output = '';
    const take = (chunk: string): void => {
      output = (output + chunk).slice(-outputLimit);
    };
    const stop = (): void => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
      }
    };
    child.stdout.setEncoding('utf8').on('data', take);
    child.stderr.setEncoding('utf8').on('data', take);
    signal.addEventListener('abort', stop, { once: true });
    child.on('error', (error) => take(error.message));
    child.on('close', (exit) => {
      signal.removeEventListener('abort', stop);
      resolve({ output: output.trimEnd(), exit });
    });
    if (signal.aborted) stop();
  });

/** As the model reads it, beside the next prompt. */
export const shellBlock = (command: string, { output, exit }: ShellOutcome): string =>
  `<shell command=${JSON.stringify(command)} exit="${exit ?? 'none'}">\n${output}\n</shell>`;
