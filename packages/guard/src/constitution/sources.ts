import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PolicyPlaces } from '../rules/load-rules.ts';
import type { Source, Sources } from './read-constitution.ts';

/** The texts of a person and a workspace, where they have any. */
export const constitutionSources = ({
  user,
  workspace,
  workspaceTrusted,
}: Pick<PolicyPlaces, 'user' | 'workspace' | 'workspaceTrusted'>): Sources => ({
  user: textOf(user, 'constitution.md'),
  workspace: textOf(workspace, join('.tandem', 'constitution.md')),
  workspaceTrusted,
});

const textOf = (folder: string | null, name: string): Source => {
  if (folder === null) return null;
  const file = join(folder, name);
  try {
    return { text: readFileSync(file, 'utf8'), file };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw error;
  }
};
