import { spawn } from 'node:child_process';

export type GitOutcome = { readonly exit: number; readonly stdout: Buffer; readonly stderr: string };

/** No listing or question we ask of git is larger; past it git is killed and the call counts as failed. */
const maxBytes = 64 * 1024 * 1024;

/**
 * Reads from git without touching the repository: no locks, no hooks, no file-system monitor that its configuration
 * may name. A missing git gives exit 127.
 */
export const gitCommand = (
  cwd: string,
  commandArguments: readonly string[],
  options: { readonly ceiling?: string } = {},
): Promise<GitOutcome> =>
  new Promise((resolve) => {
    const child = spawn(
      'git',
      ['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null', ...commandArguments],
      {
        cwd,
        env: gitEnvironment(options.ceiling),
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    const chunks: Buffer[] = [];
    let size = 0;
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxBytes) child.kill('SIGKILL');
      else chunks.push(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      if (stderr.length < 8192) stderr += chunk.toString();
    });
    child.on('error', (error) => resolve({ exit: 127, stdout: Buffer.alloc(0), stderr: error.message }));
    child.on('close', (code) => resolve({ exit: code ?? 137, stdout: Buffer.concat(chunks), stderr }));
  });

const gitEnvironment = (ceiling: string | undefined): NodeJS.ProcessEnv => {
  const environment: NodeJS.ProcessEnv = {
    ...process.env,
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    LC_ALL: 'C',
  };
  // A hook of the user's repository that starts us would otherwise point every question at that repository.
  for (const name of ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE', 'GIT_PREFIX']) delete environment[name];
  if (ceiling !== undefined) environment.GIT_CEILING_DIRECTORIES = ceiling;
  return environment;
};
