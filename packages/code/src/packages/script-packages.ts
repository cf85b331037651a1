import { existsSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join } from 'node:path';

/** The package of a specifier: null for a path, an alias, a URL and what the runtime brings along. */
export const scriptPackage = (module: string): string | null => {
  const [first = '', second] = module.split('/');
  if (isBuiltin(module) || module.includes(':') || !/^@?[\w.-]+$/.test(first) || first.startsWith('.'))
    return null;
  if (!first.startsWith('@')) return first;
  return second === undefined || first === '@' ? null : `${first}/${second}`;
};

/** Whether it is declared, has another meaning here, or lies where this file would find it. */
export const hasScriptPackage = (
  name: string,
  input: { readonly root: string; readonly path: string; readonly settings: readonly string[] },
): boolean =>
  input.settings.some((text) => mentions(text, name)) ||
  foldersAbove(join(input.root, input.path)).some(
    (folder) =>
      existsSync(join(folder, 'node_modules', name)) ||
      existsSync(join(folder, 'node_modules', '@types', name.replace(/^@(.+)\/(.+)$/, '$1__$2'))),
  );

/** The name, or one that begins like it and stands for more, in quotes; a lone star stands for everything. */
const mentions = (text: string, name: string): boolean => {
  const [first = ''] = name.split('/');
  return (
    [name, first].some((one) => ['"', "'", '`'].some((quote) => opens(text, quote + one, quote))) ||
    /["']\*["']\s*:/.test(text)
  );
};

const opens = (text: string, start: string, quote: string): boolean =>
  [quote, '/', '*'].some((end) => text.includes(start + end));

const foldersAbove = (path: string): readonly string[] => {
  const folders: string[] = [];
  for (let at = dirname(path); ; at = dirname(at)) {
    folders.push(at);
    if (at === dirname(at)) return folders;
  }
};
