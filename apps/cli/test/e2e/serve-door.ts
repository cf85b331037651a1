import { join } from 'node:path';
import type { Machine } from './tandem.ts';

/** Where token and devices are kept. */
export const serveFolder = (machine: Machine): string =>
  join(machine.home, '.local', 'state', 'tandem', 'serve');

/** A door that is open, the way a person opens it; `key` is that of the device that was named, else empty. */
export const serveDoor = async (machine: Machine, words: readonly string[] = []) => {
  const started = machine.start(['serve', '--port', '0', ...words]);
  let shown = '';
  const own = /^(http:\/\/127\.0\.0\.1:\d+)\/#key=([0-9a-f]{64})$/m;
  const isOpen = new Promise<void>((resolve) => {
    for (const stream of [started.child.stdout!, started.child.stderr!])
      stream.on('data', (chunk: Buffer) => {
        shown += chunk;
        if (own.test(shown) && shown.includes('Ctrl-C ends it')) resolve();
      });
  });
  const early = started.ended.then(({ err }) => {
    throw new Error(`it ended before it was open: ${err}`);
  });
  early.catch(() => {});
  await Promise.race([isOpen, early]);
  const [link = '', url = '', token = ''] = own.exec(shown)!;
  const [, deviceLink = '', key = ''] = /for [\w-]+: (http\S+\/#keep=(\S+))/.exec(shown) ?? [];
  return { ...started, link, url, token, deviceLink, key, shown };
};
