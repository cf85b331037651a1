/** A guard in a process of its own, so that an input on which it hangs or dies can be named and the measuring can go on. */
import { fork } from 'node:child_process';
import type { JudgeRequest } from '../../packages/guard/src/request.ts';
import { shippedGuard } from './layers.ts';

/** `limitMs` passed: it was ended. `threw` carries the message, or how the process ended. */
export type Watched = {
  readonly outcome: 'judged' | 'threw' | 'hung';
  /** Best of the passes. */
  readonly milliseconds: number;
  readonly detail: string;
};

/** Others import this file too. */
const marker = 'guard-to-be-watched';

type Job = { readonly requests: readonly JudgeRequest[]; readonly passes: number };

/** Judges each request `passes` times, after one pass that does not count. The answers stand in the order of the requests. */
export const judgeWatched = async (
  requests: readonly JudgeRequest[],
  { passes, limitMs }: { readonly passes: number; readonly limitMs: number },
): Promise<readonly Watched[]> => {
  const answers: Watched[] = [];
  while (answers.length < requests.length) {
    answers.push(...(await oneProcess({ requests: requests.slice(answers.length), passes }, limitMs)));
  }
  return answers;
};

/** Answers up to the first request that hangs or ends the process, that one included. */
const oneProcess = (job: Job, limitMs: number): Promise<readonly Watched[]> =>
  new Promise((resolve, reject) => {
    const child = fork(import.meta.filename, [marker]);
    const answers: Watched[] = [];
    let broken: Watched | null = null;
    let isReady = false;
    let timer: NodeJS.Timeout | null = null;
    child.on('message', (told: Watched | 'ready') => {
      if (timer !== null) clearTimeout(timer);
      if (told === 'ready') {
        isReady = true;
        child.send(job);
      } else answers.push(told);
      if (answers.length === job.requests.length) child.kill('SIGKILL');
      else
        timer = setTimeout(() => {
          broken = { outcome: 'hung', milliseconds: limitMs, detail: `over ${limitMs} ms` };
          child.kill('SIGKILL');
        }, limitMs);
    });
    child.on('exit', (code, signal) => {
      if (timer !== null) clearTimeout(timer);
      if (!isReady) return reject(new Error('the guard to be watched did not start'));
      const ended: Watched = { outcome: 'threw', milliseconds: 0, detail: `it ended (${signal ?? code})` };
      resolve(answers.length === job.requests.length ? answers : [...answers, broken ?? ended]);
    });
  });

/** Waits until it is on its way: what only lies in a queue looks like a hang from outside. */
const send = (told: Watched | 'ready'): Promise<void> =>
  new Promise((resolve) => process.send!(told, undefined, undefined, () => resolve()));

const watch = async (): Promise<void> => {
  const guard = await shippedGuard({ learned: true });
  const judge = (request: JudgeRequest, passes: number): Watched => {
    let best = Number.POSITIVE_INFINITY;
    let detail = '';
    try {
      for (let pass = 0; pass <= passes; pass += 1) {
        const start = performance.now();
        detail = guard.judge(request).decision;
        const taken = performance.now() - start;
        if (pass > 0 || passes === 0) best = Math.min(best, taken);
      }
      return { outcome: 'judged', milliseconds: best, detail };
    } catch (error) {
      return { outcome: 'threw', milliseconds: best, detail: String(error) };
    }
  };
  process.on('message', async ({ requests, passes }: Job) => {
    for (const request of requests) await send(judge(request, passes));
  });
  await send('ready');
};

if (process.argv[2] === marker) await watch();
