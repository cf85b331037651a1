import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { EventStore } from '@tandem/core';
import type { Event } from '@tandem/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { startTime } from '../../src/exec/processes.ts';
import { openJsonlStore } from '../../src/index.ts';
import { formatBatch, wholeBatches } from '../../src/store/log-file.ts';
import { systemClock } from '../support/clock.ts';
import { admitted, created, session } from '../support/events.ts';
import { tempDir } from '../support/temp.ts';

const openStore = (directory: string): EventStore => openJsonlStore({ directory, clock: systemClock });
const logFile = (directory: string): string => join(directory, session, 'events.jsonl');

/** Runs a program with a store on `directory` in another process. */
const other = (directory: string, body: string, before = '') =>
  spawn(
    'bash',
    [
      '-c',
      `${before} exec "$0" --input-type=module-typescript -e "$1"`,
      process.execPath,
      `import { openJsonlStore } from ${JSON.stringify(new URL('../../src/index.ts', import.meta.url).href)};
       import { systemClock } from ${JSON.stringify(new URL('../support/clock.ts', import.meta.url).href)};
       import { admitted, created, session } from ${JSON.stringify(new URL('../support/events.ts', import.meta.url).href)};
       const store = openJsonlStore({ directory: ${JSON.stringify(directory)}, clock: systemClock });
       ${body}`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );

test('a person can read the file: one event a line', async () => {
  const directory = tempDir();
  const events = await openStore(directory).append({
    session,
    expectedSeq: 0,
    events: [created(), admitted('b')],
  });
  const lines = readFileSync(logFile(directory), 'utf8').trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toEqual(events);
});

test('cut anywhere, a log holds whole batches only, and goes on from there', async () => {
  const directory = tempDir();
  const store = openStore(directory);
  await store.append({ session, expectedSeq: 0, events: [created()] });
  await store.append({ session, expectedSeq: 1, events: [admitted('b'), admitted('c', 'ü\n')] });
  await store.append({ session, expectedSeq: 3, events: [admitted('d'), admitted('e'), admitted('f')] });
  const whole = readFileSync(logFile(directory));
  const ends = [1, 3, 6];
  const sizes = ends.map(
    (lines) => Buffer.byteLength(whole.toString().split('\n').slice(0, lines).join('\n')) + 1,
  );
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: sizes[0] as number, max: whole.length }), async (size) => {
      writeFileSync(logFile(directory), whole.subarray(0, size));
      const seq = ends[sizes.findLastIndex((end) => end <= size)] as number;
      const reopened = openStore(directory);
      expect(await reopened.read(session)).toHaveLength(seq);
      await reopened.append({ session, expectedSeq: seq, events: [admitted('x')] });
      expect((await openStore(directory).read(session)).map((event) => event.seq)).toEqual(
        Array.from({ length: seq + 1 }, (_, index) => index + 1),
      );
    }),
    { numRuns: 60 },
  );
});

test('batches of any events come back whole from any cut', () => {
  const event = fc
    .record({ text: fc.string() })
    .map((data) => ({ ...admitted('a'), data, seq: 1 }) as unknown as Event);
  fc.assert(
    fc.property(
      fc.array(fc.array(event, { minLength: 1, maxLength: 3 }), { maxLength: 4 }),
      fc.nat(),
      (batches, at) => {
        const pieces = batches.map((batch) => Buffer.from(formatBatch(batch)));
        const bytes = Buffer.concat(pieces);
        const cut = bytes.length === 0 ? 0 : at % (bytes.length + 1);
        let expected = 0;
        for (const piece of pieces)
          if (expected + piece.length <= cut) expected += piece.length;
          else break;
        expect(wholeBatches(bytes.subarray(0, cut))).toBe(expected);
      },
    ),
  );
});

test('a damaged line is named, with the way to repair it', async () => {
  const directory = tempDir();
  const store = openStore(directory);
  await store.append({ session, expectedSeq: 0, events: [created()] });
  await store.append({ session, expectedSeq: 1, events: [admitted('b')] });
  await store.append({ session, expectedSeq: 2, events: [admitted('c')] });
  const text = readFileSync(logFile(directory), 'utf8');
  writeFileSync(logFile(directory), text.replace('"evt_1"', 'evt_1'));
  await expect(store.read(session)).rejects.toMatchObject({ code: 'internal', details: { line: 1 } });
  const lines = text.split('\n');
  writeFileSync(logFile(directory), [lines[0], lines[2], ''].join('\n'));
  const error = await store.read(session).catch((caught: Error) => caught);
  expect(error).toMatchObject({ code: 'internal', details: { file: logFile(directory), line: 2 } });
  expect(String(error)).toContain('head -n 1');
});

test('events of a later version are kept as they are', async () => {
  const directory = tempDir();
  const store = openStore(directory);
  await store.append({ session, expectedSeq: 0, events: [created()] });
  const strange = { ...admitted('z'), type: 'moon.landed', extra: { deep: [1] }, seq: 2 };
  appendFileSync(logFile(directory), `${JSON.stringify(strange)}\n`);
  expect((await store.read(session, 1))[0]).toEqual(strange);
  await store.append({ session, expectedSeq: 2, events: [admitted('c')] });
  expect(await store.read(session)).toHaveLength(3);
});

test('killed while it appends: all that was acknowledged is there, no batch in part', async () => {
  const directory = tempDir();
  for (let round = 0; round < 3; round++) {
    const child = other(
      directory,
      `let seq = await store.read(session).then((events) => events.length, () => 0);
       const lease = await store.acquire(session);
       for (;;) {
         const events = Array.from({ length: 5 }, (_, i) => admitted(String(seq + 1), 'x'.repeat(5000 * i)));
         await store.append({ session, expectedSeq: seq, events, fence: lease.fence });
         seq += 5;
         process.stdout.write(seq + '\\n');
       }`,
    );
    let printed = '';
    child.stdout.on('data', (chunk) => {
      printed += chunk;
      if (printed.split('\n').length > 10 + 7 * round) child.kill('SIGKILL');
    });
    await once(child, 'close');
    const acknowledged = Number(printed.trimEnd().split('\n').at(-1));
    const events = await openStore(directory).read(session);
    expect(events.length).toBeGreaterThanOrEqual(acknowledged);
    expect(events.length % 5).toBe(0);
  }
});

test('a second process is refused, naming the first, and may go on when that is killed', async () => {
  const directory = tempDir();
  const store = openStore(directory);
  await store.append({ session, expectedSeq: 0, events: [created()] });
  const child = other(
    directory,
    `const lease = await store.acquire(session);
     await store.append({ session, expectedSeq: 1, events: [admitted('b')], fence: lease.fence });
     console.log('held');
     setInterval(() => {}, 1000);`,
  );
  await once(child.stdout, 'data');
  await expect(store.acquire(session)).rejects.toMatchObject({ code: 'busy', details: { pid: child.pid } });
  const blind = store.append({ session, expectedSeq: 2, events: [admitted('c')] });
  await expect(blind).rejects.toMatchObject({ code: 'busy' });
  child.kill('SIGKILL');
  await once(child, 'close');
  const lease = await store.acquire(session);
  await store.append({ session, expectedSeq: 2, events: [admitted('c')], fence: lease.fence });
  expect((await store.read(session)).map((event) => event.id)).toEqual(['evt_1', 'b', 'c']);
  expect(readdirSync(join(directory, session)).sort()).toEqual(['events.jsonl', `lock.${lease.fence}`]);
});

test('of many who take a dead lock at once, one wins', async () => {
  const directory = tempDir();
  const folder = join(directory, session);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'lock.3'), JSON.stringify({ pid: 2 ** 22 - 1, started: '1', host: hostname() }));
  const results = await Promise.allSettled(
    Array.from({ length: 12 }, () => openStore(directory).acquire(session)),
  );
  expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
});

test('a reused pid is not the holder; a holder elsewhere is believed', async () => {
  const directory = tempDir();
  const folder = join(directory, session);
  mkdirSync(folder, { recursive: true });
  const lock = (holder: object): void => writeFileSync(join(folder, 'lock.1'), JSON.stringify(holder));
  lock({ pid: process.pid, started: startTime('self'), host: 'elsewhere' });
  await expect(openStore(directory).acquire(session)).rejects.toMatchObject({ code: 'busy' });
  lock({ pid: process.pid, started: startTime('self'), host: hostname() });
  await expect(openStore(directory).acquire(session)).rejects.toMatchObject({ code: 'busy' });
  lock({ pid: process.pid, started: '1', host: hostname() });
  expect((await openStore(directory).acquire(session)).fence).toBe(2);
});

test('without room on disk the append is refused and the log is as before', async () => {
  const directory = tempDir();
  const child = other(
    directory,
    `await store.append({ session, expectedSeq: 0, events: [created()] });
     const lease = await store.acquire(session);
     const big = admitted('big', 'x'.repeat(100_000));
     const error = await store.append({ session, expectedSeq: 1, events: [admitted('b'), big], fence: lease.fence }).catch((e) => e);
     const then = await store.append({ session, expectedSeq: 1, events: [admitted('c')], fence: lease.fence });
     console.log(JSON.stringify([error.code, then[0].seq, (await store.read(session)).map((e) => e.id)]));`,
    'ulimit -f 16;',
  );
  const [printed] = await once(child.stdout, 'data');
  expect(JSON.parse(String(printed))).toEqual(['disk', 2, ['evt_1', 'c']]);
});

test('a follower sees what another process appends', async () => {
  const directory = tempDir();
  const store = openStore(directory);
  await store.append({ session, expectedSeq: 0, events: [created()] });
  const controller = new AbortController();
  const seen: (number | string)[] = [];
  for await (const event of store.follow(session, { after: 0, signal: controller.signal })) {
    seen.push('seq' in event ? event.seq : event.type);
    if (event.type === 'caught_up') {
      other(
        directory,
        `await store.append({ session, expectedSeq: 1, events: [admitted('b'), admitted('c')] });`,
      );
    }
    if (seen.length === 4) controller.abort();
  }
  expect(seen).toEqual([1, 'caught_up', 2, 3]);
});

test('a follower too far behind is ended alone, and may follow again', async () => {
  const directory = tempDir();
  const store = openStore(directory);
  await store.append({ session, expectedSeq: 0, events: [created()] });
  const signal = new AbortController().signal;
  const slow = store.follow(session, { after: 0, signal })[Symbol.asyncIterator]();
  await slow.next();
  await slow.next();
  const events = Array.from({ length: 10_001 }, (_, index) => admitted(String(index)));
  await store.append({ session, expectedSeq: 1, events });
  await expect(slow.next()).rejects.toMatchObject({ code: 'conflict' });
  const again = store.follow(session, { after: 10_001, signal })[Symbol.asyncIterator]();
  expect((await again.next()).value).toMatchObject({ seq: 10_002 });
  await again.return?.();
});

test('the list follows the logs, from memory, from its file and without it', async () => {
  const directory = tempDir();
  const store = openStore(directory);
  for (const id of ['ses_a', 'ses_b']) {
    await store.append({ session: id, expectedSeq: 0, events: [created('evt_1', id)] });
  }
  await store.list();
  await store.append({
    session: 'ses_a',
    expectedSeq: 1,
    events: [{ ...admitted('b', 'x'.repeat(100_000)), session: 'ses_a' }],
  });
  mkdirSync(join(directory, 'ses_empty'));
  const expected = await store.list();
  expect(expected.map((one) => [one.id, one.events])).toEqual([
    ['ses_a', 2],
    ['ses_b', 1],
  ]);
  expect(await openStore(directory).list()).toEqual(expected);
  writeFileSync(join(directory, 'summaries.json'), '{');
  expect(await openStore(directory).list()).toEqual(expected);
  truncateSync(join(directory, 'ses_b', 'events.jsonl'), 10);
  utimesSync(join(directory, 'ses_b', 'events.jsonl'), 1, 1);
  expect((await openStore(directory).list()).map((one) => one.id)).toEqual(['ses_a']);
});

test.each(['../x', 'blobs', '', 'a/b', 'x'.repeat(81)])('%j is no session', async (id) => {
  await expect(openStore(tempDir()).read(id)).rejects.toMatchObject({ code: 'usage' });
});
