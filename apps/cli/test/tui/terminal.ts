import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Unicode11Addon } from '@xterm/addon-unicode11';
import xterm from '@xterm/headless';
import { afterAll, expect } from 'vitest';

const golden = join(import.meta.dirname, '../golden');

export type TerminalOptions = {
  readonly columns?: number;
  readonly rows?: number;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
};

const running = new Set<ChildProcess>();
afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
});

/** A real process in a real pseudo terminal, and what a real terminal emulator makes of its output. */
export class Terminal {
  readonly emulator: InstanceType<typeof xterm.Terminal>;
  readonly ended: Promise<number | null>;
  /** Everything that was written to the terminal. */
  raw = '';
  #errors = '';
  readonly #child: ChildProcess;
  readonly #waiting = new Set<() => void>();

  constructor(words: readonly string[], { columns = 80, rows = 24, cwd, env }: TerminalOptions) {
    this.emulator = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 10_000 });
    this.emulator.loadAddon(new Unicode11Addon() as never);
    this.emulator.unicode.activeVersion = '11';
    const script = join(import.meta.dirname, 'relay.py');
    this.#child = spawn('python3', [script, String(columns), String(rows), ...words], {
      cwd,
      env: { TERM: 'xterm-256color', ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    running.add(this.#child);
    this.#child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      // Looked at once the emulator has made a picture of it.
      this.emulator.write(text, () => {
        this.raw += text;
        this.#look();
      });
    });
    this.#child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.#errors += text;
      this.#look();
    });
    this.ended = new Promise((resolve) =>
      this.#child.on('close', (code) => {
        running.delete(this.#child);
        this.emulator.write('', () => resolve(code));
      }),
    );
  }

  type(text: string): void {
    this.#order({ write: text });
  }

  resize(columns: number, rows: number): void {
    this.emulator.resize(columns, rows);
    this.#order({ resize: [columns, rows] });
  }

  signal(number: number): void {
    this.#order({ signal: number });
  }

  /** Whether the terminal is as a shell wants it. */
  async modes(): Promise<'canonical' | 'raw'> {
    this.#errors = '';
    this.#order({ modes: true });
    await this.until(() => /canonical|raw/.test(this.#errors));
    return this.#errors.includes('canonical') ? 'canonical' : 'raw';
  }

  /** The same after the program has ended. */
  modesAtEnd(): string {
    return this.#errors.trim().split('\n').at(-1) ?? '';
  }

  /** Resolves when everything was drawn anew after the work. */
  async redrawn(work: () => void): Promise<void> {
    const before = this.raw.length;
    work();
    await this.until(() => {
      const since = this.raw.slice(before);
      return since.includes('\x1b[2J') && since.endsWith('\x1b[?2026l');
    }, 'a new frame');
  }

  /** What is on the screen now, without blank lines at the end. */
  screen(): string {
    const { active } = this.emulator.buffer;
    const lines = Array.from({ length: this.emulator.rows }, (_, row) =>
      (active.getLine(active.baseY + row)?.translateToString(true) ?? '').trimEnd(),
    );
    return lines.join('\n').trimEnd();
  }

  /** The screen and all that has scrolled away. */
  history(): string {
    const { active } = this.emulator.buffer;
    return Array.from(
      { length: active.length },
      (_, row) => active.getLine(row)?.translateToString(true) ?? '',
    )
      .join('\n')
      .trimEnd();
  }

  shows(text: string): Promise<void> {
    return this.until(() => this.screen().includes(text), `"${text}"`);
  }

  /** Resolves when it holds after something was written; rejects with the screen when it never does. */
  until(holds: () => boolean, what = 'it'): Promise<void> {
    return new Promise((resolve, reject) => {
      const done = (error?: Error): void => {
        clearTimeout(timer);
        this.#waiting.delete(check);
        if (error === undefined) resolve();
        else reject(error);
      };
      const check = (): void => {
        if (!this.#isPainting() && holds()) done();
      };
      const fail = (why: string): void =>
        done(new Error(`${why} without ${what}:\n${this.screen()}\n${this.#errors}`));
      const timer = setTimeout(() => fail('timed out'), 20_000);
      this.#waiting.add(check);
      void this.ended.then(() => {
        check();
        if (this.#waiting.has(check)) fail('ended');
      });
      check();
    });
  }

  /** Between the marks of a synchronized update a real terminal shows nothing yet. */
  #isPainting(): boolean {
    return this.raw.lastIndexOf('\x1b[?2026h') > this.raw.lastIndexOf('\x1b[?2026l');
  }

  #look(): void {
    for (const check of [...this.#waiting]) check();
  }

  #order(order: object): void {
    this.#child.stdin!.write(`${JSON.stringify(order)}\n`);
  }
}

/** Compares with a golden file; UPDATE_GOLDEN=1 writes it. */
export const expectFile = (file: string, text: string): void => {
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(file, text);
  expect(text).toBe(existsSync(file) ? readFileSync(file, 'utf8') : `there is no ${file}`);
};

export const expectFrame = (name: string, frame: string): void =>
  expectFile(join(golden, `${name}.txt`), `${frame}\n`);
