import type { SyntaxNode } from '@tandem/syntax';
import { member, moduleName, type NodeReader } from './node-program.ts';
import { either, elementOf, grown, marks, namedValue, unknown, unknownWith, type Value } from './value.ts';

/** Records what a node binds: imports, variables, loop variables, parameters, functions. */
export const bindNode = (node: SyntaxNode, reader: NodeReader): void => {
  const { value, scopes } = reader;
  const right = node.child('right');
  switch (node.type) {
    case 'import_statement':
      bindImport(node, reader);
      return;
    case 'variable_declarator': {
      const initial = node.child('value');
      if (initial === null) return;
      bindTarget(node.child('name'), () => value(initial), reader);
      if (isFunction(initial)) define(node.child('name')?.text ?? '', initial, reader);
      return;
    }
    case 'assignment_expression':
      if (right !== null) bindTarget(node.child('left'), () => value(right), reader);
      return;
    case 'augmented_assignment_expression':
      if (right !== null) bindTarget(node.child('left'), () => grown(value(right)), reader);
      return;
    case 'for_in_statement':
      if (right !== null) bindTarget(node.child('left'), () => elementOf(value(right)), reader);
      return;
    case 'function_declaration':
    case 'generator_function_declaration':
      define(node.child('name')?.text ?? '', node, reader);
      bindParameters(node, reader);
      return;
    case 'arrow_function':
    case 'function_expression':
    case 'method_definition':
      bindParameters(node, reader);
      return;
    case 'class_declaration':
      if (node.child('name') !== null)
        scopes.add(node, node.child('name')!.text, () => namedValue('local:class'));
      return;
    case 'call_expression':
      recordSite(node, reader);
      return;
    default:
  }
};

const isFunction = (node: SyntaxNode): boolean =>
  node.type === 'arrow_function' || node.type === 'function_expression';

const define = (name: string, definition: SyntaxNode, { scopes, functions }: NodeReader): void => {
  if (name === '') return;
  if (!isFunction(definition)) scopes.add(definition, name, () => namedValue(`local:${name}`));
  else scopes.add(definition.parent ?? definition, name, () => namedValue(`local:${name}`));
  const known = functions.get(name);
  if (known === undefined) functions.set(name, { definition, sites: [] });
  else known.definition = definition;
};

const recordSite = (node: SyntaxNode, { functions }: NodeReader): void => {
  const callee = node.child('function');
  if (callee?.type !== 'identifier') return;
  const known = functions.get(callee.text);
  if (known === undefined) functions.set(callee.text, { definition: null, sites: [node] });
  else known.sites.push(node);
};

const bindImport = (node: SyntaxNode, { scopes }: NodeReader): void => {
  const module = moduleName((node.child('source')?.text ?? '').replace(/^['"]|['"]$/g, ''));
  for (const part of node.walk()) {
    const [name, alias] = [part.child('name')?.text, part.child('alias')?.text];
    if (part.type === 'import_specifier' && name !== undefined)
      scopes.add(node, alias ?? name, () =>
        namedValue(name === 'default' || name === 'promises' ? module : `${module}.${name}`),
      );
    else if (
      part.type === 'identifier' &&
      /^(?:import_clause|namespace_import)$/.test(part.parent?.type ?? '')
    )
      scopes.add(node, part.text, () => namedValue(module));
  }
};

const bindTarget = (target: SyntaxNode | null, binding: () => Value, reader: NodeReader): void => {
  if (target === null) return;
  const { scopes } = reader;
  switch (target.type) {
    case 'identifier':
    case 'shorthand_property_identifier_pattern':
      if (/^(?:assignment|augmented_assignment)_expression$/.test(target.parent?.type ?? ''))
        scopes.assign(target, target.text, binding);
      else scopes.add(target, target.text, binding);
      return;
    case 'member_expression':
      if (/^this\./.test(target.text))
        scopes.addTo(target.source.root, `this.${target.child('property')?.text}`, binding);
      return;
    case 'array_pattern':
      for (const [at, part] of target.parts.entries())
        bindTarget(part, () => binding().items?.[at] ?? elementOf(binding()), reader);
      return;
    case 'object_pattern':
      for (const part of target.parts) bindProperty(part, binding, reader);
      return;
    case 'assignment_pattern':
    case 'object_assignment_pattern':
      bindTarget(target.parts[0] ?? null, binding, reader);
      return;
    case 'rest_pattern':
      bindTarget(target.parts[0] ?? null, () => unknownWith(binding().marks), reader);
      return;
    default:
  }
};

const bindProperty = (part: SyntaxNode, binding: () => Value, reader: NodeReader): void => {
  const target =
    part.type === 'pair_pattern'
      ? part.child('value')
      : part.type === 'object_assignment_pattern'
        ? (part.parts[0] ?? null)
        : part;
  const key = part.type === 'pair_pattern' ? part.child('key')?.text : (target ?? part).text;
  bindTarget(
    target,
    () => member(binding(), (key ?? '').replace(/^['"[]+|['"\]]+$/g, ''), part, reader),
    reader,
  );
};

const bindParameters = (node: SyntaxNode, reader: NodeReader): void => {
  const single = node.child('parameter');
  const parameters = single === null ? (node.child('parameters')?.parts ?? []) : [single];
  for (const [at, parameter] of parameters.entries()) {
    const pattern = parameter.child('pattern') ?? parameter;
    const binding = (): Value => parameterValue(node, at, reader, parameter.child('value'));
    const target = pattern.type === 'assignment_pattern' ? (pattern.child('left') ?? pattern) : pattern;
    bindInside(node, target, binding, reader);
  }
};

/** Parameters belong to the function itself, not to what is round it. */
const bindInside = (
  owner: SyntaxNode,
  target: SyntaxNode,
  binding: () => Value,
  reader: NodeReader,
): void => {
  if (target.type === 'identifier') reader.scopes.addTo(owner, target.text, binding);
  else bindTarget(target, binding, reader);
};

const looping = /\.(?:forEach|map|filter|some|every|flatMap|find|reduce|for)$/;

const maxSites = 20;

const parameterValue = (
  owner: SyntaxNode,
  at: number,
  reader: NodeReader,
  fallback: SyntaxNode | null,
): Value => {
  const list = owner.parent;
  if (list?.type === 'arguments' && list.parent !== null) return callbackValue(list, at, reader);
  const name =
    owner.child('name')?.text ??
    (owner.parent?.type === 'variable_declarator' ? owner.parent.child('name')?.text : undefined);
  const sites = name === undefined ? [] : (reader.functions.get(name)?.sites ?? []);
  const given = sites
    .slice(0, maxSites)
    .flatMap((site) => site.child('arguments')?.parts[at] ?? [])
    .map(reader.value);
  if (sites.length > maxSites) given.push(unknown);
  if (fallback !== null) given.push(reader.value(fallback));
  const conventional = /^(?:req|request|ctx|event|res|response|c)$/.exec(parameterName(owner, at));
  if (given.length === 0) return { ...unknownWith(marks.parameter), name: conventional?.[0] ?? null };
  return sites.length === 0 ? either([...given, unknownWith(marks.parameter)]) : either(given);
};

const parameterName = (owner: SyntaxNode, at: number): string => {
  const parameter = owner.child('parameters')?.parts[at] ?? owner.child('parameter');
  return (parameter?.child('pattern') ?? parameter)?.text ?? '';
};

/** `files.forEach(file => …)`, `get(url, response => …)`: what the call works on comes in. */
const callbackValue = (list: SyntaxNode, at: number, reader: NodeReader): Value => {
  const caller = list.parent!;
  const callee = caller.child('function');
  const object = callee?.child('object');
  const method = callee?.text ?? '';
  const name = parameterName(list.parts.find((part) => isFunction(part)) ?? list, at);
  const conventional = /^(?:req|request|ctx|res|response|c)$/.test(name) ? name : null;
  if (object != null && looping.test(method) && at === 0) return elementOf(reader.value(object));
  const result = reader.value(caller);
  const bits = object == null ? result.marks : result.marks | reader.value(object).marks;
  const handler = conventional !== null && (bits & marks.fetched) === 0;
  const files = (bits & marks.glob) !== 0 && at > 0 ? result.texts : unknown.texts;
  return {
    ...unknown,
    texts: files,
    marks: bits | (handler || (bits & marks.fetched) !== 0 ? 0 : marks.parameter),
    name: handler ? conventional : null,
  };
};
