import { readFileSync } from 'node:fs';

/** The text of a policy or a constitution; null where there is none. Throws what the file system says of one that is there. */
export const policyText = (file: string): string | null => {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw error;
  }
};
