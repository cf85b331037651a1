import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { catalog, defaultModelId, findEntry } from '../../src/catalog/catalog.ts';
import { engineStatus, gpuPackages } from '../../src/catalog/engine.ts';
import { findInstalled, listModels, removeModel } from '../../src/catalog/installed.ts';
import { pullModel } from '../../src/catalog/pull.ts';
import { hubSource, temporaryFolder, tinyBytes, tinyEntry } from './weights-fixture.ts';

const entries = [tinyEntry([hubSource])];

describe('what is on disk', () => {
  it('tells absent, partial, unchecked and installed apart, and removes all of it', async () => {
    const directory = await temporaryFolder();
    const where = { directory, entries };
    const state = async () => (await listModels(where)).map((model) => [model.state, model.bytesOnDisk]);
    expect(await state()).toEqual([['absent', 0]]);
    await writeFile(path.join(directory, 'tiny.gguf.part'), tinyBytes.subarray(0, 10));
    expect(await state()).toEqual([['partial', 10]]);
    expect(await findInstalled('tiny', where)).toBeNull();
    await writeFile(path.join(directory, 'tiny.gguf'), tinyBytes);
    expect(await state()).toEqual([['unchecked', tinyBytes.length]]);
    await pullModel({ id: 'tiny', directory, signal: new AbortController().signal, env: {}, entries });
    expect(await state()).toEqual([['installed', tinyBytes.length]]);
    expect(await findInstalled('tiny', where)).toEqual({
      path: path.join(directory, 'tiny.gguf'),
      entry: entries[0],
    });
    await removeModel('tiny', where);
    expect(await state()).toEqual([['absent', 0]]);
  });
});

describe('the catalogue', () => {
  it('has sources whose parts add up to the file', () => {
    for (const { bytes, sources } of catalog)
      for (const source of sources)
        if (source.type === 'pip') expect(Math.ceil(bytes / source.partBytes)).toBe(source.parts);
    expect(findEntry(defaultModelId)).toBeDefined();
  });
});

describe('the engine', () => {
  const read = (name: string) =>
    name === 'node-llama-cpp' || name === '@node-llama-cpp/linux-x64'
      ? { version: '3.22.1', folder: `/app/node_modules/${name}` }
      : null;

  it('says which binary is here and what a GPU would need', () => {
    const machine = { platform: 'linux', arch: 'x64' };
    expect(engineStatus(machine, read)).toMatchObject({ version: '3.22.1', usable: true });
    expect(gpuPackages(machine, read)).toEqual({
      names: [
        '@node-llama-cpp/linux-x64-cuda',
        '@node-llama-cpp/linux-x64-cuda-ext',
        '@node-llama-cpp/linux-x64-vulkan',
      ],
      npm: [
        'npm',
        'install',
        '--prefix',
        path.join('/app/node_modules/node-llama-cpp', 'dist'),
        '--no-save',
        '--no-package-lock',
        '--ignore-scripts',
        '@node-llama-cpp/linux-x64-cuda@3.22.1',
        '@node-llama-cpp/linux-x64-cuda-ext@3.22.1',
        '@node-llama-cpp/linux-x64-vulkan@3.22.1',
      ],
    });
  });

  it('has nothing to add where the one binary uses the GPU already, or for an unknown machine', () => {
    expect(gpuPackages({ platform: 'darwin', arch: 'arm64' }, read)).toEqual({ names: [], npm: [] });
    expect(engineStatus({ platform: 'sunos', arch: 'x64' }, read)).toMatchObject({ usable: false });
  });
});
