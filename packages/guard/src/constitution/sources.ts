import { join } from 'node:path';
import type { PolicyPlaces } from '../rules/load-rules.ts';
import { policyText } from '../rules/policy-file.ts';
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
  const text = policyText(file);
  return text === null ? null : { text, file };
};
