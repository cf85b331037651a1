import { functionTypes, type Source, type SyntaxNode } from '@tandem/syntax';
import { either, unknown, type Value } from './value.ts';

/** A call with what is known of its parts. */
export type Call = {
  /** `os.system`; `?.unlink` where the object is not known; `local:f` for a function of the text itself. */
  readonly name: string;
  /** What else may be called. */
  readonly also?: readonly string[];
  readonly args: readonly Value[];
  /** Keyword arguments, and the fields of an object given last. */
  readonly named: ReadonlyMap<string, Value>;
  /** The object whose method it is. */
  readonly receiver: Value | null;
  /** The whole call as it is written. */
  readonly text: string;
};

/** A call of a syntax tree. */
export type TreeCall = Call & { readonly node: SyntaxNode };

/** A text read once: its calls in order of the text, and what each expression may be. */
export type Program = {
  readonly language: 'python' | 'node';
  readonly source: Source;
  /** All nodes in order of the text. */
  readonly nodes: readonly SyntaxNode[];
  /** The named ones by their type. */
  readonly named: ReadonlyMap<string, readonly SyntaxNode[]>;
  readonly calls: readonly TreeCall[];
  readonly value: (node: SyntaxNode) => Value;
};

/** Whether reading this path gives a secret. */
export type IsSecret = (path: string) => boolean;

/** A hole cannot stand where a grammar wants a name; this letter can. One character too, so that offsets stay. */
export const placeholder = '\uA66E';

type Binding = () => Value;

/** Names and what is bound to them, by function; blocks are not told apart. */
export class Scopes {
  readonly #scopes = new Map<SyntaxNode, Map<string, Binding[]>>();
  readonly #root: SyntaxNode;

  constructor(root: SyntaxNode) {
    this.#root = root;
  }

  add(from: SyntaxNode, name: string, binding: Binding): void {
    const scope = from.ancestor(functionTypes) ?? this.#root;
    this.addTo(scope, name, binding);
  }

  /** Where the name is bound already, going outwards; else at the root. */
  assign(from: SyntaxNode, name: string, binding: Binding): void {
    let scope: SyntaxNode = from;
    while (scope.parent !== null && this.#scopes.get(scope)?.has(name) !== true) scope = scope.parent;
    this.addTo(scope, name, binding);
  }

  addTo(scope: SyntaxNode, name: string, binding: Binding): void {
    let names = this.#scopes.get(scope);
    if (names === undefined) {
      names = new Map();
      this.#scopes.set(scope, names);
    }
    const bindings = names.get(name);
    if (bindings === undefined) names.set(name, [binding]);
    else bindings.push(binding);
  }

  find(from: SyntaxNode, name: string): readonly Binding[] | null {
    for (let scope: SyntaxNode | null = from; scope !== null; scope = scope.parent) {
      const bindings = this.#scopes.get(scope)?.get(name);
      if (bindings !== undefined) return bindings;
    }
    return null;
  }
}

const maxBindings = 40;

/** What a name may be, remembered by its bindings: a name that is bound a thousand times is joined once. */
const rememberNames = (): ((bindings: readonly Binding[]) => Value) => {
  const known = new Map<readonly Binding[], Value>();
  return (bindings) => {
    const before = known.get(bindings);
    if (before !== undefined) return before;
    known.set(bindings, unknown);
    const given = bindings.slice(0, maxBindings).map((binding) => binding());
    const value = either(bindings.length > maxBindings ? [...given, unknown] : given);
    known.set(bindings, value);
    return value;
  };
};

const maxDepth = 300;

/** Remembers values by node; a value that needs itself, or too long a chain, is unknown. */
const remember = (compute: (node: SyntaxNode) => Value): ((node: SyntaxNode) => Value) => {
  const known = new Map<SyntaxNode, Value>();
  let depth = 0;
  return (node) => {
    const before = known.get(node);
    if (before !== undefined) return before;
    if (depth > maxDepth) return unknown;
    known.set(node, unknown);
    depth += 1;
    const value = compute(node);
    depth -= 1;
    known.set(node, value);
    return value;
  };
};

/** What reading one text needs; `Definition` is null where a call may come before its function. */
export type Reader<Definition> = {
  readonly scopes: Scopes;
  readonly isSecret: IsSecret;
  readonly calls: Map<SyntaxNode, TreeCall>;
  readonly value: (node: SyntaxNode) => Value;
  readonly joined: ReturnType<typeof rememberNames>;
  /** What functions of the text give back, by definition. */
  readonly results: Map<SyntaxNode, Value>;
  /** Functions of the text: their definition, and where each is called. */
  readonly functions: Map<string, { definition: Definition; readonly sites: SyntaxNode[] }>;
};

/** Reads a text: first what every node binds, then each call with what is then known of its parts. */
export const readProgram = <Definition>(input: {
  readonly language: Program['language'];
  readonly source: Source;
  readonly isSecret: IsSecret;
  readonly compute: (node: SyntaxNode, reader: Reader<Definition>) => Value;
  readonly bind: (node: SyntaxNode, reader: Reader<Definition>) => void;
  readonly callTypes: ReadonlySet<string>;
}): Program => {
  const { language, source, isSecret, compute, bind, callTypes } = input;
  const calls = new Map<SyntaxNode, TreeCall>();
  const reader: Reader<Definition> = {
    scopes: new Scopes(source.root),
    isSecret,
    calls,
    value: remember((node) => compute(node, reader)),
    functions: new Map(),
    results: new Map(),
    joined: rememberNames(),
  };
  const nodes = [...source.root.walk()];
  // Only the search for weaknesses asks for it.
  let named: Program['named'] | null = null;
  for (const node of nodes) bind(node, reader);
  for (const node of nodes) if (callTypes.has(node.type)) reader.value(node);
  return {
    language,
    source,
    nodes,
    get named() {
      named ??= Map.groupBy(
        nodes.filter((node) => node.named),
        (node) => node.type,
      );
      return named;
    },
    calls: nodes.flatMap((node) => calls.get(node) ?? []),
    value: reader.value,
  };
};

const maxResults = 20;

/** What a function of the text gives back; `marked` is what is known of it where that cannot be told. */
export const resultOf = (
  definition: SyntaxNode,
  marked: Value,
  reader: Pick<Reader<unknown>, 'results' | 'value'>,
): Value => {
  const known = reader.results.get(definition);
  if (known !== undefined) return known;
  reader.results.set(definition, marked);
  const given = [...definition.walk()].flatMap((node) =>
    node.type === 'return_statement' && node.ancestor(functionTypes) === definition
      ? node.parts.slice(0, 1)
      : [],
  );
  const results = given.slice(0, maxResults).map(reader.value);
  if (given.length > maxResults) results.push(unknown);
  const result = results.length === 0 ? marked : either(results);
  reader.results.set(definition, result);
  return result;
};

/** Entry of a table for a call: its whole name, else its method's name on any object. */
export const lookUp = <T>(table: ReadonlyMap<string, T>, name: string): T | undefined => {
  const exact = table.get(name);
  if (exact !== undefined) return exact;
  const dot = name.lastIndexOf('.');
  return dot === -1 ? undefined : table.get(`?${name.slice(dot)}`);
};

/** A table whose keys hold several names, separated by blanks. */
export const tableOf = <T>(
  ...rows: readonly (readonly [names: string, entry: T])[]
): ReadonlyMap<string, T> =>
  new Map(rows.flatMap(([names, entry]) => names.split(/\s+/).map((name) => [name, entry] as const)));
