import type { ChildProcess } from 'node:child_process';

export type Outcome = { readonly code: number | null; readonly out: string; readonly err: string };

/** A child as tests see it: how it ended, and what it has shown so far. Its output must be piped. */
export type Watched = {
  readonly child: ChildProcess;
  readonly ended: Promise<Outcome>;
  /** Resolves when both streams together hold the text; rejects when the process ends without it. */
  readonly shows: (text: string) => Promise<void>;
};

/** Watches a child, which is in `running` until it has ended. */
export const watchChild = (child: ChildProcess, running: Set<ChildProcess>): Watched => {
  running.add(child);
  let out = '';
  let err = '';
  const waiting = new Set<() => void>();
  const grow = (): void => {
    for (const check of [...waiting]) check();
  };
  child.stdout!.on('data', (chunk: Buffer) => {
    out += chunk;
    grow();
  });
  child.stderr!.on('data', (chunk: Buffer) => {
    err += chunk;
    grow();
  });
  const ended = new Promise<Outcome>((resolve) =>
    child.on('close', (code) => {
      running.delete(child);
      resolve({ code, out, err });
    }),
  );
  const shows = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const check = (): void => {
        if (!(out + err).includes(text)) return;
        waiting.delete(check);
        resolve();
      };
      waiting.add(check);
      void ended.then(() => reject(new Error(`ended without "${text}": ${out}${err}`)));
      check();
    });
  return { child, ended, shows };
};
