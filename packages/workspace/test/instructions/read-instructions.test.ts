import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test, vi } from 'vitest';
import { readInstructions } from '../../src/index.ts';
import { put, tempDir } from '../support/temp.ts';

beforeEach(() => {
  vi.stubEnv('XDG_CONFIG_HOME', undefined);
  return () => vi.unstubAllEnvs();
});

test("the user's own, then one a folder from the repository's root down, fallbacks where there is no AGENTS.md", async () => {
  const home = tempDir();
  const root = tempDir();
  mkdirSync(join(root, '.git'));
  put(home, { '.config/tandem/AGENTS.md': 'own' });
  put(root, {
    'AGENTS.md': '\uFEFFroot\r\n',
    'CLAUDE.md': 'not this',
    'a/CLAUDE.md': 'a',
    'a/GEMINI.md': 'no',
    'a/b/GEMINI.md': 'b',
  });
  put(root, { 'a/b/c/AGENTS.md': '  \n', 'other/AGENTS.md': 'no' });
  expect(await readInstructions(join(root, 'a/b/c'), { home })).toEqual([
    { path: join(home, '.config/tandem/AGENTS.md'), text: 'own' },
    { path: join(root, 'AGENTS.md'), text: 'root\n' },
    { path: join(root, 'a/CLAUDE.md'), text: 'a' },
    { path: join(root, 'a/b/GEMINI.md'), text: 'b' },
  ]);
});

test('without a repository only the folder itself counts', async () => {
  const outer = tempDir();
  put(outer, { 'AGENTS.md': 'outer', 'inner/AGENTS.md': 'inner' });
  const found = await readInstructions(join(outer, 'inner'), { home: tempDir() });
  expect(found.map((instruction) => instruction.text)).toEqual(['inner']);
});

test('a long file is cut, never within a character', async () => {
  const root = tempDir();
  mkdirSync(join(root, '.git'));
  put(root, { 'AGENTS.md': `x${'é'.repeat(40_000)}` });
  const [found] = await readInstructions(root, { home: tempDir() });
  expect(found?.text).toBe(`x${'é'.repeat(16_383)}\n[… cut at 32768 bytes …]\n`);
});
