import { stat } from 'node:fs/promises';
import path from 'node:path';

/**
 * What must be equal for saved prompt states to be loadable: the weights (by hash where known, else by name, size and
 * time of change), the engine's version, the processor kind and how states are laid out.
 */
export const stateIdentity = async (input: {
  readonly path: string;
  readonly sha256: string | undefined;
  readonly engineVersion: string;
}): Promise<string> => {
  const { size, mtimeMs } = await stat(input.path);
  const weights = input.sha256 ?? `${path.basename(input.path)}:${size}:${Math.floor(mtimeMs)}`;
  return ['tandem-state-1', weights, size, input.engineVersion, process.platform, process.arch].join('|');
};
