import type { ReadStream, WriteStream } from 'node:tty';
import { AppError } from '@tandem/protocol/error';
import type { Answers, Choice, MergeReport, OpenHunk, Person } from '@tandem/workspace';
import { writeInEditor } from '../tui/app/external-editor.ts';
import { nameOf } from '../tui/app/key-name.ts';
import { type Device, openDevice } from '../tui/terminal/device.ts';
import type { Input } from '../tui/terminal/keys.ts';
import { draw, truncate } from '../tui/text/line.ts';
import { type Theme, themes } from '../tui/text/style.ts';
import { keyLines, type Question, questionLines, questionsOf } from './panes.ts';

export type Terminal = {
  readonly input: ReadStream;
  readonly output: WriteStream;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
};

/** Asks about one conflict after the other on a screen of its own; what is skipped stays open. */
export const askPerson =
  (terminal: Terminal): Person =>
  async (report) => {
    const asker = new Asker(terminal, report);
    try {
      return await asker.answers();
    } finally {
      asker.close();
    }
  };

type Answer =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'choice'; readonly choice: Choice };

const other = '\x1b[?1049h\x1b[?25l';
const main = '\x1b[?1049l\x1b[?25h';

class Asker {
  readonly #terminal: Terminal;
  readonly #report: MergeReport;
  readonly #questions: readonly Question[];
  readonly #theme: Theme;
  readonly #device: Device;
  readonly #waiting: Input[] = [];
  #wake: () => void = () => undefined;
  #at = 0;
  #top = 0;

  constructor(terminal: Terminal, report: MergeReport) {
    this.#terminal = terminal;
    this.#report = report;
    this.#questions = questionsOf(report);
    this.#theme = terminal.environment.NO_COLOR ? themes.plain : themes.terminal;
    this.#device = openDevice(terminal, {
      input: (inputs) => {
        this.#waiting.push(...inputs);
        this.#wake();
      },
      resize: () => this.#draw(),
    });
    this.#device.write(other);
  }

  close(): void {
    this.#device.write(main);
    this.#device.close();
  }

  /** Null: the person wants none of it. */
  async answers(): Promise<Answers | null> {
    const hunks: { path: string; index: number; text: string }[] = [];
    const choices: Record<string, Choice> = {};
    const counts = new Map<string, number>();
    for (const question of this.#questions) {
      const answer = await this.#ask(question);
      if (answer === 'quit') return null;
      if (question.type === 'path') {
        if (answer !== 'skip' && answer.type === 'choice')
          choices[question.conflict.paths[0] ?? ''] = answer.choice;
        this.#at += 1;
        continue;
      }
      const { path } = question.hunk;
      const index = counts.get(path) ?? 0;
      counts.set(path, index + 1);
      if (answer !== 'skip' && answer.type === 'text') hunks.push({ path, index, text: answer.text });
      this.#at += 1;
    }
    return { hunks, choices };
  }

  async #ask(question: Question): Promise<Answer | 'skip' | 'quit'> {
    this.#top = 0;
    for (;;) {
      this.#draw();
      const name = await this.#press();
      if (name === 'q') return 'quit';
      if (name === 's') return 'skip';
      if (name === 'ctrl-c')
        throw new AppError(
          'interrupted',
          'Interrupted. The merge is kept: tandem merge --continue, or --abort.',
        );
      const answer =
        question.type === 'hunk' ? await this.#answer(question.hunk, name) : choiceOf(question, name);
      if (answer !== null) return answer;
      this.#scroll(name);
    }
  }

  async #answer({ hunk }: OpenHunk, name: string): Promise<Answer | null> {
    const text = sideOf(hunk, name);
    if (text !== null) return { type: 'text', text };
    if (name !== 'e') return null;
    const offered = `<<<<<<< ours\n${ended(hunk.ours)}=======\n${ended(hunk.theirs)}>>>>>>> theirs\n`;
    this.#device.write(main);
    const written = await this.#device.lend(() => writeInEditor(offered, this.#terminal.environment));
    this.#device.write(other);
    const isOpen =
      /^(?:<{7}|={7}|>{7})(?: |$)/m.test(written) && !/^(?:<{7}|={7}|>{7})/m.test(hunk.ours + hunk.theirs);
    // The editor was left as it was entered: nothing is decided.
    if (isOpen || written === offered.replace(/\n$/, '')) return null;
    const end = hunk.ours.includes('\r\n') ? '\r\n' : '\n';
    const lines = written === '' ? '' : ended(written);
    return { type: 'text', text: lines.replace(/\r?\n/g, end) };
  }

  #scroll(name: string): void {
    const page = Math.max(1, this.#device.size().rows - 4);
    const steps: Readonly<Record<string, number>> = {
      up: -1,
      down: 1,
      k: -1,
      j: 1,
      pageup: -page,
      pagedown: page,
    };
    this.#top = Math.max(0, this.#top + (steps[name] ?? 0));
  }

  #draw(): void {
    const question = this.#questions[this.#at];
    if (question === undefined) return;
    const { columns, rows } = this.#device.size();
    const width = Math.max(20, columns - 1);
    const asked = { report: this.#report, question, number: this.#at + 1, count: this.#questions.length };
    const body = questionLines(asked, width);
    const plain = keyLines(asked, width);
    const scrolls = body.length > rows - plain.length;
    const keys = scrolls ? keyLines({ question, scrolls }, width) : plain;
    const room = Math.max(1, rows - keys.length);
    this.#top = Math.min(this.#top, Math.max(0, body.length - room));
    const lines = Array.from({ length: room }, (_, row) => body[this.#top + row] ?? []);
    const text = [...lines, ...keys]
      .map((one) => `${draw(truncate(one, width), this.#theme)}\x1b[K`)
      .join('\r\n');
    this.#device.write(`\x1b[?2026h\x1b[H${text}\x1b[J\x1b[?2026l`);
  }

  async #press(): Promise<string> {
    const { signal } = this.#terminal;
    for (;;) {
      signal.throwIfAborted();
      const input = this.#waiting.shift();
      if (input?.type === 'key') return nameOf(input);
      if (input !== undefined) continue;
      const stopped = Promise.withResolvers<void>();
      this.#wake = stopped.resolve;
      signal.addEventListener('abort', this.#wake, { once: true });
      await stopped.promise;
      signal.removeEventListener('abort', this.#wake);
    }
  }
}

const ended = (text: string): string => (text === '' || text.endsWith('\n') ? text : `${text}\n`);

const sideOf = ({ ours, theirs }: OpenHunk['hunk'], name: string): string | null => {
  switch (name) {
    case 'o':
      return ours;
    case 't':
      return theirs;
    case 'b':
      return ended(ours) + theirs;
    case 'B':
      return ended(theirs) + ours;
    default:
      return null;
  }
};

const choiceOf = ({ conflict }: Extract<Question, { type: 'path' }>, name: string): Answer | null => {
  const choice = ({ o: 'ours', t: 'theirs', b: 'both' } as const)[name];
  return choice !== undefined && conflict.choices.some((one) => one.choice === choice)
    ? { type: 'choice', choice }
    : null;
};
