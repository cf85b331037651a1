import type { Source, SyntaxNode } from '@tandem/syntax';
import { hole } from '../shell/command.ts';
import { environmentVariable, fold } from './fold.ts';
import {
  type Call,
  type IsSecret,
  type Program,
  placeholder,
  type Reader,
  readProgram,
  resultOf,
  type TreeCall,
} from './program.ts';
import { bindPython } from './python-bindings.ts';
import { pythonText } from './python-text.ts';
import {
  bitsOf,
  concatenate,
  constantText,
  either,
  elementOf,
  isConstant,
  listValue,
  mapText,
  marks,
  membersOf,
  namedValue,
  textValue,
  unknown,
  unknownWith,
  type Value,
} from './value.ts';

/** Reads Python: imports and aliases resolved, constants folded, calls listed. */
export const readPython = (source: Source, isSecret: IsSecret): Program =>
  readProgram({ language: 'python', source, isSecret, compute, bind: bindPython, callTypes });

const callTypes = new Set(['call']);

export type PythonReader = Reader<SyntaxNode>;

const compute = (node: SyntaxNode, reader: PythonReader): Value => {
  const { value } = reader;
  switch (node.type) {
    case 'string':
      return stringValue(node, reader);
    case 'concatenated_string':
      return concatenate(node.parts.map(value));
    case 'integer':
    case 'float':
    case 'true':
    case 'false':
    case 'none':
      return textValue(node.text);
    case 'identifier':
      return nameValue(node, reader);
    case 'attribute':
      return member(value(node.child('object') ?? node), node.child('attribute')?.text ?? '', node, reader);
    case 'subscript':
      return subscript(node, reader);
    case 'binary_operator':
      return binary(node, reader);
    case 'boolean_operator':
      return either(node.parts.map(value));
    case 'conditional_expression':
      return either([value(node.parts[0] ?? node), value(node.parts[2] ?? node)]);
    case 'parenthesized_expression':
    case 'await':
    case 'expression_statement':
    case 'keyword_argument':
      return last(node, reader);
    case 'named_expression':
      return last(node, reader);
    case 'list':
    case 'tuple':
    case 'set':
    case 'expression_list':
      return listValue(node.parts.slice(0, 5000).map(value));
    case 'list_comprehension':
    case 'generator_expression':
    case 'set_comprehension':
      return comprehension(node, reader);
    case 'dictionary':
      return dictionary(node, reader);
    case 'call':
      return call(node, reader);
    case 'lambda':
      return { ...unknown, name: 'local:lambda' };
    case 'comparison_operator':
    case 'not_operator':
      return unknownWith(marks.cleaned);
    case 'list_splat':
      return elementOf(last(node, reader));
    default:
      return unknownWith(bitsOf(node.parts.map(value)) & ~marks.glob);
  }
};

const last = (node: SyntaxNode, reader: PythonReader): Value => {
  const part = node.parts.at(-1);
  return part === undefined ? unknown : reader.value(part);
};

const stringValue = (node: SyntaxNode, reader: PythonReader): Value => {
  const prefix = node.children[0]?.text ?? '';
  const parts = node.children.flatMap((child) => {
    if (child.type === 'string_content')
      return [textValue(pythonText(child.text, prefix).replaceAll(placeholder, hole))];
    if (child.type !== 'interpolation') return [];
    const inner = child.child('expression');
    return inner === null ? [unknown] : [reader.value(inner)];
  });
  return parts.length === 1 && node.children.length === 3 && isConstant(parts[0]!)
    ? parts[0]!
    : concatenate(parts);
};

const nameValue = (node: SyntaxNode, reader: PythonReader): Value => {
  if (node.text === hole || node.text === placeholder) return unknown;
  const bindings = reader.scopes.find(node, node.text);
  if (bindings === null) return builtin(node.text);
  return reader.joined(bindings);
};

const builtin = (name: string): Value => {
  if (name === '__file__') return textValue('./file.py');
  if (name === '__builtins__' || name === 'builtins') return namedValue('builtins');
  return namedValue(name);
};

/** What an attribute names: members of modules keep the module's name. */
export const member = (object: Value, attribute: string, node: SyntaxNode, reader: PythonReader): Value => {
  const known =
    object.name === 'self' || object.name === 'cls' ? reader.scopes.find(node, `self.${attribute}`) : null;
  if (known !== null) return reader.joined(known);
  const field = object.fields?.get(attribute);
  if (field !== undefined) return field;
  if (attribute === '__dict__' || attribute === '__class__') return object;
  const name = object.name === 'builtins' ? attribute : `${object.name ?? '?'}.${attribute}`;
  return { ...property(name, object), name, also: membersOf(object, attribute) };
};

const requestParts =
  /^(?:flask\.)?request\.(?:args|form|values|json|data|cookies|headers|files|GET|POST|body|query_params|params|get_json|path|url)/;

const property = (name: string, object: Value): Value => {
  if (name === 'sys.argv') return unknownWith(marks.argument);
  if (requestParts.test(name)) return unknownWith(marks.input);
  if (name === 'os.environ') return unknownWith(marks.environment);
  if (name === 'sys.executable') return textValue('python3');
  if (name === 'os.sep') return textValue('/');
  if (name === 'os.devnull') return textValue('/dev/null');
  if (name.endsWith('Path().parent'))
    return { ...mapText(object, (text) => text.replace(/\/?[^/]*$/, '') || '.') };
  if (/^tempfile\.\w+\(\)\.name$/.test(name)) return { ...object };
  if (name.endsWith('Path().name')) return unknownWith(object.marks & ~marks.glob);
  return unknownWith(object.marks & ~marks.cleaned);
};

const subscript = (node: SyntaxNode, reader: PythonReader): Value => {
  const object = reader.value(node.child('value') ?? node);
  const index = node.child('subscript');
  if (index === null) return unknownWith(object.marks);
  if (index.type === 'slice') return slice(object, index.text.replace(/\s/g, ''));
  const key = reader.value(index);
  if (object.name === 'os.environ') return environmentVariable(key);
  const text = constantText(key);
  if (text === null) return elementOf(object);
  if (object.name === 'sys.modules') return namedValue(text);
  if (object.items !== null) return object.items.at(Number(text)) ?? elementOf(object);
  if (object.fields !== null) return object.fields.get(text) ?? unknownWith(object.marks);
  const whole = constantText(object);
  if (whole !== null && /^-?\d+$/.test(text)) return textValue(whole.at(Number(text)) ?? '');
  // `vars(os)['system']`, `__builtins__['eval']`, `globals()['os']`
  const dictionaryOf = /^(?:globals|locals)\(\)$/.test(object.name ?? '')
    ? null
    : object.name?.replace(/\(\)$/, '');
  if (dictionaryOf === null || dictionaryOf === 'builtins') return namedValue(text);
  return {
    ...unknownWith(object.marks),
    name: dictionaryOf === undefined ? null : `${dictionaryOf}.${text}`,
  };
};

const slice = (object: Value, range: string): Value => {
  const cut = /^(-?\d*):(-?\d*)(?::(-?\d*))?$/.exec(range);
  if (cut === null) return unknownWith(object.marks);
  const step = Number(cut[3] || 1);
  const apply = <T>(all: readonly T[]): T[] => {
    if (step < 0) return [...all].reverse().filter((_, at) => at % -step === 0);
    const part = all.slice(Number(cut[1] || 0), cut[2] ? Number(cut[2]) : undefined);
    return step === 1 ? part : part.filter((_, at) => at % Math.max(step, 1) === 0);
  };
  if (object.items !== null) return { ...object, items: apply(object.items) };
  return mapText(object, (text) => (text.includes(hole) ? null : apply([...text]).join('')));
};

const binary = (node: SyntaxNode, reader: PythonReader): Value => {
  const left = reader.value(node.child('left') ?? node);
  const right = reader.value(node.child('right') ?? node);
  switch (node.child('operator')?.text) {
    case '+':
      if (left.items !== null && right.items !== null) return listValue([...left.items, ...right.items]);
      return concatenate([left, right]);
    case '/':
      if (left.name?.endsWith('Path()') || right.name?.endsWith('Path()'))
        return { ...concatenate([left, textValue('/'), right]), name: 'pathlib.Path()' };
      return unknownWith(left.marks | right.marks | marks.cleaned);
    case '%':
      return percent(left, right);
    case '*':
      return repeat(left, right);
    default:
      return unknownWith(left.marks | right.marks);
  }
};

const maxPattern = 5000;

const percent = (pattern: Value, value: Value): Value => {
  const values = value.items ?? [value];
  const result = mapText(pattern, (text) => {
    if (text.length > maxPattern) return null;
    let next = 0;
    return text.replace(/%(?:\((\w+)\))?[sdrif]/g, (_, key: string | undefined) =>
      key === undefined
        ? (constantText(values[next++]) ?? hole)
        : (constantText(value.fields?.get(key)) ?? hole),
    );
  });
  const built = isConstant(value) ? 0 : marks.built;
  return { ...result, marks: pattern.marks | value.marks | built };
};

const repeat = (left: Value, right: Value): Value => {
  const [text, count] = [constantText(left), Number(constantText(right))];
  if (text === null || !(count >= 0 && count * text.length < 10_000))
    return unknownWith(left.marks | right.marks);
  return /^\d+$/.test(text) ? textValue(String(Number(text) * count)) : textValue(text.repeat(count));
};

const dictionary = (node: SyntaxNode, reader: PythonReader): Value => {
  const fields = new Map<string, Value>();
  let bits = 0;
  for (const pair of node.parts) {
    const [key, value] = [pair.child('key'), pair.child('value')];
    const read = value === null ? last(pair, reader) : reader.value(value);
    bits |= read.marks;
    const name = key === null ? null : constantText(reader.value(key));
    if (name !== null) fields.set(name, read);
  }
  return { ...unknown, fields, marks: bits };
};

/** `[chr(code) for code in [114, 109]]` over a literal; anything else is one unknown element. */
const comprehension = (node: SyntaxNode, reader: PythonReader): Value => {
  const body = node.child('body');
  const clause = node.parts.find((part) => part.type === 'for_in_clause');
  const [left, right] = [clause?.child('left'), clause?.child('right')];
  if (!body || !left || !right) return unknown;
  const element = reader.value(body);
  const list = reader.value(right);
  if (body.type === 'identifier' && body.text === left.text) return { ...list, name: null };
  const items =
    list.items ??
    (constantText(list) === null ? null : [...constantText(list)!].map((item) => textValue(item)));
  const inner = reader.calls.get(body);
  if (items === null || inner === undefined || node.parts.length !== 2)
    return { ...unknownWith(element.marks), items: [element] };
  const at = body.child('arguments')?.parts.findIndex((part) => part.text === left.text) ?? -1;
  if (at === -1) return { ...unknownWith(element.marks), items: [element] };
  const results = items
    .slice(0, 2000)
    .map((item) => fold({ ...inner, args: inner.args.with(at, item) }, reader.isSecret));
  return listValue(results);
};

const call = (node: SyntaxNode, reader: PythonReader): Value => {
  const made = readCall(node, reader);
  reader.calls.set(node, made);
  const name = indirect(made);
  if (name !== null) return namedValue(name);
  if (made.name.startsWith('local:')) return returned(made, reader);
  if (made.name === 'dict')
    return { ...unknown, fields: made.named, marks: bitsOf([...made.args, ...made.named.values()]) };
  if (made.name === 'bytes' && made.args[0]?.items) return fold({ ...made, name: 'chr' }, reader.isSecret);
  return fold(made, reader.isSecret);
};

const readCall = (node: SyntaxNode, reader: PythonReader): TreeCall => {
  const callee = node.child('function') ?? node;
  const value = reader.value(callee);
  const receiver = callee.type === 'attribute' ? reader.value(callee.child('object') ?? callee) : null;
  const args: Value[] = [];
  const named = new Map<string, Value>();
  const list = node.child('arguments');
  const parts = list?.type === 'generator_expression' ? [list] : (list?.parts ?? []);
  for (const part of parts) {
    if (part.type === 'keyword_argument') named.set(part.child('name')?.text ?? '', last(part, reader));
    else if (part.type === 'dictionary_splat')
      for (const [key, field] of last(part, reader).fields ?? []) named.set(key, field);
    else if (part.type === 'list_splat' && last(part, reader).items !== null)
      args.push(...last(part, reader).items!);
    else args.push(reader.value(part));
  }
  return { name: value.name ?? '?', also: value.also ?? [], args, named, receiver, node, text: node.text };
};

/** Calls that give a module or a function by its name. */
const indirect = (made: Call): string | null => {
  const [first, second] = made.args;
  const text = constantText(made.name === 'getattr' ? second : first);
  if (text === null) return made.name === 'vars' ? (first?.name ?? null) : null;
  if (/^(?:__import__|importlib\.import_module|importlib\.__import__|pytest\.importorskip)$/.test(made.name))
    return text;
  if (made.name !== 'getattr' || !first?.name) return null;
  return first.name === 'builtins' ? text : `${first.name}.${text}`;
};

const returned = (made: Call, reader: PythonReader): Value => {
  const definition = reader.functions.get(made.name.slice('local:'.length))?.definition;
  const bits = bitsOf([...made.args, ...made.named.values()]) & ~marks.glob;
  if (definition === undefined || definition.type !== 'function_definition')
    return unknownWith(bits, `${made.name}()`);
  return resultOf(definition, unknownWith(bits), reader);
};
