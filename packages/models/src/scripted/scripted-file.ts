import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Clock, Model } from '@tandem/core';
import { AppError } from '@tandem/protocol';
import { parseScript } from './script.ts';
import { createScriptedModel } from './scripted-model.ts';

/** @throws AppError configuration when the file is missing or no script */
export const openScriptedFile = async (input: {
  readonly id: string;
  readonly path: string;
  readonly cwd: string;
  readonly clock: Clock;
}): Promise<Model> => {
  const path = resolve(input.cwd, input.path);
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new AppError('configuration', `${input.id}: ${path} cannot be read. Name a script that exists.`, {
      cause,
    });
  });
  return createScriptedModel({ ...parseScript(text, path), id: input.id, clock: input.clock });
};
