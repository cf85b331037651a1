import { cpSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openPage, withPage } from '../../src/socket/page.ts';
import { pageSources } from '../../src/socket/page-sources.ts';

let root = '';
const write = (path: string, text: string): void => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
};

/** A checkout with a page of its own, as a build leaves it. */
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tandem-page-'));
  write('apps/web/src/main.tsx', 'one');
  write('dist/stamp', 'b1\n');
  write('dist/b1/page/index.html', '<html data-door=""></html>');
  write('dist/b1/page/assets/main-1.js', 'run()');
  write('dist/b1/page/notes.txt', 'of the build');
  write('dist/b1/page/sources', `${pageSources(root)}\n`);
});
afterEach(() => rmSync(root, { recursive: true }));

const ask = (path: string, init: RequestInit = {}): Promise<Response> => {
  const door = withPage(() => new Response('the door', { status: 404 }), openPage('local', root));
  return Promise.resolve(door(new Request(`http://127.0.0.1${path}`, init)));
};

describe('the page', () => {
  test('is served with a policy under which only its own files run', async () => {
    const index = await ask('/');
    expect(await index.text()).toBe('<html data-door="local"></html>');
    expect(index.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(index.headers.get('cache-control')).toBe('no-cache');
    const policy = index.headers.get('content-security-policy')!;
    expect(policy.split('; ')).toEqual(
      expect.arrayContaining(["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"]),
    );
    expect(policy).not.toMatch(/unsafe|\*|https?:|data:/);
    expect(Object.fromEntries(index.headers)).toMatchObject({
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    });
  });

  test('is sent packed, once', async () => {
    const packed = await ask('/assets/main-1.js', { headers: { 'accept-encoding': 'br, gzip' } });
    expect(gunzipSync(await packed.bytes()).toString()).toBe('run()');
    expect(packed.headers.get('cache-control')).toContain('immutable');
    const etag = packed.headers.get('etag')!;
    expect((await ask('/assets/main-1.js', { headers: { 'if-none-match': etag } })).status).toBe(304);
    const head = await ask('/', { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
  });

  test('is nothing but what was built: everything else is the door’s', async () => {
    for (const path of [
      '/v1/tasks',
      '/index.html',
      '/notes.txt',
      '/sources',
      '/assets/',
      '/../stamp',
      '/%2e%2e/stamp',
    ])
      expect(await (await ask(path)).text(), path).toBe('the door');
    expect(await (await ask('/', { method: 'POST' })).text()).toBe('the door');
  });

  test('is never another one than its sources say', async () => {
    write('apps/web/src/main.tsx', 'two');
    const stale = await ask('/');
    expect([stale.status, await stale.text()]).toEqual([503, expect.stringContaining('npm run setup')]);
    expect(await (await ask('/v1/tasks')).text()).toBe('the door');
    write('apps/web/src/main.tsx', 'one');
    write('apps/web/src/new.ts', '');
    expect((await ask('/')).status).toBe(503);
  });

  test('is there in a copied checkout, whatever the times of its files', async () => {
    const copy = `${root}-copy`;
    cpSync(root, copy, { recursive: true });
    utimesSync(join(copy, 'apps/web/src/main.tsx'), new Date(), new Date(Date.now() + 60_000));
    expect(openPage('team', copy).missing).toBe(null);
    rmSync(copy, { recursive: true });
  });

  test('says what to run where it was never built', async () => {
    rmSync(join(root, 'dist'), { recursive: true });
    const none = await ask('/');
    expect([none.status, await none.text()]).toEqual([503, expect.stringContaining('npm run setup')]);
  });
});
