import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Event } from '@tandem/protocol';
import { type Outcome, watchChild } from '../../../../test/support/watch-child.ts';
import { temporaryFolder } from './database.ts';

const bin = join(import.meta.dirname, '../../../../bin/tandem');

/** One machine with a team server, thrown away at the end; everything through the launcher, as a person would. */
export class Machine {
  readonly #folder = temporaryFolder();
  readonly home: string = this.#folder.path;
  readonly workspace: string = join(this.home, 'shop');
  readonly state: string = join(this.home, 'state', 'tandem', 'server');
  readonly #env: Readonly<Record<string, string | undefined>>;
  readonly #running = new Set<ChildProcess>();

  constructor(env: Readonly<Record<string, string | undefined>> = {}) {
    mkdirSync(this.workspace);
    this.#env = env;
  }

  async remove(): Promise<void> {
    await this.run(['stop']);
    for (const child of this.#running) child.kill('SIGKILL');
    await this.run(['stop']);
    this.#folder.remove();
  }

  /** A scripted model; its id. */
  script(turns: readonly object[]): string {
    const file = join(this.home, 'script.json');
    writeFileSync(file, JSON.stringify({ turns, facts: {} }));
    return `scripted/${file}`;
  }

  start(words: readonly string[]) {
    return this.tandem(['server', ...words]);
  }

  /** Any command of the launcher. */
  tandem(
    words: readonly string[],
    { cwd = this.home, env = {} }: { readonly cwd?: string; readonly env?: Record<string, string> } = {},
  ) {
    const child = spawn(bin, words, {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env.PATH,
        HOME: this.home,
        XDG_STATE_HOME: join(this.home, 'state'),
        NODE_COMPILE_CACHE: join(tmpdir(), 'tandem-test-compile-cache'),
        ...this.#env,
        ...env,
      },
    });
    return watchChild(child, this.#running);
  }

  run(words: readonly string[]): Promise<Outcome> {
    return this.start(words).ended;
  }

  /** A server that is ready, and a client of its door. */
  async serve(words: readonly string[] = []) {
    const server = this.start(['start', '--port', '0', '--sandbox', 'full', ...words]);
    await server.shows('ready; the token');
    const running = JSON.parse(readFileSync(join(this.state, 'server.json'), 'utf8')) as { url: string };
    const token = readFileSync(join(this.state, 'token'), 'utf8').trim();
    return { ...server, url: running.url, door: new Door(running.url, token) };
  }

  removeState(): void {
    rmSync(this.state, { recursive: true });
  }
}

/** The door as any program would use it. */
export class Door {
  readonly #url: string;
  readonly #token: string;

  constructor(url: string, token: string) {
    this.#url = url;
    this.#token = token;
  }

  async post(path: string, body: object): Promise<Record<string, string>> {
    const response = await fetch(`${this.#url}/v1${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.#token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
    return text === '' ? {} : (JSON.parse(text) as Record<string, string>);
  }

  async events(session: string): Promise<readonly Event[]> {
    const response = await fetch(`${this.#url}/v1/sessions/${session}/events`, {
      headers: { authorization: `Bearer ${this.#token}` },
    });
    return ((await response.json()) as { readonly events: readonly Event[] }).events;
  }

  /** Follows until an event of the type comes; that event. */
  async until<T extends Event['type']>(session: string, type: T): Promise<Event & { readonly type: T }> {
    const control = new AbortController();
    const response = await fetch(`${this.#url}/v1/sessions/${session}/follow`, {
      headers: { authorization: `Bearer ${this.#token}` },
      signal: control.signal,
    });
    let text = '';
    try {
      for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
        text += chunk;
        const blocks = text.split('\n\n');
        text = blocks.pop()!;
        for (const block of blocks) {
          if (!block.includes(`event: ${type}\n`)) continue;
          return JSON.parse(block.split('data: ')[1]!) as Event & { readonly type: T };
        }
      }
    } finally {
      control.abort();
    }
    throw new Error(`the stream ended before ${type}`);
  }
}
