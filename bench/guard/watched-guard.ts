/** A guard in a thread of its own, so that an input on which it hangs can be named and the measuring can go on. */
import { parentPort, Worker, workerData } from 'node:worker_threads';
import type { JudgeRequest } from '../../packages/guard/src/request.ts';
import { shippedGuard } from './layers.ts';

/** `limitMs` passed: it was ended. `threw` carries the message. */
export type Watched = {
  readonly outcome: 'judged' | 'threw' | 'hung';
  /** Best of the passes. */
  readonly milliseconds: number;
  readonly detail: string;
};

/** Other threads import this file too. */
const marker = 'guard to be watched';

type Job = { readonly requests: readonly JudgeRequest[]; readonly passes: number };
type Told = { readonly index: number; readonly watched: Watched };

/** Judges each request `passes` times, after one pass that does not count. The answers stand in the order of the requests. */
export const judgeWatched = async (
  requests: readonly JudgeRequest[],
  { passes, limitMs }: { readonly passes: number; readonly limitMs: number },
): Promise<readonly Watched[]> => {
  const answers: Watched[] = [];
  while (answers.length < requests.length) {
    answers.push(...(await oneThread({ requests: requests.slice(answers.length), passes }, limitMs)));
  }
  return answers;
};

/** Answers up to the first request that hangs, that one included. */
const oneThread = (job: Job, limitMs: number): Promise<readonly Watched[]> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(import.meta.filename, { workerData: marker });
    const answers: Watched[] = [];
    const end = (): void => void worker.terminate().then(() => resolve(answers));
    const hang = (): void => {
      answers.push({ outcome: 'hung', milliseconds: limitMs, detail: `over ${limitMs} ms` });
      end();
    };
    let timer: NodeJS.Timeout | null = null;
    worker.on('message', (told: Told | 'ready') => {
      if (timer !== null) clearTimeout(timer);
      if (told === 'ready') worker.postMessage(job);
      else answers.push(told.watched);
      if (answers.length === job.requests.length) end();
      else timer = setTimeout(hang, limitMs);
    });
    worker.on('error', (error) => {
      if (timer !== null) clearTimeout(timer);
      reject(error);
    });
  });

if (parentPort !== null && workerData === marker) {
  const port = parentPort;
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
  port.on('message', ({ requests, passes }: Job) => {
    for (const [index, request] of requests.entries())
      port.postMessage({ index, watched: judge(request, passes) } satisfies Told);
  });
  port.postMessage('ready');
}
