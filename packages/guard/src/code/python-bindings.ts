import type { SyntaxNode } from '@tandem/syntax';
import type { PythonReader } from './python-program.ts';
import { either, elementOf, grown, marks, namedValue, unknown, unknownWith, type Value } from './value.ts';

/** Records what a node binds: imports, assignments, loop variables, parameters, functions. */
export const bindPython = (node: SyntaxNode, reader: PythonReader): void => {
  const { scopes, value } = reader;
  const right = node.child('right');
  switch (node.type) {
    case 'import_statement':
    case 'import_from_statement':
      bindImport(node, reader);
      return;
    case 'assignment':
      if (right !== null) bindTarget(node.child('left'), () => value(right), reader);
      return;
    case 'augmented_assignment':
      if (right !== null) bindTarget(node.child('left'), () => grown(value(right)), reader);
      return;
    case 'named_expression':
      bindTarget(node.child('name'), () => value(node.child('value') ?? node), reader);
      return;
    case 'for_statement':
    case 'for_in_clause':
      if (right !== null) bindTarget(node.child('left'), () => elementOf(value(right)), reader);
      return;
    case 'as_pattern':
      if (node.parent?.type === 'with_item')
        bindTarget(node.child('alias')?.parts[0] ?? null, () => value(node.parts[0]!), reader);
      return;
    case 'function_definition':
    case 'lambda':
      bindFunction(node, reader);
      return;
    case 'class_definition':
      bindTarget(node.child('name'), () => namedValue(`local:class`), reader);
      return;
    case 'call': {
      const callee = node.child('function');
      if (callee?.type !== 'identifier') return;
      const known = reader.functions.get(callee.text);
      if (known === undefined) reader.functions.set(callee.text, { definition: node, sites: [node] });
      else known.sites.push(node);
      return;
    }
    default:
      if (node.type === 'global_statement')
        for (const name of node.parts) scopes.add(node, name.text, () => outer(name, reader));
  }
};

const outer = (name: SyntaxNode, reader: PythonReader): Value => {
  const bindings = reader.scopes.find(name.source.root, name.text);
  return bindings === null ? unknown : reader.joined(bindings);
};

const bindImport = (node: SyntaxNode, { scopes }: PythonReader): void => {
  const module = node.child('module_name')?.text ?? '';
  for (const part of node.childrenOf('name')) {
    const alias = part.child('alias')?.text ?? null;
    const name = part.type === 'aliased_import' ? (part.child('name')?.text ?? '') : part.text;
    if (module !== '') scopes.add(node, alias ?? name, () => namedValue(canonical(`${module}.${name}`)));
    else if (alias !== null) scopes.add(node, alias, () => namedValue(canonical(name)));
    else scopes.add(node, name.split('.')[0]!, () => namedValue(canonical(name.split('.')[0]!)));
  }
  if (node.parts.some((part) => part.type === 'wildcard_import'))
    for (const name of starred[module] ?? []) scopes.add(node, name, () => namedValue(`${module}.${name}`));
};

const canonical = (name: string): string =>
  name
    .replace(/^posix\.|^nt\.|^posixpath\./, 'os.')
    .replace(/^(?:posix|nt)$/, 'os')
    .replace(/^six\.moves\./, '')
    .replace(/^Crypto(?:dome)?\./, 'Crypto.')
    .replace(/^flask\.request/, 'request');

const starred: Readonly<Record<string, readonly string[]>> = {
  os: [
    'system',
    'remove',
    'unlink',
    'rmdir',
    'removedirs',
    'popen',
    'execv',
    'execl',
    'execvp',
    'kill',
    'fork',
    'chmod',
    'chown',
    'environ',
    'path',
    'walk',
    'listdir',
    'getenv',
    'rename',
    'dup2',
    'putenv',
  ],
  shutil: ['rmtree', 'move', 'copy', 'copyfile', 'copytree', 'copy2'],
  subprocess: ['run', 'call', 'Popen', 'check_output', 'check_call', 'getoutput', 'getstatusoutput'],
  socket: ['socket', 'AF_INET', 'SOCK_STREAM', 'create_connection'],
  pathlib: ['Path'],
};

const bindTarget = (target: SyntaxNode | null, binding: () => Value, reader: PythonReader): void => {
  if (target === null) return;
  switch (target.type) {
    case 'identifier':
      reader.scopes.add(target, target.text, binding);
      return;
    case 'attribute':
      if (/^(?:self|cls)\./.test(target.text))
        reader.scopes.addTo(target.source.root, `self.${target.child('attribute')?.text}`, binding);
      else bindRoot(target, binding, reader);
      return;
    case 'subscript':
      bindRoot(target, binding, reader);
      return;
    default:
      for (const [at, part] of target.parts.entries()) bindTarget(part, () => partOf(binding(), at), reader);
  }
};

const partOf = (value: Value, at: number): Value =>
  value.items?.[at] ?? { ...unknownWith(value.marks), name: null };

/** `data['key'] = secret`: the whole carries what its part does. */
const bindRoot = (target: SyntaxNode, binding: () => Value, reader: PythonReader): void => {
  const root = target.child('object') ?? target.child('value');
  if (root?.type !== 'identifier' || target.type !== 'subscript') return;
  if (reader.scopes.find(target, root.text) === null) return;
  reader.scopes.add(target, root.text, () => {
    return unknownWith(binding().marks);
  });
};

const bindFunction = (node: SyntaxNode, reader: PythonReader): void => {
  const { scopes, functions } = reader;
  const name = node.child('name')?.text ?? '';
  const inClass =
    node.ancestor(new Set(['class_definition', 'function_definition']))?.type === 'class_definition';
  if (name !== '' && !inClass) {
    scopes.add(node, name, () => ({ ...unknown, name: `local:${name}` }));
    const known = functions.get(name);
    if (known === undefined) functions.set(name, { definition: node, sites: [] });
    else known.definition = node;
  }
  for (const [at, parameter] of (node.child('parameters')?.parts ?? []).entries()) {
    const target =
      parameter.type === 'identifier' ? parameter : (parameter.child('name') ?? parameter.parts[0]);
    if (target?.type !== 'identifier') continue;
    if (target.text === 'self' || target.text === 'cls')
      scopes.addTo(node, target.text, () => namedValue(target.text));
    else scopes.addTo(node, target.text, () => parameterValue(name, at, parameter, target.text, reader));
  }
};

/** `(lambda f: …)(value)` */
const calledAtOnce = (parameter: SyntaxNode): readonly SyntaxNode[] => {
  const owner = parameter.ancestor(new Set(['lambda', 'function_definition']));
  const call = owner?.parent?.type === 'parenthesized_expression' ? owner.parent.parent : null;
  return owner?.type === 'lambda' && call?.type === 'call' ? [call] : [];
};

const maxSites = 20;

const parameterValue = (
  name: string,
  at: number,
  parameter: SyntaxNode,
  key: string,
  reader: PythonReader,
): Value => {
  const fallback = parameter.child('value');
  const given: Value[] = fallback === null ? [] : [reader.value(fallback)];
  const sites = name === '' ? calledAtOnce(parameter) : (reader.functions.get(name)?.sites ?? []);
  if (sites.length > maxSites) given.push(unknown);
  for (const site of sites.slice(0, maxSites)) {
    const parts = site.child('arguments')?.parts ?? [];
    const keyword = parts.find(
      (part) => part.type === 'keyword_argument' && part.child('name')?.text === key,
    );
    const part = keyword?.child('value') ?? parts[at];
    if (part != null && (part.type !== 'keyword_argument' || keyword !== undefined))
      given.push(reader.value(part));
  }
  const known = either(given);
  return sites.length === 0
    ? { ...either([...given, unknown]), marks: known.marks | marks.parameter }
    : known;
};
