import { spawn } from 'node:child_process';
import { Readable } from 'node:stream';

export type GitOutcome = { readonly exit: number; readonly stdout: Buffer; readonly stderr: string };

/** No listing or question we ask of git is larger; past it git is killed and the call counts as failed. */
const maxBytes = 64 * 1024 * 1024;

export type GitOptions = {
  /** Folder above which no repository is looked for. */
  readonly ceiling?: string;
  /** Written to its stdin. A stream that fails ends it. */
  readonly input?: string | Uint8Array | Readable;
  /** Added to its environment. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Ctrl-C at the terminal does not reach it: what it has begun it ends. */
  readonly apart?: boolean;
};

/**
 * Asks git without optional locks, without hooks and without the file-system monitor that a configuration may name.
 * A missing git gives exit 127.
 */
export const gitCommand = (
  cwd: string,
  commandArguments: readonly string[],
  options: GitOptions = {},
): Promise<GitOutcome> =>
  new Promise((resolve) => {
    const child = spawn(
      'git',
      ['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null', ...commandArguments],
      {
        cwd,
        env: { ...gitEnvironment(options.ceiling), ...options.environment },
        detached: options.apart === true,
        stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      },
    );
    // It may end without having read all of it: then its exit code says why.
    child.stdin?.on('error', () => undefined);
    if (options.input instanceof Readable) {
      options.input.on('error', () => child.kill('SIGKILL'));
      if (child.stdin !== null) options.input.pipe(child.stdin);
    } else child.stdin?.end(options.input);
    const chunks: Buffer[] = [];
    let size = 0;
    let stderr = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxBytes) child.kill('SIGKILL');
      else chunks.push(chunk);
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      if (stderr.length < 8192) stderr += chunk.toString();
    });
    child.on('error', (error) => resolve({ exit: 127, stdout: Buffer.alloc(0), stderr: error.message }));
    child.on('close', (code) => resolve({ exit: code ?? 137, stdout: Buffer.concat(chunks), stderr }));
  });

/** What would point every question at another repository: a hook that starts us has them set. */
export const inherited = [
  ...['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE', 'GIT_PREFIX', 'GIT_COMMON_DIR', 'GIT_NAMESPACE'],
  ...['GIT_OBJECT_DIRECTORY', 'GIT_ALTERNATE_OBJECT_DIRECTORIES', 'GIT_QUARANTINE_PATH'],
];

const gitEnvironment = (ceiling: string | undefined): NodeJS.ProcessEnv => {
  const environment: NodeJS.ProcessEnv = {
    ...process.env,
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    LC_ALL: 'C',
  };
  // A hook of the user's repository that starts us would otherwise point every question at that repository.
  for (const name of inherited) delete environment[name];
  if (ceiling !== undefined) environment.GIT_CEILING_DIRECTORIES = ceiling;
  return environment;
};
