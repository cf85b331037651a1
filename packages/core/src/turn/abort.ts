import { AppError } from '@tandem/protocol';

/** Settles as the promise does, or rejects with the signal's reason at once: for work that may be slow to notice. */
export const orAbort = <T>(promise: Promise<T>, signal: AbortSignal): Promise<T> =>
  new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason ?? new AppError('interrupted', 'interrupted'));
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
