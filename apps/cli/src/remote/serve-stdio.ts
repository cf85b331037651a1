import { Duplex } from 'node:stream';
import { speakOn } from '@tandem/api/stream';
import { AppError } from '@tandem/protocol/error';
import { workingDirectory } from '../args/working-directory.ts';
import type { CommandInput } from '../command/run.ts';
import { machineOf } from '../command/terminal.ts';
import { answerCall } from './calls.ts';
import { helloLine } from './hello.ts';

/** One that is unanswered when the next is due: the other side has gone. */
const pingMs = 30_000;

/**
 * `tandem serve --stdio`: the door on stdin and stdout, for a screen on another machine that came by ssh. Whoever started it has
 * this account already, so there is no token and no gate. It ends with its stdin.
 */
export const serveStdio = async ({ parsed, host, signal }: CommandInput): Promise<number> => {
  if (host.stdin === 'terminal' || host.outIsTerminal)
    throw new AppError('usage', '--stdio is what tandem --host starts on another machine; it needs pipes');
  const cwd = workingDirectory(parsed, host);
  const machine = machineOf({ parsed, host, signal, cwd, prompt: null, open: null });
  const settings = await machine.settings;
  const app = await machine.door();
  try {
    host.out(helloLine({ version: machine.version, cwd, settings, sandbox: app.sandbox }));
    const stream = Duplex.from({ readable: process.stdin, writable: process.stdout });
    const door = app.door('ssh');
    const close = (): void => void stream.destroy();
    signal.addEventListener('abort', close, { once: true });
    await speakOn(
      async (request) => (await answerCall(request, { machine, door: app })) ?? (await door(request)),
      stream,
      { pingMs },
    );
  } finally {
    await app.close();
  }
  return 0;
};
