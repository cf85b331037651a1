import type { SyntaxNode } from '@tandem/syntax';
import type { Effect } from '../effects/effect.ts';
import { type Program, placeholder } from './program.ts';
import { constantText } from './value.ts';

const loaders =
  /^(?:LD_PRELOAD|LD_LIBRARY_PATH|LD_AUDIT|DYLD_\w+|PYTHONPATH|PYTHONSTARTUP|NODE_OPTIONS|BASH_ENV|GIT_SSH_COMMAND|PATH)$/;

/** What is switched by assigning to it, and code that stands where nothing can be read. */
export const assignmentEffects = (program: Program): readonly Effect[] => {
  const effects: Effect[] = [];
  for (const node of program.nodes) {
    if (node.type === 'assignment' || node.type === 'assignment_expression')
      effects.push(...assigned(node, program));
    else if (node.type === 'expression_statement') effects.push(...bare(node));
  }
  return effects;
};

const assigned = (node: SyntaxNode, { value }: Program): readonly Effect[] => {
  const left = node.child('left');
  if (left === null) return [];
  if (/^ssl\._create_default_https_context$/.test(left.text))
    return [{ type: 'system', part: 'defense', change: 'change', what: 'does not check who it talks to' }];
  const variable = environmentName(left, value);
  if (variable === null) return [];
  const right = constantText(value(node.child('right') ?? node));
  if (variable === 'NODE_TLS_REJECT_UNAUTHORIZED' && right === '0')
    return [{ type: 'system', part: 'defense', change: 'change', what: 'does not check who it talks to' }];
  return loaders.test(variable)
    ? [{ type: 'loader', variable, what: `changes ${variable} for what it starts` }]
    : [];
};

const environmentName = (left: SyntaxNode, value: Program['value']): string | null => {
  const object = left.child('value') ?? left.child('object');
  if (object === null || !/^(?:os\.environ|environ|process\.env)$/.test(object.text)) return null;
  const index = left.child('subscript') ?? left.child('index');
  return index === null ? (left.child('property')?.text ?? null) : constantText(value(index));
};

/** A statement that is nothing but a stretch the shell fills in: any code may stand there. */
const bare = (node: SyntaxNode): readonly Effect[] =>
  node.parts.length === 1 && node.text.replace(/;$/, '').replaceAll(placeholder, '') === ''
    ? [{ type: 'opaque', at: 'code', what: 'runs code that is put together as it runs' }]
    : [];
