import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { TextFile } from '@tandem/core';
import { AppError } from '@tandem/protocol';
import type { PathGuard } from './paths.ts';
import { checkRelative } from './paths.ts';
import { decodeText } from './text.ts';

/** Above this a file is data, not something to edit; a model's window is far smaller still. */
export const maxTextBytes = 2 * 1024 * 1024;

/** Null when there is no such file. @throws AppError usage for a folder, a device, a binary or a large file */
export const readTextFile = async (guard: PathGuard, path: string): Promise<TextFile | null> => {
  const bytes = await readBytes(await guard.target(path), path);
  if (bytes === null) return null;
  const decoded = decodeText(bytes);
  if (decoded === null) throw unreadable(path, 'is binary or not UTF-8 text');
  return { path: checkRelative(path), ...decoded };
};

/** Content of a regular file up to the text limit. Never blocks on a pipe or device. */
export const readBytes = async (absolute: string, path: string): Promise<Buffer | null> => {
  const file = await open(absolute, constants.O_RDONLY | constants.O_NONBLOCK).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
      if (error.code === 'EACCES' || error.code === 'EPERM')
        throw unreadable(path, 'may not be read (no permission)');
      throw error;
    },
  );
  if (file === null) return null;
  try {
    const stat = await file.stat();
    if (stat.isDirectory()) throw unreadable(path, 'is a folder; list it instead');
    if (!stat.isFile()) throw unreadable(path, 'is not a regular file');
    if (stat.size > maxTextBytes) {
      throw unreadable(
        path,
        `has ${stat.size} bytes, above the limit of ${maxTextBytes}; use grep or a command`,
      );
    }
    return await file.readFile();
  } finally {
    await file.close();
  }
};

const unreadable = (path: string, why: string): AppError =>
  new AppError('usage', `${path} ${why}.`, { details: { path } });
