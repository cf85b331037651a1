/** Names of node types that mean the same in the grammars, so that a rule is written once. */

export const functionTypes: ReadonlySet<string> = new Set([
  'function_definition',
  'lambda',
  'function_declaration',
  'generator_function_declaration',
  'function_expression',
  'generator_function',
  'arrow_function',
  'method_definition',
]);

export const classTypes: ReadonlySet<string> = new Set([
  'class_definition',
  'class_declaration',
  'abstract_class_declaration',
  'class',
]);

export const loopTypes: ReadonlySet<string> = new Set([
  'for_statement',
  'for_in_statement',
  'while_statement',
  'do_statement',
]);

export const callTypes: ReadonlySet<string> = new Set(['call', 'call_expression', 'new_expression']);
