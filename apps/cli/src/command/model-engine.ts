import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { AppError } from '@tandem/protocol';
import type { CommandInput } from './run.ts';

/** Which binaries of the inference engine are here; `--gpu` fetches those for graphics cards, which are large. */
export const modelEngine = async ({ parsed, host, signal }: CommandInput): Promise<number> => {
  const { engineStatus, gpuPackages } = await import('@tandem/models');
  if (parsed.switches.has('gpu')) return await install(gpuPackages().npm, signal);
  const status = engineStatus();
  if (parsed.switches.has('json')) host.out(`${JSON.stringify(status)}\n`);
  else {
    host.out(`node-llama-cpp ${status.version ?? 'is not installed; run: npm ci'}\n`);
    for (const { name, kind, installed } of status.packages) {
      const hint = kind === 'gpu' ? 'not installed; tandem model engine --gpu' : 'not installed; run: npm ci';
      host.out(`${name}: ${installed ? 'installed' : hint}\n`);
    }
  }
  return status.usable ? 0 : 1;
};

const install = async (npm: readonly string[], signal: AbortSignal): Promise<number> => {
  const [program, ...words] = npm;
  if (program === undefined) throw new AppError('usage', 'there is nothing to add for a GPU on this machine');
  const root = fileURLToPath(new URL('../../../../', import.meta.url));
  const child = spawn(program, words, { cwd: root, signal, stdio: ['ignore', 2, 2] });
  return await new Promise((resolve, reject) => {
    child.on('error', (cause) =>
      reject(new AppError('configuration', 'npm cannot be run; is it on PATH?', { cause })),
    );
    child.on('close', (code) => resolve(code === 0 ? 0 : 1));
  });
};
