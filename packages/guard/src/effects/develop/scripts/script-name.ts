import type { Effect } from '../../effect.ts';
import { type Outcome, outcomeEffect, type Subject } from '../outcome.ts';

/** Words in a name that say it only makes or tries something here. */
const local =
  /^(?:tests?|builds?|lint|check|dry|notes|local|preview|types?|docs?|format|fmt|verify|validate|mock|help|prerelease|prepublish\w*|prerelease|changelog|candidate|debug|profile|bench\w*|version)$/;

const outcomes: readonly (readonly [Outcome, RegExp])[] = [
  ['publish', /^(?:publish|release|unpublish|npmpublish)$/],
  ['service.update', /^(?:deploy|ship|promote|rollout|rollback|provision|undeploy)$/],
  ['service.destroy', /^(?:destroy|nuke|teardown|wipe|purge|obliterate|annihilate)$/],
];

const database =
  /^(?:db|database|migrate|migrations?|schema|prisma|sql|postgres|mysql|mongo|redis|tables?|data)$/;
const empties = /^(?:drop|reset|truncate|flush|wipe|nuke|fresh|clear|purge|destroy|delete)$/;

/** The effect of a script or target of the workspace, as far as its name tells: `db:reset`, `deploy`, `build`. */
export const scriptEffect = (script: string, subject: Subject): Effect => {
  const words = script
    .replace(/([a-z])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/);
  const outcome = words.some((word) => local.test(word)) ? 'project' : outcomeOf(words);
  return outcomeEffect(outcome, { ...subject, what: `${subject.what} ${script}`.trim() });
};

const outcomeOf = (words: readonly string[]): Outcome => {
  if (words.some((word) => empties.test(word)) && words.some((word) => database.test(word)))
    return 'database.destroy';
  if (words.includes('drop') || words.includes('truncate')) return 'database.destroy';
  return outcomes.find(([, pattern]) => words.some((word) => pattern.test(word)))?.[0] ?? 'project';
};
