import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { draftInstructions } from './draft.ts';

/** Bytes of one file: settings and the beginning of a page, no data. */
const readLimit = 200_000;

/** The draft for a folder, from files as its workspace lists them. Links are not followed: they may lead out of it. */
export const draftAt = (cwd: string, files: readonly string[]): Promise<string> =>
  draftInstructions({ name: basename(cwd), files, read: (path) => readIn(cwd, path) });

const readIn = async (cwd: string, path: string): Promise<string | null> => {
  try {
    const file = await open(
      join(cwd, path),
      constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK,
    );
    try {
      if (!(await file.stat()).isFile()) return null;
      const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(readLimit), position: 0 });
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await file.close();
    }
  } catch {
    return null;
  }
};
