import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildPage } from '../../../scripts/page.ts';

const root = join(import.meta.dirname, '../../..');
const folder = mkdtempSync(join(tmpdir(), 'tandem-page-'));
const page = join(folder, 'page');
const read = (path: string): Buffer => readFileSync(join(page, path));
let files: readonly string[] = [];

beforeAll(async () => {
  await buildPage(root, page);
  files = readdirSync(page, { recursive: true, encoding: 'utf8' }).filter((path) => /\.\w+$/.test(path));
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

test('a first look loads less than 150 KB', () => {
  const sizes = Object.fromEntries(files.map((path) => [path, gzipSync(read(path), { level: 9 }).length]));
  const total = Object.values(sizes).reduce((sum, size) => sum + size, 0);
  expect(total, JSON.stringify(sizes)).toBeLessThan(150_000);
  expect(total).toBeGreaterThan(10_000);
});

test('the page names no other host, holds no script of its own, and can be installed', () => {
  const index = read('index.html').toString();
  expect(index).not.toMatch(/https?:|<script(?![^>]* src="\.\/assets\/)|<style| style=| on\w+=/);
  const manifest = JSON.parse(read('manifest.webmanifest').toString()) as {
    readonly icons: readonly { readonly src: string; readonly sizes: string }[];
  };
  expect(manifest).toMatchObject({ name: 'Tandem', start_url: '/', display: 'standalone' });
  for (const { src, sizes } of manifest.icons)
    expect([files, sizes]).toEqual([expect.arrayContaining([src]), 'any']);
});

test('React is the one that people get, not the one for its developers', () => {
  const [script = ''] = files.filter((path) => path.endsWith('.js'));
  expect(read(script).toString()).not.toMatch(/jsxDEV|react-dom\.development/);
});
