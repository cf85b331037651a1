import { expect, test } from 'vitest';
import { createProgress } from '../../src/exec/progress.ts';
import { createWatcher } from '../../src/exec/watcher.ts';
import type { Host } from '../../src/host.ts';

const recording = (errIsLive: boolean) => {
  const written: string[] = [];
  const host: Host = {
    program: '/bin/tandem',
    env: {},
    cwd: '/',
    stdin: 'none',
    outIsTerminal: errIsLive,
    columns: 80,
    errIsLive,
    out: (text) => void written.push(`out ${JSON.stringify(text)}`),
    err: (text) => void written.push(`err ${JSON.stringify(text)}`),
    redraw: (line) => void written.push(`redraw ${JSON.stringify(line)}`),
  };
  return { host, written };
};
const session = 'ses_1';
const progressed = (text: string) => ({ type: 'progress', session, text }) as const;
const said = (text: string) => ({ type: 'item.delta', session, item: 'itm_1', text }) as const;

test('in a log each step is one line, however often it is reported', () => {
  const { host, written } = recording(false);
  const watcher = createWatcher({ host, progress: createProgress(host), format: 'text', attended: false });
  for (const delta of [progressed('reading'), progressed('reading'), said('Hello'), progressed('testing')]) {
    watcher.delta(delta);
  }
  expect(written).toEqual(['err "reading\\n"', 'err "testing\\n"']);
});

test('on a terminal the answer streams to stdout, and the spinner neither hides nor tears it', () => {
  const { host, written } = recording(true);
  const progress = createProgress(host);
  const watcher = createWatcher({ host, progress, format: 'text', attended: true });
  for (const delta of [progressed('thinking'), said('Hel'), said('lo'), progressed('testing')])
    watcher.delta(delta);
  progress.end();
  progress.end();
  expect(written).toEqual([
    'redraw "⠙ thinking"',
    'redraw ""',
    'out "Hel"',
    'out "lo"',
    'out "\\n"',
    'redraw "⠹ testing"',
    'redraw ""',
  ]);
  expect(watcher.streamed()).toBe('Hello\n');
});

test('nobody is asked where nobody can answer', async () => {
  const { host, written } = recording(false);
  const watcher = createWatcher({ host, progress: createProgress(host), format: 'text', attended: true });
  expect([await watcher.approve('May I?'), written]).toEqual([null, []]);
});
