import { type ChildProcess, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect } from 'vitest';
import { type Outcome, watchChild } from '../../../../test/support/watch-child.ts';

const bin = join(import.meta.dirname, '../../../../bin/tandem');
const goldenFolder = join(import.meta.dirname, '../golden');

/** Compiled code is shared by all processes of the suite: an empty cache costs half a second a process. */
const compileCache = join(tmpdir(), 'tandem-test-compile-cache');

/** Ended here and not where they are made: a hook that is registered inside a test never runs. */
const machines: Machine[] = [];
afterAll(() => {
  for (const machine of machines) machine.end();
});

/** One person's machine: an empty home and a workspace, thrown away after the file's tests. */
export class Machine {
  readonly home: string = realpathSync(mkdtempSync(join(tmpdir(), 'tandem-e2e-')));
  readonly workspace: string = join(this.home, 'project');
  readonly #running = new Set<ChildProcess>();

  constructor() {
    mkdirSync(this.workspace);
    machines.push(this);
  }

  end(): void {
    for (const child of this.#running) child.kill('SIGKILL');
    rmSync(this.home, { recursive: true, force: true, maxRetries: 3 });
  }

  write(path: string, text: string): void {
    mkdirSync(join(this.workspace, path, '..'), { recursive: true });
    writeFileSync(join(this.workspace, path), text);
  }

  read(path: string): string | null {
    const file = join(this.workspace, path);
    return existsSync(file) ? readFileSync(file, 'utf8') : null;
  }

  /** A scripted mind outside the workspace; its id. */
  script(name: string, turns: readonly object[], facts: object = {}): string {
    const file = join(this.home, `${name}.json`);
    writeFileSync(file, JSON.stringify({ turns, facts }));
    return `scripted/${file}`;
  }

  start(
    words: readonly string[],
    options: { readonly env?: Record<string, string>; readonly stdin?: 'pipe' } = {},
  ) {
    const child = spawn(bin, words, {
      cwd: this.workspace,
      stdio: [options.stdin ?? 'ignore', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH, HOME: this.home, NODE_COMPILE_CACHE: compileCache, ...options.env },
    });
    return watchChild(child, this.#running);
  }

  async run(
    words: readonly string[],
    options: { readonly env?: Record<string, string>; readonly input?: string } = {},
  ) {
    const { input, env } = options;
    const started = this.start(words, {
      ...(env && { env }),
      ...(input === undefined ? {} : { stdin: 'pipe' }),
    });
    started.child.stdin?.end(input);
    return await started.ended;
  }

  /** What differs from run to run, by name. */
  masked(text: string): string {
    return text
      .replaceAll(this.home, '<home>')
      .replace(/\b(ses|trn|stp|itm|att|snp|evt|apr)_[0-9a-z]{6,40}/g, '$1_<id>')
      .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>')
      .replace(/\d{4}-\d\d-\d\d \d\d:\d\d/g, '<time>')
      .replace(/"ms":[\d.]+/g, '"ms":<ms>')
      .replace(/\b\d+\.\d s\b/g, '<s> s')
      .replace(/\d[\d,]* tokens? in/g, '<n> tokens in')
      .replace(/"(in|out)":\d+/g, '"$1":<n>');
  }

  expectGolden(name: string, outcome: Outcome): void {
    const text = `exit ${outcome.code}\n--- stdout\n${outcome.out}--- stderr\n${outcome.err}`;
    const file = join(goldenFolder, `${name}.txt`);
    if (process.env.UPDATE_GOLDEN === '1') {
      mkdirSync(goldenFolder, { recursive: true });
      writeFileSync(file, this.masked(text));
    }
    expect(this.masked(text)).toBe(existsSync(file) ? readFileSync(file, 'utf8') : `no golden file ${name}`);
  }
}
