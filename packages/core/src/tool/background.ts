import type { BackgroundCommand, Clock, Workspace } from '../ports.ts';

/** Servers, watchers and builds of one session at a time; more is a model gone astray. */
const RUNNING_LIMIT = 8;
/** Ended commands whose output can still be read. */
const ENDED_LIMIT = 16;
const OUTPUT_LIMIT = 30_000;

export type Started = BackgroundCommand & { readonly id: string; readonly command: string };

/** How a command ended, for the log. */
export type Ended = Pick<Started, 'id' | 'command'> & { readonly exit: number; readonly output: string };

/**
 * The commands that one session runs beside its turns. They outlive the turn that started them and end with the session in
 * this process. Owner: the session; tools only ask.
 */
export class Background {
  readonly #clock: Clock;
  readonly #onEnd: (ended: Ended) => Promise<void>;
  readonly #control = new AbortController();
  readonly #commands = new Map<string, Started>();
  readonly #ends = new Set<Promise<void>>();

  /** `onEnd` is called once for each command that ends and must not reject. */
  constructor(given: { readonly clock: Clock; readonly onEnd: (ended: Ended) => Promise<void> }) {
    this.#clock = given.clock;
    this.#onEnd = given.onEnd;
  }

  /** Those that run and those that ended lately, oldest first. */
  get all(): readonly Started[] {
    return [...this.#commands.values()];
  }

  get isRunning(): boolean {
    return this.#running.length > 0;
  }

  get isFull(): boolean {
    return this.#running.length >= RUNNING_LIMIT;
  }

  find(id: string): Started | undefined {
    return this.#commands.get(id);
  }

  /** @throws AppError where the workspace cannot start it */
  async start(
    workspace: Workspace,
    given: { readonly id: string; readonly command: string },
  ): Promise<Started> {
    const { signal } = this.#control;
    const running = await workspace.start({ command: given.command, signal, maxOutput: OUTPUT_LIMIT });
    const started: Started = { ...running, ...given };
    this.#commands.set(given.id, started);
    const end = started.exited.then((exit) => this.#onEnd({ ...given, exit, output: started.output() }));
    this.#ends.add(end);
    const done = (): void => void this.#ends.delete(end);
    end.then(done, done);
    for (const old of this.all.filter((one) => one.exit() !== null).slice(0, -ENDED_LIMIT))
      this.#commands.delete(old.id);
    return started;
  }

  /** Waits for its end, at most so long. Rejects with the signal's reason. */
  async wait(started: Started, milliseconds: number, signal: AbortSignal): Promise<void> {
    const stop = new AbortController();
    const both = AbortSignal.any([signal, stop.signal]);
    const slept = this.#clock.sleep(milliseconds, both).catch(() => {});
    await Promise.race([started.exited, slept]);
    stop.abort();
    signal.throwIfAborted();
  }

  /** Ends them all. Resolves when they are gone and that is in the log. */
  async close(reason: Error): Promise<void> {
    this.#control.abort(reason);
    await Promise.all(this.#ends);
  }

  get #running(): readonly Started[] {
    return this.all.filter((one) => one.exit() === null);
  }
}
