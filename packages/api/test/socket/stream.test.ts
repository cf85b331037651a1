import { connect } from 'node:http2';
import { duplexPair } from 'node:stream';
import { expect, test } from 'vitest';
import { speakOn } from '../../src/socket/stream.ts';

const answering = (): Response => new Response('here');

test('a stream on which nobody answers is given up with the second ping', async () => {
  const [ours] = duplexPair();
  await speakOn(answering, ours, { pingMs: 10 });
  expect(ours.destroyed).toBe(true);
});

test('one that answers is kept, and ends when the other side does', async () => {
  const [ours, theirs] = duplexPair();
  const speaking = speakOn(answering, ours, { pingMs: 100 });
  const session = connect('http://tandem.local', { createConnection: () => theirs });
  let pings = 0;
  await new Promise<void>((resolve) =>
    session.on('ping', () => {
      pings += 1;
      if (pings === 3) resolve();
    }),
  );
  expect(ours.destroyed).toBe(false);
  session.destroy();
  await speaking;
});
