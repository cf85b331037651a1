import type { Source, SyntaxNode } from '@tandem/syntax';
import type { Effect } from '../effects/effect.ts';
import { declare, readAssignment } from './assignment.ts';
import { type Built, buildCommand, chainEnds } from './build-command.ts';
import { changeScope, normalFolder } from './builtins.ts';
import { type Command, hole, literal, type Stdin, unknownWord, type Word } from './command.ts';
import { expandWhole, expandWord, type Surroundings } from './expand-word.ts';
import { joinLines } from './join-lines.ts';
import { passesOf } from './loop-passes.ts';
import { inputOf, outputOf } from './output.ts';
import { readRedirects } from './redirects.ts';
import { firstScope, joinBranches, type Scope, subshell, variableOf } from './scope.ts';
import { shellText } from './shell-text.ts';
import { splitList } from './split-list.ts';
import { unwrap } from './unwrap/unwrap.ts';

/** A shell text, read: every simple command that it would run, in order, and what could not be read. */
export type Script = {
  readonly commands: readonly Command[];
  /** Effects of the text itself: `opaque` stretches, a function that calls itself without end. */
  readonly marks: readonly Effect[];
};

export type ScriptContext = {
  /** Null: no more text may be read for this request. */
  readonly parse: (text: string) => Source | null;
  /** Absolute. */
  readonly workspace: string;
  readonly home: string;
  readonly cwd: string | null;
};

const maxCommands = 400;
const maxDepth = 12;
const maxSteps = 3_000;

/** Never throws; what cannot be read becomes an `opaque` mark. */
export const readScript = (text: string, context: ScriptContext): Script => {
  const reader = new Reader(context);
  reader.text(joinLines(text), firstScope(context));
  return { commands: reader.commands, marks: reader.marks };
};

/** What reaches a statement from around it. */
type Flow = { readonly stdin: Stdin };
const noInput: Flow = { stdin: { type: 'none' } };

class Reader {
  readonly commands: Command[] = [];
  readonly marks: Effect[] = [];
  readonly #context: ScriptContext;
  #steps = 0;

  constructor(context: ScriptContext) {
    this.#context = context;
  }

  /** Reads text in a scope; returns the commands of its own level, without those of substitutions. */
  text(text: string, scope: Scope, flow: Flow = noInput): readonly Built[] {
    if (scope.depth > maxDepth) return this.#opaque('nested too deeply');
    const root = this.#context.parse(text)?.root;
    if (root === undefined) return this.#opaque('takes too long to be read');
    for (const node of root.walk()) {
      if (node.type === 'ERROR' || node.missing) {
        this.#opaque(`cannot be read near '${node.text.trim().slice(0, 30)}'`);
        break;
      }
    }
    return this.#statements(root.children, scope, flow);
  }

  #opaque(what: string, at: 'text' | 'code' = 'text'): readonly Built[] {
    if (this.marks.length < 20) this.marks.push({ type: 'opaque', at, what });
    return [];
  }

  #statements(nodes: readonly SyntaxNode[], scope: Scope, flow: Flow): readonly Built[] {
    const read: Built[] = [];
    for (const node of nodes) if (node.named) read.push(...this.#statement(node, scope, flow));
    return read;
  }

  #statement(node: SyntaxNode, scope: Scope, flow: Flow): readonly Built[] {
    this.#steps += 1;
    if (this.commands.length > maxCommands || this.#steps > maxSteps)
      return this.#opaque('too many commands');
    switch (node.type) {
      case 'command':
        return this.#command(node, scope, flow);
      case 'redirected_statement':
        return this.#redirected(node, scope, flow);
      case 'pipeline':
        return this.#pipeline(
          node.children.filter((child) => child.named),
          scope,
          flow,
        );
      case 'subshell':
        return this.#statements(node.children, subshell(scope), flow);
      case 'declaration_command':
        return this.#declaration(node, scope);
      case 'variable_assignment':
        this.#assign(node, scope);
        return [];
      case 'function_definition':
        return this.#define(node, scope);
      case 'if_statement':
      case 'case_statement':
      case 'while_statement':
        return this.#branches(node, scope, flow);
      case 'for_statement':
        return this.#loop(node, scope, flow);
      case 'comment':
      case 'heredoc_start':
      case 'heredoc_end':
        return [];
      case 'test_command':
      case 'c_style_for_statement':
        this.#substitutions(node, scope);
        return this.#statements(node.childrenOf('body'), scope, flow);
      default:
        return this.#statements(node.children, scope, flow);
    }
  }

  #surroundings(scope: Scope): Surroundings {
    return {
      home: this.#context.home,
      cwd: scope.cwd,
      positional: scope.positional,
      value: (name) => variableOf(scope, name),
      assign: (name, value) => void scope.variables.set(name, value),
      output: (script) => this.#output(script, scope),
      process: (script) => this.text(script, subshell(scope, { depth: scope.depth + 1 })),
    };
  }

  #output(script: string, scope: Scope): Word {
    const file = /^\s*<\s*(\S+)\s*$/.exec(script);
    if (file !== null) return unknownWord;
    const printed = this.text(script, subshell(scope, { depth: scope.depth + 1 }));
    const last = printed.at(-1);
    if (last === undefined) return literal('');
    const { workspace } = this.#context;
    const pieces = chainEnds(printed).map((command) => outputOf(command, { workspace }));
    return pieces.length === 1
      ? pieces[0]!
      : {
          ...literal(pieces.map((piece) => piece.text).join('\n')),
          glob: pieces.some((piece) => piece.glob),
        };
  }

  /** Substitutions inside what is not a command: tests and arithmetic. */
  #substitutions(node: SyntaxNode, scope: Scope): void {
    for (const inside of node.walk()) {
      if (inside.type === 'command_substitution' || inside.type === 'process_substitution')
        this.#output(inside.text.replace(/^(?:[$<>]\(|`)/, '').slice(0, -1), scope);
    }
  }

  #pipeline(stages: readonly SyntaxNode[], scope: Scope, flow: Flow): readonly Built[] {
    let before: readonly Built[] = [];
    let stdin = flow.stdin;
    const all: Built[] = [];
    for (const [index, stage] of stages.entries()) {
      const inner = index === stages.length - 1 && stages.length === 1 ? scope : subshell(scope);
      const read = this.#statement(stage, inner, { stdin });
      const name = read[0]?.name ?? null;
      for (const command of before) command.pipedTo = name ?? hole;
      before = read;
      all.push(...read);
      const last = read.at(-1);
      stdin = last === undefined ? { type: 'none' } : { type: 'pipe', from: last };
    }
    return all;
  }

  #redirected(node: SyntaxNode, scope: Scope, flow: Flow): readonly Built[] {
    const redirects = node.childrenOf('redirect');
    const { earlier, body } = splitList(node.child('body'));
    const before = earlier.flatMap((statement) => this.#statement(statement, scope, flow));
    const { list, stdin, extra } = readRedirects(redirects, this.#surroundings(scope));
    const inner: Flow = stdin === null ? flow : { stdin };
    const own = body === null ? [] : this.#body({ body, scope, flow: inner, extra });
    const base = [...before, ...own];
    const read = base.length > 0 || list.length === 0 ? base : [this.#bare(node, scope)];
    const last = read.at(-1);
    if (last !== undefined) last.redirects = [...last.redirects, ...list];
    for (const redirect of redirects) {
      if (redirect.type === 'heredoc_redirect') read.push(...this.#behindHeredoc(redirect, scope, last));
    }
    return read;
  }

  #body(input: {
    readonly body: SyntaxNode;
    readonly scope: Scope;
    readonly flow: Flow;
    readonly extra: readonly Word[];
  }): Built[] {
    const { body, scope, flow, extra } = input;
    if (body.type === 'command') return [...this.#command(body, scope, flow, extra)];
    return [...this.#statement(body, scope, flow)];
  }

  /** A redirect without a command: `> file`. */
  #bare(node: SyntaxNode, scope: Scope): Built {
    return this.#push(buildCommand({ list: [literal(':')], node, scope, stdin: { type: 'none' }, env: {} }));
  }

  /** `cat <<EOF | sh` and `cat <<EOF && ls`: the rest of the line stands inside the redirect. */
  #behindHeredoc(redirect: SyntaxNode, scope: Scope, last: Built | undefined): readonly Built[] {
    const read: Built[] = [];
    for (const child of redirect.children) {
      if (!child.named) continue;
      if (child.type === 'pipeline' && last !== undefined) {
        const stages = child.children.filter((stage) => stage.named);
        const piped = this.#pipeline(stages, scope, { stdin: { type: 'pipe', from: last } });
        last.pipedTo = piped[0]?.name ?? hole;
        read.push(...piped);
      } else if (child.field === 'right') read.push(...this.#statement(child, scope, noInput));
    }
    return read;
  }

  #command(node: SyntaxNode, scope: Scope, flow: Flow, extra: readonly Word[] = []): readonly Built[] {
    const surroundings = this.#surroundings(scope);
    const env: Record<string, Word> = {};
    const raw: string[] = [];
    const redirects: SyntaxNode[] = [];
    let end = -1;
    for (const child of node.children) {
      if (!child.named) continue;
      if (child.type === 'variable_assignment') Object.assign(env, readAssignment(child, surroundings));
      else if (child.field === 'redirect') redirects.push(child);
      else if (child.start === end && raw.length > 0) raw.push(raw.pop() + child.text);
      else raw.push(child.text);
      end = child.end;
    }
    const alias = scope.aliases.get(raw[0] ?? '');
    if (alias !== undefined && scope.depth < maxDepth) {
      const inner = subshell(scope, { depth: scope.depth + 1 });
      inner.aliases.delete(raw[0]!);
      const words = [alias, ...raw.slice(1), ...redirects.map((redirect) => redirect.text)];
      return this.text(`${words.join(' ')} ${shellText(extra).text}`, inner, flow);
    }
    const list = [...raw.flatMap((word) => expandWord(word, surroundings)), ...extra];
    const own = readRedirects(redirects, surroundings);
    if (list.length === 0) {
      if (raw.length > 0 || own.list.length > 0)
        return [
          this.#push({
            ...buildCommand({ list: [literal(':')], node, scope, stdin: flow.stdin, env }),
            redirects: own.list,
          }),
        ];
      for (const [name, value] of Object.entries(env)) scope.variables.set(name, value);
      return [];
    }
    const stdin = own.stdin ?? flow.stdin;
    const built = buildCommand({ list: [...list, ...own.extra], node, scope, stdin, env });
    built.redirects = own.list;
    return this.#run(built, scope, node);
  }

  /** A command that is ready: a function, a wrapper, a builtin that changes the scope, or a program. */
  #run(command: Built, scope: Scope, node: SyntaxNode): readonly Built[] {
    const body = command.name === null ? undefined : scope.functions.get(command.name);
    if (body !== undefined) return this.#call(command, body, scope);
    const { workspace } = this.#context;
    const change = changeScope(command, scope, {
      home: this.#context.home,
      input: () => inputOf(command, { workspace }),
    });
    if (change.type === 'script') return this.text(change.text, { ...scope, depth: scope.depth + 1 });
    const inners = unwrap(command, () => inputOf(command, { workspace }));
    if (inners.length === 0) return [this.#push(command)];
    const read: Built[] = inners.some((inner) => inner.keep === true) ? [this.#push(command)] : [];
    for (const inner of inners) {
      const wrappers = [...scope.wrappers, inner.wrapper];
      const within = subshell(scope, { wrappers, depth: scope.depth + 1 });
      if (inner.elsewhere !== undefined) Object.assign(within, { elsewhere: inner.elsewhere });
      if (inner.cwd !== undefined)
        within.cwd = inner.cwd.known ? normalFolder(inner.cwd.text, scope.cwd) : null;
      for (const [name, value] of Object.entries(inner.env ?? {})) {
        within.variables.set(name, value);
        within.exported.add(name);
      }
      const stdin: Stdin = inner.detached === true ? { type: 'none' } : command.stdin;
      read.push(...this.#inner({ inner: inner.body, command, scope: within, stdin, node }));
    }
    const last = read.at(-1);
    if (last !== undefined && last !== command) last.redirects = [...last.redirects, ...command.redirects];
    return read;
  }

  #inner(input: {
    readonly inner: ReturnType<typeof unwrap>[number]['body'];
    readonly command: Built;
    readonly scope: Scope;
    readonly stdin: Stdin;
    readonly node: SyntaxNode;
  }): readonly Built[] {
    const { inner, command, scope, stdin, node } = input;
    if (inner.type === 'script') {
      if (inner.positional !== undefined) scope.positional = inner.positional;
      if (inner.zero !== undefined) scope.variables.set('0', inner.zero);
      return this.text(inner.text.text, scope, { stdin });
    }
    if (scope.depth > maxDepth || inner.words.length === 0) return this.#opaque('is not whole');
    const built = buildCommand({ list: inner.words, node, scope, stdin, env: command.env });
    return this.#run(built, scope, node);
  }

  #call(command: Built, body: SyntaxNode, scope: Scope): readonly Built[] {
    const name = command.name!;
    if (scope.calls.includes(name)) {
      const what = `${name} calls itself without end`;
      if (command.stdin.type === 'pipe' || command.pipedTo !== null)
        this.marks.push({ type: 'system', part: 'resource', change: 'destroy', what });
      return [command];
    }
    const inner: Scope = {
      ...scope,
      calls: [...scope.calls, name],
      positional: command.args,
      depth: scope.depth + 1,
    };
    if (inner.depth > maxDepth) return this.#opaque('nested too deeply');
    const read = this.#statement(body, inner, { stdin: command.stdin });
    scope.cwd = inner.cwd;
    const last = read.at(-1);
    if (last !== undefined) last.redirects = [...last.redirects, ...command.redirects];
    return read;
  }

  #push(command: Built): Built {
    if (this.commands.length <= maxCommands) this.commands.push(command);
    return command;
  }

  #assign(node: SyntaxNode, scope: Scope): void {
    for (const [name, value] of Object.entries(readAssignment(node, this.#surroundings(scope))))
      scope.variables.set(name, value);
  }

  /** `export A=b`, `declare -x A`, `local a=b`: assignments, and a command that a rule may look at. */
  #declaration(node: SyntaxNode, scope: Scope): readonly Built[] {
    const list = declare(node, scope, this.#surroundings(scope));
    return [this.#push(buildCommand({ list, node, scope, stdin: { type: 'none' }, env: {} }))];
  }

  #define(node: SyntaxNode, scope: Scope): readonly Built[] {
    const name = node.child('name');
    const body = node.child('body');
    if (name !== null && body !== null) scope.functions.set(name.text, body);
    return [];
  }

  #branches(node: SyntaxNode, scope: Scope, flow: Flow): readonly Built[] {
    const read: Built[] = [];
    const after: Scope[] = [];
    const surroundings = this.#surroundings(scope);
    if (node.type === 'case_statement')
      for (const word of node.childrenOf('value')) expandWhole(word.text, surroundings);
    const own = subshell(scope);
    for (const child of node.children) {
      if (!child.named || child.field === 'value') continue;
      const separate = /^(?:else_clause|elif_clause|case_item)$/.test(child.type);
      const inner = separate ? subshell(scope) : own;
      const body =
        child.type === 'case_item' ? child.children.filter((one) => one.field !== 'value') : [child];
      read.push(...body.flatMap((one) => (one.named ? this.#statement(one, inner, flow) : [])));
      if (separate) after.push(inner);
    }
    joinBranches(scope, [own, ...after]);
    return read;
  }

  /** The body is read once for each known value: `for f in a b; do rm "$f"; done`. */
  #loop(node: SyntaxNode, scope: Scope, flow: Flow): readonly Built[] {
    const variable = node.child('variable')?.text ?? '';
    const values = node
      .childrenOf('value')
      .flatMap((word) => expandWord(word.text, this.#surroundings(scope)));
    const list = values.length === 0 ? (scope.positional ?? [unknownWord]) : values;
    const body = node.child('body');
    const read: Built[] = [];
    for (const value of passesOf(list)) {
      scope.variables.set(variable, value);
      if (body !== null) read.push(...this.#statement(body, scope, flow));
    }
    return read;
  }
}
