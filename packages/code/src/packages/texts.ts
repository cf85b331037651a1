import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** More settings than this, or longer ones, are not read. */
const maxFiles = 200;
const maxLength = 200_000;

/** The texts of those files that can be read. */
export const textsOf = async (
  root: string,
  files: ReadonlySet<string>,
  wanted: (path: string) => boolean,
): Promise<readonly string[]> => {
  const paths = [...files].filter(wanted).slice(0, maxFiles);
  const texts = await Promise.all(paths.map((path) => readFile(join(root, path), 'utf8').catch(() => '')));
  return texts.map((text) => text.slice(0, maxLength));
};
