import { AppError } from '@tandem/protocol';

/** Aborts its signal when nobody called `touch` for `idleMs`. `stop` must be called, always. */
export type Watchdog = {
  readonly signal: AbortSignal;
  /** Something came; from now on `idleMs` may be another. */
  readonly touch: (idleMs?: number) => void;
  readonly stop: () => void;
};

/** By the machine's timers, not by a Clock: it watches a real socket, which a clock that a test moves must not cut. */
export const createWatchdog = (input: { readonly idleMs: number; readonly url: string }): Watchdog => {
  const expired = new AbortController();
  let idleMs = input.idleMs;
  const expire = (): void => {
    const message = `${input.url} sent nothing for ${Math.ceil(idleMs / 1000)} s. Try again.`;
    expired.abort(new AppError('model_failed', message, { details: { retryable: true } }));
  };
  let timer = setTimeout(expire, idleMs);
  return {
    signal: expired.signal,
    touch: (next) => {
      if (next === undefined || next === idleMs) {
        timer.refresh();
        return;
      }
      clearTimeout(timer);
      idleMs = next;
      timer = setTimeout(expire, idleMs);
    },
    stop: () => clearTimeout(timer),
  };
};
