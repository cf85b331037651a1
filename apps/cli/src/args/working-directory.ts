import { realpathSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { AppError } from '@tandem/protocol/error';
import type { Host } from '../host.ts';
import type { Parsed } from './parse.ts';

/** The directory of `--cwd`, links resolved, so that a session is found again from any path to it. */
export const workingDirectory = (parsed: Parsed, host: Host): string => {
  const typed = parsed.values.get('cwd');
  const directory = resolve(host.cwd, typed ?? '.');
  const stat = statSync(directory, { throwIfNoEntry: false });
  if (stat?.isDirectory() !== true) throw new AppError('usage', `--cwd ${typed}: there is no such directory`);
  return realpathSync(directory);
};
