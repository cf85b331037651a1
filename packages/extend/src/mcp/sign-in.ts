import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname } from 'node:path';
import type { OAuthClientProvider } from '@modelcontextprotocol/sdk/client/auth.js';
import type {
  OAuthClientInformationMixed,
  OAuthClientMetadata,
  OAuthTokens,
} from '@modelcontextprotocol/sdk/shared/auth.js';
import { AppError } from '@tandem/protocol';

/** What is kept of a sign-in, by the server's address: a name that gets another address gets no token of the old one. */
type Kept = {
  readonly redirectUrl: string;
  readonly client?: OAuthClientInformationMixed;
  readonly tokens?: OAuthTokens;
};

/** @throws AppError configuration where the file is damaged: sign-ins must not be lost by being written over */
const readAll = (file: string): Readonly<Record<string, Kept>> => {
  if (!existsSync(file)) return {};
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, Kept>;
  } catch (cause) {
    throw new AppError('configuration', `${file}: ${(cause as Error).message}`, { cause });
  }
};

/** The person's alone, and written aside: what is there is not lost to a full disk. */
const writeAll = (file: string, all: Readonly<Record<string, Kept>>): void => {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, `${JSON.stringify(all, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
};

/** Forgets a sign-in; false where there was none. */
export const signOut = (file: string, url: string): boolean => {
  const { [url]: kept, ...others } = readAll(file);
  if (kept !== undefined) writeAll(file, others);
  return kept !== undefined;
};

type Given = {
  readonly file: string;
  readonly url: string;
  /** Where the person's browser comes back to. */
  readonly redirectUrl: string;
  /** Shows the person where to sign in. */
  readonly open: (address: string) => void;
};

/** A sign-in as the SDK drives it: its state is the file's entry, but for what one attempt needs. */
class SignIn implements OAuthClientProvider {
  readonly expected: string = randomBytes(24).toString('base64url');
  readonly #given: Given;
  #verifier = '';

  constructor(given: Given) {
    this.#given = given;
  }

  get redirectUrl(): string {
    return this.#given.redirectUrl;
  }

  get clientMetadata(): OAuthClientMetadata {
    return {
      client_name: 'Tandem',
      redirect_uris: [this.redirectUrl],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
    };
  }

  state(): string {
    return this.expected;
  }

  clientInformation(): OAuthClientInformationMixed | undefined {
    return this.#kept.client;
  }

  saveClientInformation(client: OAuthClientInformationMixed): void {
    this.#keep({ ...this.#kept, client });
  }

  tokens(): OAuthTokens | undefined {
    return this.#kept.tokens;
  }

  saveTokens(tokens: OAuthTokens): void {
    this.#keep({ ...this.#kept, tokens });
  }

  redirectToAuthorization(address: URL): void {
    this.#given.open(address.href);
  }

  saveCodeVerifier(verifier: string): void {
    this.#verifier = verifier;
  }

  codeVerifier(): string {
    return this.#verifier;
  }

  invalidateCredentials(scope: 'all' | 'client' | 'tokens' | 'verifier' | 'discovery'): void {
    const { redirectUrl, client } = this.#kept;
    if (scope === 'all' || scope === 'client') this.#keep({ redirectUrl });
    if (scope === 'tokens') this.#keep({ redirectUrl, ...(client === undefined ? {} : { client }) });
  }

  get #kept(): Kept {
    return readAll(this.#given.file)[this.#given.url] ?? { redirectUrl: this.redirectUrl };
  }

  #keep(kept: Kept): void {
    const { file, url } = this.#given;
    writeAll(file, { ...readAll(file), [url]: kept });
  }
}

/** The sign-in that was made for a server earlier, refreshed as need be; undefined where there is none. */
export const keptSignIn = (
  file: string,
  server: { readonly name: string; readonly url: string },
): OAuthClientProvider | undefined => {
  const { name, url } = server;
  const kept = readAll(file)[url];
  if (kept === undefined) return undefined;
  const open = (): never => {
    throw new AppError('configuration', `the sign-in has ended: tandem mcp login ${name}`);
  };
  return new SignIn({ file, url, redirectUrl: kept.redirectUrl, open });
};

export type NewSignIn = {
  readonly provider: OAuthClientProvider;
  /** What the browser brings back. Rejects with the signal's reason, or where the person declined. */
  readonly code: (signal: AbortSignal) => Promise<string>;
  readonly close: () => void;
};

/** A sign-in from its beginning: what was kept is forgotten, and the browser is waited for on loopback. */
export const newSignIn = async (given: Omit<Given, 'redirectUrl'>): Promise<NewSignIn> => {
  signOut(given.file, given.url);
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const provider = new SignIn({ ...given, redirectUrl: `http://127.0.0.1:${port}/callback` });
  const arrived = codeOf(server, provider.expected);
  arrived.catch(() => {});
  return {
    provider,
    code: (signal) =>
      Promise.race([
        arrived,
        new Promise<never>((_, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
          if (signal.aborted) reject(signal.reason as Error);
        }),
      ]),
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
};

/** The first answer that carries our own state counts; anything else that knocks is sent away. */
const codeOf = (server: HttpServer, expected: string): Promise<string> =>
  new Promise((resolve, reject) => {
    server.on('request', (request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
      const isOurs = pathname === '/callback' && searchParams.get('state') === expected;
      const code = searchParams.get('code');
      response.writeHead(isOurs ? 200 : 404, { 'content-type': 'text/plain; charset=utf-8' });
      response.end(isOurs ? (code === null ? 'Declined.\n' : 'Signed in. This page may be closed.\n') : '');
      if (!isOurs) return;
      if (code !== null) resolve(code);
      else reject(new AppError('configuration', `the sign-in was declined: ${searchParams.get('error')}`));
    });
  });
