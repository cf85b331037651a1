import { findRunning } from '../door/running.ts';
import { pathsOf } from '../host.ts';
import type { CommandInput } from '../main.ts';

/** `tandem server status`. */
export const status = async ({ parsed, host, signal }: CommandInput): Promise<number> => {
  const running = await findRunning(pathsOf(host.env).server, signal);
  if (parsed.switches.has('json')) host.out(`${JSON.stringify({ running })}\n`);
  else if (running === null) host.out('no server runs here\n');
  else
    host.out(
      `${running.url} ${running.ready ? 'ready' : 'not ready'} (process ${running.pid}, since ${running.startedAt})\n`,
    );
  return running === null ? 1 : 0;
};
