import { AppError } from '@tandem/protocol';
import type { Host } from '../host.ts';
import { pullWithProgress } from './pull.ts';

/**
 * The id of the model to use, its weights on disk: those of the catalogue are fetched when they are missing, unless
 * offline. @throws AppError offline, naming `tandem model pull`
 */
export const readyModel = async (input: {
  /** Null: the default local model. */
  readonly id: string | null;
  readonly offline: boolean;
  readonly host: Host;
  readonly signal: AbortSignal;
}): Promise<string> => {
  if (input.id !== null) checkModelId(input.id);
  if (input.id !== null && !input.id.startsWith('local/')) return input.id;
  const { defaultModelId, findEntry } = await import('@tandem/models');
  const name = input.id === null ? defaultModelId : input.id.slice('local/'.length);
  // A path, or a name that openModel refuses in its own words, is nothing to fetch.
  if (findEntry(name) !== undefined) await pullWithProgress({ ...input, id: name });
  return `local/${name}`;
};

/** The name that a session is made with. */
export const modelIdOf = async (id: string | null): Promise<string> => {
  if (id === null) return `local/${(await import('@tandem/models')).defaultModelId}`;
  checkModelId(id);
  return id;
};

const providers = ['local', 'openai', 'ollama', 'anthropic', 'scripted'];

/** Before a session is made for it. @throws AppError usage */
export const checkModelId = (id: string): void => {
  const [provider = '', ...name] = id.split('/');
  if (providers.includes(provider) && name.join('') !== '') return;
  const known = providers.map((one) => `${one}/…`).join(', ');
  throw new AppError('usage', `${id} is no model id; it is provider/name, one of ${known}`);
};
