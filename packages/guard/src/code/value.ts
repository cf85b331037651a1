import { hole } from '../shell/command.ts';

/** Where a value comes from and what it carries; a set of bits, so that joining is cheap. */
export const marks = {
  /** Came over the network. */
  fetched: 1,
  /** Given by whoever uses the program: `input()`, arguments, a web request. */
  input: 2,
  secret: 4,
  /** The whole environment, not one variable of it. */
  environment: 8,
  /** Content of a file. */
  file: 16,
  /** Unpacked from an encoded form. */
  decoded: 32,
  /** A parameter of a function whose callers are not in the text. */
  parameter: 64,
  /** Stands for many names of files. */
  glob: 128,
  /** Read from a socket, byte by byte. */
  socket: 256,
  encrypted: 512,
  /** Put together from parts of which one is not known. */
  built: 1024,
  /** Escaped, quoted or converted to a number: it can no longer break out of where it is put. */
  cleaned: 2048,
  random: 4096,
  /** Given on the command line. */
  argument: 8192,
} as const;

/** What is known of an expression before it runs. */
export type Value = {
  /** What it may be as text, at least one; unknown stretches are holes. */
  readonly texts: readonly string[];
  /** The API that it is or came from: `os.system`, `socket.socket()`. */
  readonly name: string | null;
  /** What else it may be. */
  readonly also?: readonly string[];
  readonly items: readonly Value[] | null;
  readonly fields: ReadonlyMap<string, Value> | null;
  readonly marks: number;
};

const maxTexts = 24;
const maxLength = 20_000;

export const unknown: Value = { texts: [hole], name: null, items: null, fields: null, marks: 0 };

export const unknownWith = (bits: number, name: string | null = null): Value => ({
  ...unknown,
  marks: bits,
  name,
});

export const textValue = (text: string, bits = 0): Value => ({ ...unknown, texts: [text], marks: bits });

export const namedValue = (name: string): Value => ({ ...unknown, name });

export const listValue = (items: readonly Value[]): Value => ({ ...unknown, items, marks: bitsOf(items) });

export const bitsOf = (values: Iterable<Value>): number => {
  let bits = 0;
  for (const value of values) bits |= value.marks;
  return bits;
};

export const has = (value: Value | undefined, bits: number): boolean =>
  value !== undefined && (value.marks & bits) !== 0;

/** No hole in any of its texts, or a list of such. */
export const isConstant = (value: Value): boolean => {
  if (value.items !== null) return value.items.every(isConstant);
  return value.texts.every((text) => !text.includes(hole));
};

/** Its only text, where that is known. */
export const constantText = (value: Value | undefined): string | null => {
  const text = value?.texts.length === 1 ? value.texts[0]! : null;
  return text === null || text.includes(hole) ? null : text;
};

/** One of several values, whichever way the program went. */
export const either = (values: readonly Value[]): Value => oneOf([...new Set(values)], 0);

/** Lists of lists of lists: each level may double what is joined. */
const maxLevels = 3;

const oneOf = (values: readonly Value[], level: number): Value => {
  const [first] = values;
  if (first === undefined) return unknown;
  if (values.length === 1) return first;
  if (level > maxLevels) return unknownWith(bitsOf(values));
  const [name = null, ...also] = new Set(values.flatMap(namesOf));
  return {
    texts: capTexts(values.flatMap((value) => value.texts)),
    name,
    ...(also.length === 0 ? {} : { also: also.slice(0, maxTexts) }),
    items: joinItems(
      values.flatMap((value) => (value.items === null ? [] : [value.items])),
      level,
    ),
    fields: joinFields(
      values.flatMap((value) => (value.fields === null ? [] : [value.fields])),
      level,
    ),
    marks: mixed(values),
  };
};

/** The APIs that a value may be. */
const namesOf = ({ name, also = [] }: Value): readonly string[] => (name === null ? also : [name, ...also]);

/** What else a member of a value may be. */
export const membersOf = ({ also = [] }: Value, member: string): readonly string[] =>
  also.map((name) => `${name}.${member}`);

/** Of several objects each field may be what it is in any of them. */
const joinFields = (
  objects: readonly ReadonlyMap<string, Value>[],
  level: number,
): ReadonlyMap<string, Value> | null => {
  if (objects.length <= 1) return objects[0] ?? null;
  const keys = new Set(objects.flatMap((fields) => [...fields.keys()]));
  const joined = (key: string): Value => oneOf(distinct(objects.map((fields) => fields.get(key))), level + 1);
  return new Map([...keys].map((key) => [key, joined(key)]));
};

/** Of several lists each place may be what stands there in any of them. */
const joinItems = (lists: readonly (readonly Value[])[], level: number): readonly Value[] | null => {
  if (lists.length <= 1) return lists[0] ?? null;
  const longest = Math.max(...lists.map((list) => list.length));
  return Array.from({ length: longest }, (_, at) =>
    oneOf(distinct(lists.map((list) => list[at])), level + 1),
  );
};

const distinct = (values: readonly (Value | undefined)[]): readonly Value[] => [
  ...new Set(values.filter((value) => value !== undefined)),
];

/** Texts one after another, each way of choosing them. */
export const concatenate = (parts: readonly Value[]): Value => {
  let texts: readonly string[] = [''];
  for (const part of parts) {
    if (texts.length * part.texts.length > maxTexts) texts = [`${texts[0]!.split(hole)[0]}${hole}`];
    else texts = texts.flatMap((before) => part.texts.map((after) => capText(join(before, after))));
  }
  const built = parts.length > 1 && !parts.every(isConstant) ? marks.built : 0;
  return { ...unknown, texts, marks: mixed(parts) | built };
};

/** What is put together is clean only where each unknown part is. */
const mixed = (parts: readonly Value[]): number => {
  const dirty = parts.some((part) => !has(part, marks.cleaned) && !isConstant(part));
  return dirty ? bitsOf(parts) & ~marks.cleaned : bitsOf(parts);
};

/** Two unknown stretches side by side are one. */
const join = (before: string, after: string): string =>
  before.endsWith(hole) && after.startsWith(hole) ? before + after.slice(hole.length) : before + after;

/** A function over the text of a value; names and items are lost, marks stay. */
export const mapText = (value: Value, change: (text: string) => string | null): Value => ({
  ...unknown,
  texts: value.texts.map((text) => (text === hole ? hole : capText(change(text) ?? hole))),
  marks: value.marks,
});

/** The first of many values; one that is not known stands for the rest. */
export const firstValues = (values: readonly Value[], most: number): readonly Value[] =>
  values.length <= most ? values : [...values.slice(0, most), unknown];

/** What a loop over the value takes out of it. */
export const elementOf = (value: Value): Value => {
  if (value.items !== null)
    return value.items.length === 0 ? unknown : either(firstValues(value.items, maxTexts));
  if ((value.marks & marks.glob) !== 0) return value;
  return unknownWith(value.marks);
};

const capText = (text: string): string =>
  text.length > maxLength ? `${text.slice(0, maxLength)}${hole}` : text;

const capTexts = (texts: readonly string[]): readonly string[] => {
  const unique = [...new Set(texts)];
  return unique.length > maxTexts ? [...unique.slice(0, maxTexts - 1), hole] : unique;
};

/** `text += more`: what it was before is in the other bindings of the name. */
export const grown = (more: Value): Value => (more.items !== null ? more : concatenate([unknown, more]));
