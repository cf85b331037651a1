import { parse } from '@tandem/syntax';

/** Every name in a text: of values, properties, types and parameters; no keywords, no words of strings or comments. */
export const identifiers = async (path: string, text: string): Promise<ReadonlySet<string>> => {
  const source = await parse(path, text);
  const names = new Set<string>();
  if (source === null) return names;
  for (const node of source.root.walk()) {
    if (node.children.length === 0 && /identifier(?:_pattern)?$/.test(node.type)) names.add(node.text);
  }
  return names;
};
