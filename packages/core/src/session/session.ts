import { AppError } from '@tandem/protocol';
import type { EnginePorts } from '../engine.ts';
import { Background, type Ended } from '../tool/background.ts';
import { drive } from '../turn/drive.ts';
import { Questions } from '../turn/questions.ts';
import type { DriveParts } from '../turn/work.ts';
import type { LiveHub } from './live.ts';
import { SessionLog } from './log.ts';

/** Characters of a background command's output that the log keeps: what it said last says why it ended. */
const LAST_WORDS = 4_000;

/**
 * One session in this process: its log, and at most one driver. Owner: core. What belongs to a turn goes to turn/, what
 * a person asks of a session to a file of its own here; this class only starts, stops and waits.
 */
export class Session {
  readonly log: SessionLog;
  readonly background: Background;
  readonly questions: Questions = new Questions();
  readonly #ports: EnginePorts;
  readonly #parts: DriveParts;
  readonly #live: LiveHub;
  #driver: Promise<void> | null = null;
  #wanted = false;
  #waiting = false;
  #holding = false;
  #turn: { readonly id: string; readonly control: AbortController; readonly started: number } | null = null;
  #accepting: string | null = null;
  #closing = false;
  #stopping: AppError | null = null;
  #onIdle: (() => void)[] = [];

  constructor(
    id: string,
    given: { readonly ports: EnginePorts; readonly parts: DriveParts; readonly live: LiveHub },
  ) {
    this.#ports = given.ports;
    this.#parts = given.parts;
    this.#live = given.live;
    this.log = new SessionLog(id, given.ports);
    const onEnd = (ended: Ended): Promise<void> => this.#recordEnd(ended);
    this.background = new Background({ clock: given.ports.clock, onEnd });
  }

  get busy(): boolean {
    return this.#driver !== null || this.#waiting;
  }

  /** The turn that takes further inputs at its next step; null while there is none. */
  get accepting(): string | null {
    return this.#accepting;
  }

  /** Starts the driver, or has it look at the log once more. */
  wake(): void {
    this.#wanted = true;
    this.#driver ??= this.#run();
  }

  /** Ends the running turn; a turn that waits for a person as well. Turns queued behind it are not touched. */
  interrupt(reason: AppError): void {
    if (!this.busy) return;
    if (this.#driver !== null && this.#turn !== null) {
      this.#turn.control.abort(reason);
      return;
    }
    this.#stopping = reason;
    this.wake();
  }

  idle(): Promise<void> {
    if (!this.busy) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onIdle.push(resolve);
    });
  }

  /**
   * Interrupts the running turn and drives no further one. Queued turns, and one that waits for a person, stay in the
   * log for `recover`.
   */
  async close(): Promise<void> {
    this.#closing = true;
    this.#turn?.control.abort(new AppError('interrupted', 'the program ended'));
    while (this.#driver !== null) await this.#driver;
    await this.background.close(new AppError('interrupted', 'the program ended'));
    await this.#letGo();
  }

  async #recordEnd({ output, ...ended }: Ended): Promise<void> {
    try {
      await this.log.hold();
      try {
        const data = { ...ended, output: output.slice(-LAST_WORDS) };
        await this.log.append([{ type: 'background.ended', data }]);
      } finally {
        await this.log.release();
      }
    } catch (error) {
      this.#sayStopped(error);
    }
  }

  /** The log refuses to be written: nothing can be recorded, so it is said to whoever watches. */
  #sayStopped(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    this.#live.send({ type: 'progress', session: this.log.session, text: `stopped: ${message}` });
  }

  async #run(): Promise<void> {
    try {
      if (!this.#holding) await this.log.hold();
      this.#holding = true;
      while (this.#wanted) {
        this.#wanted = false;
        this.#waiting = (await drive(this.#driven())) === 'waiting';
        this.#heedLateInterrupt();
      }
    } catch (error) {
      this.#waiting = false;
      this.#sayStopped(error);
    }
    await this.#rest();
  }

  /** An interrupt that came while the turn was about to wait for a person must still end it. */
  #heedLateInterrupt(): void {
    const signal = this.#turn?.control.signal;
    if (!this.#waiting || this.#closing || signal?.aborted !== true) return;
    this.#stopping = signal.reason as AppError;
    this.#wanted = true;
  }

  async #rest(): Promise<void> {
    this.#stopping = null;
    if (!this.#waiting) {
      this.#turn = null;
      await this.#letGo();
    }
    this.#driver = null;
    if (this.#wanted && !this.#closing) this.wake();
    else if (!this.#waiting) for (const resolve of this.#onIdle.splice(0)) resolve();
  }

  async #letGo(): Promise<void> {
    this.#accepting = null;
    this.#waiting = false;
    if (!this.#holding) return;
    this.#holding = false;
    await this.log.release();
  }

  #driven(): Parameters<typeof drive>[0] {
    return {
      log: this.log,
      ports: this.#ports,
      parts: this.#parts,
      live: this.#live.send,
      background: this.background,
      questions: this.questions,
      begin: (id) => this.#begin(id),
      accept: (id) => {
        this.#accepting = id;
      },
    };
  }

  #begin(id: string): { readonly control: AbortController; readonly started: number } | null {
    if (this.#closing && this.#turn !== null && this.#turn.id !== id) return null;
    const control = new AbortController();
    const started = this.#turn?.id === id ? this.#turn.started : this.#ports.clock.ms();
    this.#turn = { id, control, started };
    if (this.#accepting !== id) this.#accepting = null;
    if (this.#stopping !== null) control.abort(this.#stopping);
    this.#stopping = null;
    return this.#turn;
  }
}
