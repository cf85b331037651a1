/** The web page as static files. Part of the bundle: made with it, beside it, and as fresh as it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Plugin } from 'vite';
import { pageSources } from '../packages/api/src/socket/page-sources.ts';

/** Builds the page of `root` into a folder, and says there what it was made from. */
export const buildPage = async (root: string, folder: string): Promise<void> => {
  const sources = pageSources(root);
  await build({
    root: join(root, 'apps', 'web', 'src'),
    // What is in the environment of an install is no part of the page.
    configFile: false,
    envDir: false,
    define: { 'process.env.NODE_ENV': '"production"' },
    // Of development by itself where the environment says so, as that of a test does.
    oxc: { jsx: { runtime: 'automatic', development: false } },
    mode: 'production',
    base: './',
    logLevel: 'warn',
    plugins: [englishAlone],
    build: {
      outDir: folder,
      emptyOutDir: true,
      target: 'es2024',
      // A file of its own each: the page's policy allows no data: address.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
    },
  });
  writeFileSync(join(folder, 'sources'), `${sources}\n`);
};

/** A schema's messages in fifty languages are half of the schema library, and nobody is shown one. */
const englishAlone: Plugin = {
  name: 'english alone',
  enforce: 'pre',
  load: (id) =>
    /\/zod\/v4\/locales\/index\.js$/.test(id) ? "export { default as en } from './en.js';" : null,
};

/** The page that a build before made from the same sources, if it is there. */
export const samePage = (root: string, folder: string): boolean => {
  try {
    return readFileSync(join(folder, 'sources'), 'utf8').trim() === pageSources(root);
  } catch {
    return false;
  }
};
