/** The time that a call may take, without the time that it is held while a person thinks. Its owner ends it. */
export class CallTime {
  readonly #control = new AbortController();
  #left: number;
  #since = 0;
  #holds = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param milliseconds how long */
  constructor(milliseconds: number) {
    this.#left = milliseconds;
    this.#run();
  }

  /** Aborts when the time is over. */
  get signal(): AbortSignal {
    return this.#control.signal;
  }

  /** Stands still until what it returns is called. */
  hold(): () => void {
    this.#holds += 1;
    if (this.#holds === 1) {
      clearTimeout(this.#timer);
      this.#left -= performance.now() - this.#since;
    }
    return () => {
      this.#holds -= 1;
      if (this.#holds === 0) this.#run();
    };
  }

  end(): void {
    this.#holds += 1;
    clearTimeout(this.#timer);
  }

  #run(): void {
    this.#since = performance.now();
    this.#timer = setTimeout(() => this.#control.abort(), Math.max(0, this.#left));
  }
}
