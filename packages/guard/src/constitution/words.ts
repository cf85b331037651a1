import type { Clause, Constitution } from './constitution.ts';

/** Characters of the prompt text: a small model reads it before every turn; the shipped clauses take a quarter. */
const promptCap = 4_000;

/**
 * What the model is told: a clause's title, and in full what people here added. Byte-stable for the same clauses, so
 * that a provider's cache holds. The shipped clauses are always there; additions end where the room ends, and that is
 * said.
 */
export const promptText = ({ clauses }: Constitution): string => {
  const ours = clauses
    .filter(({ layer }) => layer === 'default')
    .map((clause) => `- ${clause.id}: ${clause.title}`);
  const added = clauses.flatMap((clause) => [
    ...(clause.layer === 'default' ? [] : [lineOf(clause)]),
    ...clause.additions.map(({ layer, text }) => `- ${clause.id} (${layer} adds): ${text}`),
  ]);
  const head = 'You keep to these clauses; what is added to one makes it stricter, never weaker.';
  const lines = [head, ...ours];
  let room = promptCap - lines.join('\n').length;
  for (const [index, line] of added.entries()) {
    room -= line.length + 1;
    if (room < 0) return [...lines, `- (${added.length - index} more that had no room)`].join('\n');
    lines.push(line);
  }
  return lines.join('\n');
};

/** What a reviewer looks for: one question a clause, answered with the clause's id. */
export const rubricText = ({ clauses }: Constitution): string =>
  clauses
    .map((clause) => {
      const additions = clause.additions.map(({ text }) => ` ${text}`).join('');
      return `${clause.id}: does the change break "${titleOf(clause)}"? ${clause.body}${additions}`.trimEnd();
    })
    .join('\n');

const titleOf = ({ id, title }: Clause): string => (title === '' ? id : title);

const lineOf = (clause: Clause): string =>
  `- ${clause.id}: ${titleOf(clause)}${clause.body === '' ? '' : `. ${clause.body}`}`;
