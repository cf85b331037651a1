/** The constitution as words for a model. An entry of its own: it loads neither grammars nor rules of programs. */
import { readConstitution } from './constitution/read-constitution.ts';
import { constitutionSources } from './constitution/sources.ts';
import { promptText } from './constitution/words.ts';
import type { PolicyPlaces } from './rules/load-rules.ts';

/** Short, and the same bytes for the same files. @throws PolicyError where one of them is wrong */
export const clauseText = (places: Pick<PolicyPlaces, 'user' | 'workspace' | 'workspaceTrusted'>): string =>
  promptText(readConstitution(constitutionSources(places)));
