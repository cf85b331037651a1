import type { Workspace } from '../ports.ts';

/** Text of a file for looking at; null where there is none or it is no readable text. */
export const readText = async (workspace: Workspace, path: string): Promise<string | null> =>
  (await workspace.read(path).catch(() => null))?.text ?? null;
