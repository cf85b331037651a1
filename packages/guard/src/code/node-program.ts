import type { Source, SyntaxNode } from '@tandem/syntax';
import { hole } from '../shell/command.ts';
import { environmentVariable, fold } from './fold.ts';
import { bindNode } from './node-bindings.ts';
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
import {
  bitsOf,
  concatenate,
  constantText,
  either,
  elementOf,
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

/** Reads JavaScript or TypeScript the way `readPython` reads Python. */
export const readNode = (source: Source, isSecret: IsSecret): Program =>
  readProgram({ language: 'node', source, isSecret, compute, bind: bindNode, callTypes });

const callTypes = new Set(['call_expression', 'new_expression']);

export type NodeReader = Reader<SyntaxNode | null>;

const compute = (node: SyntaxNode, reader: NodeReader): Value => {
  const { value } = reader;
  switch (node.type) {
    case 'string':
    case 'template_string':
      return stringValue(node, reader);
    case 'number':
    case 'true':
    case 'false':
    case 'null':
      return textValue(node.text.replaceAll('_', ''));
    case 'identifier':
    case 'shorthand_property_identifier':
      return nameValue(node, reader);
    case 'member_expression':
      return memberValue(node, reader);
    case 'subscript_expression':
      return subscript(node, reader);
    case 'binary_expression':
      return binary(node, reader);
    case 'ternary_expression':
      return either([value(node.child('consequence') ?? node), value(node.child('alternative') ?? node)]);
    case 'parenthesized_expression':
    case 'await_expression':
    case 'sequence_expression':
      return last(node, reader);
    case 'as_expression':
    case 'non_null_expression':
    case 'satisfies_expression':
      return node.parts[0] === undefined ? unknown : value(node.parts[0]);
    case 'assignment_expression':
      return value(node.child('right') ?? node);
    case 'array':
      return listValue(node.parts.slice(0, 5000).map(value));
    case 'spread_element':
      return elementOf(last(node, reader));
    case 'object':
      return objectValue(node, reader);
    case 'call_expression':
    case 'new_expression':
      return call(node, reader);
    case 'arrow_function':
    case 'function_expression':
    case 'generator_function':
      return { ...unknown, name: 'local:function', marks: bitsOf(body(node).map(value)) };
    case 'import':
      return namedValue('require');
    case 'this':
      return namedValue('this');
    case 'unary_expression':
      return /^(?:!|typeof)/.test(node.text)
        ? unknownWith(marks.cleaned)
        : unknownWith(bitsOf(node.parts.map(value)));
    case 'statement_block':
    case 'class':
      return unknown;
    default:
      return unknownWith(bitsOf(node.parts.map(value)) & ~marks.glob);
  }
};

const memberValue = (node: SyntaxNode, reader: NodeReader): Value => {
  const object = reader.value(node.child('object') ?? node);
  return member(object, node.child('property')?.text ?? '', node, reader);
};

/** The expression of `x => expression`. */
const body = (node: SyntaxNode): readonly SyntaxNode[] => {
  const child = node.child('body');
  return child === null || child.type === 'statement_block' ? [] : [child];
};

const last = (node: SyntaxNode, reader: NodeReader): Value => {
  const part = node.parts.at(-1);
  return part === undefined ? unknown : reader.value(part);
};

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  b: '\b',
  f: '\f',
  v: '\v',
  '0': '\0',
  '\n': '',
};

const unescaped = (text: string): string => {
  const code = /^\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|u\{([0-9a-f]+)\})$/i.exec(text);
  const number = Number.parseInt(code?.[1] ?? code?.[2] ?? code?.[3] ?? '', 16);
  if (number >= 0 && number < 0x110000) return String.fromCodePoint(number);
  return escapes[text.slice(1)] ?? text.slice(1);
};

const stringValue = (node: SyntaxNode, reader: NodeReader): Value => {
  const parts = node.children.flatMap((child) => {
    if (child.type === 'string_fragment') return [textValue(child.text.replaceAll(placeholder, hole))];
    if (child.type === 'escape_sequence') return [textValue(unescaped(child.text))];
    return child.type === 'template_substitution' ? [last(child, reader)] : [];
  });
  return concatenate(parts);
};

const nameValue = (node: SyntaxNode, reader: NodeReader): Value => {
  const bindings = reader.scopes.find(node, node.text);
  if (bindings !== null) return reader.joined(bindings);
  if (node.text === '__dirname') return textValue('.');
  if (node.text === '__filename') return textValue('./file.js');
  return node.text.includes(placeholder) ? unknown : namedValue(node.text);
};

const globals = /^(?:globalThis|global|window|self|module|process\.mainModule|require\.main)\.(?=\w)/;

/** What a member names; `fs.promises.rm` and `fs.rm` are one. */
export const member = (object: Value, property: string, node: SyntaxNode, reader: NodeReader): Value => {
  if (object.name === 'this') {
    const known = reader.scopes.find(node, `this.${property}`);
    if (known !== null) return reader.joined(known);
  }
  const field = object.fields?.get(property);
  if (field !== undefined) return field;
  if (property === 'default' || (property === 'promises' && object.name === 'fs')) return object;
  if (object.name === 'process.env')
    return { ...environmentVariable(textValue(property)), name: `process.env.${property}` };
  const name = `${object.name ?? '?'}.${property}`.replace(globals, '');
  return { ...properties(name, object), name, also: membersOf(object, property) };
};

const requestParts =
  /^(?:req|request|ctx|context|event|ctx\.request|c\.req)\.(?:query|params|body|headers|cookies|url|originalUrl|path|hostname|param|queryStringParameters|pathParameters|files?)\b/;

const properties = (name: string, object: Value): Value => {
  if (name === 'process.argv' || name === 'Deno.args') return unknownWith(marks.argument);
  if (requestParts.test(name) || /^(?:window\.)?location\.(?:hash|search|href)$/.test(name))
    return unknownWith(marks.input);
  if (name === 'process.env') return unknownWith(marks.environment);
  if (name === 'process.execPath') return textValue('node');
  if (/\.length$/.test(name)) return unknownWith(marks.cleaned);
  return unknownWith(object.marks & ~marks.cleaned);
};

const subscript = (node: SyntaxNode, reader: NodeReader): Value => {
  const object = reader.value(node.child('object') ?? node);
  const index = node.child('index');
  const text = index === null ? null : constantText(reader.value(index));
  if (text === null) return object.name === 'process.env' ? unknown : elementOf(object);
  if (object.items !== null && /^\d+$/.test(text)) return object.items[Number(text)] ?? elementOf(object);
  const whole = constantText(object);
  if (whole !== null && /^\d+$/.test(text)) return textValue(whole[Number(text)] ?? '');
  return /^\d+$/.test(text) ? unknownWith(object.marks) : member(object, text, node, reader);
};

const binary = (node: SyntaxNode, reader: NodeReader): Value => {
  const left = reader.value(node.child('left') ?? node);
  const right = reader.value(node.child('right') ?? node);
  const operator = node.child('operator')?.text ?? node.children[1]?.text ?? '';
  if (operator === '+') return concatenate([left, right]);
  if (operator === '||' || operator === '??' || operator === '&&') return either([left, right]);
  return unknownWith(/^[=!<>]/.test(operator) ? marks.cleaned : left.marks | right.marks);
};

const objectValue = (node: SyntaxNode, reader: NodeReader): Value => {
  const fields = new Map<string, Value>();
  let bits = 0;
  for (const part of node.parts) {
    const key = part.child('key');
    const value = part.child('value');
    if (part.type === 'shorthand_property_identifier') fields.set(part.text, reader.value(part));
    else if (part.type === 'pair' && key !== null && value !== null) {
      const name =
        key.type === 'computed_property_name'
          ? constantText(last(key, reader))
          : key.text.replace(/^['"]|['"]$/g, '');
      if (name !== null) fields.set(name, reader.value(value));
      bits |= reader.value(value).marks;
    } else if (part.type === 'spread_element') {
      const spread = last(part, reader);
      for (const [name, field] of spread.fields ?? []) fields.set(name, field);
      bits |= spread.marks;
    }
  }
  return { ...unknown, fields, marks: bits | bitsOf(fields.values()) };
};

const call = (node: SyntaxNode, reader: NodeReader): Value => {
  const made = readCall(node, reader);
  reader.calls.set(node, made);
  const text = constantText(made.args[0]);
  if (
    (made.name === 'require' ||
      made.name === 'createRequire()' ||
      made.name === 'process.getBuiltinModule') &&
    text !== null
  )
    return namedValue(moduleName(text));
  if (made.name.startsWith('local:')) return returned(made, reader);
  if (made.name === '?.then' || made.name.endsWith('().then')) return { ...(made.receiver ?? unknown) };
  if (made.name.endsWith('.bind')) return made.receiver ?? unknown;
  if (made.name === 'Buffer.from().toString' && made.receiver !== null)
    return mapText(made.receiver, (whole) => whole);
  return fold(made, reader.isSecret);
};

/** One name for the ways in which a module is asked for. */
export const moduleName = (text: string): string => {
  const name = text.replace(/^node:/, '');
  if (/^(?:fs\/promises|fs-extra|graceful-fs|original-fs)$/.test(name)) return 'fs';
  return name === 'http2' ? 'http' : name;
};

const readCall = (node: SyntaxNode, reader: NodeReader): TreeCall => {
  const callee = strip(node.child('function') ?? node.child('constructor') ?? node);
  const list = node.child('arguments');
  const given = list === null ? [] : list.type === 'template_string' ? [list] : list.parts;
  let args = given.flatMap((part) => {
    const value = reader.value(part);
    return part.type === 'spread_element' ? (last(part, reader).items ?? [value]) : [value];
  });
  let { name, also = [] } = reader.value(callee);
  const object = callee.child('object');
  let receiver = object === null ? null : reader.value(object);
  const applied = /\.(call|apply)$/.exec(name ?? '');
  if (applied !== null && receiver?.name != null && !receiver.name.startsWith('local:')) {
    ({ name, also = [] } = receiver);
    args = applied[1] === 'call' ? args.slice(1) : [...(args[1]?.items ?? [])];
    receiver = null;
  } else if (name === 'Reflect.apply' && args[0]?.name != null) {
    ({ name, also = [] } = args[0]);
    args = [...(args[2]?.items ?? [])];
  }
  const named = args.findLast((arg) => arg.fields !== null)?.fields ?? new Map<string, Value>();
  return { name: name ?? '?', also, args, named, receiver, node, text: node.text };
};

/** `(0, eval)(…)` and `(f)(…)`. */
const strip = (node: SyntaxNode): SyntaxNode => {
  const inner =
    node.type === 'parenthesized_expression' || node.type === 'sequence_expression'
      ? node.parts.at(-1)
      : undefined;
  return inner === undefined ? node : strip(inner);
};

const returned = (made: Call, reader: NodeReader): Value => {
  const definition = reader.functions.get(made.name.slice('local:'.length))?.definition ?? null;
  const bits = bitsOf(made.args) & ~marks.glob;
  if (definition === null) return unknownWith(bits, `${made.name}()`);
  const direct = body(definition).map(reader.value);
  if (direct.length > 0) return either(direct);
  return resultOf(definition, unknownWith(bits), reader);
};
