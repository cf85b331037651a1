import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CodeRunner, ProbeValue } from '@tandem/core';
import { absentPackages } from '../packages/absent-packages.ts';
import { coverOf } from './coverage.ts';

/** All versions together may take this long; what is not done by then counts as unknown. */
const probeCapMs = 60_000;

const script = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** Runs versions of a module in scratch copies, with this Node for JavaScript and TypeScript and `python3` for Python. */
export const createCodeRunner = (
  options: { readonly node?: string; readonly python?: string } = {},
): CodeRunner => {
  const node = options.node ?? process.execPath;
  const python = options.python ?? 'python3';
  return {
    probe: async (input) => {
      const argv = commandFor({ path: input.path, node, python });
      if (argv === null) return null;
      // In the workspace: a confined command shares no temporary folder with us.
      const out = join(input.workspace.root, `.tandem-probe-${randomUUID()}.json`);
      const { path, texts, expressions, expressionMs } = input;
      try {
        await input.workspace.run({
          command: argv,
          stdin: JSON.stringify({ path, texts, expressions, expressionMs, out }),
          timeoutMs: probeCapMs,
          signal: input.signal,
        });
        return await readRows(out);
      } finally {
        await rm(out, { force: true });
      }
    },
    absentPackages,
    coverage: async (input) => {
      const folder = await mkdtemp(join(input.workspace.root, '.tandem-coverage-'));
      try {
        return await coverOf({ ...input, folder, sitePath: script('./python-site') });
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
};

const commandFor = (input: {
  readonly path: string;
  readonly node: string;
  readonly python: string;
}): readonly string[] | null => {
  if (/\.py$/.test(input.path)) return [input.python, script('./python-probe.py')];
  if (/\.([cm]?[jt]s)$/.test(input.path)) return [input.node, '--no-warnings', script('./node-probe.mjs')];
  return null;
};

const readRows = async (path: string): Promise<readonly (readonly ProbeValue[])[] | null> => {
  const text = await readFile(path, 'utf8').catch(() => null);
  if (text === null) return null;
  const rows = JSON.parse(text) as [ProbeValue['type'], string][][];
  return rows.map((row) => row.map(([type, value]) => ({ type, text: value })));
};
