import type { pullModel as Pull } from './catalog/pull.ts';

/** Fetching is rare and its code is not small: it is loaded when it is used. Contract: `catalog/pull.ts`. */
export const pullModel: typeof Pull = async (input) => {
  const { pullModel: pull } = await import('./catalog/pull.ts');
  return await pull(input);
};
