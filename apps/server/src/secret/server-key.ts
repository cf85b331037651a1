import { randomBytes } from 'node:crypto';
import { mkdir, readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AppError } from '@tandem/protocol/error';
import { replaceFile } from '@tandem/workspace/write';
import { keyBytes } from './vault.ts';

/**
 * The key that secrets are sealed under: from the environment, else from a file that only its owner may read, made at the first
 * start. No backup of the database holds it. @throws AppError configuration
 */
export const openServerKey = async (given: string | undefined, file: string): Promise<Uint8Array> => {
  if (given !== undefined && given !== '') return keyOf(given, 'TANDEM_SERVER_KEY');
  const facts = await stat(file).catch(() => null);
  if (facts === null) {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    const bytes = Buffer.from(`${randomBytes(keyBytes).toString('hex')}\n`);
    await replaceFile({ absolute: file, bytes, mode: 0o600 });
  } else if ((facts.mode & 0o077) !== 0)
    throw new AppError(
      'configuration',
      `${file} may be read by others: chmod 600 it, and rotate the secrets of webhooks if somebody did.`,
    );
  return keyOf(await readFile(file, 'utf8'), file);
};

const keyOf = (text: string, where: string): Uint8Array => {
  const hex = text.trim();
  if (/^[0-9a-f]{64}$/i.test(hex)) return Buffer.from(hex, 'hex');
  throw new AppError('configuration', `${where} is no key: 64 hexadecimal digits, as openssl rand -hex 32.`);
};
