import { createParser, languageOf } from '@tandem/syntax';
import type { List } from '../structure/item.ts';
import { listReader, type ReadList } from '../structure/read-list.ts';

/** What is wrong with a text as far as its language can tell: places that do not parse, names given twice in one list. */
export type Faults = { readonly syntax: number; readonly twice: number };

/** Reads the faults of texts at this path; null where nothing is known of its language. */
export const faultsReader = async (path: string): Promise<((text: string) => Faults) | null> => {
  const read = await listReader(path);
  if (read === null) return null;
  const syntax = await syntaxReader(path);
  return (text) => ({ syntax: syntax(text), twice: twiceIn(read, text) });
};

const syntaxReader = async (path: string): Promise<(text: string) => number> => {
  if (/\.(?:json|webmanifest)$/i.test(path)) return (text) => Number(!isJson(text));
  const language = languageOf(path);
  if (language === 'other') return () => 0;
  const parse = await createParser(language);
  return (text) => {
    let faults = 0;
    for (const node of parse(text).root.walk()) if (node.type === 'ERROR' || node.missing) faults += 1;
    return faults;
  };
};

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
};

const twiceIn = (read: ReadList, text: string): number => {
  const list = read(text);
  return list === null ? 0 : countTwice(list);
};

const countTwice = ({ items }: List): number =>
  items.reduce(
    (sum, item) =>
      sum + Number(item.again && item.named) + (item.inner === null ? 0 : countTwice(item.inner)),
    0,
  );
