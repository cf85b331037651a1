import { randomBytes } from 'node:crypto';
import { lstat, mkdir, open, readFile, rename, rm, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '@tandem/protocol';
import type { PathGuard } from './paths.ts';
import { refuseGitFolder } from './paths.ts';
import { encodeText } from './text.ts';

/** Writes through a symlink to its target; keeps mode bits, BOM and line ends of what was there; makes folders. */
export const writeTextFile = async (
  guard: PathGuard,
  file: { readonly path: string; readonly text: string; readonly durable: boolean },
): Promise<void> => {
  const { path, text, durable } = file;
  refuseGitFolder(path);
  const absolute = await guard.target(path);
  const before = await stat(absolute).catch(missing);
  if (before?.isDirectory()) throw new AppError('usage', `${path} is a folder; name a file in it.`);
  if (before !== null && !before.isFile()) throw new AppError('usage', `${path} is not a regular file.`);
  const old = before === null ? null : await readFile(absolute);
  await makeFolder(dirname(absolute), path);
  await replaceFile({
    absolute,
    bytes: encodeText(text, old),
    mode: before === null ? null : before.mode & 0o7777,
    durable,
  });
};

/** Whole or not at all: a reader sees the old bytes or the new ones. A null mode takes the umask's. */
export const replaceFile = async (file: {
  readonly absolute: string;
  readonly bytes: Uint8Array;
  readonly mode: number | null;
  /** False where a kill may lose the file without harm. */
  readonly durable?: boolean;
}): Promise<void> => {
  const temporary = join(dirname(file.absolute), `.tandem-${randomBytes(6).toString('hex')}.tmp`);
  try {
    const handle = await open(temporary, 'wx', 0o666);
    try {
      await handle.writeFile(file.bytes);
      if (file.mode !== null) await handle.chmod(file.mode);
      if (file.durable !== false) await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file.absolute);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw diskError(error, file.absolute);
  }
};

/** Removes a file or a symlink, not its target. Nothing there is no error. */
export const removeFile = async (guard: PathGuard, path: string): Promise<void> => {
  refuseGitFolder(path);
  const absolute = await guard.entry(path);
  const stats = await lstat(absolute).catch(missing);
  if (stats === null) return;
  if (stats.isDirectory()) throw new AppError('usage', `${path} is a folder; remove its files one by one.`);
  await rm(absolute, { force: true });
};

/** The refusal a person can act on, when the disk said no; any other error as it was. */
export const diskError = (error: unknown, path: string): unknown => {
  const code = (error as NodeJS.ErrnoException | null)?.code ?? '';
  const reason = diskReasons[code];
  if (reason === undefined) return error;
  return new AppError('disk', `${path} could not be written: ${reason}.`, {
    cause: error,
    details: { path },
  });
};

const diskReasons: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full; make room and try again',
  EDQUOT: 'the disk quota is used up; make room and try again',
  EFBIG: 'the file would pass the size limit of this process or file system',
  EACCES: 'no permission; check the owner and mode of the folder',
  EPERM: 'not permitted; check the owner and flags of the file',
  EROFS: 'the file system is read-only',
};

const makeFolder = async (folder: string, path: string): Promise<void> => {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' || code === 'ENOTDIR') {
      throw new AppError('usage', `${path} lies below something that is a file, not a folder.`, {
        cause: error,
      });
    }
    throw diskError(error, folder);
  }
};

const missing = (error: NodeJS.ErrnoException): null => {
  if (error.code === 'ENOENT') return null;
  throw error;
};
