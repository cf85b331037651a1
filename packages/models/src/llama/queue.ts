import { AppError } from '@tandem/protocol';

/**
 * One task at a time, in order. An abort rejects the caller at once; the task itself keeps its turn until it has
 * wound down, so that the next one never meets a half-changed sequence.
 */
export const createQueue = (limit: number) => {
  let tail: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  return {
    run: <T>(signal: AbortSignal, task: () => Promise<T>): Promise<T> => {
      if (signal.aborted) return Promise.reject(signal.reason);
      if (waiting >= limit)
        return Promise.reject(
          new AppError('limit', `${limit} requests already wait for the local model; try again later`),
        );
      waiting += 1;
      const done = tail.then(() => {
        signal.throwIfAborted();
        return task();
      });
      tail = done.then(
        () => {
          waiting -= 1;
        },
        () => {
          waiting -= 1;
        },
      );
      return rejectOnAbort(done, signal);
    },
    /** Resolves when all that was queued has wound down. */
    idle: (): Promise<unknown> => tail,
  };
};

const rejectOnAbort = <T>(work: Promise<T>, signal: AbortSignal): Promise<T> =>
  new Promise<T>((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
