import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

/** A small model's whole window; longer instructions would crowd out the code. */
const maxBytes = 32 * 1024;

/** The first 32 KB of a regular file that has text in it, else null. */
export const readTextOf = async (
  path: string,
): Promise<{ readonly path: string; readonly text: string } | null> => {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch(() => null);
  if (file === null) return null;
  try {
    if (!(await file.stat()).isFile()) return null;
    const bytes = Buffer.alloc(maxBytes + 1);
    const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
    // The stream mode of the decoder leaves out a character that the cap cut in two.
    const text = new TextDecoder().decode(bytes.subarray(0, Math.min(bytesRead, maxBytes)), { stream: true });
    if (text.trim() === '') return null;
    const cut = bytesRead > maxBytes ? `\n[… cut at ${maxBytes} bytes …]\n` : '';
    return { path, text: text.replaceAll('\r\n', '\n') + cut };
  } finally {
    await file.close();
  }
};
