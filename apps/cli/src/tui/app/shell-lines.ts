import { isAppError } from '@tandem/protocol/error';
import { line } from '../text/line.ts';
import type { Hands } from './actions.ts';
import { appendHistory } from './history-file.ts';
import { type ShellOutcome, shellBlock } from './shell.ts';

/** Lines that go on behind at a time; more is a machine that nobody looks after. */
const behindLimit = 8;

/** The lines that a person has typed for their own shell: one in front, others behind. They end with the screen. */
export class ShellLines {
  readonly #whole: AbortSignal;
  #front: { putBehind: () => void } | null = null;

  constructor(whole: AbortSignal) {
    this.#whole = whole;
  }

  /** The one in front goes on, and the screen is free; Escape does not end it any more. */
  putBehind(): void {
    this.#front?.putBehind();
  }

  /** Resolves when it has ended; what it said goes with the next prompt. */
  async run(hands: Hands, command: string): Promise<void> {
    const { cwd } = hands.screen().place;
    const { historyFile } = hands.machine;
    appendHistory(historyFile, `!${command}`);
    hands.change((screen) => ({ ...screen, running: { ...screen.running, shell: command }, tick: 0 }));
    const own = new AbortController();
    const escaped = hands.stop();
    const stop = (): void => own.abort();
    escaped.addEventListener('abort', stop, { once: true });
    let isBehind = false;
    const front = {
      putBehind: (): void => {
        if (hands.screen().behind.length >= behindLimit) return;
        isBehind = true;
        escaped.removeEventListener('abort', stop);
        this.#leaveFront(hands, front);
        hands.change((screen) => ({ ...screen, behind: [...screen.behind, command] }));
      },
    };
    this.#front = front;
    const signal = AbortSignal.any([own.signal, this.#whole]);
    const outcome = await this.#outcome(hands, command, { cwd, signal });
    escaped.removeEventListener('abort', stop);
    this.#leaveFront(hands, front);
    const title = `$ ${command} → exit ${outcome.exit ?? 'none'}; goes with the next prompt`;
    const lines = outcome.output.split('\n').map((text) => line(text));
    hands.change((screen) => {
      const next = { ...screen, shell: [...screen.shell, shellBlock(command, outcome)] };
      if (!isBehind)
        return { ...next, panel: { type: 'text', title, lines, top: Math.max(0, lines.length - 12) } };
      const at = screen.behind.indexOf(command);
      return { ...next, behind: screen.behind.toSpliced(at, 1), notice: { text: title, bad: false } };
    });
  }

  /** Over a line to another machine it may also fail, or end there unheard. */
  async #outcome(
    hands: Hands,
    command: string,
    at: { readonly cwd: string; readonly signal: AbortSignal },
  ): Promise<ShellOutcome> {
    try {
      return await hands.machine.shell(command, at);
    } catch (error) {
      if (at.signal.aborted) return { output: '', exit: null };
      if (isAppError(error)) return { output: error.message, exit: null };
      throw error;
    }
  }

  #leaveFront(hands: Hands, front: { readonly putBehind: () => void }): void {
    if (this.#front !== front) return;
    this.#front = null;
    hands.change((screen) => ({ ...screen, running: { ...screen.running, shell: null } }));
  }
}
