import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { pageSources } from './page-sources.ts';

/** Which door the page speaks to: a team's server, or the sessions of one person's workspace. */
export type DoorKind = 'team' | 'local';

type File = {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly zipped: Uint8Array<ArrayBuffer>;
  readonly type: string;
  readonly etag: string;
  /** Its name changes with its content. */
  readonly hashed: boolean;
};

/** The web page as it was built, in memory: a build that comes later does not change what a running door shows. */
export type Page = {
  readonly files: ReadonlyMap<string, File>;
  /** Why there is none and what to do about it; null where it is there. */
  readonly missing: string | null;
};

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.webmanifest': 'application/manifest+json',
};

const checkout = join(import.meta.dirname, '..', '..', '..', '..');

const makeMs = 120_000;

/** The page; made first where it was never made (npm may have been told to run no scripts), or its sources are newer. */
export const readyPage = async (kind: DoorKind): Promise<Page> => {
  const page = openPage(kind);
  if (page.missing === null) return page;
  const script = join(checkout, 'scripts', 'bundle.mjs');
  await new Promise<void>((resolve) => {
    // What went wrong shows in the page that is still not there, with what to run to see why.
    execFile(process.execPath, [script], { cwd: checkout, timeout: makeMs }, () => resolve());
  });
  return openPage(kind);
};

/** The page of the newest build, if that was made from the sources that are here. */
export const openPage = (kind: DoorKind, root: string = checkout): Page => {
  const folder = builtFolder(root);
  if (folder === null) return none(`it is not built; run: npm run setup --prefix ${root}`);
  if (readFileSync(join(folder, 'sources'), 'utf8').trim() !== pageSources(root))
    return none(`it was built from other sources; run: npm run setup --prefix ${root}`);
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (path) => extname(path) in types,
  );
  const files = new Map(
    paths.map((path) => {
      const bytes = readFileSync(join(folder, path));
      const isIndex = path === 'index.html';
      // The page knows before anybody has signed in how signing in is done here.
      const text = isIndex
        ? Buffer.from(bytes.toString().replace('data-door=""', `data-door="${kind}"`))
        : bytes;
      return [isIndex ? '/' : `/${path.replaceAll('\\', '/')}`, fileOf(path, new Uint8Array(text))] as const;
    }),
  );
  return { files, missing: null };
};

const none = (missing: string): Page => ({ files: new Map(), missing });

const builtFolder = (root: string): string | null => {
  try {
    const folder = join(root, 'dist', readFileSync(join(root, 'dist', 'stamp'), 'utf8').trim(), 'page');
    return readdirSync(folder).includes('sources') ? folder : null;
  } catch {
    return null;
  }
};

const fileOf = (path: string, bytes: Uint8Array<ArrayBuffer>): File => ({
  bytes,
  zipped: new Uint8Array(gzipSync(bytes, { level: 9 })),
  type: types[extname(path)]!,
  etag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`,
  hashed: path.startsWith('assets'),
});

/**
 * Nothing but the page's own files runs or is asked for, no other page may frame it, and no text becomes markup: the browser
 * itself refuses to turn a string into a script or into HTML.
 */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

const guarded = {
  'content-security-policy': policy,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const;

type Fetch = (request: Request) => Response | Promise<Response>;

/** The page's own files before a door. They are the same for everybody and ask for no token; what they show asks for one. */
export const withPage =
  (door: Fetch, page: Page): Fetch =>
  (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return door(request);
    const { pathname } = new URL(request.url);
    if (page.missing !== null && pathname === '/')
      return plain(`The web page is not here: ${page.missing}\n`);
    const file = page.files.get(pathname);
    return file === undefined ? door(request) : answer(request, file);
  };

const plain = (text: string): Response =>
  new Response(text, { status: 503, headers: { ...guarded, 'content-type': 'text/plain; charset=utf-8' } });

const answer = (request: Request, file: File): Response => {
  const headers = {
    ...guarded,
    etag: file.etag,
    vary: 'accept-encoding',
    'cache-control': file.hashed ? 'public, max-age=31536000, immutable' : 'no-cache',
  };
  if (request.headers.get('if-none-match') === file.etag) return new Response(null, { status: 304, headers });
  const isZipped = /\bgzip\b/.test(request.headers.get('accept-encoding') ?? '');
  const body = isZipped ? file.zipped : file.bytes;
  return new Response(request.method === 'HEAD' ? null : body, {
    headers: {
      ...headers,
      'content-type': file.type,
      'content-length': String(body.length),
      ...(isZipped ? { 'content-encoding': 'gzip' } : {}),
    },
  });
};
