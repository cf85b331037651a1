import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { Model } from '@tandem/core';
import { AppError } from '@tandem/protocol';
import { parametersInName } from './provider/strength.ts';
import type { ModelName, OpenModelOptions } from './route.ts';

/** Weights that nobody named a size for are driven as a small mind: right for most that run without a GPU. */
const usualParameters = 1.5;

type Weights = { readonly path: string; readonly parameters: number; readonly sha256?: string };

/** `local/<catalogue id>` or `local/<path of a GGUF file>`. @throws AppError model_unavailable, saying how to get it */
export const openLocalModel = async (model: ModelName, options: OpenModelOptions): Promise<Model> => {
  const weights = await findWeights(model, options);
  const { createLlamaModel } = await import('./llama/llama-model.ts');
  const { maxContext, threads } = options.config?.local ?? {};
  return createLlamaModel({
    id: model.id,
    ...weights,
    stateDir: options.stateDir,
    ...(maxContext === undefined ? {} : { maxContext }),
    ...(threads === undefined ? {} : { threads }),
    ...(options.log === undefined ? {} : { log: options.log }),
  });
};

const isFile = async (path: string): Promise<boolean> =>
  await stat(path).then(
    (entry) => entry.isFile(),
    () => false,
  );

const findWeights = async (model: ModelName, options: OpenModelOptions): Promise<Weights> => {
  const { findInstalled } = await import('./catalog/installed.ts');
  const found = await findInstalled(model.name, { directory: options.modelsDir });
  if (found !== null) {
    const { parameters, sha256 } = found.entry;
    return { path: found.path, parameters, sha256 };
  }
  const path = resolve(options.cwd, model.name);
  if (await isFile(path)) return { path, parameters: parametersInName(basename(path)) ?? usualParameters };
  throw new AppError('model_unavailable', await howToGet({ model, path }));
};

const howToGet = async (input: { readonly model: ModelName; readonly path: string }): Promise<string> => {
  const { catalog, findEntry } = await import('./catalog/catalog.ts');
  const { id, name } = input.model;
  if (findEntry(name) !== undefined)
    return `${id} is not on this machine. Get it with: tandem model pull ${name}`;
  const known = catalog.map((entry) => `local/${entry.id}`).join(', ');
  return `${id}: there is no file ${input.path}, and the catalogue has only ${known}.`;
};
