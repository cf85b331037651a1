import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readdir, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { isAppError } from '@tandem/protocol';
import { describe, expect, it } from 'vitest';
import { type PullInput, type PullProgress, pullModel } from '../../src/catalog/pull.ts';
import {
  hubSource,
  sendRange,
  sendThenCut,
  startHub,
  temporaryFolder,
  tinyBytes,
  tinyEntry,
} from './weights-fixture.ts';

const never = new AbortController().signal;

const pullInput = (directory: string, hub: string, more: Partial<PullInput> = {}): PullInput => ({
  id: 'tiny',
  directory,
  signal: never,
  env: { TANDEM_MODEL_HUB: hub },
  entries: [tinyEntry([hubSource])],
  ...more,
});

const refusal = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!isAppError(error)) throw new Error(`expected a refusal, got ${String(error)}`);
  return { code: error.code, message: error.message };
};

describe('pulling from the model hub', () => {
  it('fetches, verifies and reports to the last byte, then finds it on disk without a request', async () => {
    const directory = path.join(await temporaryFolder(), 'models');
    const hub = await startHub((request, response) => sendRange(request, response));
    const seen: PullProgress[] = [];
    const input = pullInput(directory, hub.url, { onProgress: (progress) => seen.push(progress) });
    const result = await pullModel(input);
    expect(result).toEqual({ path: path.join(directory, 'tiny.gguf'), source: 'hub' });
    expect(readFileSync(result.path).equals(tinyBytes)).toBe(true);
    expect(seen.every((progress) => progress.totalBytes === tinyBytes.length)).toBe(true);
    expect(seen[0]).toMatchObject({ source: 'hub', phase: 'download', doneBytes: 0 });
    expect(await pullModel(input)).toEqual({ path: result.path, source: 'disk' });
    expect(hub.ranges).toEqual([undefined]);
    expect((await readdir(directory)).sort()).toEqual(['tiny.gguf', 'tiny.gguf.ok']);
  });

  it('goes on with a range after the connection was cut', async () => {
    const directory = await temporaryFolder();
    const hub = await startHub((request, response, count) =>
      count === 1 ? sendThenCut(request, response, 1_000_000) : sendRange(request, response),
    );
    const result = await pullModel(pullInput(directory, hub.url));
    expect(readFileSync(result.path).equals(tinyBytes)).toBe(true);
    expect(hub.ranges[0]).toBeUndefined();
    expect(hub.ranges[1]).toMatch(/^bytes=\d+-$/);
  });

  it('keeps what it has when aborted, and a later call asks only for the rest', async () => {
    const directory = await temporaryFolder();
    const stop = new AbortController();
    const hub = await startHub((request, response, count) => {
      if (count > 1) return sendRange(request, response);
      response.writeHead(200, { 'content-length': tinyBytes.length });
      response.write(tinyBytes.subarray(0, 2_000_000));
    });
    const onProgress = ({ doneBytes }: PullProgress): void => {
      if (doneBytes > 1_000_000) stop.abort(new Error('stopped by the user'));
    };
    const first = pullModel(pullInput(directory, hub.url, { signal: stop.signal, onProgress }));
    await expect(first).rejects.toThrow('stopped by the user');
    const kept = (await stat(path.join(directory, 'tiny.gguf.part'))).size;
    expect(kept).toBeGreaterThan(1_000_000);
    const result = await pullModel(pullInput(directory, hub.url));
    expect(hub.ranges[1]).toBe(`bytes=${kept}-`);
    expect(readFileSync(result.path).equals(tinyBytes)).toBe(true);
  });

  it('starts over when what it went on from turns out to be wrong', async () => {
    const directory = await temporaryFolder();
    await writeFile(path.join(directory, 'tiny.gguf.part'), Buffer.alloc(1_500_000, 7));
    const hub = await startHub((request, response) => sendRange(request, response));
    const result = await pullModel(pullInput(directory, hub.url));
    expect(hub.ranges).toEqual(['bytes=1500000-', undefined]);
    expect(readFileSync(result.path).equals(tinyBytes)).toBe(true);
  });

  it('starts over with a hub that has no ranges', async () => {
    const directory = await temporaryFolder();
    await writeFile(path.join(directory, 'tiny.gguf.part'), tinyBytes.subarray(0, 500_000));
    const hub = await startHub((_request, response) => response.end(tinyBytes));
    const result = await pullModel(pullInput(directory, hub.url));
    expect(readFileSync(result.path).equals(tinyBytes)).toBe(true);
  });

  it('replaces a truncated file and one with wrong bytes, and believes no stamp of another file', async () => {
    const hub = await startHub((request, response) => sendRange(request, response));
    for (const wrong of [tinyBytes.subarray(0, 1000), Buffer.alloc(tinyBytes.length, 1)]) {
      const directory = await temporaryFolder();
      await pullModel(pullInput(directory, hub.url));
      await writeFile(path.join(directory, 'tiny.gguf'), wrong);
      await utimes(path.join(directory, 'tiny.gguf'), new Date(), new Date(1_000_000_000_000));
      const result = await pullModel(pullInput(directory, hub.url));
      expect(result.source).toBe('hub');
      expect(readFileSync(result.path).equals(tinyBytes)).toBe(true);
    }
  });

  it('takes a file that somebody copied there, after checking it', async () => {
    const directory = await temporaryFolder();
    await writeFile(path.join(directory, 'tiny.gguf'), tinyBytes);
    const seen: PullProgress[] = [];
    const onProgress = (progress: PullProgress): void => void seen.push(progress);
    const input = pullInput(directory, 'http://127.0.0.1:9', { offline: true, onProgress });
    expect((await pullModel(input)).source).toBe('disk');
    expect(seen.at(-1)?.phase).toBe('verify');
  });

  it('refuses a hub that offers another file before reading it', async () => {
    const directory = await temporaryFolder();
    const hub = await startHub((request, response) =>
      sendRange(request, response, tinyBytes.subarray(0, 2_000_000)),
    );
    expect(await refusal(pullModel(pullInput(directory, hub.url)))).toEqual({
      code: 'model_failed',
      message:
        'Tiny could not be fetched: the model hub offers 2000000 bytes instead of 3000000; try again later, and run "tandem model pull tiny" again: it goes on where it stopped',
    });
    expect(existsSync(path.join(directory, 'tiny.gguf'))).toBe(false);
  });

  it('never lets wrong bytes of the right length through', async () => {
    const directory = await temporaryFolder();
    const hub = await startHub((request, response) =>
      sendRange(request, response, Buffer.alloc(tinyBytes.length, 3)),
    );
    const { message } = await refusal(pullModel(pullInput(directory, hub.url)));
    expect(message).toContain('the model hub gave a file with another hash');
    expect(existsSync(path.join(directory, 'tiny.gguf'))).toBe(false);
  });

  it('says in one line that there is no network', async () => {
    const directory = await temporaryFolder();
    const fetch = () => Promise.reject(new TypeError('fetch failed'));
    const { code, message } = await refusal(pullModel(pullInput(directory, 'http://hub.test', { fetch })));
    expect({ code, lines: message.split('\n').length }).toEqual({ code: 'offline', lines: 1 });
    expect(message).toBe(
      'Tiny could not be fetched: hub.test cannot be reached; connect to a network (HTTPS_PROXY is honoured), and run "tandem model pull tiny" again: it goes on where it stopped',
    );
  });

  it('asks nobody when offline', async () => {
    const directory = await temporaryFolder();
    const hub = await startHub((request, response) => sendRange(request, response));
    const { code } = await refusal(pullModel(pullInput(directory, hub.url, { offline: true })));
    expect({ code, requests: hub.ranges.length }).toEqual({ code: 'offline', requests: 0 });
  });

  it.skipIf(!existsSync('/dev/full'))('says that the disk is full', async () => {
    const directory = await temporaryFolder();
    await symlink('/dev/full', path.join(directory, 'tiny.gguf.part'));
    const hub = await startHub((request, response) => sendRange(request, response));
    const { code, message } = await refusal(pullModel(pullInput(directory, hub.url)));
    expect(code).toBe('disk');
    expect(message).toContain(`the disk is full at ${directory}`);
  });

  it('says before fetching that the disk has no room', async () => {
    const directory = await temporaryFolder();
    const hub = await startHub((request, response) => sendRange(request, response));
    const entries = [{ ...tinyEntry([hubSource]), bytes: 1e18 }];
    const { code } = await refusal(pullModel(pullInput(directory, hub.url, { entries })));
    expect({ code, requests: hub.ranges.length }).toEqual({ code: 'disk', requests: 0 });
  });

  it('names what the catalogue has when asked for something else', async () => {
    const { code, message } = await refusal(pullModel(pullInput('/nowhere', '', { id: 'huge' })));
    expect({ code, message }).toEqual({
      code: 'not_found',
      message: 'there is no model "huge" in the catalogue; it has tiny',
    });
  });
});

describe('two pulls of one model', () => {
  it('fetches once: the second waits, says so, and finds it on disk', async () => {
    const directory = await temporaryFolder();
    let letGo = (): void => {};
    const hub = await startHub((request, response) => {
      letGo = () => {
        // Whoever waits is told so again and again; one answer is all a request takes.
        letGo = () => {};
        sendRange(request, response);
      };
    });
    const first = pullModel(pullInput(directory, hub.url));
    const onProgress = ({ phase }: PullProgress): void => {
      if (phase === 'wait') letGo();
    };
    while (!existsSync(path.join(directory, 'tiny.gguf.lock'))) await new Promise(setImmediate);
    const second = await pullModel(pullInput(directory, hub.url, { onProgress }));
    expect([(await first).source, second.source, hub.ranges.length]).toEqual(['hub', 'disk', 1]);
  });

  it('takes over from a process that was killed', async () => {
    const directory = await temporaryFolder();
    await mkdir(directory, { recursive: true });
    await writeFile(path.join(directory, 'tiny.gguf.lock'), '999999999');
    const hub = await startHub((request, response) => sendRange(request, response));
    expect((await pullModel(pullInput(directory, hub.url))).source).toBe('hub');
    expect(existsSync(path.join(directory, 'tiny.gguf.lock'))).toBe(false);
  });
});
