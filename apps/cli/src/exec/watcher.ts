import type { Host } from '../host.ts';
import { describeEvent } from './describe.ts';
import type { OutputFormat } from './plan.ts';
import type { Progress } from './progress.ts';
import type { TurnWatcher } from './turn.ts';

/** Draws a running turn: events as JSON lines on stdout, or a few lines on stderr. */
export const createWatcher = (input: {
  readonly host: Host;
  readonly progress: Progress;
  readonly format: OutputFormat;
  readonly attended: boolean;
}): TurnWatcher & { readonly streamed: () => string } => {
  const { host, progress, format, attended } = input;
  let streamed = '';
  const toLineStart = (): void => {
    if (streamed === '' || streamed.endsWith('\n')) return;
    streamed += '\n';
    host.out('\n');
  };
  return {
    streamed: () => streamed,
    event: (event) => {
      if (format === 'stream-json') host.out(`${JSON.stringify(event)}\n`);
      const line = describeEvent(event);
      if (line === null) return;
      toLineStart();
      progress.line(line);
    },
    delta: (delta) => {
      if (delta.type === 'progress') {
        const count = delta.total === undefined ? '' : ` (${delta.done ?? 0}/${delta.total})`;
        toLineStart();
        progress.update(`${delta.text}${count}`);
      }
      if (delta.type !== 'item.delta' || !attended || format !== 'text') return;
      progress.end();
      streamed += delta.text;
      host.out(delta.text);
    },
    approve: async (question) => {
      if (!attended || host.stdin !== 'terminal') return null;
      toLineStart();
      progress.end();
      const { createInterface } = await import('node:readline/promises');
      const lines = createInterface({ input: process.stdin, output: process.stderr });
      const answer = await lines.question(`${question} [y/N] `);
      lines.close();
      return /^y(es)?$/i.test(answer.trim()) ? 'allow' : 'deny';
    },
  };
};
