import { randomBytes } from 'node:crypto';
import { mkdir, readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AppError } from '@tandem/protocol/error';
import { replaceFile } from '@tandem/workspace/write';

/**
 * A token in a file that only its owner may read, made when it is first asked for.
 * @throws AppError configuration when others may read the file
 */
export const openToken = async (file: string): Promise<string> => {
  const facts = await stat(file).catch(() => null);
  if (facts === null) {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    const token = randomBytes(32).toString('hex');
    await replaceFile({ absolute: file, bytes: Buffer.from(`${token}\n`), mode: 0o600 });
    return token;
  }
  if ((facts.mode & 0o077) !== 0)
    throw new AppError(
      'configuration',
      `${file} may be read by others; remove it (a new token is made) or chmod 600 it.`,
    );
  const token = (await readFile(file, 'utf8')).trim();
  if (token.length >= 32) return token;
  throw new AppError('configuration', `${file} holds no token; remove it, and a new one is made.`);
};
