import { realpath, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { readTextOf } from './read-text.ts';

export type Instruction = { readonly path: string; readonly text: string };

/** The first that is there holds for its folder. */
const names = ['AGENTS.md', 'CLAUDE.md', 'GEMINI.md'];

/**
 * Instruction files for a directory, outermost first: the user's own, then one a folder from the root of the
 * repository (or the directory alone, where there is none) down to it.
 */
export const readInstructions = async (
  cwd: string,
  options: { readonly home?: string } = {},
): Promise<readonly Instruction[]> => {
  const start = await realpath(cwd);
  const found: Instruction[] = [];
  const configuration = process.env.XDG_CONFIG_HOME ?? join(options.home ?? homedir(), '.config');
  const own = await readTextOf(join(configuration, 'tandem', 'AGENTS.md'));
  if (own !== null) found.push(own);
  for (const folder of await foldersTo(start)) {
    for (const name of names) {
      const instruction = await readTextOf(join(folder, name));
      if (instruction === null) continue;
      found.push(instruction);
      break;
    }
  }
  return found;
};

const foldersTo = async (start: string): Promise<readonly string[]> => {
  const folders = [start];
  for (let folder = start; !(await exists(join(folder, '.git'))); ) {
    const parent = dirname(folder);
    if (parent === folder) return [start];
    folder = parent;
    folders.unshift(folder);
  }
  return folders;
};

const exists = async (path: string): Promise<boolean> => (await stat(path).catch(() => null)) !== null;
