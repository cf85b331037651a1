import { PolicyError } from '../rules/policy-error.ts';
import { readRules } from '../rules/read-rules.ts';
import type { Rule } from '../rules/rule.ts';

/** A clause as one file writes it. */
export type WrittenClause = {
  readonly id: string;
  readonly title: string;
  readonly body: string;
  readonly rules: readonly Rule[];
};

const heading = /^## +([a-z][a-z0-9-]{1,39})(?: +[—–-] +(\S.*))?$/;
const longest = 600;

/**
 * The clauses of a constitution's text: `## id — Title`, one to three sentences, and a fenced `rule` block of TOML rules
 * if wanted. Text before the first clause is for readers only. Throws PolicyError that names the file and the clause.
 */
export const readClauses = (text: string, file: string): readonly WrittenClause[] => {
  const sections = text.replaceAll('\r\n', '\n').split(/^(?=## )/m);
  const clauses = sections
    .filter((section) => section.startsWith('## '))
    .map((section) => readClause(section, file));
  const ids = clauses.map(({ id }) => id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) throw new PolicyError(`${file}: clause '${twice}' is given twice`);
  return clauses;
};

const block = /^```rule\n([\s\S]*?)^```[ \t]*$/gm;

const readClause = (section: string, file: string): WrittenClause => {
  const [first = '', ...lines] = section.split('\n');
  const match = heading.exec(first.trimEnd());
  if (match === null) throw new PolicyError(`${file}: '${first}' is no clause; write '## some-id — Title'`);
  const [, id = '', title = ''] = match;
  const rest = lines.join('\n');
  const rules = [...rest.matchAll(block)].flatMap(([, toml = '']) =>
    readRules(toml, `${file}: clause '${id}'`, { clause: id }),
  );
  const body = rest.replaceAll(block, '').replaceAll(/\s+/g, ' ').trim();
  if (body.includes('```'))
    throw new PolicyError(`${file}: clause '${id}': a fence is not closed, or no rule block`);
  if (body.length > longest)
    throw new PolicyError(`${file}: clause '${id}' has ${body.length} characters; ${longest} are room for`);
  return { id, title, body, rules };
};
