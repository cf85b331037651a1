import { AppError, type Event } from '@tandem/protocol';
import { describe, expect, it } from 'vitest';
import type { MemoryRun } from '../../src/testing/index.ts';
import { begin, until, user, type World, world } from '../support/harness.ts';

const call = (name: string, given: unknown) => ({ calls: [{ name, arguments: given }] });
const serve = call('bash', { command: 'serve', background: true });

/** `serve` runs until it is ended, `fail` ends at once; anything else prints its name. */
const run: MemoryRun = async ({ command, onOutput, signal }) => {
  if (command === 'fail') return { exit: 1, output: 'port in use' };
  if (command !== 'serve') return { exit: 0, output: String(command) };
  onOutput?.('listening\n');
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  return { exit: 0 };
};

/** Lets time pass for whoever waits, until the turn is over. */
const finish = async (made: World, session: string): Promise<void> => {
  let isOver = false;
  const over = made.engine.idle(session).then(() => {
    isOver = true;
  });
  while (!isOver) {
    if (made.clock.sleepers() > 0) made.clock.advance(1_000);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await over;
};

const outputsOfOneTurn = async (made: World): Promise<{ session: string; outputs: readonly string[] }> => {
  const { session } = await begin(made);
  await finish(made, session);
  const events = (await made.engine.events(session)) as readonly Event[];
  const outputs = events.flatMap((event) => (event.type === 'tool.completed' ? [event.data.output] : []));
  return { session, outputs };
};

describe('commands in the background', () => {
  it('are started, listed, read and ended by the model, and their end is in the log', async () => {
    const made = world({
      run,
      script: {
        turns: [
          serve,
          call('background', {}),
          call('background', { id: 'bg_1' }),
          call('background', { id: 'bg_1', kill: true }),
          call('background', { id: 'bg_7' }),
          { text: 'Done.' },
        ],
      },
    });
    const { session, outputs } = await outputsOfOneTurn(made);
    const [started, listed, read, killed, unknown] = outputs;
    expect(started).toMatch(/^listening\n\(bg_1 runs\)\n/);
    expect(listed).toBe('bg_1 runs: serve');
    expect(read).toBe('listening\n(bg_1 runs)');
    expect(killed).toBe('listening\n(bg_1 ended, exit 143)');
    expect(unknown).toContain('There is no bg_7 here');
    expect(await until(made, session, ({ type }) => type === 'background.ended')).toMatchObject({
      data: { id: 'bg_1', command: 'serve', exit: 143, output: 'listening\n' },
    });
  });

  it('that end at once are failures with what they said', async () => {
    const made = world({
      run,
      script: { turns: [call('bash', { command: 'fail', background: true }), { text: 'No.' }] },
    });
    const { outputs } = await outputsOfOneTurn(made);
    expect(outputs[0]).toBe('port in use\n(bg_1 ended, exit 1)');
  });

  it('outlive a turn that fails, get new ids, and end with the engine', async () => {
    const made = world({
      run,
      script: { turns: [serve, { error: new AppError('model_failed', 'gone') }, serve, { text: 'Two.' }] },
    });
    const { session } = await begin(made);
    await finish(made, session);
    await made.engine.startTurn({ session, text: 'again', options: {}, actor: user });
    await finish(made, session);
    expect((await made.engine.events(session)).some(({ type }) => type === 'background.ended')).toBe(false);
    await made.engine.close();
    const ended = (await made.store.read(session)).filter(({ type }) => type === 'background.ended');
    expect(ended.map(({ data }) => (data as { id: string }).id)).toEqual(['bg_1', 'bg_2']);
  });

  it('are few', async () => {
    const made = world({ run, script: { turns: [...Array(9).fill(serve), { text: 'Done.' }] } });
    const { outputs } = await outputsOfOneTurn(made);
    expect(outputs.at(-1)).toContain('Too many commands run in the background already');
    await made.engine.close();
  });
});
