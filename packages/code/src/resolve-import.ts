import { languageOf } from '@tandem/syntax';

const scriptExtensions = ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs', '.d.ts', '.json'];
/** An import may name the output of a compiler; the workspace holds what it is made from. */
const compiledFrom: Readonly<Record<string, readonly string[]>> = {
  '.js': ['.ts', '.tsx', '.jsx'],
  '.mjs': ['.mts'],
  '.cjs': ['.cts'],
  '.jsx': ['.tsx'],
};

/** Workspace paths that a specifier in `from` may mean, nearest first; empty for a package that is not in it. */
export const resolveImport = (
  from: string,
  module: string,
  files: ReadonlySet<string>,
): readonly string[] => {
  const candidates = languageOf(from) === 'python' ? pythonPaths(from, module) : scriptPaths(from, module);
  return [...new Set(candidates)].filter((path) => files.has(path));
};

const scriptPaths = (from: string, module: string): readonly string[] => {
  const bare = module.replace(/[?#].*$/, '');
  const relative = /^\.{1,2}(?:\/|$)/.test(bare);
  const joined = relative ? join(folderOf(from), bare) : bare.replace(/^(?:[@~]?\/)/, '');
  if (joined === null) return [];
  const bases = relative ? [joined] : [joined, `src/${joined}`];
  return bases.flatMap((base) => variants(base));
};

const variants = (base: string): readonly string[] => {
  const extension = /\.[cm]?jsx?$/.exec(base)?.[0] ?? '';
  const stem = base.slice(0, base.length - extension.length);
  const sources = (compiledFrom[extension] ?? []).map((other) => stem + other);
  const folder = base === '' ? '' : `${base}/`;
  return [
    base,
    ...sources,
    ...scriptExtensions.map((added) => base + added),
    ...scriptExtensions.map((added) => `${folder}index${added}`),
  ];
};

const pythonPaths = (from: string, module: string): readonly string[] => {
  const dots = /^\.*/.exec(module)![0].length;
  const parts = module
    .slice(dots)
    .split('.')
    .filter((part) => part !== '');
  const folders = folderOf(from) === '' ? [] : folderOf(from).split('/');
  if (dots > 0) {
    if (dots - 1 > folders.length) return [];
    return modulePaths([...folders.slice(0, folders.length - (dots - 1)), ...parts]);
  }
  // Tests and scripts run from anywhere: each folder above may be an import root, and so may its src or lib.
  const paths: string[] = [];
  for (let depth = folders.length; depth >= 0; depth -= 1) {
    const root = folders.slice(0, depth);
    for (const layout of [[], ['src'], ['lib'], ['python']])
      paths.push(...modulePaths([...root, ...layout, ...parts]));
  }
  return paths;
};

const modulePaths = (parts: readonly string[]): readonly string[] => {
  const path = parts.join('/');
  const packageFile = path === '' ? '__init__.py' : `${path}/__init__.py`;
  return path === '' ? [packageFile] : [`${path}.py`, packageFile, `${path}.pyi`];
};

const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

/** Null when it leaves the workspace. */
const join = (folder: string, relative: string): string | null => {
  const parts = folder === '' ? [] : folder.split('/');
  for (const part of relative.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return null;
  }
  return parts.join('/');
};
