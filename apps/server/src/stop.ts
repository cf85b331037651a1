import { AppError } from '@tandem/protocol/error';

/** A turn is closed in the log, requests end, PostgreSQL writes its last checkpoint: seconds, unless something hangs. */
const graceMs = 60_000;

const codes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 143 } as const;

export type Stop = { readonly signal: AbortSignal; readonly code: () => number | null };

/** Turns the first signal into an abort; a second one, or a minute, ends the process at once. */
export const listenForStop = (): Stop => {
  const controller = new AbortController();
  let code: number | null = null;
  for (const [name, exit] of Object.entries(codes))
    process.on(name, () => {
      if (code !== null) process.exit(code);
      code = exit;
      setTimeout(() => process.exit(exit), graceMs).unref();
      controller.abort(new AppError('interrupted', 'Interrupted.'));
    });
  return { signal: controller.signal, code: () => code };
};
