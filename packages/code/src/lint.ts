import { parse, type Source, type SyntaxNode } from '@tandem/syntax';
import { javascriptGlobals, pythonGlobals } from './known-globals.ts';
import { isRead } from './mutate/name-swaps.ts';
import { firstFault } from './syntax-error.ts';

/**
 * Names that are used but bound nowhere in the file, not imported and known to no runtime: the sign of an invented
 * helper or a forgotten import. A name bound in any scope counts as bound in all, so that nothing good is accused.
 */
export const undefinedNames = async (path: string, text: string): Promise<readonly string[]> => {
  const source = await parse(path, text);
  if (source === null || firstFault(source.root) !== null || bindsUnseen(source)) return [];
  const known = source.python ? pythonGlobals : javascriptGlobals;
  const bound = new Set<string>(namesInRemarks(source));
  const used = new Set<string>();
  for (const node of source.root.walk()) {
    const role = roleOf(node);
    if (role === 'bound') bound.add(node.text);
    else if (role === 'used') used.add(node.text);
  }
  return [...used].filter((name) => !bound.has(name) && !known.has(name) && !given.test(name));
};

/** What a bundler or an interpreter puts in the place of a name. */
const given = /^__\w+__$/;

/** `from m import *`, `with (o)` and `exec` bind names that no text shows. */
const bindsUnseen = (source: Source): boolean => {
  for (const node of source.root.walk()) {
    if (node.type === 'wildcard_import') return true;
    if (node.type === 'with_statement' && !source.python) return true;
    if (node.type === 'call' && /^(?:exec|globals|locals|vars)$/.test(node.child('function')?.text ?? ''))
      return true;
  }
  return false;
};

const roleOf = (node: SyntaxNode): 'bound' | 'used' | null => {
  if (node.type === 'shorthand_property_identifier') return 'used';
  if (node.type === 'shorthand_property_identifier_pattern') return 'bound';
  if (node.type === 'type_identifier') return node.field === 'name' ? 'bound' : null;
  if (node.type !== 'identifier' || node.parent === null) return null;
  const parent = node.parent;
  if (/^jsx_/.test(parent.type)) {
    const element = node.field === 'name' && /^jsx_(?:opening|self_closing|closing)/.test(parent.type);
    return element && /^[a-z]/.test(node.text) ? null : 'used';
  }
  if (node.field === 'attribute' || node.field === 'property' || parent.type === 'export_specifier')
    return null;
  if (parent.type === 'keyword_argument' && node.field === 'name') return null;
  if (/^(?:nested_type_identifier|nested_identifier|internal_module|attribute)$/.test(parent.type)) {
    return parent.type === 'attribute' ? 'used' : 'bound';
  }
  if (parent.type === 'unary_expression' && parent.token('typeof') !== null) return 'bound';
  if (/^(?:decorator|class_heritage|type)$/.test(parent.type)) return 'used';
  if (
    /^(?:import_require_clause|import_alias|list_pattern|splat_pattern|keyword_pattern|namespace_export)$/.test(
      parent.type,
    )
  )
    return 'bound';
  return isRead(node) ? 'used' : 'bound';
};

/** `/* global a, b *\/` and its kind. */
const namesInRemarks = (source: Source): readonly string[] =>
  [...source.text.matchAll(/\/\*\s*(?:globals?|exported)\s+([^*]*)\*\//g)].flatMap((match) =>
    match[1]!.split(/[\s,:]+/).filter((name) => name !== ''),
  );
