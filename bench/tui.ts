/**
 * `npm run bench:tui [-- --runs N]`: what the terminal screen costs: from the start to a prompt, from a key to its picture in a
 * session of 10,000 events, and the memory it takes. Writes the section "terminal" of docs/bench.md.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { NewEvent } from '@tandem/protocol';
import { openJsonlStore } from '@tandem/workspace';
import { systemClock } from '@tandem/workspace/identity';
import { markdownTable, writeSection } from './document.ts';
import { median } from './stats.ts';

const root = join(import.meta.dirname, '..');
const bin = join(root, 'bin', 'tandem');
const relay = join(root, 'apps', 'cli', 'test', 'tui', 'relay.py');
const session = 'ses_0000bench0';
const keys = 300;

const percentile = (values: readonly number[], share: number): number => {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
};

/** A tandem in a pseudo terminal of 80×24. */
class Screen {
  output = '';
  readonly #child;
  readonly #home: string;
  #look = (): void => {};

  constructor(words: readonly string[], { home, cwd }: { readonly home: string; readonly cwd: string }) {
    this.#home = home;
    // Waits for a line, so that neither the relay's start nor the shell's is measured.
    const waiting = ['sh', '-c', 'echo ready; read go; exec "$0" "$@"', bin];
    this.#child = spawn('python3', [relay, '80', '24', ...waiting, ...words], {
      cwd,
      env: { PATH: process.env.PATH, HOME: this.#home, TERM: 'xterm-256color' },
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.output = (this.output + text).slice(-200_000);
      this.#look();
    });
  }

  /** Milliseconds until the output since now holds the text. */
  until(text: string): Promise<number> {
    const start = performance.now();
    this.output = '';
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`no "${text}" in: ${this.output.slice(-500)}`)),
        60_000,
      );
      this.#look = () => {
        if (!this.output.includes(text)) return;
        clearTimeout(timer);
        resolve(performance.now() - start);
      };
    });
  }

  /** Milliseconds from the start of the program to a text. */
  async start(text: string): Promise<number> {
    if (!this.output.includes('ready')) await this.until('ready');
    const shown = this.until(text);
    this.type('\n');
    return await shown;
  }

  type(text: string): void {
    this.#child.stdin.write(`${JSON.stringify({ write: text })}\n`);
  }

  /** Resident memory of the program itself, in MB. */
  megabytes(): number {
    const status = readFileSync(`/proc/${this.#pid()}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) / 1_024;
  }

  /** Processor time of the program so far: the same on a machine that is busy with other things. */
  processorMs(): number {
    const fields = readFileSync(`/proc/${this.#pid()}/stat`, 'utf8').split(') ')[1]!.split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  }

  #pid(): string {
    const children = `/proc/${this.#child.pid}/task/${this.#child.pid}/children`;
    return readFileSync(children, 'utf8').trim().split(' ')[0]!;
  }

  close(): Promise<void> {
    const ended = new Promise<void>((resolve) => this.#child.on('close', () => resolve()));
    this.type('\x03\x03');
    return ended;
  }
}

/** A log as a free loop writes it: turns of a few tool calls, output and diffs. */
const writeLongSession = async (home: string, cwd: string): Promise<number> => {
  const directory = join(home, '.local', 'state', 'tandem', 'sessions');
  mkdirSync(directory, { recursive: true });
  const store = openJsonlStore({ directory, clock: systemClock });
  const envelope = { v: 1, session, at: systemClock.iso(), actor: { type: 'agent', id: 'bench' } } as const;
  const events: NewEvent[] = [];
  const add = (event: object): void =>
    void events.push({ ...envelope, id: `evt_${events.length}`, ...event } as unknown as NewEvent);
  add({
    type: 'session.created',
    data: { model: 'scripted/none', cwd, permissionMode: 'default', title: 'long' },
  });
  const usage = { in: 12_000, cached: 11_000, out: 300, costUsd: 0 };
  const output = Array.from(
    { length: 40 },
    (_, row) => `row ${row} of what a command printed, some eighty characters`,
  ).join('\n');
  const diff = `--- a/x.ts\n+++ b/x.ts\n@@ -1,2 +1,2 @@\n-const before = one;\n+const before = two;\n same\n`;
  for (let turn = 0; events.length < 10_000; turn += 1) {
    const id = `trn_${String(turn).padStart(6, '0')}`;
    const item = (kind: string): string => `itm_${turn}_${kind}`;
    add({ type: 'turn.admitted', turn: id, data: { text: `prompt number ${turn}`, options: {} } });
    add({ type: 'turn.started', turn: id, data: {} });
    for (const kind of ['a', 'b']) {
      add({ type: 'step.started', turn: id, data: { step: `stp_${turn}${kind}`, model: 'm', results: [] } });
      add({
        type: 'item.completed',
        turn: id,
        data: {
          item: {
            id: item(`${kind}1`),
            type: 'agent_message',
            text: `I will look at **part ${kind}** of it.\n\n- one\n- two`,
          },
        },
      });
      add({
        type: 'item.completed',
        turn: id,
        data: {
          item: {
            id: item(`${kind}2`),
            type: 'command',
            command: 'npm test',
            cwd: '.',
            output,
            exit: 0,
            status: 'completed',
          },
        },
      });
      add({
        type: 'item.completed',
        turn: id,
        data: {
          item: {
            id: item(`${kind}3`),
            type: 'file_change',
            files: [{ path: 'x.ts', added: 1, removed: 1 }],
            diff,
            status: 'completed',
          },
        },
      });
      add({ type: 'step.completed', turn: id, data: { step: `stp_${turn}${kind}`, usage, stop: 'end' } });
    }
    const end = { outcome: 'ok', answer: 'Done.', files: [], verify: null, usage, ms: 1_000 };
    add({ type: 'turn.completed', turn: id, data: end });
  }
  await store.append({ session, expectedSeq: 0, events });
  return events.length;
};

const startUp = async (
  runs: number,
  place: { readonly home: string; readonly cwd: string },
): Promise<{ readonly times: readonly number[]; readonly work: readonly number[] }> => {
  const times: number[] = [];
  const work: number[] = [];
  for (let run = 0; run <= runs; run += 1) {
    const screen = new Screen([], place);
    const ms = await screen.start('Ask for a change');
    if (run > 0) {
      times.push(ms);
      work.push(screen.processorMs());
    }
    await screen.until('sandbox off');
    await screen.close();
  }
  return { times, work };
};

/** Each key is a different one, so that its picture can be told from the one before. */
const typing = async (screen: Screen): Promise<readonly number[]> => {
  const times: number[] = [];
  let word = '';
  for (let key = 0; key < keys; key += 1) {
    word += String.fromCharCode(97 + (key % 26));
    if (word.length > 60) {
      screen.type('\x15');
      await screen.until('Ask for a change');
      word = 'a';
    }
    const shown = screen.until(word);
    screen.type(word.at(-1)!);
    times.push(await shown);
  }
  return times;
};

const main = async (): Promise<void> => {
  const { values } = parseArgs({ options: { runs: { type: 'string', default: '10' } } });
  const home = mkdtempSync(join(tmpdir(), 'bench-tui-'));
  const cwd = join(home, 'workspace');
  mkdirSync(cwd);
  try {
    const starts = await startUp(Number(values.runs), { home, cwd });
    const events = await writeLongSession(home, cwd);
    const screen = new Screen(['resume', session], { home, cwd });
    const opened = await screen.start('ctx 12k');
    const times = await typing(screen);
    const memory = screen.megabytes();
    await screen.close();
    const ms = (value: number): string => `${value.toFixed(value < 10 ? 1 : 0)} ms`;
    const rows = [
      [
        'from the start to a prompt that takes keys',
        ms(median(starts.times) ?? Number.NaN),
        ms(percentile(starts.times, 0.95)),
        '250 ms',
      ],
      [
        '… processor time of it',
        ms(median(starts.work) ?? Number.NaN),
        ms(percentile(starts.work, 0.95)),
        '',
      ],
      [`from the start to the end of a session of ${events} events`, ms(opened), '', ''],
      [
        `from a key to its picture, in that session (${times.length} keys)`,
        ms(median(times) ?? Number.NaN),
        ms(percentile(times, 0.95)),
        '16 ms',
      ],
      ['memory after that', `${memory.toFixed(0)} MB`, '', '150 MB'],
    ];
    const machine = `${availableParallelism()} cores, ${cpus()[0]?.model.trim() ?? process.arch}`;
    const text = [
      markdownTable(['Terminal screen', 'Median', 'p95', 'Aim'], rows),
      '',
      `Through a pseudo terminal of 80×24, load average ${loadavg()[0]?.toFixed(1)}, ${values.runs} starts after one to warm up, ${new Date().toISOString().slice(0, 10)}, ${machine}.`,
    ].join('\n');
    writeSection('terminal', text);
    console.log(text);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
};

if (import.meta.main) await main();
