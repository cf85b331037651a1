import { existsSync, readFileSync } from 'node:fs';

/** `[keys]` of the person's own file, as it stands there. A workspace's says nothing: keys are the person's. */
export const readKeys = async (userFile: string): Promise<Readonly<Record<string, unknown>>> => {
  if (!existsSync(userFile)) return {};
  const { parse } = await import('smol-toml');
  const { keys } = parse(readFileSync(userFile, 'utf8'));
  return typeof keys === 'object' && keys !== null && !Array.isArray(keys) ? { ...keys } : {};
};
