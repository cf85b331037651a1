/**
 * `npm run build`: the command as one folder of bundled JavaScript, `dist/<build>`, split so that a command loads only
 * what it uses. What is native or WebAssembly stays a package, and what the source reads from beside its own file is
 * read from there: a bundle belongs to the checkout it was made in. `dist/stamp` names the build; the launcher takes it
 * as long as no source changed after the stamp was made, so the stamp is made before the first source is read. The web page
 * is made with it, in `dist/<build>/page`.
 */
import {
  cpSync,
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { build, type Plugin } from 'esbuild';
import { buildPage, samePage } from './page.ts';

/** A running tandem may still load a part of the bundle it was started from. */
const buildsKept = 3;

export type Built = { readonly folder: string; readonly files: number; readonly bytes: number };

/** Bundles the sources of `root` below `dist`, and only then names the build there. */
export const buildBundle = async (root: string, dist: string): Promise<Built> => {
  const name = `${Date.now().toString(36)}-${process.pid}`;
  const folder = join(dist, name);
  const stamp = join(dist, `stamp-${name}`);
  mkdirSync(dist, { recursive: true });
  writeFileSync(stamp, `${name}\n`);
  try {
    const { metafile } = await build({
      entryPoints: { tandem: join(root, 'apps', 'cli', 'src', 'main.ts') },
      outdir: folder,
      outExtension: { '.js': '.mjs' },
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'node',
      target: 'node24',
      // Names stay, for the stack of a bug.
      minifySyntax: true,
      minifyWhitespace: true,
      metafile: true,
      external: ['node-llama-cpp', 'web-tree-sitter', 'tree-sitter-*'],
      banner: { js: banner },
      // The first plugin that answers for a file wins.
      plugins: [englishAlone, evaluated(root), placesOfSources(root)],
    });
    await makePage(root, dist, folder);
    renameSync(stamp, join(dist, 'stamp'));
    removeOldBuilds(dist, name);
    const outputs = Object.values(metafile.outputs);
    return { folder, files: outputs.length, bytes: outputs.reduce((total, { bytes }) => total + bytes, 0) };
  } catch (error) {
    rmSync(stamp, { force: true });
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
};

/** Most changes are not of the page: then it is the one of the build before. */
const makePage = async (root: string, dist: string, folder: string): Promise<void> => {
  const before = readdirSync(dist)
    .map((name) => join(dist, name, 'page'))
    .find((page) => samePage(root, page));
  if (before === undefined) return await buildPage(root, join(folder, 'page'));
  cpSync(before, join(folder, 'page'), { recursive: true });
};

/** CommonJS packages inside an ES module still ask for require; few do, so it is made when it is first called. */
const banner = [
  'const __builtin=(name)=>process.getBuiltinModule(name);',
  "const require=(id)=>__builtin('module').createRequire(import.meta.url)(id);",
  "const __root=__builtin('path').join(import.meta.dirname,'..','..');",
].join('');

/** A schema's messages in fifty languages are half of the schema library, and nobody is shown one. */
const englishAlone: Plugin = {
  name: 'english alone',
  setup: ({ onLoad }) => {
    onLoad({ filter: /\/zod\/v4\/locales\/index\.js$/ }, () => ({
      contents: "export { default as en } from './en.js';",
    }));
  },
};

const places = {
  dirname: (path: string) => `__builtin('path').join(__root,${JSON.stringify(join(path, '..'))})`,
  filename: (path: string) => `__builtin('path').join(__root,${JSON.stringify(path)})`,
  url: (path: string) =>
    `__builtin('url').pathToFileURL(__builtin('path').join(__root,${JSON.stringify(path)})).href`,
} as const;

/** `import.meta` keeps naming the source file, whichever part of the bundle its code lies in. */
const placesOfSources = (root: string): Plugin => ({
  name: 'places of sources',
  setup: ({ onLoad }) => {
    const files = sourcesWith(root, 'import.meta.');
    if (files.length === 0) return;
    const filter = new RegExp(`(?:${files.map(literally).join('|')})$`);
    onLoad({ filter }, ({ path }) => {
      const own = relative(root, path);
      const contents = readFileSync(path, 'utf8').replaceAll(
        /\bimport\.meta\.(dirname|filename|url)\b/g,
        (_, key: keyof typeof places) => places[key](own),
      );
      return { contents, loader: 'ts' };
    });
  },
});

const literally = (path: string): string => path.replaceAll(/[^\w]/g, '\\$&');

/** Paths below the root of the sources that hold a text. */
const sourcesWith = (root: string, text: string): readonly string[] =>
  globSync('{apps,packages}/*/src/**/*.ts', { cwd: root }).filter((path) =>
    readFileSync(join(root, path), 'utf8').includes(text),
  );

/** Modules that read and check files which ship with the code: the bundle holds what they came to. */
const evaluatedModules = [{ path: 'packages/guard/src/rules/default-rules.ts', name: 'defaultRules' }];

const evaluated = (root: string): Plugin => ({
  name: 'evaluated',
  setup: ({ onLoad }) => {
    for (const { path, name } of evaluatedModules) {
      onLoad({ filter: new RegExp(`${literally(path)}$`) }, async () => {
        const module = (await import(join(root, path))) as Readonly<Record<string, () => unknown>>;
        const value = module[name]?.();
        const json = JSON.stringify(value);
        if (Object.keys(module).length !== 1 || !isDeepStrictEqual(JSON.parse(json), value))
          throw new Error(`${path} gives more than plain data under ${name}: the bundle cannot hold it`);
        return {
          contents: `const value = JSON.parse(${JSON.stringify(json)});\nexport const ${name} = () => value;`,
        };
      });
    }
  },
});

const removeOldBuilds = (dist: string, newest: string): void => {
  const builds = readdirSync(dist)
    .filter((name) => name !== newest && name !== 'stamp' && !name.startsWith('stamp-'))
    .map((name) => ({ path: join(dist, name), at: statSync(join(dist, name)).mtimeMs }))
    .toSorted((one, other) => other.at - one.at);
  for (const { path } of builds.slice(buildsKept - 1)) rmSync(path, { recursive: true, force: true });
};

if (import.meta.main) {
  const root = join(import.meta.dirname, '..');
  const { folder, files, bytes } = await buildBundle(root, join(root, 'dist'));
  console.log(`${relative(root, folder)}: ${files} files, ${(bytes / 1024).toFixed(0)} KB`);
}
