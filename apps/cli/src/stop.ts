import { AppError } from '@tandem/protocol/error';
import { exitCode } from './exit-code.ts';

/** Whatever runs gets this long to close the turn in the log after the first signal. */
const graceMs = 2_000;

export type Stop = {
  readonly signal: AbortSignal;
  /** The exit code of the signal that came, null when none did. */
  readonly code: () => number | null;
  readonly dispose: () => void;
};

const codes = {
  SIGINT: exitCode.interrupted,
  SIGTERM: exitCode.terminated,
  SIGHUP: exitCode.terminated,
  // The reader of stdout has gone; main.ts raises this one. Not the signal SIGPIPE: that one also comes when a child that we
  // write to has ended, which is none of the turn's business.
  'tandem:reader-gone': exitCode.failed,
} as const;

/**
 * Turns the first signal into an abort and makes sure that the process ends soon after it; a second one ends it at
 * once.
 */
export const listenForStop = (): Stop => {
  const controller = new AbortController();
  let code: number | null = null;
  const stop = (name: keyof typeof codes): void => {
    if (code !== null) process.exit(code);
    code = codes[name];
    setTimeout(() => process.exit(code ?? exitCode.interrupted), graceMs).unref();
    controller.abort(new AppError('interrupted', 'Interrupted.'));
  };
  const names = Object.keys(codes) as (keyof typeof codes)[];
  const emitter: NodeJS.EventEmitter = process;
  const listeners = names.map((name) => [name, () => stop(name)] as const);
  for (const [name, listener] of listeners) emitter.on(name, listener);
  return {
    signal: controller.signal,
    code: () => code,
    dispose: () => {
      for (const [name, listener] of listeners) emitter.off(name, listener);
    },
  };
};
