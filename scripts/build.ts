/**
 * `npm run build`: the command as one folder of bundled JavaScript, dist/, split so that a command loads only what it
 * uses. What is native or WebAssembly stays a package beside it. Development never needs this: Node runs the source.
 */
import { cpSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');
const out = join(root, 'dist');

rmSync(out, { recursive: true, force: true });
const { metafile } = await build({
  entryPoints: { tandem: join(root, 'apps', 'cli', 'src', 'main.ts') },
  outdir: out,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  minifySyntax: true,
  sourcemap: 'linked',
  metafile: true,
  external: ['node-llama-cpp', 'web-tree-sitter', 'tree-sitter-*'],
  // CommonJS packages inside an ES module still ask for require.
  banner: {
    js: "import { createRequire as __require } from 'node:module'; const require = __require(import.meta.url);",
  },
});
/** What the source reads from beside its own file lies beside the bundle, under the same name. */
const beside = [
  'packages/guard/src/rules/default',
  'packages/guard/src/learned/weights.json',
  'packages/guard/src/learned/weights.bin',
  'packages/guard/src/constitution/constitution.md',
  'packages/workspace/src/sandbox/launch.py',
  'packages/workspace/src/sandbox/self-check.mjs',
  'packages/workspace/src/sandbox/egress/relay.mjs',
  'packages/workspace/src/probe/python-probe.py',
  'packages/workspace/src/probe/node-probe.mjs',
  'packages/workspace/src/probe/python-site',
];
for (const path of beside) cpSync(join(root, path), join(out, basename(path)), { recursive: true });

const bytes = Object.values(metafile.outputs).reduce((total, output) => total + output.bytes, 0);
console.log(`dist: ${Object.keys(metafile.outputs).length} files, ${(bytes / 1024).toFixed(0)} KB with maps`);
