import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Layer, Rule } from '../rules/rule.ts';
import type { Clause, Constitution } from './constitution.ts';
import { readClauses, type WrittenClause } from './read-clauses.ts';

/** A constitution's text and the file it came from, for messages; null where there is none. */
export type Source = { readonly text: string; readonly file: string } | null;

export type Sources = {
  readonly user: Source;
  readonly workspace: Source;
  readonly workspaceTrusted: boolean;
};

/**
 * The shipped clauses with what the user and the workspace add. A clause may be extended and new ones added; none is
 * ever removed or rewritten. Of a workspace that nobody trusts only rules are taken, which can only make things
 * stricter: its words would reach the model and the reviewer. Throws PolicyError where a text is wrong.
 */
export const readConstitution = (sources: Sources): Constitution => {
  const clauses = new Map(shippedClauses().map((clause) => [clause.id, clause]));
  const user = written(sources.user);
  const workspace = written(sources.workspace);
  for (const clause of user) add(clauses, clause, 'user');
  const notes: string[] = [];
  if (sources.workspaceTrusted) for (const clause of workspace) add(clauses, clause, 'workspace');
  else
    for (const { id } of workspace)
      notes.push(
        `the workspace's words on '${id}' are not used until you trust the workspace; its rules are`,
      );
  return {
    clauses: [...clauses.values()],
    rules: { user: distinct(user), workspace: distinct(workspace) },
    notes,
  };
};

let shipped: readonly Clause[] | null = null;

const shippedClauses = (): readonly Clause[] => {
  if (shipped !== null) return shipped;
  const file = join(import.meta.dirname, 'constitution.md');
  shipped = readClauses(readFileSync(file, 'utf8'), file).map(({ id, title, body }) => ({
    id,
    title,
    body,
    layer: 'default',
    additions: [],
  }));
  return shipped;
};

const written = (source: Source): readonly WrittenClause[] =>
  source === null ? [] : readClauses(source.text, source.file);

const add = (clauses: Map<string, Clause>, { id, title, body }: WrittenClause, layer: Layer): void => {
  const before = clauses.get(id);
  if (before === undefined) clauses.set(id, { id, title, body, layer, additions: [] });
  else if (body !== '')
    clauses.set(id, { ...before, additions: [...before.additions, { layer, text: body }] });
};

/** The same id in two clauses would make two rules one. */
const distinct = (written: readonly WrittenClause[]): readonly Rule[] =>
  written.flatMap(({ id, rules }) => rules.map((rule) => ({ ...rule, id: `${id}.${rule.id}` })));
