import type { List } from './item.ts';
import { codeReader } from './read-code.ts';
import { readYaml } from './read-yaml.ts';

export type ReadList = (text: string) => List | null;

/** Generated and vendored giants are not read: their trees cost seconds. */
const maxText = 1_000_000;

/** Reads a text of this path as nested lists; null where nothing is known of its language. */
export const listReader = async (path: string): Promise<ReadList | null> => {
  const read = /\.ya?ml$/i.test(path) ? readYaml : await codeReader(path);
  return read === null ? null : (text) => (text.length > maxText ? null : read(text));
};
